"""Calendar arithmetic of the rules: closed intervals of local dates, no clock."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import cache

DAY = timedelta(days=1)
MONTHS_A_YEAR = 12


class Cycle(StrEnum):
    """How often a rule asks."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ROLLING = "rolling"
    """Within N years of the last time, and again."""
    ONCE = "once"
    STANDING = "standing"
    """At all times."""

    @property
    def months(self) -> int:
        """Length of a calendar cycle; raises ValueError for the others."""
        try:
            return _MONTHS[self]
        except KeyError:
            raise ValueError(f"{self.value} is not a calendar cycle") from None

    @property
    def is_calendar(self) -> bool:
        return self in _MONTHS


_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF: 6, Cycle.YEAR: MONTHS_A_YEAR}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """All dates from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")

    @classmethod
    def spell(cls, begun_on: date | None, ended_on: date | None) -> Period:
        """The days of a dated row; an unknown beginning or an open end is as far as dates go."""
        return cls(begun_on or date.min, ended_on or date.max)

    @property
    def is_begin_known(self) -> bool:
        return self.first != date.min

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def meet(self, other: Period) -> Period | None:
        """The days that both have; None where they have none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Period(first, last) if first <= last else None

    def days_before(self, day: date) -> int:
        """Days of the period that are wholly past on `day`."""
        return min(max(0, (day - self.first).days), len(self))


ALWAYS = Period(date.min, date.max)


def period_of(day: date, cycle: Cycle) -> Period:
    """The calendar period of that cycle which `day` falls in."""
    first_month = (day.month - 1) // cycle.months * cycle.months + 1
    last_month = first_month + cycle.months - 1
    last_day = calendar.monthrange(day.year, last_month)[1]
    return Period(date(day.year, first_month, 1), date(day.year, last_month, last_day))


@cache
def periods_of(year: int, cycle: Cycle) -> tuple[Period, ...]:
    """The periods that make up a calendar year, in order."""
    months = range(1, MONTHS_A_YEAR + 1, cycle.months)
    return tuple(period_of(date(year, month, 1), cycle) for month in months)


def periods_begun(cycle: Cycle, as_of: date, *, year: int | None = None) -> tuple[Period, ...]:
    """The periods of the year of `as_of`, or of another one, that have begun by then."""
    periods = periods_of(as_of.year if year is None else year, cycle)
    return tuple(period for period in periods if period.first <= as_of)


def fixed_cycle(day: date, start_year: int, years: int) -> Period:
    """The run of `years` calendar years, counted from `start_year`, which `day` falls in."""
    first_year = day.year - (day.year - start_year) % years
    return Period(date(first_year, 1, 1), date(first_year + years - 1, 12, 31))


def add_years(day: date, years: int) -> date:
    """The same date `years` later or, negative, earlier; February 29 becomes 28 if it must."""
    year = day.year + years
    last_day = calendar.monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last_day))


def expected(target: Decimal, days_past: int, days: int) -> Decimal:
    """The part of `target` that should be done by now: pro rata, rounded down to a whole number."""
    return target * days_past // days if days else Decimal(0)


def round_up(amount: Decimal, step: Decimal) -> Decimal:
    """`amount` raised to the next multiple of `step`."""
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def as_seen(spells: Iterable[Period], as_of: date) -> tuple[Period, ...]:
    """The spells as one knows them on `as_of`: none to come, and no end that is to come."""
    return tuple(
        spell if spell.last <= as_of else Period(spell.first, date.max)
        for spell in spells
        if spell.first <= as_of
    )


def merge(spells: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as disjoint spells in order; neighbours become one."""
    spells = tuple(spells)
    if len(spells) < 2:  # as nearly everybody's are
        return spells
    merged: list[Period] = []
    for spell in sorted(spells):
        if merged and _reaches(merged[-1], spell):
            merged[-1] = Period(merged[-1].first, max(merged[-1].last, spell.last))
        else:
            merged.append(spell)
    return tuple(merged)


def _reaches(earlier: Period, later: Period) -> bool:
    """Whether no day lies between two spells; the last of all dates has no tomorrow."""
    return earlier.last == date.max or later.first <= earlier.last + DAY


def intersect(some: Iterable[Period], others: Iterable[Period]) -> tuple[Period, ...]:
    """The days that are in both."""
    others = tuple(others)
    met = (spell.meet(other) for spell in some for other in others)
    return merge(period for period in met if period)


def outside(spells: Iterable[Period]) -> tuple[Period, ...]:
    """All the days that are in none of the spells."""
    gaps: list[Period] = []
    begin = date.min
    for spell in merge(spells):
        if begin < spell.first:
            gaps.append(Period(begin, spell.first - DAY))
        if spell.last == date.max:
            return tuple(gaps)
        begin = spell.last + DAY
    return (*gaps, Period(begin, date.max))


def covers(spells: Iterable[Period], days: Period) -> bool:
    """Whether every one of `days` is in the spells."""
    return any(spell.first <= days.first and days.last <= spell.last for spell in merge(spells))


def holds_on(spells: Iterable[Period], day: date) -> bool:
    return any(day in spell for spell in spells)
