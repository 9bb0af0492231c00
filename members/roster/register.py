"""What is stored of the people of a file: read once, in a number of queries set by its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from members.choices import FloatingDirection, Nature
from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    Membership,
    Person,
    StandingSpell,
)
from organizations.models import Unit

CHUNK = 900
"""Keys in one query: what every database takes."""
OPEN = Q(ended_on__isnull=True)


@dataclass(slots=True)
class Stored:
    """One person as on record, with what is open today."""

    person: Person
    membership: Membership | None = None
    home: Affiliation | None = None
    had_home: bool = False
    is_in_reach: bool = False
    """Whether a tie that is open lies within reach or, where none is open, the last one or none."""
    is_kept: bool = False
    """Whether the record is within reach: the rule of `PersonQuerySet.kept_under`."""
    floating: FloatingEntry | None = None
    spell: StandingSpell | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A belonging or, without a nature, an office: where, until when."""

    path: str
    ended_on: date | None
    pk: int
    nature: str = ""


T = TypeVar("T")


def chunked(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


class Register:
    """The people on record whom the rows of a file may mean."""

    def __init__(self, reach: list[str]) -> None:
        self.reach = reach
        self._by_index: dict[str, Stored] = {}
        self._by_name: dict[tuple[str, int], list[Stored]] = {}

    def load_by_index(self, indexes: Iterable[str]) -> None:
        found = _in_chunks(lambda chunk: Person.objects.filter(id_number_index__in=chunk), indexes)
        for stored in self._with_ties(found):
            self._by_index[stored.person.id_number_index or ""] = stored

    def load_by_name(self, top: Unit, names: Iterable[str]) -> None:
        """Those at home below `top`: all without an ID number, and whoever bears one of `names`."""
        homes = Affiliation.objects.under(top.path).filter(OPEN, nature=Nature.HOME)
        people = Person.objects.all()
        found = {
            person.pk: person
            for person in people.filter(id_number_index__isnull=True, pk__in=homes.values("person"))
        }
        for chunk in chunked(names):
            at_home = people.filter(name__in=chunk, pk__in=homes.values("person"))
            found |= {person.pk: person for person in at_home}
        for stored in self._with_ties(list(found.values())):
            person, home = stored.person, stored.home
            if home:
                self._by_name.setdefault((person.name, home.unit_id), []).append(stored)

    def keys(self) -> set[UUID]:
        """The keys of all who were loaded."""
        alike = (stored for found in self._by_name.values() for stored in found)
        return {stored.person.pk for stored in (*self._by_index.values(), *alike)}

    def by_index(self, index: str) -> Stored | None:
        return self._by_index.get(index)

    def by_name(self, name: str, unit: Unit) -> list[Stored]:
        """Those of that name who are at home in `unit`."""
        return self._by_name.get((name, unit.pk), [])

    def _with_ties(self, people: list[Person]) -> list[Stored]:
        stored = {person.pk: Stored(person) for person in people}
        for membership in _of(Membership.objects.all(), stored):
            stored[membership.person_id].membership = membership
        for entry in _of(FloatingEntry.objects.filter(OPEN), stored):
            if entry.direction == FloatingDirection.OUT:
                stored[entry.person_id].floating = entry
        for spell in _of(StandingSpell.objects.filter(OPEN), stored):
            stored[spell.person_id].spell = spell
        for home in _of(Affiliation.objects.filter(nature=Nature.HOME), stored):
            stored[home.person_id].had_home = True
            if home.ended_on is None:
                stored[home.person_id].home = home
        self._judge_reach(stored)
        return list(stored.values())

    def _judge_reach(self, stored: dict[UUID, Stored]) -> None:
        held: defaultdict[UUID, list[Held]] = defaultdict(list)
        ties = Affiliation.objects.values_list("person", "unit__path", "ended_on", "pk", "nature")
        for key, path, ended_on, pk, nature in _of(ties, stored):
            held[key].append(Held(path, ended_on, pk, nature))
        posts = Appointment.objects.values_list("person", "unit__path", "ended_on", "pk")
        for key, path, ended_on, pk in _of(posts, stored):
            held[key].append(Held(path, ended_on, pk))
        for key, one in stored.items():
            one.is_in_reach = self._reaches(held[key])
            homes = [tie for tie in held[key] if tie.nature == Nature.HOME]
            offices = [tie for tie in held[key] if not tie.nature and tie.ended_on is None]
            one.is_kept = self._reaches(homes or offices or held[key])

    def _reaches(self, ties: list[Held]) -> bool:
        """Whether one that is open, or else the last one, or none is within reach."""
        last = sorted((tie for tie in ties if tie.ended_on), key=lambda tie: (tie.ended_on, tie.pk))
        counting = [tie for tie in ties if tie.ended_on is None] or last[-1:]
        here = any(tie.path.startswith(top) for tie in counting for top in self.reach)
        return here or not counting


def _in_chunks(query: Callable[[list[str]], QuerySet], keys: Iterable[str]) -> list[Person]:
    return [person for chunk in chunked(keys) for person in query(chunk)]


def _of(rows: QuerySet, people: Iterable[UUID]) -> Iterator:
    """Those of `rows` that belong to `people`."""
    for chunk in chunked(people):
        yield from rows.filter(person__in=chunk)
