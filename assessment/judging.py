"""The two questions that every rule asks: what counts, and how does that stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from assessment.periods import Period, expected
from assessment.terms import ZERO, Measure, Record, Rule, Status, Who


def counted(
    rule: Rule,
    records: Iterable[Record],
    period: Period | None,
    *,
    as_of: date,
    confirmed_only: bool,
) -> tuple[Record, ...]:
    """The records that count for `rule` in `period` (None: ever), among those begun by `as_of`."""
    return tuple(
        record
        for record in records
        if record.day <= as_of
        and not rule.counts.isdisjoint(record.kinds)
        and (period is None or record.day in period)
        and (record.is_confirmed or not confirmed_only)
        and (not rule.school_levels or record.school in rule.school_levels)
    )


IN_DAYS = frozenset({Measure.DAYS, Measure.HOURS})
"""Measures that sum the credit of records rather than count them."""

REASON_OF = {Measure.DAYS: "days", Measure.HOURS: "hours"}
"""How what is short is told; of all others it is counted."""


def worth(rule: Rule, record: Record) -> Decimal:
    """What one record adds to the value: its credit, or one however many kinds it bears."""
    if rule.measure is Measure.HOURS:
        return record.days * (rule.hours_a_day.on(record.day) or ZERO)
    return record.days if rule.measure is Measure.DAYS else Decimal(record.number)


def value_of(rule: Rule, records: Iterable[Record]) -> Decimal:
    """What the records that count come to: of a rule on kinds, how many kinds they are of."""
    if rule.measure is Measure.KINDS:
        return Decimal(len({kind for record in records for kind in record.kinds & rule.counts}))
    return sum((worth(rule, record) for record in records), ZERO)


def wanted(rule: Rule, number: Decimal | None) -> Decimal:
    """The number in force; where a rule is merely shown, each kind once, and else nothing."""
    if number is not None:
        return number
    return Decimal(len(rule.counts)) if rule.measure is Measure.KINDS else ZERO


def status_of(
    rule: Rule,
    value: Decimal,
    target: Decimal,
    period: Period,
    *,
    as_of: date,
    lead_days: int,
    past: int,
    whole: int,
) -> Status:
    """Where `value` of `target` stands, with `past` of the `whole` days asked for gone by."""
    if rule.is_shown_only:
        return Status.SHOWN
    if value >= target:
        return Status.MET
    if (ended := when_unmet(period.last, as_of, lead_days)) is not None:
        return ended
    if rule.who is Who.FULL_MEMBER:  # one review serves all, and may be held on the last day
        return Status.ON_TRACK
    return Status.BEHIND if value < expected(target, past, whole) else Status.ON_TRACK


def when_unmet(last: date, as_of: date, lead_days: int) -> Status | None:
    """Missed after the last day, due in the lead time before it, else neither (None)."""
    if as_of > last:
        return Status.MISSED
    return Status.DUE if (last - as_of).days <= lead_days else None
