"""Old Office files (.doc, .xls, .ppt and their WPS kin): the names in a compound file. Pure.

Only the directory is read, and no further than the file goes: each step names a sector of the file
itself, and no sector is read twice.
"""

from __future__ import annotations

import struct
from itertools import pairwise

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENTRY = 128
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""


class Damaged(ValueError):
    """It begins as a compound file and does not go on as one."""


def names_in(data: bytes) -> set[str]:
    """The names of the streams and storages. Raises Damaged."""
    try:
        return {_name(entry) for entry in _directory(data)} - {""}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Damaged from error


def _directory(data: bytes) -> list[bytes]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in {9, 12}:
        raise Damaged
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    table, seen, entries = _table(data, size), set(), []
    while sector < LAST:
        if sector in seen:
            raise Damaged
        seen.add(sector)
        block = _sector(data, sector, size)
        entries += [block[a:b] for a, b in pairwise(range(0, size + 1, ENTRY))]
        sector = table[sector]
    return entries


def _table(data: bytes, size: int) -> list[int]:
    """Which sector follows which. The header names the first 109 pieces: files of up to 7 MB in
    small sectors; the directory of a longer one lies in front in practice.
    """
    pieces = [number for number in struct.unpack_from("<109I", data, 76) if number < LAST]
    table: list[int] = []
    for number in pieces:
        table += struct.unpack(f"<{size // 4}I", _sector(data, number, size))
    return table


def _sector(data: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    block = data[start : start + size]
    if len(block) < size:
        raise Damaged
    return block


def _name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    if not 2 <= length <= 64:
        return ""
    return entry[: length - 2].decode("utf-16-le")
