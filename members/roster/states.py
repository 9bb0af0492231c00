"""A row of a table as plain values and as a digest, by which an undo knows it again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

NOT_COMPARED = frozenset({"created_at", "updated_at"})
REMEMBERED = 50_000
DIGEST = 24
"""The length of a digest, in hexadecimal digits."""


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a caller gives: no key that the database makes, no time of saving."""
    return tuple(
        column.attname
        for column in model._meta.concrete_fields
        if column.name not in NOT_COMPARED and not isinstance(column, models.AutoField)
    )


def compared_columns(model: type[models.Model]) -> list[str]:
    return [
        column.attname for column in model._meta.concrete_fields if column.name not in NOT_COMPARED
    ]


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
    return digest(model, tuple(getattr(instance, name) for name in columns_of(model)))


def state_as_before(instance: models.Model) -> str:
    """The same as logs of before digested it: keys and days as objects, sealed bytes too."""
    model = type(instance)
    values = zip(_canon_before(model), columns_of(model), strict=True)
    return _of_text(
        repr([_converted(convert, getattr(instance, name)) for convert, name in values])
    )


def digest(model: type[models.Model], values: Sequence[Any]) -> str:
    """The same of a row that is to be written, in the order of `columns_of`."""
    pairs = zip(_canon(model), values, strict=True)
    return _of_text(repr([_converted(convert, value) for convert, value in pairs]))


def digest_plain(values: list[Any]) -> str:
    """`digest` for a row whose values are plain already: no choice, keys and days as text.

    What is sealed is None in it: its blind index tells whether it has changed, and sealing it with
    another key is no change.
    """
    return _of_text(repr(values))


def plain_digester() -> Callable[[Sequence[Any]], str]:
    """The same for many rows that differ in the first column more than in all the others."""
    texts: dict[Sequence[Any], str] = {}

    def digest_one(values: Sequence[Any]) -> str:
        rest = values[1:]
        text = texts.get(rest)
        if text is None:
            text = repr(list(rest))[1:]
            if len(texts) < REMEMBERED:
                texts[rest] = text
        return _of_text(f"[{values[0]!r}, {text}")

    return digest_one


def _of_text(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST // 2).hexdigest()


def _converted(convert: Callable[[Any], Any] | None, value: Any) -> Any:
    return convert(value) if convert is not None and value is not None else value


@cache
def _canon(model: type[models.Model]) -> tuple[Callable[[Any], Any] | None, ...]:
    """What makes a column's value the same before it is written and after it is read."""
    by_kind: dict[type, Callable[[Any], Any]] = {
        models.CharField: str,
        models.UUIDField: str,
        models.DateField: str,
        models.BinaryField: _not_told,
    }
    columns = {column.attname: column for column in model._meta.concrete_fields}
    targets = [getattr(columns[name], "target_field", columns[name]) for name in columns_of(model)]
    return tuple(by_kind.get(type(target)) for target in targets)


def _not_told(_value: object) -> None:
    """Nothing of what is sealed."""


@cache
def _canon_before(model: type[models.Model]) -> tuple[Callable[[Any], Any] | None, ...]:
    by_kind: dict[type, Callable[[Any], Any]] = {models.CharField: str, models.BinaryField: bytes}
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return tuple(by_kind.get(type(columns[name])) for name in columns_of(model))
