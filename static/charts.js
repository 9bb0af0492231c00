/* Draws the charts of a page with ECharts, in the colours of the theme. The words come with the data. */
"use strict";

(() => {
  const TONES = {
    met: "--portal-good", on_track: "--portal-accent", unknown: "--portal-ask",
    due: "--portal-soon", behind: "--portal-late", missed: "--portal-bad",
    here: "--portal-accent", before: "--portal-edge", other: "--portal-good",
  };
  const DASHES = { before: "dashed", other: "solid" };
  const SYMBOLS = { here: "circle", before: "emptyCircle", other: "rect" };
  const STEPS = 5;
  const NARROW = 560;
  const TICK = 34;  /* pixels that the short label of a month needs */
  const SIDE = 60;  /* and what the numbers beside a picture take of its width */
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  const palette = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(name).trim();
  };

  const pen = document.createElement("canvas").getContext("2d");
  const widest = (words, size) => {
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    return Math.ceil(Math.max(...words.map((word) => pen.measureText(word).width)));
  };

  /* How many lines the legend takes, so that the picture begins below it. */
  const legendLines = (chart, place) => {
    let lines = 1, at = 0;
    chart.series.forEach(({ name }) => {
      const wide = widest([name], 12) + 42;
      if (at && at + wide > place.clientWidth) { lines += 1; at = 0; }
      at += wide;
    });
    return lines;
  };

  /* Every so many months from the last one back, the year with the first of each that is shown. */
  const monthLabels = (ticks, width) => {
    const step = Math.ceil((ticks.length * TICK) / width), last = ticks.length - 1;
    return {
      interval: (index) => (last - index) % step === 0,
      formatter: (_label, index) => {
        const [month, year] = ticks[index], before = ticks[index - step];
        return before && before[1] === year ? month : `${month}\n${year}`;
      },
    };
  };

  /* All labels are there: over several lines below bars, aslant below lines, where they are wide. */
  const labelsBelow = (chart, width) => {
    if (chart.ticks.length) return monthLabels(chart.ticks, width);
    const room = width / chart.labels.length - 4;
    if (chart.kind === "bars") return { interval: 0, width: Math.max(room, 24), overflow: "break" };
    return { interval: 0, rotate: widest(chart.labels, 12) > room ? 45 : 0 };
  };

  const base = (colour, chart, place) => ({
    animation: !isCalm.matches,
    textStyle: { color: colour("--portal-ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: chart.series.length > 1 ? 16 + 24 * legendLines(chart, place) : 16, bottom: 8, containLabel: true },
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: colour("--portal-page"),
      borderColor: colour("--portal-line"), textStyle: { color: colour("--portal-ink") },
    },
    legend: {
      show: chart.series.length > 1, top: 0, left: 0, itemGap: 8,
      textStyle: { color: colour("--portal-ink") }, inactiveColor: colour("--portal-dash"),
    },
  });

  const axes = (colour, chart, place) => {
    const line = { lineStyle: { color: colour("--portal-edge") } };
    const label = { color: colour("--portal-muted") };
    const split = { lineStyle: { color: colour("--portal-hair") } };
    return {
      xAxis: { type: "category", data: chart.labels, axisLine: line, axisTick: { show: false }, axisLabel: { ...label, ...labelsBelow(chart, place.clientWidth - SIDE) } },
      yAxis: {
        type: "value", min: 0, minInterval: 1, splitLine: split,
        max: chart.percent ? 100 : undefined,
        axisLabel: { ...label, formatter: chart.percent ? "{value}%" : "{value}" },
      },
    };
  };

  const bars = (colour, chart, grid, place) => ({
    ...base(colour, chart, place), ...axes(colour, chart, place),
    series: chart.series.map((series) => ({
      type: "bar", name: series.name, data: series.values, barMaxWidth: 44,
      stack: chart.kind === "stack" ? "all" : undefined,
      itemStyle: { color: colour(TONES[series.tone]), borderColor: colour("--portal-page"), borderWidth: chart.kind === "stack" ? 1 : 0 },
      label: { show: chart.kind === "bars", position: "top", color: colour("--portal-ink") },
    })),
  });

  const lines = (colour, chart, grid, place) => ({
    ...base(colour, chart, place), ...axes(colour, chart, place),
    series: chart.series.map((series) => ({
      type: "line", name: series.name, data: series.values, symbol: SYMBOLS[series.tone], symbolSize: 8,
      lineStyle: { color: colour(TONES[series.tone]), type: DASHES[series.tone] || "solid", width: 2 },
      itemStyle: { color: colour(TONES[series.tone]) },
    })),
  });

  /* Squares on a grid, the fuller the more: for months by rules, and for days of a year. */
  const squares = (colour, points, { columns, rows, beside, size, most, label }) => {
    const cells = Array.from({ length: STEPS + 1 }, () => []);
    points.forEach((point) => {
      cells[point.number ? Math.ceil((point.number / most) * STEPS) : 0].push(point);
    });
    const text = { color: colour("--portal-muted"), fontSize: 11 };
    const bare = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
    return {
      xAxis: { type: "category", data: columns, ...bare, axisLabel: { ...text, ...label } },
      yAxis: { type: "category", data: rows, inverse: true, ...bare, axisLabel: { ...text, interval: 0, width: beside, overflow: "break", lineHeight: 13 } },
      series: cells.map((found, step) => ({
        type: "scatter", symbol: "rect", symbolSize: size, silent: false,
        data: found.map((point) => ({ name: point.name, value: [point.x, point.y], said: point.said })),
        itemStyle: {
          color: step ? colour("--portal-accent") : colour("--portal-track"),
          opacity: step ? 0.2 + (0.8 * step) / STEPS : 1,
        },
      })),
    };
  };

  const told = (options) => {
    options.tooltip.formatter = ({ data }) => `${data.name}\n${data.said}`;
    options.legend.show = false;
    options.grid.top = 8;
    return options;
  };

  const heat = (colour, chart, grid, place) => {
    const points = [];
    chart.series.forEach((series, y) => series.values.forEach((number, x) => {
      if (number !== null) points.push({ x, y, number, name: `${series.name} · ${chart.labels[x]}`, said: `${number}%` });
    }));
    const names = chart.series.map((series) => series.name);
    const beside = Math.min(widest(names, 11) + 4, place.clientWidth < NARROW ? 130 : 340);
    const across = place.clientWidth - beside - 40;
    const wide = across / chart.labels.length - 2;
    const high = (place.clientHeight - 40) / chart.series.length - 2;
    return told({
      ...base(colour, chart, place),
      ...squares(colour, points, {
        columns: chart.labels, rows: names, beside,
        size: [Math.max(wide, 3), Math.max(high, 3)], most: 100, label: monthLabels(chart.ticks, across),
      }),
    });
  };

  const calendar = (colour, chart, grid, place) => {
    const values = chart.series[0].values;
    const last = Math.floor((values.length - 1 + grid.offset) / 7);
    const isNarrow = place.clientWidth < NARROW;  /* then the last half-year, as large as a finger */
    const weeks = isNarrow ? 26 : 53;
    const skipped = isNarrow ? Math.max(last - weeks + 1, 0) : 0;
    const points = values.map((number, index) => ({
      x: Math.floor((index + grid.offset) / 7) - skipped, y: (index + grid.offset) % 7, number,
      name: chart.labels[index], said: String(number),
    })).filter((point) => point.x >= 0);
    const starts = new Map();
    grid.months.forEach((name, month) => {
      const day = Math.round((Date.UTC(grid.year, month, 1) - Date.UTC(grid.year, 0, 1)) / 86400000);
      starts.set(Math.floor((day + grid.offset) / 7) - skipped, name);
    });
    const size = Math.max(Math.min((place.clientWidth - 60) / weeks, (place.clientHeight - 30) / 7) - 2, 3);
    return told({
      ...base(colour, chart, place),
      ...squares(colour, points, {
        beside: SIDE, columns: Array.from({ length: weeks }, (_, week) => starts.get(week) || ""), rows: grid.weekdays,
        size, most: Math.max(...values, 1), label: { interval: 0 },
      }),
    });
  };

  const KINDS = { stack: bars, bars, lines, heat, calendar };

  const draw = () => {
    if (!window.echarts || !document.getElementById("chart-grid")) return;
    const colour = palette();
    const grid = read("chart-grid");
    document.querySelectorAll("[data-chart]").forEach((place) => {
      place.hidden = false;
      const chart = read(place.dataset.chart);
      const drawing = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
      drawing.resize();
      drawing.setOption(KINDS[chart.kind](colour, chart, grid, place), true);
    });
  };

  let asked = 0;
  const again = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(draw);
  };
  document.addEventListener("DOMContentLoaded", () => {
    draw();
    window.addEventListener("resize", again);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    document.body.addEventListener("htmx:afterSettle", draw);  /* more months have been summed */
  });
})();
