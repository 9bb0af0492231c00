"""Whom a rule asks: which units owe a period, which persons, since when, shown where. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from assessment.periods import ALWAYS, Period, as_seen, holds_on, intersect
from assessment.proration import owes
from assessment.terms import Facts, PersonFacts, Rule, Stay, Who

Present = tuple[Period, ...]
"""Days as a subject, as seen on the day asked about."""

_CAPACITY = {
    Who.MEMBER: "home",
    Who.FULL_MEMBER: "home",
    Who.FLOATING: "floating",
    Who.IN_SERVICE: "in_service",
    Who.RETIRED: "retired_resident",
}


def subjects(rule: Rule, facts: Facts, *, as_of: date) -> Iterator[tuple[PersonFacts, Present]]:
    """Whom the unit shows for `rule` on `as_of`, each with their time as a subject anywhere."""
    for person in facts.persons:
        stays = subject_stays(rule, person)
        if any(stay.unit == facts.code and as_of in stay.spell for stay in stays):
            present = _time_of(rule, person, stays, as_of)
            if holds_on(present, as_of):
                yield person, present


def time_as_subject(rule: Rule, person: PersonFacts, *, as_of: date) -> Present:
    """The days on which `rule` asks the person, at whichever unit."""
    return _time_of(rule, person, subject_stays(rule, person), as_of)


def _time_of(rule: Rule, person: PersonFacts, stays: tuple[Stay, ...], as_of: date) -> Present:
    spells = tuple([stay.spell for stay in stays])
    if rule.who in {Who.MEMBER, Who.FULL_MEMBER}:
        full = person.full if rule.who is Who.FULL_MEMBER else ALWAYS
        return _time_as_member(spells, person.membership, full, as_of)
    return as_seen(spells, as_of)


@lru_cache(maxsize=16_384)
def _time_as_member(
    stays: Present, membership: Present, full: Period | None, as_of: date
) -> Present:
    spells = intersect(as_seen(stays, as_of), as_seen(membership, as_of))
    return intersect(spells, as_seen((full,), as_of)) if full else ()


def subject_stays(rule: Rule, person: PersonFacts) -> tuple[Stay, ...]:
    """The person's stays in a capacity, and at a kind of unit, that the rule is about."""
    return tuple(stay for stay in person.stays if _is_asked(rule, stay))


def _is_asked(rule: Rule, stay: Stay) -> bool:
    if rule.who is Who.OFFICER:
        return stay.unit_kind in rule.offices.get(stay.capacity, frozenset())
    return stay.capacity == _CAPACITY[rule.who] and stay.unit_kind in rule.units


def unit_owes(rule: Rule, facts: Facts, period: Period, *, as_of: date) -> bool:
    """It existed for half of the period and, where the rule says so, has members at its end."""
    if not any(owes(existed, period) for existed in as_seen((facts.existed,), as_of)):
        return False
    members = as_seen(facts.members, as_of)
    return not rule.with_members or holds_on(members, min(period.last, as_of))
