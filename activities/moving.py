"""Dates moved from one month to another. Pure: the standard library only."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

WEEK = 7


def same_day(day: date, month: date) -> date:
    """The day of that number in the month of `month`; the month's last where it is shorter."""
    length = monthrange(month.year, month.month)[1]
    return month.replace(day=min(day.day, length))


def same_weekday(day: date, month: date) -> date:
    """The second Tuesday for a second Tuesday; the last where there is no fifth."""
    first = month.replace(day=1)
    number = (day.day - 1) // WEEK
    first_alike = first + timedelta(days=(day.weekday() - first.weekday()) % WEEK)
    moved = first_alike + timedelta(weeks=number)
    return moved if moved.month == month.month else moved - timedelta(weeks=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)
