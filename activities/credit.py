"""Day credit: what an activity is worth in days of study or training.

Pure: the standard library only, Decimal throughout. Times are local ones (Asia/Shanghai).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
HOURS_PER_DAY = Decimal(8)
"""Hours that make a day, where a county has set nothing else."""
INSTANT = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
SECONDS_PER_HOUR = 3600


class CreditError(ValueError):
    """A span or a credit that can't be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def dates_of(starts: datetime, ends: datetime) -> tuple[date, date]:
    """The first and the last date that the span covers; an end at midnight adds no date.

    Raises CreditError `order` unless it ends after it starts, `year` when it crosses a year's end.
    """
    if ends <= starts:
        raise CreditError("order")
    first, last = starts.date(), (ends - INSTANT).date()
    if first.year != last.year:
        raise CreditError("year")
    return first, last


def hours_of(starts: datetime, ends: datetime) -> Decimal:
    """The length of the span in hours."""
    return Decimal((ends - starts) // SECOND) / SECONDS_PER_HOUR


def credit_of(starts: datetime, ends: datetime, hours_per_day: Decimal = HOURS_PER_DAY) -> Decimal:
    """The span's length in days, at most one for each date it covers, to two decimals, half up.

    What is held at all is worth a hundredth at least. Raises CreditError as `dates_of`.
    """
    first, last = dates_of(starts, ends)
    if hours_per_day <= 0:
        raise CreditError("hours_per_day")
    days = (hours_of(starts, ends) / hours_per_day).quantize(HUNDREDTH, ROUND_HALF_UP)
    return max(HUNDREDTH, min(days, Decimal(date_count(first, last)).quantize(HUNDREDTH)))


def checked_credit(credit: Decimal, first: date, last: date) -> Decimal:
    """A credit that somebody set: above zero, not above the number of dates, two decimals.

    Raises CreditError `credit` when it is not.
    """
    if not (credit.is_finite() and 0 < credit <= date_count(first, last)):
        raise CreditError("credit")
    rounded = credit.quantize(HUNDREDTH, ROUND_HALF_UP)
    if rounded != credit:
        raise CreditError("credit")
    return rounded


def date_count(first: date, last: date) -> int:
    """How many dates there are from `first` to `last`, both included."""
    return (last - first).days + 1
