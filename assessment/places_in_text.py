"""Where in a TOML file a key stands: the standard reader tells no lines. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """The line of the key at that path, else of the nearest table around it; the first of them.

    A key inside an inline table or list is found by the line on which that begins.
    """
    best: tuple[int, int] | None = None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = path = _split(header[1])
        elif key := _KEY.match(line):
            path = table + _split(key[1])
        else:
            continue
        depth = _shared(path, keys)
        if depth and (best is None or depth > best[0]):
            best = depth, number
    return best[1] if best else None


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(next(filter(None, groups), "") for groups in _PART.findall(dotted))


def _shared(path: tuple[str, ...], keys: tuple[str, ...]) -> int:
    """How many keys of the two paths agree, if one of them goes on from the other; else none."""
    length = min(len(path), len(keys))
    return length if path[:length] == keys[:length] else 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, as a complaint begins: file, line, and the keys that lead there."""

    file: str
    text: str
    keys: tuple[str, ...] = ()

    def at(self, *keys: str) -> Spot:
        return Spot(self.file, self.text, (*self.keys, *keys))

    def __str__(self) -> str:
        line = line_of(self.text, self.keys) if self.keys else None
        named = self.keys[1:] if self.keys[:1] == ("rules",) else self.keys
        start = self.file if line is None else f"{self.file}, line {line}"
        return ": ".join((start, *named))
