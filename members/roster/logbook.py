"""How the log of an import is kept: an entry a change, and one for some thousand rows that are new.

A county's first roster makes 300,000 rows. Written one by one, their keys and digests would take
more memory than the people themselves.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from members.roster.states import DIGEST, plain

Entry = list[Any]
CREATED = "created"
HEX = 32
"""The length of a UUID, in hexadecimal digits."""


def block(model: type[models.Model], keys: Sequence[Any], digests: Iterable[str]) -> Entry:
    """One entry for many new rows of a model: keys as one text or as runs of numbers."""
    if keys and isinstance(keys[0], UUID | str):
        kept: str | list[list[int]] = "".join(map(str, keys)).replace("-", "")
    else:
        kept = _runs(keys)
    return [CREATED, model._meta.label_lower, kept, "".join(digests)]


def packed(log: Iterable[Entry]) -> bytes:
    """The log as compressed JSON, put together entry by entry: it may be many megabytes."""
    packer = zlib.compressobj(level=1)
    parts = []
    for number, entry in enumerate(log):
        text = ("," if number else "[") + json.dumps(entry, separators=(",", ":"))
        parts.append(packer.compress(text.encode()))
    parts.append(packer.compress(b"]" if parts else b"[]"))
    return b"".join([*parts, packer.flush()])


def one_by_one(log: list[Entry]) -> list[Entry]:
    """The log with an entry a row, where it has one for a block of new rows."""
    entries: list[Entry] = []
    for entry in log:
        if entry[0] != CREATED:
            entries.append(entry)
            continue
        _action, label, kept, digests = entry
        if isinstance(kept, str):
            keys: list[Any] = [plain(UUID(key)) for key in _cut(kept, HEX)]
        else:
            keys = [key for first, last in kept for key in range(first, last + 1)]
        pairs = zip(keys, _cut(digests, DIGEST), strict=True)
        entries += [["create", label, key, digest] for key, digest in pairs]
    return entries


def _runs(keys: Iterable[int]) -> list[list[int]]:
    """The numbers as first and last of each run: the database gives them out in order."""
    runs: list[list[int]] = []
    for key in keys:
        if runs and key == runs[-1][1] + 1:
            runs[-1][1] = key
        else:
            runs.append([key, key])
    return runs


def _cut(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]
