"""Facts as they would be with one record more, for the rules to judge as any others. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from assessment.terms import Facts, PersonFacts, Record

SUPPOSED = UUID(int=0)
"""The key of the record that is not written yet, by which it is found among the evidence."""
GRADED = frozenset({"review:graded"})


@dataclass(frozen=True, slots=True)
class Supposed:
    """A record that is not written yet: whose it would be, who was there, who was graded.

    It counts as confirmed: what it will serve once it counts is what is asked.
    """

    units: frozenset[int]
    kinds: frozenset[str]
    day: date
    days: Decimal
    school: str = ""
    attended: frozenset[UUID] = frozenset()
    graded: frozenset[UUID] = frozenset()
    instead_of: UUID | None = None
    """The key of the record that it changes, as it stands now."""

    @property
    def record(self) -> Record:
        return Record(SUPPOSED, self.kinds, self.day, self.days, school=self.school)


def with_supposed(facts: Mapping[int, Facts], supposed: Supposed) -> dict[int, Facts]:
    """The facts of each unit, and of its persons, with the record in its place."""
    return {
        pk: replace(
            own,
            records=_put(own.records, supposed, is_there=pk in supposed.units),
            history=_put(own.history, supposed, is_there=pk in supposed.units),
            persons=tuple(_with_person(person, supposed) for person in own.persons),
        )
        for pk, own in facts.items()
    }


def _with_person(person: PersonFacts, supposed: Supposed) -> PersonFacts:
    is_there = person.id in supposed.attended
    records = _put(person.records, supposed, is_there=is_there)
    if person.id in supposed.graded:
        records += (Record(SUPPOSED, GRADED, supposed.day),)
    history = _put(person.history, supposed, is_there=is_there)
    return replace(person, records=records, history=history)


def _put(records: tuple[Record, ...], supposed: Supposed, *, is_there: bool) -> tuple[Record, ...]:
    kept = records
    if supposed.instead_of is not None:
        kept = tuple(record for record in records if record.ref != supposed.instead_of)
    if not is_there:
        return kept
    return tuple(sorted((*kept, supposed.record), key=lambda record: record.day))
