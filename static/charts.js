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
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  const palette = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(name).trim();
  };

  const base = (colour, chart) => ({
    animation: !isCalm.matches,
    textStyle: { color: colour("--portal-ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: chart.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: colour("--portal-page"),
      borderColor: colour("--portal-line"), textStyle: { color: colour("--portal-ink") },
    },
    legend: {
      show: chart.series.length > 1, top: 0, left: 0, type: "scroll",
      textStyle: { color: colour("--portal-ink") }, inactiveColor: colour("--portal-dash"),
      pageTextStyle: { color: colour("--portal-ink") }, pageIconColor: colour("--portal-accent"),
    },
  });

  const axes = (colour, chart) => {
    const line = { lineStyle: { color: colour("--portal-edge") } };
    const label = { color: colour("--portal-muted"), hideOverlap: true };
    const split = { lineStyle: { color: colour("--portal-hair") } };
    return {
      xAxis: { type: "category", data: chart.labels, axisLine: line, axisLabel: label, axisTick: { show: false } },
      yAxis: {
        type: "value", min: 0, minInterval: 1, splitLine: split,
        max: chart.percent ? 100 : undefined,
        axisLabel: { ...label, formatter: chart.percent ? "{value}%" : "{value}" },
      },
    };
  };

  const bars = (colour, chart) => ({
    ...base(colour, chart), ...axes(colour, chart),
    series: chart.series.map((series) => ({
      type: "bar", name: series.name, data: series.values, barMaxWidth: 44,
      stack: chart.kind === "stack" ? "all" : undefined,
      itemStyle: { color: colour(TONES[series.tone]), borderColor: colour("--portal-page"), borderWidth: chart.kind === "stack" ? 1 : 0 },
      label: { show: chart.kind === "bars", position: "top", color: colour("--portal-ink") },
    })),
  });

  const lines = (colour, chart) => ({
    ...base(colour, chart), ...axes(colour, chart),
    series: chart.series.map((series) => ({
      type: "line", name: series.name, data: series.values, symbol: SYMBOLS[series.tone], symbolSize: 8,
      lineStyle: { color: colour(TONES[series.tone]), type: DASHES[series.tone] || "solid", width: 2 },
      itemStyle: { color: colour(TONES[series.tone]) },
    })),
  });

  /* Squares on a grid, the fuller the more: for months by rules, and for days of a year. */
  const squares = (colour, points, { columns, rows, size, most, label }) => {
    const cells = Array.from({ length: STEPS + 1 }, () => []);
    points.forEach((point) => {
      cells[point.number ? Math.ceil((point.number / most) * STEPS) : 0].push(point);
    });
    const text = { color: colour("--portal-muted"), fontSize: 11 };
    const bare = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
    return {
      xAxis: { type: "category", data: columns, ...bare, axisLabel: { ...text, ...label } },
      yAxis: { type: "category", data: rows, inverse: true, ...bare, axisLabel: { ...text, interval: 0, width: 150, overflow: "truncate" } },
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
    const wide = (place.clientWidth - 190) / chart.labels.length - 2;
    const high = (place.clientHeight - 40) / chart.series.length - 2;
    return told({
      ...base(colour, chart),
      ...squares(colour, points, {
        columns: chart.labels, rows: chart.series.map((series) => series.name),
        size: [Math.max(wide, 3), Math.max(high, 3)], most: 100, label: { hideOverlap: true },
      }),
    });
  };

  const calendar = (colour, chart, grid, place) => {
    const values = chart.series[0].values;
    const last = Math.floor((values.length - 1 + grid.offset) / 7);
    const isNarrow = place.clientWidth < 560;  /* then the last half-year, as large as a finger */
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
      ...base(colour, chart),
      ...squares(colour, points, {
        columns: Array.from({ length: weeks }, (_, week) => starts.get(week) || ""), rows: grid.weekdays,
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
