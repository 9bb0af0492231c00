"""What is owed for part of a period: months of presence, whole months of exemption. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from assessment.periods import (
    Cycle,
    Period,
    covers,
    intersect,
    merge,
    periods_of,
    round_up,
)
from assessment.terms import ONE

HALF_DAY = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class OwnTime:
    """The part of a period in which someone is asked: months, and the very days."""

    months: int
    days: tuple[Period, ...]

    @property
    def length(self) -> int:
        return sum(len(spell) for spell in self.days)

    def days_before(self, day: date) -> int:
        return sum(spell.days_before(day) for spell in self.days)


@lru_cache(maxsize=4096)
def own_time(present: tuple[Period, ...], exempt: tuple[Period, ...], period: Period) -> OwnTime:
    """The months of `period` with presence on any day, less those whose presence is all exempt."""
    months = 0
    days: list[Period] = []
    for month in _months_of(period):
        here = intersect(present, (month,))
        if not here or all(covers(exempt, spell) for spell in here):
            continue
        months += 1
        days.extend(here)
    return OwnTime(months, merge(days))


@cache
def _months_of(period: Period) -> tuple[Period, ...]:
    years = range(period.first.year, period.last.year + 1)
    months = (month for year in years for month in periods_of(year, Cycle.MONTH))
    return tuple(month for month in months if month.first in period)


def owed_by_person(threshold: Decimal, own: OwnTime, period: Period, *, in_days: bool) -> Decimal:
    """`threshold` for the months owed, raised to the next half day, or to the next whole number."""
    step = HALF_DAY if in_days else ONE
    return round_up(threshold * own.months / len(_months_of(period)), step)


def owes(existed: Period, period: Period) -> bool:
    """A unit owes a period if it existed for at least half of its days."""
    shared = existed.meet(period)
    return shared is not None and 2 * len(shared) >= len(period)
