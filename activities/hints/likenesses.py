"""How alike two photos are, by their fingerprints. Pure."""

from __future__ import annotations

ALIKE = 7
"""Bits of 128 in which the fingerprints of one photo may differ: another size, another quality."""
BITS, BANDS = 128, ALIKE + 1
WIDTH = BITS // BANDS


def bands_of(fingerprint: str) -> list[str]:
    """Eight pieces: fingerprints that differ in seven bits at most agree in one of them."""
    digits = WIDTH // 4
    return [fingerprint[start : start + digits] for start in range(0, BITS // 4, digits)]


def distance(first: str, second: str) -> int:
    """In how many bits two fingerprints differ."""
    return (int(first, 16) ^ int(second, 16)).bit_count()
