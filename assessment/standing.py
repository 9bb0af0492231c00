"""Rules on what stands at a unit: things in place, ledgers kept, terms that run. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assessment.judging import value_of, wanted, when_unmet
from assessment.periods import Period, add_years
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
)


def evaluate(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    """Whether things of the codes that count are there on the day; how many kinds; all settled."""
    if rule.measure is Measure.SETTLED:
        return _evaluate_ledger(rule, facts, as_of)
    held = tuple(
        as_record(thing)
        for thing in facts.things
        if thing.code in rule.counts and as_of in thing.spell
    )
    target = wanted(rule, settings.threshold(rule, as_of))
    value = value_of(rule, held)
    value = min(value, target) if rule.measure is Measure.EXISTS else value
    status = Status.MET if value >= target else Status.MISSED
    if rule.is_shown_only:
        status = Status.SHOWN
    there = {kind for record in held for kind in record.kinds}
    lacking = (Reason("lacking", what=code) for code in sorted(rule.counts - there))
    reasons = tuple(lacking) if status is Status.MISSED else ()
    return Verdict(rule, facts.code, None, status, value, target, reasons, held)


def as_record(thing: Thing) -> Record:
    """A thing as evidence, from the day on which it began."""
    return Record(thing.ref, frozenset({thing.code}), thing.spell.first)


def _evaluate_ledger(rule: Rule, facts: Facts, as_of: date) -> Verdict:
    """How many entries are settled of those that the year knows; nothing to ask where none is."""
    entries = [
        thing
        for thing in facts.things
        if thing.code in rule.counts
        and thing.spell.first <= as_of
        and thing.spell.last.year >= as_of.year
    ]
    settled = Decimal(sum(thing.spell.last <= as_of for thing in entries))
    status = Status.SHOWN
    if not entries:
        status = Status.NOT_APPLICABLE
    elif not rule.is_shown_only:
        status = Status.MET if settled == len(entries) else Status.MISSED
    evidence = tuple(as_record(thing) for thing in entries)
    return Verdict(
        rule, facts.code, None, status, settled, Decimal(len(entries)), evidence=evidence
    )


def evaluate_term(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    """Whether the term still runs of whoever holds the office; nothing to ask where nobody does.

    It ends on the day agreed, else so many years after taking office. Neither known: a question.
    """
    terms = [thing for thing in facts.things if thing.code in rule.counts and as_of in thing.spell]
    if not terms:
        return Verdict(rule, facts.code, None, Status.NOT_APPLICABLE, ZERO, ZERO)
    term = max(terms, key=lambda thing: (thing.spell.first, str(thing.ref)))
    evidence = (as_record(term),)
    begun = term.spell.first if term.spell.is_begin_known else None
    ends = term.due or (begun and add_years(begun, settings.years(rule, as_of)))
    if ends is None:
        reasons = (Reason("since_unknown"),)
        return Verdict(
            rule, facts.code, None, Status.UNKNOWN, ZERO, ONE, reasons, evidence=evidence
        )
    status = when_unmet(ends, as_of, settings.lead_days(rule, as_of)) or Status.MET
    return Verdict(
        rule,
        facts.code,
        Period(min(begun or ends, ends), ends),
        status,
        value=ZERO if status is Status.MISSED else ONE,
        target=ONE,
        reasons=() if status is Status.MET else (Reason("term", day=ends),),
        evidence=evidence,
    )
