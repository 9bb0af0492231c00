"""How words are set one after the other, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(words: Iterable[str]) -> str:
    """Words one after the other, as the language sets them apart."""
    return pgettext("between the words of a list", ", ").join(words)
