"""On which days a repeated plan falls. Pure: the standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

WEEKLY, MONTHLY_DAY, MONTHLY_WEEKDAY = "weekly", "month_day", "month_week"
KEEP, NEXT, SKIP = "keep", "next", "skip"
AT_MOST = 60
"""Plans in one row."""
WEEK = 7
NEVER_LONGER_THAN = 15
"""Days of a holiday after which the search for a workday gives up."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Until a day (included), or so many times; whichever is given, the first one counted."""

    repeat: str
    until: date | None = None
    times: int | None = None
    off_days: str = KEEP
    left_out: frozenset[date] = frozenset()
    """Days on which it is not held, as they would fall without a look at days off."""


def days_of(first: date, rule: Rule, is_workday: Callable[[date], bool]) -> list[date]:
    """The days in order, each once, at most AT_MOST. `times` counts what is held in the end."""
    days: list[date] = []
    at_most = min(rule.times or AT_MOST, AT_MOST)
    for number in range(2 * AT_MOST):
        due = _nth(first, rule.repeat, number)
        if len(days) >= at_most or (rule.until and due > rule.until):
            break
        if due in rule.left_out:
            continue
        day = _settled(due, rule.off_days, is_workday)
        if day and day not in days:
            days.append(day)
    return days


def _nth(first: date, repeat: str, number: int) -> date:
    if repeat == WEEKLY:
        return first + timedelta(days=WEEK * number)
    month = _months_on(first, number)
    if repeat == MONTHLY_DAY:
        return month.replace(day=min(first.day, _days_in(month)))
    week = (first.day - 1) // WEEK
    day = month + timedelta(days=(first.weekday() - month.weekday()) % WEEK + WEEK * week)
    # A fifth Friday that a month lacks is its last one.
    return day if day.month == month.month else day - timedelta(days=WEEK)


def _settled(due: date, off_days: str, is_workday: Callable[[date], bool]) -> date | None:
    if off_days == KEEP or is_workday(due):
        return due
    if off_days == SKIP:
        return None
    later = (due + timedelta(days=ahead) for ahead in range(1, NEVER_LONGER_THAN))
    return next(filter(is_workday, later), due)


def _months_on(day: date, number: int) -> date:
    """The first day of the month that comes `number` months after `day`'s."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, 1)


def _days_in(month: date) -> int:
    return (_months_on(month, 1) - month).days
