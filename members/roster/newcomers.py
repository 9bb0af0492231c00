"""People who are new: written as plain rows, some thousand at a time, without objects.

They are by far the most that an import writes: a county's first roster is nothing else. Their
identifiers are sealed as late as here, so that a preview seals nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

from members.choices import Nature
from members.crypto import indexer, sealer
from members.models import Affiliation, Membership, Person
from members.models.person import ID_NUMBER, PHONE
from members.roster.insert import insert_rows, stream_rows
from members.roster.logbook import Entry, block
from members.roster.rows import Row
from members.roster.states import columns_of, digest_plain, plain, plain_digester
from organizations.beside import beside
from organizations.pinyin import spell_name

AT_ONCE = 2_000
GIVEN = ("name", "sex", "ethnicity", "education", "occupation", "address")
RANDOM_DIGITS = 20


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


def write_newcomers(newcomers: list[Newcomer]) -> list[Entry]:
    """Write them, and empty the list; the caller's transaction. Returns the log, in blocks.

    While the database takes some thousand, the next are made.
    """
    shape, log = _Shape(), []
    # From the end, where taking them away costs nothing; so that they come in the order of the
    # index, and the database fills that from left to right instead of all over.
    newcomers.sort(key=lambda one: one.index or "", reverse=True)
    with beside() as hand_over:
        before: Future[list[Entry]] | None = None
        while chunk := newcomers[: -AT_ONCE - 1 : -1]:
            del newcomers[-AT_ONCE:]
            made = _made(shape, chunk)
            if before:
                log += before.result()
            before = hand_over(_write, made)
        if before:
            log += before.result()
    return log


@dataclass(frozen=True, slots=True)
class _Made:
    """The rows of some thousand people, and what the log keeps of them."""

    keys: list[str]
    people: list[tuple[Any, ...]]
    digests: list[str]
    tied: list[tuple[type[models.Model], list[tuple[Any, ...]], list[str]]]
    """Of each other table: its rows and their digests."""


def _made(shape: _Shape, chunk: list[Newcomer]) -> _Made:
    fresh = zip(chunk, new_keys(len(chunk)), strict=True)
    keys = [str(one.key) if one.key else key for one, key in fresh]
    digests: list[str] = []
    people = list(shape.people(chunk, keys, digests))
    tied: list[tuple[type[models.Model], list[tuple[Any, ...]], list[str]]] = []
    for model, made in (
        (Membership, shape.memberships(chunk, keys)),
        (Affiliation, shape.homes(chunk, keys)),
    ):
        rows = list(made)
        tied.append((model, rows, list(map(plain_digester(), rows))))
    return _Made(keys, people, digests, tied)


def _write(made: _Made) -> list[Entry]:
    stream_rows(Person, columns_of(Person), made.people)
    log = [block(Person, made.keys, made.digests)]
    for model, rows, digests in made.tied:
        numbers = insert_rows(model, columns_of(model), rows)
        log.append(block(model, numbers, digests))
    if connection.vendor == "postgresql":
        # Foreign keys are looked up now, while the next rows are made, and not all at the end.
        connection.check_constraints()
    return log


def new_keys(count: int) -> list[str]:
    """Keys in the order of time (UUIDs of version 7), as text, each above the one before.

    Six indexes hold them, and every foreign key is looked up in one: keys at random would touch
    all pages of all six, these touch the last.
    """
    moment = f"{time.time_ns() // 1_000_000:012x}"
    first, drawn = f"{moment[:8]}-{moment[8:]}-7", os.urandom(count * RANDOM_DIGITS // 2).hex()
    keys = []
    for at in range(0, len(drawn), RANDOM_DIGITS):
        digits = drawn[at : at + RANDOM_DIGITS]
        variant = "89ab"[int(digits[3], 16) % 4]
        keys.append(f"{first}{digits[:3]}-{variant}{digits[4:7]}-{digits[7:19]}")
    return sorted(keys)


class _Shape:
    """How rows of the three tables look: their columns' defaults, and where what is given goes.

    Keys and days are texts in them: the database's driver has the least to do with those.
    """

    def __init__(self) -> None:
        self.seal_number, self.seal_phone = sealer(ID_NUMBER), sealer(PHONE)
        self.index_phone = indexer(PHONE)

    def people(
        self, chunk: Sequence[Newcomer], keys: Sequence[str], digests: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        """The rows one by one, each with its digest put behind the others."""
        empty, at = _defaults(Person), _places(Person)
        given = [(name, at(name)) for name in GIVEN]
        key_at, pinyin_at, born_at = at("id"), at("pinyin"), at("birth_date")
        sealed_at, index_at = at("id_number_sealed"), at("id_number_index")
        phone_at, phone_index_at = at("phone_sealed"), at("phone_index")
        seal_number, seal_phone, index_phone = self.seal_number, self.seal_phone, self.index_phone
        for one, key in zip(chunk, keys, strict=True):
            values, derived = one.row.values, one.row.derived
            row = empty.copy()
            row[key_at] = key
            for name, place in given:
                value = values.get(name) or derived.get(name)
                if value:
                    row[place] = value
            if born_on := values.get("birth_date") or derived.get("birth_date"):
                row[born_at] = str(born_on)
            row[pinyin_at] = spell_name(str(values["name"]))
            row[index_at] = one.index
            phone = values.get("phone")
            if phone:
                row[phone_index_at] = index_phone(str(phone))
            digests.append(digest_plain(row))
            if one.index:
                row[sealed_at] = seal_number(key, str(values["id_number"]))
            if phone:
                row[phone_at] = seal_phone(key, str(phone))
            yield tuple(row)

    def memberships(
        self, chunk: Sequence[Newcomer], keys: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        empty, at = _defaults(Membership), _places(Membership)
        key_at, stage_at, standing_at = at("person_id"), at("stage"), at("standing")
        joined_at, full_at = at("joined_on"), at("full_on")
        for one, key in zip(chunk, keys, strict=True):
            values, row = one.row.values, empty.copy()
            row[key_at] = key
            if stage := values.get("stage"):
                row[stage_at] = stage
            if standing := values.get("standing"):
                row[standing_at] = standing
            if joined_on := values.get("joined_on"):
                row[joined_at] = str(joined_on)
            if full_on := values.get("full_on"):
                row[full_at] = str(full_on)
            yield tuple(row)

    def homes(self, chunk: Sequence[Newcomer], keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        empty, at = _defaults(Affiliation), _places(Affiliation)
        key_at, unit_at, begun_at = at("person_id"), at("unit_id"), at("begun_on")
        empty[at("nature")] = Nature.HOME.value
        for one, key in zip(chunk, keys, strict=True):
            row = empty.copy()
            row[key_at], row[unit_at] = key, one.unit_id
            row[begun_at] = str(one.since) if one.since else None
            yield tuple(row)


def _defaults(model: type[models.Model]) -> list[Any]:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    chosen = [columns[name] for name in columns_of(model)]
    return [None if column.primary_key else plain(column.get_default()) for column in chosen]


def _places(model: type[models.Model]) -> Callable[[str], int]:
    return list(columns_of(model)).index
