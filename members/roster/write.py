"""Writing a plan in bulk, and the log by which it can be put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    Membership,
    Person,
    PostHolding,
    StandingSpell,
)
from members.roster.insert import insert_rows
from members.roster.logbook import Entry, block
from members.roster.newcomers import Newcomer, write_newcomers
from members.roster.states import columns_of, compared_columns, digest, plain
from organizations.pace import unswept
from organizations.planner import tell_planner

IN_ORDER: tuple[type[models.Model], ...] = (
    Person,
    Membership,
    StandingSpell,
    Affiliation,
    Appointment,
    PostHolding,
    FloatingEntry,
)
"""Each after what it points to."""
BY_LABEL = {model._meta.label_lower: model for model in IN_ORDER}
BATCH = 500


@dataclass(slots=True)
class Change:
    """One stored object with new values, and the old ones of the fields that changed."""

    instance: models.Model
    row: int
    before: dict[str, Any]


@dataclass(slots=True)
class Writes:
    """All that a plan writes: what is new, what changes, whose verdicts that touches."""

    new: list[tuple[models.Model, int]] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)
    """Who is new, with membership and home."""
    changes: dict[tuple[type[models.Model], Any], Change] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def create(self, instance: models.Model, row: int) -> None:
        self.new.append((instance, row))

    @contextmanager
    def changing(self, instance: models.Model, row: int) -> Iterator[None]:
        """Note which fields of a stored `instance` the block changes."""
        old = dict(instance.__dict__)
        yield
        now = instance.__dict__
        before = {
            name: old[name]
            for name in compared_columns(type(instance))
            if old.get(name) != now.get(name)
        }
        if before:
            key = (type(instance), instance.pk)
            known = self.changes.setdefault(key, Change(instance, row, {}))
            known.before = before | known.before

    def end(self, instance: models.Model, row: int, day: date) -> None:
        """Let a dated row end on `day`, or on its first day if that is later."""
        with self.changing(instance, row):
            begun_on = instance.begun_on  # type: ignore[attr-defined]
            instance.ended_on = max(day, begun_on or day)  # type: ignore[attr-defined]

    @property
    def renamed(self) -> list[Any]:
        """The keys of people whose name changes: stored verdicts name them."""
        return [
            key
            for (model, key), one in self.changes.items()
            if model is Person and "name" in one.before
        ]

    def forget(self, row: int) -> None:
        """Take back all that was planned for `row`."""
        self.new = [entry for entry in self.new if entry[1] != row]
        self.changes = {key: one for key, one in self.changes.items() if one.row != row}


@unswept()
def apply_writes(writes: Writes) -> list[Entry]:
    """Write everything, changes first; the caller holds the transaction.

    Returns the log for `undo_log`, plain JSON values: an entry a change, and one a block of rows
    that are new.
    """
    log: list[Entry] = []
    for model in IN_ORDER:
        changes = [one for one in writes.changes.values() if type(one.instance) is model]
        _update(model, changes)
        for one in changes:
            after = {name: plain(one.instance.__dict__[name]) for name in one.before}
            before = {name: plain(value) for name, value in one.before.items()}
            log.append(["change", model._meta.label_lower, plain(one.instance.pk), before, after])
    newcomers = len(writes.newcomers)
    log += write_newcomers(writes.newcomers)
    tell_planner(dict.fromkeys((Person, Membership, Affiliation), newcomers))
    for model in IN_ORDER:
        columns = columns_of(model)
        rows = [
            tuple(getattr(instance, name) for name in columns)
            for instance, _row in writes.new
            if type(instance) is model
        ]
        if rows:
            keys = insert_rows(model, columns, rows)
            log.append(block(model, keys, [digest(model, row) for row in rows]))
    return log


def _update(model: type[models.Model], changes: list[Change]) -> None:
    """One upsert for all of a model: several times faster than `bulk_update`."""
    names = {name for one in changes for name in one.before}
    if not names:
        return
    attnames = {column.attname: column.name for column in model._meta.concrete_fields}
    fields = [attnames[name] for name in sorted(names)]
    if any(column.name == "updated_at" for column in model._meta.concrete_fields):
        fields.append("updated_at")
    model._base_manager.bulk_create(
        [one.instance for one in changes],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=fields,
    )
