"""Putting back what a batch changed, unless somebody has changed it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from django.db import models

from members.models import Person
from members.roster.logbook import Entry, one_by_one
from members.roster.register import chunked
from members.roster.states import plain, state_as_before, state_of
from members.roster.write import BY_LABEL, IN_ORDER
from members.services.saving import units_of_people
from organizations.pinyin import spell, spell_name


def find_conflicts(log: list[Entry]) -> list[models.Model]:
    """The objects that were changed since, removed since, or have had things hung on them."""
    log = one_by_one(log)
    conflicts: list[models.Model] = []
    created: dict[type[models.Model], set[Any]] = defaultdict(set)
    for action, label, key, *_rest in log:
        if action == "create":
            created[BY_LABEL[label]].add(key)
    for label, entries in _by_label(log).items():
        model = BY_LABEL[label]
        stored = _load(model, [entry[2] for entry in entries])
        for entry in entries:
            instance = stored.get(entry[2])
            if instance is None:
                conflicts.append(model(pk=entry[2]))
            elif not _is_as_left(instance, entry):
                conflicts.append(instance)
        conflicts += _with_attachments(model, stored, created)
    return conflicts


def _is_as_left(instance: models.Model, entry: Entry) -> bool:
    if entry[0] == "create":
        return any(
            entry[3] == state(one)
            for one in _spelt(instance)
            for state in (state_of, state_as_before)
        )
    return all(
        plain(getattr(instance, name)) == value
        for name, value in entry[4].items()
        if name != "pinyin"  # which follows from the name, and was spelt otherwise before
    )


def _spelt(instance: models.Model) -> Iterator[models.Model]:
    """The row; of a person also as it was while names were spelt as one word."""
    yield instance
    if isinstance(instance, Person):
        earlier = copy(instance)
        earlier.pinyin = spell(instance.name)
        yield earlier


def _with_attachments(
    model: type[models.Model], stored: dict[Any, models.Model], created: dict[Any, set[Any]]
) -> list[models.Model]:
    """Created objects that rows point to which the batch did not make, in whatever app."""
    found: set[Any] = set()
    mine = [key for key in stored if key in created[model]]
    for relation in model._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        for chunk in chunked(mine):
            rows = other._base_manager.filter(**{f"{name}__in": chunk}).order_by()
            for key, owner in rows.values_list("pk", relation.field.attname):
                if plain(key) not in created[other]:
                    found.add(plain(owner))
    return [stored[key] for key in found]


def undo_log(log: list[Entry]) -> set[int]:
    """Put everything back; the caller holds the transaction and has looked for conflicts.

    Returns the units touched. Raises ProtectedError when a record has come to hang on a person
    in between.
    """
    touched: set[int] = set()
    grouped = _by_label(one_by_one(log))
    for model in reversed(IN_ORDER):
        entries = grouped.get(model._meta.label_lower, [])
        stored = _load(model, [entry[2] for entry in entries])
        created = [entry[2] for entry in entries if entry[0] == "create"]
        units = {getattr(row, "unit_id", None) for row in stored.values()}
        touched |= {unit_id for unit_id in units if unit_id is not None}
        touched |= _homes_of(model, stored.values())
        for chunk in chunked(created):
            model._base_manager.filter(pk__in=chunk).delete()
    for model in IN_ORDER:
        entries = grouped.get(model._meta.label_lower, [])
        _restore(model, [entry for entry in entries if entry[0] == "change"])
    return touched


def _restore(model: type[models.Model], entries: list[Entry]) -> None:
    stored = _load(model, [entry[2] for entry in entries])
    columns = {column.attname: column for column in model._meta.concrete_fields}
    names: set[str] = set()
    for _action, _label, key, before, _after in entries:
        for name, value in before.items():
            column = columns[name]
            if isinstance(column, models.BinaryField):
                value = bytes.fromhex(value) if value is not None else None
            setattr(stored[key], name, column.to_python(value))
            names.add(column.name)
        if isinstance(person := stored[key], Person):
            person.pinyin = spell_name(person.name)
    if names:
        model._base_manager.bulk_update(stored.values(), sorted(names), batch_size=200)


def _homes_of(model: type[models.Model], rows: Iterable[models.Model]) -> set[int]:
    """The units whose verdicts hang on persons or memberships that change back."""
    if model is Person:
        return units_of_people([row.pk for row in rows])
    if hasattr(model, "person_id"):
        return units_of_people([row.person_id for row in rows])  # type: ignore[attr-defined]
    return set()


def _by_label(log: list[Entry]) -> dict[str, list[Entry]]:
    grouped: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in log:
        grouped[entry[1]].append(entry)
    return grouped


def _load(model: type[models.Model], keys: list[Any]) -> dict[Any, models.Model]:
    return {
        plain(instance.pk): instance
        for chunk in chunked(keys)
        for instance in model._base_manager.filter(pk__in=chunk)
    }
