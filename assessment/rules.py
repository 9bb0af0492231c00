"""The judgement: (rule, facts, period, day) to verdict. Pure; no clock, no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assessment import person_rules, rolling
from assessment.judging import counted, status_of, worth
from assessment.periods import Period, periods_begun
from assessment.subjects import unit_owes
from assessment.terms import (
    ONE,
    ZERO,
    Facts,
    Measure,
    Reason,
    Record,
    Rule,
    Settings,
    Status,
    Thing,
    Verdict,
    Who,
)


def judge(
    rule: Rule, facts: Facts, *, as_of: date, settings: Settings, year: int | None = None
) -> tuple[Verdict, ...]:
    """Every verdict of the rule on a unit that `as_of` asks for.

    Those of the periods of its year (or of the earlier `year`) which have begun, or the one of a
    rolling, once or standing rule. None for a unit of another kind or not yet founded, or where
    the rule is not in force.
    """
    year = as_of.year if year is None else year
    if rule.who is Who.AREA:
        areas = (evaluate(rule, area, None, as_of=as_of, settings=settings) for area in facts.areas)
        return tuple(areas) if rule.is_in_force(as_of) else ()
    if not _is_judged(rule, facts, as_of, year):
        return ()
    periods: tuple[Period | None, ...] = (None,)
    if rule.cycle.is_calendar:
        begun = periods_begun(rule.cycle, as_of, year=year)
        periods = tuple(period for period in begun if rule.is_in_force(period.first))
    elif not rule.is_in_force(as_of):
        return ()
    return tuple(
        evaluate(rule, facts, period, as_of=as_of, settings=settings) for period in periods
    )


def _is_judged(rule: Rule, facts: Facts, as_of: date, year: int) -> bool:
    """A dissolved unit still answers, to the year's end, for what it owed itself as a unit."""
    if facts.kind not in rule.units or facts.existed.first > as_of:
        return False
    if as_of <= facts.existed.last:
        return True
    is_unit_quota = rule.who is Who.UNIT and rule.cycle.is_calendar
    return is_unit_quota and facts.existed.last.year >= year


def evaluate(
    rule: Rule, facts: Facts, period: Period | None, *, as_of: date, settings: Settings
) -> Verdict:
    """Judge one unit by one rule over one period, as seen on `as_of`.

    `period` is None for rolling, once and standing rules, which have none or find their own.
    Raises ValueError when a calendar rule is given no period.
    """
    if rule.measure is Measure.LAST_DONE:
        return rolling.evaluate(rule, facts, as_of=as_of, settings=settings)
    if rule.measure is Measure.INDUCTED:
        return person_rules.evaluate_induction(rule, facts, as_of=as_of, settings=settings)
    if rule.measure is Measure.EXISTS:
        return _evaluate_standing(rule, facts, as_of)
    if period is None:
        raise ValueError(f"{rule.id} asks by {rule.cycle.value}: give the period")
    if rule.who.is_person:
        return person_rules.evaluate_yearly(rule, facts, period, as_of=as_of, settings=settings)
    return _evaluate_calendar(rule, facts, period, as_of, settings)


def _evaluate_calendar(
    rule: Rule, facts: Facts, period: Period, as_of: date, settings: Settings
) -> Verdict:
    """A count, the days, the kinds or the papers of a unit in a calendar period."""
    if not unit_owes(rule, facts, period, as_of=as_of):
        return Verdict(rule, facts.code, period, Status.NOT_APPLICABLE, ZERO, ZERO)
    if rule.measure is Measure.FILED:
        evidence, lacking = _filed(rule, facts.things, min(period.last, as_of))
        value = ZERO if lacking else ONE
    else:
        confirmed_only = settings.counts_only_confirmed(period.first)
        evidence = counted(rule, facts.records, period, as_of=as_of, confirmed_only=confirmed_only)
        value, lacking = _value(rule, evidence)
    target = rule.threshold.on(period.first) or ZERO
    status = status_of(
        rule,
        value,
        target,
        period,
        as_of=as_of,
        lead_days=settings.lead_days(rule, period.first),
        past=period.days_before(as_of),
        whole=len(period),
    )
    unmet = status not in {Status.MET, Status.SHOWN}
    reasons = _reasons(rule, target - value, lacking) if unmet else ()
    return Verdict(rule, facts.code, period, status, value, target, reasons, evidence)


def _value(rule: Rule, evidence: tuple[Record, ...]) -> tuple[Decimal, tuple[str, ...]]:
    """How much was done and, where each kind is asked for, which kinds are lacking."""
    if rule.measure is Measure.KINDS:
        done = {kind for record in evidence for kind in record.kinds & rule.counts}
        return Decimal(len(done)), tuple(sorted(rule.counts - done))
    return sum((worth(rule, record) for record in evidence), ZERO), ()


def _filed(
    rule: Rule, things: tuple[Thing, ...], day: date
) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """The things that count and hold on `day`, and which codes have none."""
    held = [thing for thing in things if thing.code in rule.counts and day in thing.spell]
    lacking = rule.counts - {thing.code for thing in held}
    return tuple(_as_record(thing) for thing in held), tuple(sorted(lacking))


def _as_record(thing: Thing) -> Record:
    return Record(thing.ref, frozenset({thing.code}), thing.spell.first)


def _reasons(rule: Rule, amount: Decimal, lacking: tuple[str, ...]) -> tuple[Reason, ...]:
    if lacking:
        return tuple(Reason("lacking", what=code) for code in lacking)
    return (Reason("days" if rule.measure is Measure.DAYS else "count", amount=amount),)


def _evaluate_standing(rule: Rule, facts: Facts, as_of: date) -> Verdict:
    """One thing of a kind that counts exists on the day, or it does not."""
    things = tuple(
        _as_record(thing)
        for thing in facts.things
        if thing.code in rule.counts and as_of in thing.spell
    )
    target = rule.threshold.on(as_of) or ZERO
    value = min(Decimal(len(things)), target)
    status = Status.MET if value >= target else Status.MISSED
    if rule.is_shown_only:
        status = Status.SHOWN
    lacking = (Reason("lacking", what=code) for code in sorted(rule.counts))
    reasons = tuple(lacking) if status is Status.MISSED else ()
    return Verdict(rule, facts.code, None, status, value, target, reasons, things)
