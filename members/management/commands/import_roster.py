"""Load the members of a unit from a spreadsheet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.choices import BatchKind
from members.management.importing import ImportCommand


class Command(ImportCommand):
    help = _("Load the members of a unit from a spreadsheet.")  # type: ignore[assignment]
    kind = BatchKind.ROSTER
    takes_day = True
