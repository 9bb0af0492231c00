"""Files of other apps that take the roster's way: an app above registers what is its own in it.

Imports run one way, so members can't name what activities hold: it is told when the app starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from members.choices import BatchKind
from members.roster.columns import POSTS, ROSTER, Column
from members.roster.messages import MESSAGES
from members.roster.outcomes import Plan
from members.roster.rows import Table

Log = list[list[Any]]
"""What an import did, as plain JSON values, by which it can be put back."""


@dataclass(frozen=True, slots=True)
class Importer:
    """A sort of file: its columns, what its rows would do, how that is written and put back."""

    columns: tuple[Column, ...]
    compare: Callable[[Any, Table], Plan]
    """From the request and the rows that were read; may be called outside a transaction."""
    write: Callable[[Any, Any], Log]
    """From the plan and the user; the caller's transaction."""
    find_conflicts: Callable[[Log], list[models.Model]]
    """What was changed since, or has had things hung on it."""
    undo: Callable[[Log], set[int]]
    """Puts everything back and returns the keys of the units touched; the caller's transaction."""
    messages: Mapping[str, str]
    """What its findings say, by code."""


_importers: dict[str, Importer] = {}


def register_importer(kind: BatchKind, importer: Importer) -> None:
    """Take files of `kind` as `importer` says. A finding's code has one meaning everywhere."""
    for code, text in importer.messages.items():
        if MESSAGES.setdefault(code, text) != text:
            raise ValueError(f"The finding {code} has another meaning already.")
    _importers[kind] = importer


def importer_of(kind: str) -> Importer | None:
    """Who imports files of that kind; None: this app itself."""
    return _importers.get(kind)


def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a file of that kind."""
    if importer := importer_of(kind):
        return importer.columns
    return ROSTER if kind == BatchKind.ROSTER else POSTS
