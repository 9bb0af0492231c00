"""People of whom the same is true, told and judged as one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

Named = tuple[int, str, str]
"""Someone of a crowd: the place among those whom the unit shows, the key, the name."""

Crowd = tuple[Named, ...]


class OfSome(Protocol):
    """What is told of one person (no crowd) or of all of a crowd."""

    @property
    def crowd(self) -> Crowd: ...


def heads(told: Iterable[OfSome]) -> int:
    """Of how many people it is told."""
    return sum(len(one.crowd) or 1 for one in told)
