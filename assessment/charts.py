"""Charts as plain data: what the browser draws, what a screen reader reads, what is downloaded.

One and the same labels and series make the picture, the table behind it and the file, so that they
can't differ. No drawing here: static/charts.js does that, in the colours of the theme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from assessment.columns import Column
from assessment.periods import MONTHS_A_YEAR
from assessment.phrases import WORDS, day_name
from assessment.terms import Status
from assessment.trends import LAGS, OVER, Entries, Point, rate_of

STACKED = (
    Status.MET,
    Status.ON_TRACK,
    Status.UNKNOWN,
    Status.DUE,
    Status.BEHIND,
    Status.MISSED,
)
BANDS = ((0, 49), (50, 69), (70, 84), (85, 99), (100, 100))
"""Whole per cent, both ends included."""
DAYS_A_WEEK = 7

Number = int | None


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers in the order of the labels; `tone` is a status, or a word that charts.js knows."""

    name: str
    values: Sequence[Number]
    tone: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its table. `kind`: stack, bars, lines, heat or calendar (or tree_map.py's)."""

    key: str
    title: str
    note: str
    kind: str
    first: str
    """The heading of the column of labels."""
    labels: Sequence[str]
    series: Sequence[Series]
    percent: bool = False
    ticks: Sequence[tuple[str, str]] = ()
    """Of a chart over months, each label in short: the month, and its year."""

    @property
    def table(self) -> list[list[str]]:
        """Headings, then a line for each label."""
        lines = [
            [label, *(self._cell(series.values[index]) for series in self.series)]
            for index, label in enumerate(self.labels)
        ]
        return [[self.first, *(series.name for series in self.series)], *lines]

    def _cell(self, number: Number) -> str:
        if number is None:
            return ""
        return f"{number}%" if self.percent else str(number)

    @property
    def data(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        return {
            "kind": self.kind,
            "percent": self.percent,
            "labels": list(self.labels),
            "ticks": list(self.ticks),
            "series": [
                {"name": series.name, "values": list(series.values), "tone": series.tone}
                for series in self.series
            ],
        }

    @property
    def script(self) -> str:
        """The id of the element that holds `data`."""
        return f"data-{self.key}"

    @property
    def is_empty(self) -> bool:
        return not any(number is not None for series in self.series for number in series.values)


def month_name(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")


def month_alone(number: int) -> str:
    return date_format(date(2026, number, 1), pgettext("date format of a month alone", "M"))


def ticks_of(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Short labels: what stands below a picture is narrow, above all on a phone."""
    year = pgettext("date format of a year alone", "Y")
    return [(month_alone(point.month.month), date_format(point.month, year)) for point in points]


def trend_chart(points: Sequence[Point]) -> Chart:
    used = [status for status in STACKED if any(point.statuses[status] for point in points)]
    return Chart(
        "trend",
        gettext("Verdicts at the end of each month"),
        gettext("Of every rule the newest period that had begun by then."),
        "stack",
        pgettext("of a year", "Month"),
        [month_name(point.month) for point in points],
        [
            Series(str(WORDS[status]), [point.statuses[status] for point in points], status.value)
            for status in used
        ],
        ticks=ticks_of(points),
    )


def years_chart(points: Sequence[Point], year: int) -> Chart:
    """This year month by month, and the one before."""
    rates = {point.month: point.rate for point in points}
    months = range(1, MONTHS_A_YEAR + 1)
    return Chart(
        "years",
        gettext("Met, compared with last year"),
        gettext("Of those who owe a rule, how many had met it at the end of the month."),
        "lines",
        pgettext("of a year", "Month"),
        [month_alone(number) for number in months],
        [
            Series(str(of), [rates.get(date(of, number, 1)) for number in months], tone)
            for of, tone in ((year, "here"), (year - 1, "before"))
        ],
        percent=True,
    )


def entry_chart(points: Sequence[Point], entries: Entries) -> Chart:
    """How much was done, and how soon it was entered."""
    return Chart(
        "entry",
        gettext("Complete, and entered in time"),
        gettext(
            "Complete: met by those who owe it at the end of the month. In time: records of the "
            "month entered within a week."
        ),
        "lines",
        pgettext("of a year", "Month"),
        [month_name(point.month) for point in points],
        [
            Series(gettext("Complete"), [point.rate for point in points], "here"),
            Series(
                gettext("Entered within a week"),
                [entries.share_in_time(point.month) for point in points],
                "other",
            ),
        ],
        percent=True,
        ticks=ticks_of(points),
    )


def spread_chart(now: Iterable[Counter[Status]]) -> Chart:
    """How many units have met how much of what they owe: each unit beside its own document."""
    rates = [rate for rate in map(rate_of, now) if rate is not None]
    return Chart(
        "spread",
        gettext("Units by how much of what they owe is met"),
        gettext("Today. A mean would hide who is far from the others."),
        "bars",
        gettext("Part met"),
        [f"{low}%" if low == high else f"{low}–{high}%" for low, high in BANDS],
        [
            Series(
                gettext("Units"),
                [sum(low <= rate <= high for rate in rates) for low, high in BANDS],
                "here",
            )
        ],
    )


def lag_chart(entries: Entries, year: int) -> Chart:
    """How long after they were held records came in."""
    ends = (*LAGS, OVER)
    lags: Counter[int] = Counter()
    for month, counted in entries.by_month.items():
        if month.year == year:
            lags.update(counted)
    starts = (0, *(end + 1 for end in LAGS))
    labels = [
        gettext("%(first)s to %(last)s days") % {"first": first, "last": last}
        if last != OVER
        else gettext("%(first)s days and more") % {"first": first}
        for first, last in zip(starts, ends, strict=True)
    ]
    return Chart(
        "lag",
        gettext("Days from holding to entering"),
        gettext("Records of %(year)s. A late entry counts as any other.") % {"year": year},
        "bars",
        gettext("Entered after"),
        labels,
        [Series(gettext("Records"), [lags[end] for end in ends], "other")],
    )


def heat_chart(points: Sequence[Point], columns: Sequence[Column]) -> Chart:
    """Each rule over the months: where the year has its hard places."""
    used = [column for column in columns if any(column.key in point.by_rule for point in points)]
    return Chart(
        "heat",
        gettext("Each rule, month by month"),
        gettext("Part of those who owe it that had met it at the end of the month."),
        "heat",
        pgettext("of a year", "Month"),
        [month_name(point.month) for point in points],
        [
            Series(
                column.title,
                [
                    rate_of(point.by_rule[column.key]) if column.key in point.by_rule else None
                    for point in points
                ],
                "here",
            )
            for column in used
        ],
        percent=True,
        ticks=ticks_of(points),
    )


def calendar_chart(entries: Entries, today: date) -> Chart:
    """On which days of the year something was held."""
    first = date(today.year, 1, 1)
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    return Chart(
        "calendar",
        gettext("Activities by day in %(year)s") % {"year": today.year},
        gettext("Records that count, by their first day."),
        "calendar",
        gettext("Day"),
        [day_name(day) for day in days],
        [Series(gettext("Records"), [entries.by_day[day] for day in days], "here")],
    )


def day_grid(today: date) -> dict[str, Any]:
    """Where the calendar's days stand: the weekday of the first, and what weekdays are called."""
    first = date(today.year, 1, 1)
    monday = first - timedelta(days=first.weekday())
    return {
        "offset": first.weekday(),
        "weekdays": [
            date_format(monday + timedelta(days=number), "D") for number in range(DAYS_A_WEEK)
        ],
        "months": [month_alone(number) for number in range(1, MONTHS_A_YEAR + 1)],
        "year": today.year,
    }
