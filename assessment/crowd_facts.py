"""The same facts, told once for all of a unit's members of whom the same is true.

Most are at home in one unit all the year and exempt from nothing: what tells them apart is what
they attended. Only the others are gathered one by one, as person_facts.py does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessment.crowds import Named
from assessment.periods import Period, intersect
from assessment.person_facts import PERSONS, Days, PersonLoader, as_member
from assessment.question import LOOKS_BACK, Question
from assessment.side_facts import guests
from assessment.terms import PersonFacts, Record, Stay, Who
from members.choices import ExemptionState, Nature
from members.models import Affiliation, Exemption

Records = tuple[Record, ...]
MEMBERS = frozenset({Who.MEMBER, Who.FULL_MEMBER})


class CrowdLoader(PersonLoader):
    """Gathers persons by what is true of them; each is named, but has no facts of their own."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.alone: set[UUID] = set()
        """Of whom more is to be told than one home all the year, and what they did."""
        self.told: dict[int, Records] = {}
        self.bare: dict[tuple[object, ...], Record] = {}
        self.joined: dict[tuple[int, int], Records] = {}
        """Records that came together once are kept: who did the same has one and the same."""
        self.crowds: dict[tuple[Any, ...], list[Named]] = defaultdict(list)
        self.place = count()
        self.places: dict[tuple[int, UUID], int] = {}
        looks_back = any(r.who in MEMBERS and r.measure in LOOKS_BACK for r in question.rules)
        self.since = date.min if looks_back else question.year_so_far.first
        """Up to when it makes no difference since when someone is here or a member."""

    def load(self) -> None:
        if self.question.asks(*MEMBERS):
            self.alone = set(self._alone())
        if self.question.asks(*PERSONS):
            super().load_duties()
            super().load_attendance()
            super().load_grades()
        super().load()
        for pk, draft in self.drafts.items():
            draft.records.extend(self.told.get(pk.int, ()))

    def _alone(self) -> Iterator[UUID]:
        span, ids = self.question.span, self.question.ids
        homes = Affiliation.objects.filter(nature=Nature.HOME).overlapping(span.first, span.last)
        exempt = Exemption.objects.filter(
            person_id__in=self.homes_here(),
            state=ExemptionState.APPROVED,
            begun_on__lte=span.last,
        ).exclude(ended_on__lt=span.first)
        several: list[QuerySet] = [
            homes.filter(unit_id__in=ids, ended_on__isnull=False),
            homes.filter(person_id__in=self.homes_here()).exclude(unit_id__in=ids),
            exempt,
            guests(self.question),
        ]
        for people in several:
            yield from people.order_by().values_list("person_id", flat=True)
        for keys in (self.officers_here(), self.floating_here()):
            yield from keys.values_list("person_id", flat=True)

    # -- what was done is gathered first: it tells the crowds apart -----------

    def load_duties(self) -> None:
        """Done before."""

    load_attendance = load_grades = load_duties

    def add_record(self, pk: UUID, record: Record) -> None:
        bare = record
        if record.ref is not None:
            key = (record.kinds, record.day, record.days, record.is_confirmed, record.number)
            if (known := self.bare.get(key)) is None:
                known = self.bare[key] = replace(record, ref=None)
            bare = known
        before = self.told.get(pk.int, ())
        both = id(before), id(bare)
        after = self.joined.get(both)
        if after is None:
            after = self.joined[both] = (*before, bare)
        self.told[pk.int] = after

    # -- and then who is where ------------------------------------------------

    def add_homes(self, rows: Iterable[tuple[Any, ...]], away: dict[UUID, Days]) -> None:
        """One pass over everybody, with as little done for each as can be."""
        alone = {pk.int for pk in (*self.alone, *away)}
        since, told, crowds, place = self.since, self.told, self.crowds, self.place
        for row in rows:
            pk, name, unit_id, begun, ended, stage, joined, full_on, standing = row
            number = pk.int
            if ended is not None or number in alone:
                self.add_home(row, away.get(pk, ()))
                continue
            if begun is not None and begun <= since:
                begun = None
            if joined is not None and joined <= since:
                joined = None
            if full_on is not None and full_on <= since:
                full_on = None
            did = id(told.get(number))
            key = (unit_id, begun, stage, joined, full_on, standing, did)
            crowds[key].append(Named(next(place), str(pk), name))

    def add_stay(self, pk: UUID, unit_id: int, stay: Stay) -> None:
        super().add_stay(pk, unit_id, stay)
        self.places.setdefault((unit_id, pk), next(self.place))

    def facts(self) -> tuple[dict[int, tuple[PersonFacts, ...]], dict[int, Days]]:
        records = {id(did): did for did in self.joined.values()}
        told: dict[int, list[PersonFacts]] = defaultdict(list)
        asks_persons = self.question.asks(*MEMBERS)
        for (unit_id, begun, *membership, did), people in self.crowds.items():
            days, full = as_member(*membership, ())
            if not days:
                continue
            spell = Period.spell(begun, None)
            self.members[unit_id].update(intersect((spell,), days))
            if asks_persons:
                unit, (_place, pk, name) = self.question.units[unit_id], people[0]
                stays = (Stay("home", unit.code, unit.kind, spell),)
                facts = PersonFacts(UUID(pk), name, stays, days, full, records=records.get(did, ()))
                told[unit_id].append(replace(facts, crowd=tuple(people)))
        alone, members = super().facts()
        for unit_id, persons in alone.items():
            told[unit_id] += [self._placed(unit_id, person) for person in persons]
        return {unit_id: tuple(persons) for unit_id, persons in told.items()}, members

    def _placed(self, unit_id: int, person: PersonFacts) -> PersonFacts:
        named = Named(self.places[unit_id, person.id], str(person.id), person.name)
        return replace(person, crowd=(named,))
