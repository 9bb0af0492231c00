"""Searching Chinese names by sound: one stored column, so that all databases agree."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=50_000)
def spell(text: str) -> str:
    """`text` in pinyin without tones, then its initials: `红花岗` → `honghuagang hhg`."""
    syllables = lazy_pinyin(text, errors="default")
    if len(syllables) == len(text):  # a sign each, so that the first letters need no second look
        initials = "".join(syllable[0] for syllable in syllables)
    else:
        initials = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default"))
    return f"{''.join(syllables)} {initials}".lower()
