"""What a roster ends of people whose membership it says is over: as the page of a person does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from members.choices import GONE_STANDINGS
from members.models import Membership
from members.roster.register import chunked
from members.roster.rows import Row, Table
from members.roster.write import Writes
from members.services.closing import ends_with, held_by, unit_of, words_of
from organizations.wording import listed


class Endings:
    """What the people on record hold: read once, when the first row says that somebody is gone."""

    def __init__(self, table: Table, people: Callable[[], Iterable[UUID]]) -> None:
        self.table = table
        self._people = people
        self._held: defaultdict[UUID, list[Any]] | None = None

    def end(self, row: Row, membership: Membership, writes: Writes, on: date) -> None:
        """`on` is the last day of what ends with the standing that `membership` has got."""
        if membership.standing not in GONE_STANDINGS:
            return
        words = []
        for held in self._of(membership.person_id):
            is_over = held.ended_on is not None and held.ended_on <= on
            if is_over or not ends_with(held, membership.standing):
                continue
            writes.end(held, row.number, on)
            writes.touched.add(unit_of(held).pk)
            words.append(words_of(held))
        if words:
            self.table.warn(row, "standing", "ends_with_standing", ended=listed(words))

    def _of(self, person: UUID) -> list[Any]:
        if self._held is None:
            self._held = defaultdict(list)
            for chunk in chunked(self._people()):
                for held in held_by(chunk):
                    self._held[held.person_id].append(held)
        return self._held[person]
