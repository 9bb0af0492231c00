"""Load activities from a spreadsheet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from members.choices import BatchKind
from members.management.importing import ImportCommand


class Command(ImportCommand):
    """Exit 0: done. 1: wrong rows, nothing written. 2: the file or an argument can't be used."""

    help = gettext_lazy("Load activities from a spreadsheet.")  # type: ignore[assignment]
    kind = BatchKind.ACTIVITIES
