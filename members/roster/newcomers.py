"""People who are new: written as plain rows, some thousand at a time, without objects.

They are by far the most that an import writes: a county's first roster is nothing else. Their
identifiers are sealed as late as here, so that a preview seals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import models

from members.choices import Nature
from members.crypto import indexer, sealer
from members.models import Affiliation, Membership, Person
from members.models.person import ID_NUMBER, PHONE
from members.roster.insert import insert_rows, stream_rows
from members.roster.logbook import Entry, block
from members.roster.rows import Row
from members.roster.states import columns_of, digest_plain, plain, plain_digester
from organizations.pinyin import spell

AT_ONCE = 5_000
GIVEN = ("name", "sex", "ethnicity", "birth_date", "education", "occupation", "address")
STAGES = ("stage", "joined_on", "full_on", "standing")


@dataclass(slots=True)
class Newcomer:
    """Somebody who is not on record, at home in `unit_id` since `since`."""

    row: Row
    unit_id: int
    since: date | None
    index: str | None
    """Of the ID number."""
    key: UUID | None = None
    """Given where something else already points to the person."""


def write_newcomers(newcomers: list[Newcomer]) -> Iterator[Entry]:
    """Write them, and empty the list; the caller's transaction. Yields a block of the log each."""
    shape = _Shape()
    while chunk := newcomers[-AT_ONCE:]:
        del newcomers[-AT_ONCE:]
        keys = [one.key or uuid4() for one in chunk]
        digests: list[str] = []
        people = shape.people(chunk, keys, digests)
        stream_rows(Person, columns_of(Person), people)
        yield block(Person, keys, digests)
        for model, tied in (
            (Membership, shape.memberships(chunk, keys)),
            (Affiliation, shape.homes(chunk, keys)),
        ):
            rows = list(tied)
            made = insert_rows(model, columns_of(model), rows)
            yield block(model, made, map(plain_digester(), rows))


class _Shape:
    """How rows of the three tables look: their columns' defaults, and where what is given goes."""

    def __init__(self) -> None:
        self.seal_number, self.seal_phone = sealer(ID_NUMBER), sealer(PHONE)
        self.index_phone = indexer(PHONE)

    def people(
        self, chunk: Sequence[Newcomer], keys: Sequence[UUID], digests: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows one by one, each with its digest put behind the others."""
        empty, at = _defaults(Person), _places(Person)
        given = [(name, at(name)) for name in GIVEN]
        key_at, pinyin_at = at("id"), at("pinyin")
        sealed_at, index_at = at("id_number_sealed"), at("id_number_index")
        phone_at, phone_index_at = at("phone_sealed"), at("phone_index")
        for one, key in zip(chunk, keys, strict=True):
            values, text = one.row.values, str(key)
            row = empty.copy()
            row[key_at] = key
            for name, place in given:
                value = values.get(name) or one.row.derived.get(name)
                if value:
                    row[place] = value
            row[pinyin_at] = spell(str(values["name"]))
            if one.index:
                row[index_at] = one.index
                row[sealed_at] = self.seal_number(text, str(values["id_number"]))
            if phone := values.get("phone"):
                row[phone_index_at] = self.index_phone(str(phone))
                row[phone_at] = self.seal_phone(text, str(phone))
            digests.append(digest_plain(row))
            yield tuple(row)

    def memberships(
        self, chunk: Sequence[Newcomer], keys: Sequence[UUID]
    ) -> Iterator[tuple[Any, ...]]:
        empty, at = _defaults(Membership), _places(Membership)
        given = [(name, at(name)) for name in STAGES]
        key_at = at("person_id")
        for one, key in zip(chunk, keys, strict=True):
            row = empty.copy()
            row[key_at] = key
            for name, place in given:
                if value := one.row.values.get(name):
                    row[place] = value
            yield tuple(row)

    def homes(self, chunk: Sequence[Newcomer], keys: Sequence[UUID]) -> Iterator[tuple[Any, ...]]:
        empty, at = _defaults(Affiliation), _places(Affiliation)
        key_at, unit_at, begun_at = at("person_id"), at("unit_id"), at("begun_on")
        empty[at("nature")] = Nature.HOME.value
        for one, key in zip(chunk, keys, strict=True):
            row = empty.copy()
            row[key_at], row[unit_at], row[begun_at] = key, one.unit_id, one.since
            yield tuple(row)


def _defaults(model: type[models.Model]) -> list[Any]:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    chosen = [columns[name] for name in columns_of(model)]
    return [None if column.primary_key else plain(column.get_default()) for column in chosen]


def _places(model: type[models.Model]) -> Callable[[str], int]:
    return list(columns_of(model)).index
