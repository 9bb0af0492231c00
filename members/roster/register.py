"""What is stored of the people of a file: read once, in a number of queries set by its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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
    """Whether a tie that is open lies within reach or, where none is open, a past one or none."""
    floating: FloatingEntry | None = None
    spell: StandingSpell | None = None


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
        open_at: defaultdict[UUID, list[str]] = defaultdict(list)
        past_at: defaultdict[UUID, list[str]] = defaultdict(list)
        for model in (Affiliation, Appointment):
            ties = model.objects.values_list("person", "unit__path", "ended_on")
            for key, path, ended_on in _of(ties, stored):
                (past_at if ended_on else open_at)[key].append(path)
        for key, one in stored.items():
            paths = open_at[key] or past_at[key]
            here = any(path.startswith(top) for path in paths for top in self.reach)
            one.is_in_reach = here or not paths


def _in_chunks(query: Callable[[list[str]], QuerySet], keys: Iterable[str]) -> list[Person]:
    return [person for chunk in chunked(keys) for person in query(chunk)]


def _of(rows: QuerySet, people: Iterable[UUID]) -> Iterator:
    """Those of `rows` that belong to `people`."""
    for chunk in chunked(people):
        yield from rows.filter(person__in=chunk)
