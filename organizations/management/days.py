"""The day that a command is asked about."""

from __future__ import annotations

from datetime import date

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST, LATEST = date(1921, 7, 1), date(2999, 12, 31)
UNUSABLE = 2
"""Exit status when the arguments can't be used."""


def day_asked(text: str | None) -> date:
    """The day that `text` says, today for None; CommandError for no day, or one too far off."""
    if text is None:
        return timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = _("%(text)s is not a date: write it as 2026-11-23.") % {"text": text}
        raise CommandError(message, returncode=UNUSABLE) from error
    if not EARLIEST <= day <= LATEST:
        message = _("%(day)s is too far off: give a day from %(first)s to %(last)s.")
        days = {"day": day, "first": EARLIEST, "last": LATEST}
        raise CommandError(message % days, returncode=UNUSABLE)
    return day
