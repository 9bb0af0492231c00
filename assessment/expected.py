"""Who and what was expected in a period, by name: since when, for how long, who is left out. Pure.

Every denominator that is shown can be taken apart with what stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.periods import Cycle, Period, as_seen, covers, holds_on, period_of
from assessment.proration import OwnTime, owes, own_time
from assessment.subjects import subject_stays, subjects, time_as_subject
from assessment.terms import Facts, PersonFacts, Rule, Status, Verdict, Who


@dataclass(frozen=True, slots=True)
class Because:
    """Why somebody, or a unit, owes nothing or less. wording.py tells it.

    `code`: `joined`, `left`, `exempt_partly`, `exempt`, `not_a_member`, `not_full`, `to_come`,
    `founded`, `dissolved`, `dissolved_before`, `no_members`, `not_given`, `nobody`, `nothing`,
    `not_founded` or `off`.
    """

    code: str
    day: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """A person who is expected, for how many of the period's months, and why not for all."""

    person: UUID | int
    name: str
    months: int
    of_months: int
    reasons: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A person who is here and not expected, and why."""

    person: UUID | int
    name: str
    reason: Because


def presences(rule: Rule, facts: Facts, verdict: Verdict, *, as_of: date) -> list[Presence]:
    """Those whom the verdict counts, each with the part of the period in which they are asked."""
    if not rule.who.is_person:
        return []
    asked = {person.person for person in verdict.persons}
    period = verdict.period if rule.cycle.is_calendar else None
    found = []
    for person, present in subjects(rule, facts, as_of=as_of):
        if person.id not in asked:
            continue
        if period is None:
            found.append(Presence(person.id, person.name, 0, 0))
            continue
        own = _own(person, present, period, as_of)
        reasons = tuple(_why_less(person, present, period))
        found.append(Presence(person.id, person.name, own.months, _months(period), reasons))
    return found


def _own(person: PersonFacts, present: tuple[Period, ...], period: Period, as_of: date) -> OwnTime:
    exempt = tuple(spell for spell in person.exempt if spell.first <= as_of)
    return own_time(present, exempt, period)


def _months(period: Period) -> int:
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


def _why_less(
    person: PersonFacts, present: tuple[Period, ...], period: Period
) -> Iterator[Because]:
    for spell in present:
        if spell.first in period and spell.first != period.first:
            yield Because("joined", spell.first)
        if spell.last in period and spell.last != period.last:
            yield Because("left", spell.last)
    for spell in person.exempt:
        if (shared := spell.meet(period)) is not None:
            yield Because("exempt_partly", shared.first, shared.last)


def left_out(rule: Rule, facts: Facts, verdict: Verdict, *, as_of: date) -> list[LeftOut]:
    """Those who are here in the capacity that the rule is about, and whom it does not count."""
    if not rule.who.is_person:
        return []
    asked = {person.person for person in verdict.persons}
    found = []
    for person in facts.persons:
        here = [s for s in subject_stays(rule, person) if s.unit == facts.code and as_of in s.spell]
        if here and person.id not in asked:
            reason = _why_not(rule, person, verdict.period, as_of)
            found.append(LeftOut(person.id, person.name, reason))
    return found


def _why_not(rule: Rule, person: PersonFacts, period: Period | None, as_of: date) -> Because:
    members = rule.who in {Who.MEMBER, Who.FULL_MEMBER}
    if members and not holds_on(as_seen(person.membership, as_of), as_of):
        return Because("not_a_member")
    if rule.who is Who.FULL_MEMBER and (person.full is None or as_of not in person.full):
        return Because("not_full", person.full.first if person.full else None)
    present = time_as_subject(rule, person, as_of=as_of)
    if period and any(covers(person.exempt, spell) for spell in (period, *present)):
        return Because("exempt")
    if period and not own_time(present, (), period).months:
        return Because("to_come", present[0].first if present else None)
    return Because("exempt" if person.exempt else "to_come")


def why_unit_not(rule: Rule, facts: Facts, verdict: Verdict | None, *, as_of: date) -> Because:
    """Why a unit of a kind that the rule asks owes nothing, or is asked nothing."""
    existed = facts.existed
    if existed.first > as_of:
        return Because("not_founded", existed.first)
    if verdict is None:
        return Because("dissolved", existed.last) if existed.last < as_of else Because("off")
    period = verdict.period or period_of(as_of, Cycle.YEAR)
    if verdict.status is Status.NOT_APPLICABLE and rule.is_owed_by_unit:
        if not owes(existed, period):
            if existed.first > period.last:
                return Because("not_founded", existed.first)
            begun = existed.first in period
            day = existed.first if begun else existed.last
            return Because("founded" if begun else "dissolved", day)
        day = min(period.last, as_of)
        if rule.with_members and not holds_on(as_seen(facts.members, as_of), day):
            is_gone = existed.last < day
            return Because("dissolved_before", existed.last) if is_gone else Because("no_members")
    if rule.given is not None:
        return Because("not_given")
    return Because("nobody" if rule.who.is_person else "nothing")
