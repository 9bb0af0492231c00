"""Where a number of the national rules stands, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language, gettext


def in_language(texts: Mapping[str, str]) -> str:
    """The text of the active language; the Chinese one where there is no other."""
    return texts.get(get_language() or "", texts["zh-hans"])


def cite(source: Mapping[str, str], article: str, *, is_confirmed: bool) -> str:
    """Source and article, and whether they are still to be checked."""
    words = gettext("%(source)s, article %(article)s") % {
        "source": in_language(source),
        "article": article,
    }
    if is_confirmed:
        return words
    return gettext("%(basis)s (to be checked against the text in force)") % {"basis": words}
