"""Whose record says what the file says: seen first, by one query for some thousand rows.

Of a county's roster that comes again, one row in a hundred has changed. To call the others
unchanged, nobody's record need be loaded as an object and compared field by field. While the
database looks up some thousand, those before them are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import FilteredRelation, Q

from members.choices import FloatingDirection, Nature
from members.crypto import indexer
from members.models import Person
from members.models.person import PHONE
from members.roster.cleaning import Noted
from members.roster.columns import Column
from members.roster.register import chunked
from members.roster.rows import Row
from organizations import lookups as _among  # noqa: F401 -- makes __among known
from organizations.beside import beside

AT_ONCE = 5_000
PLAIN = ("name", "ethnicity", "education", "occupation", "address")
DERIVED = ("sex", "birth_date")
STANDING = ("stage", "joined_on", "full_on", "standing")
COMPARED = (*PLAIN, *DERIVED, *STANDING)
"""What is the same when the cell is empty, or says what is stored."""
FETCHED = ("id_number_index", "pk", "home", "away", "place", "phone_index", *COMPARED)
AT = {name: place for place, name in enumerate(FETCHED)}
_Record = tuple[Any, ...]
_Stored = dict[str, list[_Record]]
_Index = Callable[[str], str]


@dataclass(slots=True)
class Asked:
    """A row with an ID number and nothing wrong, and where its person should be at home."""

    row: Row
    index: str
    unit_id: int | None
    """None: the cell is empty, and any home within the file's units is kept."""


@dataclass(slots=True)
class Found:
    same: dict[int, tuple[UUID, int]] = field(default_factory=dict)
    """By row number: the person, and the home unit."""
    others: list[str] = field(default_factory=list)
    """The indexes of people on record of whom more has to be known."""


def find_same(asked: Iterable[Asked], *, homes: set[int]) -> Found:
    """Who is on record, and of whom the file says nothing new.

    `homes` are the units that the file is for and that its importer may change.
    """
    found, index_phone = Found(), indexer(PHONE)
    with beside() as hand_over:
        before: list[Asked] = []
        answer: Future[_Stored] | None = None
        for chunk in chunked(asked, AT_ONCE):
            coming = hand_over(_stored, {one.index for one in chunk})
            if answer:
                _compare(before, answer.result(), found, homes, index_phone)
            before, answer = chunk, coming
        if answer:
            _compare(before, answer.result(), found, homes, index_phone)
    return found


def _compare(
    chunk: list[Asked], stored: _Stored, found: Found, homes: set[int], index_phone: _Index
) -> None:
    """Put each of those on record among the same or the others."""
    for one in chunk:
        records = stored.get(one.index)
        if records is None:
            continue
        # Two records of one person: more than one is open of what may be open once.
        if len(records) == 1 and _says_the_same(one, records[0], homes, index_phone):
            found.same[one.row.number] = records[0][AT["pk"]], records[0][AT["home"]]
        else:
            found.others.append(one.index)


def _stored(indexes: set[str]) -> _Stored:
    """What is on record under each index, as plain values in the order of `FETCHED`."""
    open_home = Q(affiliations__nature=Nature.HOME, affiliations__ended_on__isnull=True)
    still_out = Q(
        floating_entries__direction=FloatingDirection.OUT,
        floating_entries__ended_on__isnull=True,
    )
    people = Person.objects.filter(id_number_index__among=indexes).annotate(
        home=FilteredRelation("affiliations", condition=open_home),
        away=FilteredRelation("floating_entries", condition=still_out),
    )
    paths = {"home": "home__unit_id", "away": "away__pk", "place": "away__place"}
    paths |= {name: f"membership__{name}" for name in STANDING}
    stored: _Stored = {}
    for record in people.order_by().values_list(*(paths.get(name, name) for name in FETCHED)):
        stored.setdefault(record[AT["id_number_index"]], []).append(record)
    return stored


def _says_the_same(asked: Asked, record: _Record, homes: set[int], index_phone: _Index) -> bool:
    """Whether the comparison in plan.py would find nothing to change and nothing to tell."""
    row, values = asked.row, asked.row.values
    home = record[AT["home"]]
    if row.cleared or home not in homes or asked.unit_id not in (None, home):
        return False
    if record[AT["stage"]] is None:  # no membership
        return False
    given, kept = _getters(tuple(values))
    if given(values) != kept(record) and not _adds_nothing(values, record):
        return False
    if not (record[AT["sex"]] and record[AT["birth_date"]]) and not _derives_nothing(row, record):
        return False
    phone = values.get("phone")
    if phone and index_phone(str(phone)) != record[AT["phone_index"]]:
        return False
    return _floats_the_same(values, record)


@lru_cache(maxsize=500)
def _getters(names: tuple[str, ...]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """What takes what is compared out of the values of a row with those fields, and of a record."""
    compared = [name for name in names if name in COMPARED]
    if not compared:
        return tuple, lambda _record: names  # nothing to compare: the same in any case
    return itemgetter(*compared), itemgetter(*[AT[name] for name in compared])


def _adds_nothing(values: dict[str, object], record: _Record) -> bool:
    """The same comparison where something differs: a value that says nothing may."""
    return all(not values.get(name) or values[name] == record[AT[name]] for name in COMPARED)


def _derives_nothing(row: Row, record: _Record) -> bool:
    """Whether neither the row nor its ID number tells what is not on record."""
    return all(
        record[AT[name]] or not (row.values.get(name) or row.derived.get(name)) for name in DERIVED
    )


def reads_as(column: Column, old: object, new: object) -> bool:
    """Whether what is stored, typed by hand once, is what the file's cleaned cell says."""
    if not isinstance(old, str):
        return False
    read = column.clean(old)
    return (read.value if isinstance(read, Noted) else read) == new


def _floats_the_same(values: dict[str, object], record: _Record) -> bool:
    is_floating, place = values.get("is_floating"), values.get("floating_to")
    if is_floating is None:
        return True
    is_away = record[AT["away"]] is not None
    if is_floating:
        return is_away and (not place or place == record[AT["place"]])
    return not is_away
