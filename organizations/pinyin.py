"""Searching Chinese names by sound: one stored column, so that all databases agree."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

COMMON = re.compile(r"[\u4e00-\u9fa5]+")


@lru_cache(maxsize=50_000)
def spell(text: str) -> str:
    """`text` in pinyin without tones, then its initials: `红花岗` → `honghuagang hhg`."""
    syllables = _syllables(text)
    if len(syllables) == len(text):  # a sign each, so that the first letters need no second look
        initials = "".join(syllable[0] for syllable in syllables)
    else:
        initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default"))
    return f"{''.join(syllables)} {initials}".lower()


@lru_cache(maxsize=50_000)
def spell_name(name: str) -> str:
    """A person's name for a list and for search: its syllables one by one, then as `spell` has it.

    A list goes by the syllables: 陈刚 (`chen gang`) stands before 陈佳 and after both comes 程伟
    (`cheng wei`), who would stand between them if what was compared were one word.
    """
    return f"{' '.join(_syllables(name))} {spell(name)}".lower()


def by_sound(keys: Collection[str], names: Mapping[str, str]) -> list[str]:
    """The keys in the order in which a list has their names; one without a name by itself."""
    return sorted(keys, key=lambda key: spell_name(names.get(key, key)))


def _syllables(text: str) -> list[str]:
    """Sign by sign where no phrase of the dictionary can begin: as nearly all names are."""
    pairs = map("".join, pairwise(text))
    if not COMMON.fullmatch(text) or not _beginnings().isdisjoint(pairs):
        return lazy_pinyin(text, errors="default")
    return [_syllable(sign) for sign in text]


@cache
def _beginnings() -> frozenset[str]:
    """The first two signs of every phrase that is spelt as a whole."""
    return frozenset(phrase[:2] for phrase in PHRASES_DICT)


@lru_cache(maxsize=8_000)
def _syllable(sign: str) -> str:
    return lazy_pinyin(sign, errors="default")[0]
