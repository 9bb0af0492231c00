"""Whose record says what the file says: seen first, by one query for some thousand rows.

Of a county's roster that comes again, one row in a hundred has changed. To call the others
unchanged, nobody's record need be loaded as an object and compared field by field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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

AT_ONCE = 4_000
PLAIN = ("name", "ethnicity", "education", "occupation", "address")
DERIVED = ("sex", "birth_date")
STANDING = ("stage", "joined_on", "full_on", "standing")
COMPARED = (*PLAIN, *STANDING)
"""What is the same when the cell is empty, or says what is stored."""


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
    for chunk in chunked(asked, AT_ONCE):
        stored = _stored([one.index for one in chunk])
        for one in chunk:
            records = stored.get(one.index)
            if records is None:
                continue
            # Two records of one person: more than one is open of what may be open once.
            if len(records) == 1 and _says_the_same(one, records[0], homes, index_phone):
                found.same[one.row.number] = records[0].person, records[0].home
            else:
                found.others.append(one.index)
    return found


@dataclass(slots=True)
class _Record:
    person: UUID
    home: int
    away: int | None
    place: str | None
    phone_index: str | None
    derived: list[Any]
    compared: list[Any]


def _stored(indexes: list[str]) -> dict[str, list[_Record]]:
    stored: dict[str, list[_Record]] = {}
    for index, record in _records(indexes):
        stored.setdefault(index, []).append(record)
    return stored


def _records(indexes: list[str]) -> Iterator[tuple[str, _Record]]:
    open_home = Q(affiliations__nature=Nature.HOME, affiliations__ended_on__isnull=True)
    still_out = Q(
        floating_entries__direction=FloatingDirection.OUT,
        floating_entries__ended_on__isnull=True,
    )
    people = Person.objects.filter(id_number_index__among=indexes).annotate(
        home=FilteredRelation("affiliations", condition=open_home),
        away=FilteredRelation("floating_entries", condition=still_out),
    )
    ties = ("home__unit_id", "away__pk", "away__place")
    membership = [f"membership__{name}" for name in STANDING]
    columns = ("id_number_index", "pk", *ties, "phone_index", *DERIVED, *PLAIN, *membership)
    for index, person, home, away, place, phone, *rest in people.order_by().values_list(*columns):
        derived, compared = rest[: len(DERIVED)], rest[len(DERIVED) :]
        yield index, _Record(person, home, away, place, phone, derived, compared)


def _says_the_same(asked: Asked, record: _Record, homes: set[int], index_phone: Any) -> bool:
    """Whether the comparison in plan.py would find nothing to change and nothing to tell."""
    row, values = asked.row, asked.row.values
    if row.cleared or record.home not in homes or asked.unit_id not in (None, record.home):
        return False
    if record.compared[len(PLAIN)] is None:  # no membership
        return False
    for name, old in zip(COMPARED, record.compared, strict=True):
        new = values.get(name)
        if new and new != old:
            return False
    for name, old in zip(DERIVED, record.derived, strict=True):
        new = values.get(name) or (None if old else row.derived.get(name))
        if new and new != old:
            return False
    phone = values.get("phone")
    if phone and index_phone(str(phone)) != record.phone_index:
        return False
    return _floats_the_same(values, record)


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
    if is_floating:
        return record.away is not None and (not place or place == record.place)
    return record.away is None
