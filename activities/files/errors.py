"""Why a file is not taken, in words for people."""

from __future__ import annotations

from django.utils.functional import Promise


class FileRefused(Exception):
    """A file that can't be taken; the text is translated and says why and what to do."""

    def __init__(self, why: str | Promise) -> None:
        super().__init__(str(why))
