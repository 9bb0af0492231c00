"""The name that a file had on its owner's computer, kept as text and for nothing else. Pure."""

from __future__ import annotations

import unicodedata

from activities.files.limits import MAX_NAME

FORBIDDEN = frozenset('<>:"|?*')
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters, marks that turn the writing round, lone halves of characters."""


def clean_name(name: str, *, extension: str, fallback: str) -> str:
    """`name` without path, control characters and excess, and with the extension of its content.

    `fallback` is the name of a file that had none.
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join("" if unicodedata.category(mark) in HIDDEN else mark for mark in name)
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(mark for mark in name if mark not in FORBIDDEN)
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 5 or not ending.isascii():
        stem = name
    stem = " ".join(stem.split()).strip(". ")
    room = MAX_NAME - len(extension) - 1
    return f"{stem[:room].rstrip('. ') or fallback}.{extension}"
