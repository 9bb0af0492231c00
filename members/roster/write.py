"""Writing a plan in bulk, and the log by which it can be put back."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    Membership,
    Person,
    StandingSpell,
)
from members.roster.insert import insert_rows

IN_ORDER: tuple[type[models.Model], ...] = (
    Person,
    Membership,
    StandingSpell,
    Affiliation,
    Appointment,
    FloatingEntry,
)
"""Each after what it points to."""
BY_LABEL = {model._meta.label_lower: model for model in IN_ORDER}
NOT_COMPARED = frozenset({"created_at", "updated_at"})
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
    rows: defaultdict[type[models.Model], list[tuple[Any, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """What is new as well, as plain values in the order of `columns_of`."""
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
            name: old[name] for name in _columns(type(instance)) if old.get(name) != now.get(name)
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


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a caller gives: no key that the database makes, no time of saving."""
    return tuple(
        column.attname
        for column in model._meta.concrete_fields
        if column.name not in NOT_COMPARED and not isinstance(column, models.AutoField)
    )


def _columns(model: type[models.Model]) -> list[str]:
    return [
        column.attname for column in model._meta.concrete_fields if column.name not in NOT_COMPARED
    ]


def apply_writes(writes: Writes) -> list[list[Any]]:
    """Write everything, changes first; the caller holds the transaction.

    Returns the log for `undo_log`: one entry an object, plain JSON values.
    """
    log: list[list[Any]] = []
    for model in IN_ORDER:
        changes = [one for one in writes.changes.values() if type(one.instance) is model]
        _update(model, changes)
        for one in changes:
            after = {name: plain(one.instance.__dict__[name]) for name in one.before}
            before = {name: plain(value) for name, value in one.before.items()}
            log.append(["change", model._meta.label_lower, plain(one.instance.pk), before, after])
    for instance, _row in writes.new:
        model = type(instance)
        writes.rows[model].append(tuple(getattr(instance, name) for name in columns_of(model)))
    for model in IN_ORDER:
        rows = writes.rows.pop(model, [])
        keys = insert_rows(model, columns_of(model), rows)
        label, canon = model._meta.label_lower, _canon(model)
        log += [
            ["create", label, plain(key), _digest(canon, row)]
            for key, row in zip(keys, rows, strict=True)
        ]
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


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, str):
        return str(value)  # a choice becomes its value
    if value is None or isinstance(value, int):
        return value
    return DjangoJSONEncoder().default(value)


def state_of(instance: models.Model) -> str:
    """A digest of the columns: equal as long as nobody has changed the row."""
    model = type(instance)
    return _digest(_canon(model), tuple(getattr(instance, name) for name in columns_of(model)))


def _digest(canon: tuple[Callable[[Any], Any] | None, ...], values: tuple[Any, ...]) -> str:
    same = [
        convert(value) if convert is not None and value is not None else value
        for convert, value in zip(canon, values, strict=True)
    ]
    return hashlib.blake2b(repr(same).encode(), digest_size=12).hexdigest()


@cache
def _canon(model: type[models.Model]) -> tuple[Callable[[Any], Any] | None, ...]:
    """What makes a column's value the same before it is written and after it is read."""
    by_kind: dict[type, Callable[[Any], Any]] = {models.CharField: str, models.BinaryField: bytes}
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return tuple(by_kind.get(type(columns[name])) for name in columns_of(model))
