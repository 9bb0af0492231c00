"""Load activities from a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.imports.run import Report, import_activities
from members.roster.messages import message as file_message
from organizations.models import Unit
from organizations.spreadsheets.cells import SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE

WRONG_ROWS, UNUSABLE = 1, 2
SHOWN = 50
"""How many findings of a sort are printed in words."""


class Command(BaseCommand):
    """Exit 0: done. 1: wrong rows, nothing written. 2: the file or an argument can't be used."""

    help = gettext_lazy("Load activities from a spreadsheet.")  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=_("An .xlsx, .xls, .ods, .csv or .tsv file."))
        parser.add_argument("--unit", required=True, metavar="CODE", help=_("Code of the unit."))
        parser.add_argument("--dry-run", action="store_true", help=_("Write nothing."))
        parser.add_argument("--partial", action="store_true", help=_("Take the good rows."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document."))

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        unit = Unit.objects.filter(code=options["unit"].strip().lower()).first()
        if unit is None:
            self._refuse(_("There is no unit %(code)s.") % {"code": options["unit"]}, options)
        try:
            report = import_activities(
                self._content(path, options),
                unit=unit,
                by=None,
                file_name=path.name,
                is_partial=options["partial"],
                dry_run=options["dry_run"],
            )
        except SheetError as error:
            self._refuse(file_message(error.problem), options)
        else:
            self._print(report, options)

    def _content(self, path: Path, options: dict[str, Any]) -> bytes:
        try:
            if path.stat().st_size > MAX_BYTES:
                raise SheetError(problem("file_too_large", limit=MAX_BYTES // MEGABYTE))
            return path.read_bytes()
        except OSError as error:
            told = _("The file %(file)s can't be read: %(reason)s.")
            self._refuse(told % {"file": path, "reason": error.strerror}, options)
            raise

    def _print(self, report: Report, options: dict[str, Any]) -> None:
        document = report.as_json()
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._print_words(document)
        if report.errors and not options["partial"]:
            told = _("There are wrong rows: nothing was written.")
            raise CommandError(told, returncode=WRONG_ROWS)

    def _print_words(self, document: dict[str, Any]) -> None:
        told = _(
            "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s unchanged, "
            "%(skipped)s left out."
        )
        self.stdout.write(told % document)
        line = _("Row %(row)s, %(column)s: %(message)s")
        styles = {"errors": self.style.ERROR, "warnings": self.style.WARNING}
        for name, style in styles.items():
            for finding in document[name][:SHOWN]:
                self.stdout.write(style(line % finding))
            if (more := len(document[name]) - SHOWN) > 0:
                self.stdout.write(_("… and %(count)s more.") % {"count": more})

    def _refuse(self, told: str, options: dict[str, Any]) -> None:
        if options["json"]:
            empty = dict.fromkeys(("rows", "created", "updated", "unchanged", "skipped"), 0)
            finding = {"row": None, "column": None, "value": options["file"], "message": told}
            document = empty | {"errors": [finding], "warnings": [], "batch": None}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        raise CommandError(told, returncode=UNUSABLE)
