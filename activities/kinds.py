"""The kinds of activity: data in kinds.toml, one bit each in a record's mask."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).parent / "kinds.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of activity. A record may bear several; `mask` is this one's bit."""

    code: str
    mask: int
    zh: str
    en: str
    asks: frozenset[str]
    """Columns of the record that the log form shows for this kind."""
    fields: tuple[str, ...] = ()
    """The kind's own few fields, by their codes in fields.toml."""
    has_issues: bool = False
    """Whether what was found there is followed up until it is set right."""

    @property
    def name(self) -> str:
        """The kind's name in the active language."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def __str__(self) -> str:
        return self.name


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of the document."""
    source = tomllib.loads(FILE.read_text("utf-8"))
    return {
        code: Kind(
            code,
            1 << body["bit"],
            body["zh"],
            body["en"],
            frozenset(body.get("asks", [])),
            tuple(body.get("fields", [])),
            body.get("issues", False),
        )
        for code, body in source.items()
    }


def mask_of(codes: Iterable[str]) -> int:
    """The mask that bears all of `codes`. Raises KeyError on an unknown code."""
    mask = 0
    for code in codes:
        mask |= all_kinds()[code].mask
    return mask


def kinds_of(mask: int) -> list[Kind]:
    """The kinds in `mask`, in the order of the document."""
    return [kind for kind in all_kinds().values() if kind.mask & mask]


def find_kind(text: str) -> Kind | None:
    """The kind of that code, Chinese or English name; None if there is none."""
    text = text.strip()
    for kind in all_kinds().values():
        if text in (kind.code, kind.zh) or text.lower() == kind.en.lower():
            return kind
    return None
