"""Load who holds which office from a spreadsheet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.choices import BatchKind
from members.management.importing import ImportCommand


class Command(ImportCommand):
    help = _("Load who holds which office from a spreadsheet.")  # type: ignore[assignment]
    kind = BatchKind.POSTS
