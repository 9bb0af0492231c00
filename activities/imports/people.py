"""Who is meant by a name or an ID number in a file, for all its rows in a few queries."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from members.choices import MEMBER_STAGES, Nature, Standing
from members.crypto import blind_index
from members.models import Affiliation, Appointment, Person
from members.models.person import ID_NUMBER
from members.roster.cleaning import Noted, clean_id_number, clean_name, half_width
from organizations.access import within
from organizations.choices import UnitKind
from organizations.models import Unit
from organizations.spreadsheets.cells import Problem, problem

CHUNK = 500
NUMBER = re.compile(r"\d{14,17}[\dXx]?")


@dataclass(frozen=True, slots=True)
class Spell:
    """A person's time in a unit; a null beginning is since before the portal."""

    unit: str
    begun_on: date | None
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        begun = self.begun_on is None or self.begun_on <= day
        return begun and (self.ended_on is None or self.ended_on >= day)


class PeopleFinder:
    """The people within `top` whom the words of a file may mean."""

    def __init__(self, top: Unit, words: Iterable[str]) -> None:
        self.top = top
        self._names: dict[str, str] = {}
        self._indexes: dict[str, str | Problem] = {}
        for word in set(words):
            self._sort_in(word)
        self._by_name: defaultdict[str, list[UUID]] = defaultdict(list)
        self._by_index: dict[str, UUID] = {}
        self._load()
        self._spells = _spells_of(
            key for keys in self._by_name.values() if len(keys) > 1 for key in keys
        )

    def find(self, word: str, day: date) -> UUID | Problem:
        """The one person meant who was there on `day`, or why that can't be said."""
        if word in self._indexes:
            index = self._indexes[word]
            if isinstance(index, Problem):
                return index
            missing = problem("id_number_unknown", within=self.top.name)
            return self._by_index.get(index, missing)
        keys = self._by_name.get(self._names.get(word, ""), [])
        then = [key for key in keys if any(s.holds_on(day) for s in self._spells.get(key, []))]
        keys = then or keys
        if not keys:
            return problem("person_unknown", who=word, within=self.top.name)
        return keys[0] if len(keys) == 1 else self._of_two(word, keys, day)

    def _of_two(self, word: str, keys: list[UUID], day: date) -> Problem:
        units: Counter[str] = Counter()
        for key in keys:
            spells = self._spells.get(key, [])
            held = [spell for spell in spells if spell.holds_on(day)] or spells
            units[held[0].unit if held else self.top.name] += 1
        named = "、".join(
            name if count == 1 else f"{name}（{count}）" for name, count in units.items()
        )
        return problem("person_of_two", who=word, count=len(keys), units=named)

    def _sort_in(self, word: str) -> None:
        """Whether `word` is a number or a name."""
        if NUMBER.fullmatch(half_width(word)):
            number = clean_id_number(word)
            number = number.value if isinstance(number, Noted) else number
            if isinstance(number, str):
                self._indexes[word] = blind_index(ID_NUMBER, number)
            elif isinstance(number, Problem):
                self._indexes[word] = number
            return
        name = clean_name(word)
        if isinstance(name, str):
            self._names[word] = name

    def _load(self) -> None:
        reach = Person.objects.under(self.top.path).order_by("pk")
        for names in _chunks(set(self._names.values())):
            for key, name in reach.filter(name__in=names).values_list("pk", "name"):
                self._by_name[name].append(key)
        indexes = {index for index in self._indexes.values() if isinstance(index, str)}
        for chunk in _chunks(indexes):
            found = reach.filter(id_number_index__in=chunk)
            self._by_index |= {
                index: key for key, index in found.values_list("pk", "id_number_index") if index
            }


class MemberRolls:
    """The members within `top`: of a street or county committee its own, else of the subtree."""

    def __init__(self, top: Unit) -> None:
        homes = Affiliation.objects.filter(
            within("unit__path", [top.path]),
            nature=Nature.HOME,
            person__membership__stage__in=MEMBER_STAGES,
            person__membership__standing=Standing.NORMAL,
        ).values_list(
            "person_id", "unit__path", "begun_on", "ended_on", "person__membership__joined_on"
        )
        self._by_path: defaultdict[str, list[tuple[UUID, Spell, date | None]]] = defaultdict(list)
        for key, path, begun_on, ended_on, joined_on in homes:
            self._by_path[path].append((key, Spell("", begun_on, ended_on), joined_on))

    def of(self, host: Unit, day: date) -> set[UUID]:
        """The keys of the host's members on `day`."""
        own_only = host.kind in (UnitKind.STREET_COMMITTEE, UnitKind.COUNTY_COMMITTEE)
        paths = [
            path
            for path in self._by_path
            if path == host.path or (not own_only and path.startswith(host.path))
        ]
        return {
            key
            for path in paths
            for key, spell, joined_on in self._by_path[path]
            if spell.holds_on(day) and (joined_on is None or joined_on <= day)
        }


def _spells_of(keys: Iterable[UUID]) -> dict[UUID, list[Spell]]:
    """Where these people have belonged or held office; homes first, the latest of them first."""
    spells: defaultdict[UUID, list[Spell]] = defaultdict(list)
    for chunk in _chunks(set(keys)):
        belongs = Affiliation.objects.filter(person_id__in=chunk)
        holds = Appointment.objects.filter(person_id__in=chunk)
        for rows in (
            belongs.filter(nature=Nature.HOME),
            belongs.exclude(nature=Nature.HOME),
            holds,
        ):
            found = rows.order_by("-begun_on", "pk").values_list(
                "person_id", "unit__name", "begun_on", "ended_on"
            )
            for key, unit, begun_on, ended_on in found:
                spells[key].append(Spell(unit, begun_on, ended_on))
    return spells


def _chunks(keys: Collection) -> Iterable[list]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
