"""The judgement: (rule, facts, period, day) to verdict. Pure; no clock, no database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from assessment import person_rules, rolling, standing
from assessment.judging import REASON_OF, counted, status_of, value_of, wanted
from assessment.periods import Cycle, Period, periods_begun
from assessment.subjects import unit_owes
from assessment.terms import (
    ONE,
    ZERO,
    Facts,
    Measure,
    Reason,
    Record,
    Rule,
    Rulebook,
    Settings,
    Status,
    Thing,
    Verdict,
    Who,
)

DEFAULT_RULEBOOKS = frozenset({"guizhou-2008"})
"""In use in a county that says nothing, from the day on which each applies."""


def goes_by(book: Rulebook, settings: Settings, day: date) -> bool:
    """Whether a county goes by the rulebook on `day`: as it says, else by the default."""
    chosen = settings.on(f"rulebook:{book.id}", day)
    if chosen is not None:
        return chosen == "on"
    return book.id in DEFAULT_RULEBOOKS and book.applies_from <= day


def is_asked_by(book: Rulebook, verdict: Verdict, *, as_of: date, settings: Settings) -> bool:
    """Whether the rulebook was in use when the verdict's calendar period began.

    One that the county does not go by on `as_of` is tried out: by it every period is judged.
    """
    if verdict.period is None or not verdict.rule.cycle.is_calendar:
        return True
    begun = verdict.period.first
    return goes_by(book, settings, begun) or not goes_by(book, settings, as_of)


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
        return tuple(areas) if _holds(rule, settings, as_of) else ()
    if rule.measure is Measure.SCORE or not _is_judged(rule, facts, as_of, year):
        return ()  # a score is drawn from the other verdicts: scores.py
    periods: tuple[Period | None, ...] = (None,)
    if rule.cycle.is_calendar:
        begun = periods_begun(rule.cycle, as_of, year=year)
        periods = tuple(period for period in begun if _holds(rule, settings, period.first))
    elif not _holds(rule, settings, as_of):
        return ()
    return tuple(
        evaluate(rule, facts, period, as_of=as_of, settings=settings) for period in periods
    )


def _holds(rule: Rule, settings: Settings, day: date) -> bool:
    return rule.is_in_force(day) and settings.asks(rule, day)


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
    if not _is_given(rule, facts, min(period.last, as_of) if period else as_of):
        return Verdict(rule, facts.code, period, Status.NOT_APPLICABLE, ZERO, ZERO)
    if rule.measure in _WITHOUT_PERIOD:
        return _WITHOUT_PERIOD[rule.measure](rule, facts, as_of=as_of, settings=settings)
    if rule.cycle is Cycle.STANDING:
        if rule.who.is_person:
            return person_rules.evaluate_standing(rule, facts, as_of=as_of, settings=settings)
        return standing.evaluate(rule, facts, as_of=as_of, settings=settings)
    if period is None:
        raise ValueError(f"{rule.id} asks by {rule.cycle.value}: give the period")
    if rule.who.is_person:
        return person_rules.evaluate_yearly(rule, facts, period, as_of=as_of, settings=settings)
    return _evaluate_calendar(rule, facts, period, as_of, settings)


_WITHOUT_PERIOD: dict[Measure, Callable[..., Verdict]] = {
    Measure.LAST_DONE: rolling.evaluate,
    Measure.IN_TERM: standing.evaluate_term,
    Measure.INDUCTED: person_rules.evaluate_induction,
}
"""Measures that have no period, or find their own."""


def _is_given(rule: Rule, facts: Facts, day: date) -> bool:
    """Whether what a rule takes for granted is there: so many floating members, a group."""
    if rule.given is None:
        return True
    held = sum(thing.code in rule.given.codes and day in thing.spell for thing in facts.things)
    return held >= (rule.given.at_least.on(day) or ONE)


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
    target = wanted(rule, settings.threshold(rule, period.first))
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
        done = {kind for record in evidence for kind in record.kinds}
        return value_of(rule, evidence), tuple(sorted(rule.counts - done))
    return value_of(rule, evidence), ()


def _filed(
    rule: Rule, things: tuple[Thing, ...], day: date
) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """The things that count and hold on `day`, and which codes have none."""
    held = [thing for thing in things if thing.code in rule.counts and day in thing.spell]
    lacking = rule.counts - {thing.code for thing in held}
    return tuple(standing.as_record(thing) for thing in held), tuple(sorted(lacking))


def _reasons(rule: Rule, amount: Decimal, lacking: tuple[str, ...]) -> tuple[Reason, ...]:
    if lacking:
        return tuple(Reason("lacking", what=code) for code in lacking)
    return (Reason(REASON_OF.get(rule.measure, "count"), amount=amount),)
