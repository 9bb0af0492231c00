"""What was drawn is kept in this process, by all that it depends on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

PIECES_KEPT = 300
"""Of a street with 15 units one takes from 15 to 200 kB."""
LINES_KEPT = 200
"""Of a street with 15 units one takes some 100 kB."""
BITS_KEPT = 2_000
"""Each of a kilobyte or two."""
CHOICES_KEPT = 20
"""Of each reach: what its filter was asked for last."""
PAGES_KEPT = 30

Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """What was used last, by all that it depends on; in this process, for all threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._things: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            thing = self._things.get(key)
            if thing is not None:
                self._things.move_to_end(key)
            return thing

    def put(self, key: Hashable, thing: Kept) -> None:
        with self._lock:
            self._things[key] = thing
            if len(self._things) > self.size:
                self._things.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._things.clear()


class Whole:
    """A key of many parts, whose hash is reckoned once and not at each asking."""

    __slots__ = ("hash", "parts")

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self.parts = parts
        self.hash = hash(parts)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Whole):
            return NotImplemented
        return self is other or (self.hash == other.hash and self.parts == other.parts)


shelf: Shelf[Any] = Shelf(PIECES_KEPT)
"""Pieces of matrices (pieces.py)."""
lines: Shelf[Any] = Shelf(LINES_KEPT)
"""What the units of a street say each for itself (unit_lines.py)."""
bits: Shelf[Any] = Shelf(BITS_KEPT)
"""What a dashboard reckons or draws besides: its filter, calls, the sums of last month."""
grounds: Shelf[Any] = Shelf(PAGES_KEPT)
"""The units that somebody sees, with what is reckoned of them (places.py)."""
pages: Shelf[bytes] = Shelf(PAGES_KEPT)
"""Whole dashboards, without the frame of the page: what is one's own stands there."""


def forget_all() -> None:
    """As in a process that has just begun."""
    for kept in (shelf, lines, bits, grounds, pages):
        kept.clear()
