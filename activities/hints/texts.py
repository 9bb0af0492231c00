"""How alike two texts are: shingles, a sketch of them, and the differences. Pure.

A sketch keeps, of each of 64 shares of a text's shingles, the smallest hash (one-permutation
MinHash); four of them make a band. Texts that share four fifths of their shingles agree in at
least one of the 16 bands all but always, so that only those need be compared that do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import pairwise

SHINGLE = 4
BINS, BANDS = 64, 16
ROWS = BINS // BANDS
LEAST = 120
"""Characters that a text must have to be compared: shorter ones are alike by their nature."""
ALIKE = Decimal("0.80")
MOST = 20_000
"""Characters that are looked at."""
NOISE = re.compile(r"[\W_]+")
PIECE = re.compile(r"[^，。；！？、\n,.;!?]*[，。；！？、\n,.;!?]*")


def shingles_of(text: str) -> frozenset[str]:
    """Every run of four characters, without blanks and punctuation; none of a short text."""
    plain = NOISE.sub("", text[:MOST]).lower()
    if len(plain) < LEAST:
        return frozenset()
    return frozenset(plain[start : start + SHINGLE] for start in range(len(plain) - SHINGLE + 1))


def bands_of(text: str) -> list[str]:
    """What texts like this one share with it; empty for a short one."""
    shingles = shingles_of(text)
    if not shingles:
        return []
    least: list[int | None] = [None] * BINS
    for shingle in shingles:
        value = int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest(), "big")
        place, rest = value % BINS, value // BINS
        if least[place] is None or rest < least[place]:  # type: ignore[operator]
            least[place] = rest
    filled = [_borrowed(least, place) for place in range(BINS)]
    return [
        hashlib.blake2b(repr(filled[start : start + ROWS]).encode(), digest_size=4).hexdigest()
        for start in range(0, BINS, ROWS)
    ]


def likeness(first: frozenset[str], second: frozenset[str]) -> Decimal:
    """The share of shingles that both have, of those that either has."""
    either = len(first | second)
    return Decimal(len(first & second)) / either if either else Decimal(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `differs` when the other text does not have it there."""

    text: str
    differs: bool


def side_by_side(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces between marks of punctuation, those that differ marked."""
    left, right = _pieces(first), _pieces(second)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    ours: list[Piece] = []
    theirs: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        differs = tag != "equal"
        if a < b:
            ours.append(Piece("".join(left[a:b]), differs))
        if c < d:
            theirs.append(Piece("".join(right[c:d]), differs))
    return ours, theirs


def _borrowed(least: list[int | None], place: int) -> tuple[int, int]:
    """The bin's own value, or that of the next one that has any, with how far that was."""
    for step in range(BINS):
        value = least[(place + step) % BINS]
        if value is not None:
            return step, value
    raise AssertionError("a text with shingles fills at least one bin")


def _pieces(text: str) -> list[str]:
    return [piece for piece in PIECE.findall(text[:MOST]) if piece]


def pairs_in(buckets: Iterable[list[int]]) -> set[tuple[int, int]]:
    """Whom to compare with whom: in each bucket everyone with the first and with the one before.

    Members are numbers in a fixed order. As many pairs as members, however large a bucket grows.
    """
    pairs: set[tuple[int, int]] = set()
    for bucket in buckets:
        members = sorted(set(bucket))
        pairs.update((members[0], other) for other in members[1:])
        pairs.update(pairwise(members))
    return pairs
