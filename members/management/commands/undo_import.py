"""Take an import back, unless somebody has changed since what it wrote."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import ImportBatch
from members.roster.batches import ImportRefused, undo_import


class Command(BaseCommand):
    """Exit 0: undone. 1: changed since, nothing was put back. 2: no such import."""

    help = gettext_lazy("Take an import back.")  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", help=_("The import's id, as import_roster prints it."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = ImportBatch.objects.get(pk=UUID(options["batch"]))
            conflicts = undo_import(batch, by=None)
        except (ValueError, ImportBatch.DoesNotExist):
            self._print(options, undone=False, told=[])
            raise CommandError(_("There is no such import."), returncode=2) from None
        except ImportRefused as error:
            self._print(options, undone=False, told=[])
            raise CommandError(str(error), returncode=2) from None
        told = sorted({str(one) for one in conflicts})
        self._print(options, undone=not conflicts, told=told)
        if conflicts:
            raise CommandError(
                _("Changed since the import, so nothing was put back: %(what)s.")
                % {"what": "、".join(told)},
                returncode=1,
            )

    def _print(self, options: dict[str, Any], *, undone: bool, told: list[str]) -> None:
        if options["json"]:
            document = {"batch": options["batch"], "undone": undone, "conflicts": told}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        elif undone:
            self.stdout.write(_("Undone."))
