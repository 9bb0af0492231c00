"""The same facts, told once for all of a unit's members of whom the same is true.

Most are at home in one unit all the year and exempt from nothing: what tells them apart is what
they attended. Only the others are gathered one by one, as person_facts.py does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from assessment.census import Resident, day_of, records_of
from assessment.crowds import Named
from assessment.periods import Period, intersect
from assessment.person_facts import Days, PersonLoader, as_member, days_away, spells_away
from assessment.question import LOOKS_BACK, Question
from assessment.terms import PersonFacts, Stay, Who
from organizations import lookups as _among  # noqa: F401 -- makes __among known

MEMBERS = frozenset({Who.MEMBER, Who.FULL_MEMBER})


class CrowdLoader(PersonLoader):
    """Gathers persons by what is true of them; each is named, but has no facts of their own."""

    def __init__(self, question: Question, residents: Iterable[Resident]) -> None:
        super().__init__(question)
        self.residents = residents
        self.crowds: dict[tuple[Any, ...], list[Named]] = defaultdict(list)
        self.place = count()
        self.places: dict[tuple[int, UUID | int], int] = {}
        looks_back = any(r.who in MEMBERS and r.measure in LOOKS_BACK for r in question.rules)
        since = date.min if looks_back else question.year_so_far.first
        self.since = since.isoformat()
        """Up to when it makes no difference since when someone is here or a member."""

    # -- who: those of whom more is to be told, by their keys ------------------

    def of_everyone(self, rows: Any) -> Any:
        return None if rows is None else rows.filter(person__pk__among=list(self.drafts))

    of_members = of_everyone

    # -- one pass over everybody, with as little done for each as can be ------

    def load_members(self) -> None:
        since, crowds, place = self.since, self.crowds, self.place
        alone: list[tuple[Any, ...]] = []
        for resident in self.residents:
            unit_id, key, name, begun, _, stage, joined, full_on, standing, is_alone, did = resident
            if is_alone:
                alone.append((next(place), *resident))
                continue
            if begun is not None and begun <= since:
                begun = None
            if joined is not None and joined <= since:
                joined = None
            if full_on is not None and full_on <= since:
                full_on = None
            alike = (unit_id, begun, stage, joined, full_on, standing, did)
            crowds[alike].append((next(place), key, name))
        self._load_alone(alone)

    def _load_alone(self, residents: list[tuple[Any, ...]]) -> None:
        keys = {UUID(resident[2]) for resident in residents}
        away = days_away(spells_away().filter(person__pk__among=keys)) if keys else {}
        for place, *told in residents:
            unit_id, key, name, begun, ended, stage, joined, full_on, standing, *_rest = told
            pk = UUID(key)
            days = day_of(joined), day_of(full_on)
            row = (pk, name, unit_id, day_of(begun), day_of(ended), stage, *days, standing)
            self.add_home(row, away.get(pk, ()))
            if pk in self.shown.get(unit_id, ()):
                self.places[unit_id, pk] = min(place, self.places[unit_id, pk])

    def add_stay(self, pk: UUID, unit_id: int, stay: Stay) -> None:
        super().add_stay(pk, unit_id, stay)
        if pk in self.shown.get(
            unit_id, ()
        ):  # a home that has ended gives no place among those here
            self.places.setdefault((unit_id, pk), next(self.place))

    def facts(self) -> tuple[dict[int, tuple[PersonFacts, ...]], dict[int, Days]]:
        told: dict[int, list[PersonFacts]] = defaultdict(list)
        asks_persons = self.question.asks(*MEMBERS)
        for (unit_id, begun, stage, joined, full_on, standing, did), people in self.crowds.items():
            days, full = as_member(stage, day_of(joined), day_of(full_on), standing, ())
            if not days:
                continue
            spell = Period.spell(day_of(begun), None)
            self.members[unit_id].update(intersect((spell,), days))
            if asks_persons:
                unit, (_place, key, name) = self.question.units[unit_id], people[0]
                stays = (Stay("home", unit.code, unit.kind, spell),)
                records, crowd = records_of(did), tuple(people)
                told[unit_id].append(
                    PersonFacts(UUID(key), name, stays, days, full, (), records, crowd=crowd)
                )
        alone, members = super().facts()
        for unit_id, persons in alone.items():
            told[unit_id] += [self._placed(unit_id, person) for person in persons]
        return {unit_id: tuple(persons) for unit_id, persons in told.items()}, members

    def _placed(self, unit_id: int, person: PersonFacts) -> PersonFacts:
        named = (self.places[unit_id, person.id], str(person.id), person.name)
        return replace(person, crowd=(named,))
