"""What the commands that import a file have in common: arguments, output, exit codes."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from members.choices import BatchKind
from members.roster.batches import ImportRefused, Report, Request, run_import
from members.roster.messages import message
from organizations.models import Unit
from organizations.spreadsheets.cells import SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE

WRONG_ROWS, UNUSABLE = 1, 2
SHOWN = 50
"""How many findings of a sort are printed in words."""


class ImportCommand(BaseCommand):
    """Exit 0: done. 1: wrong rows, nothing written. 2: the file or an argument can't be used."""

    kind: BatchKind
    takes_day = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=_("An .xlsx, .xls, .ods, .csv or .tsv file."))
        parser.add_argument("--unit", required=True, metavar="CODE", help=_("Code of the unit."))
        parser.add_argument("--dry-run", action="store_true", help=_("Write nothing."))
        parser.add_argument("--partial", action="store_true", help=_("Take the good rows."))
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="NAME",
            help=_("The sheet that is meant; may be given several times."),
        )
        parser.add_argument(
            "--all-sheets",
            action="store_true",
            help=_("Take all sheets, each for the unit that it is named after."),
        )
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document."))
        if self.takes_day:
            parser.add_argument(
                "--on",
                type=iso_date,
                metavar="DATE",
                help=_("The day since which new people are in their unit (YYYY-MM-DD)."),
            )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = run_import(self._request(options), by=None, dry_run=options["dry_run"])
        except SheetError as error:
            self._refuse(message(error.problem), options)
        except ImportRefused as error:
            self._refuse(str(error), options)
        else:
            self._print(report, options)

    def _request(self, options: dict[str, Any]) -> Request:
        unit = Unit.objects.filter(code=options["unit"].strip().lower()).first()
        if unit is None:
            self._refuse(_("There is no unit %(code)s.") % {"code": options["unit"]}, options)
        path = Path(options["file"])
        try:
            if path.stat().st_size > MAX_BYTES:
                raise SheetError(problem("file_too_large", limit=MAX_BYTES // MEGABYTE))
            data = path.read_bytes()
        except OSError as error:
            told = _("The file %(file)s can't be read: %(reason)s.")
            self._refuse(told % {"file": path, "reason": error.strerror}, options)
        return Request(
            kind=self.kind,
            unit=unit,
            data=data,
            file_name=path.name,
            on=options.get("on"),
            is_partial=options["partial"],
            sheet_names=tuple(options["sheet"]),
            takes_every_sheet=options["all_sheets"],
        )

    def _print(self, report: Report, options: dict[str, Any]) -> None:
        document = report.as_json()
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._print_words(document)
        if report.errors and not options["partial"]:
            raise CommandError(
                _("There are wrong rows: nothing was written."), returncode=WRONG_ROWS
            )

    def _print_words(self, document: dict[str, Any]) -> None:
        told = _(
            "Rows: %(rows)s; new: %(created)s, changed: %(updated)s, unchanged: %(unchanged)s, "
            "left out: %(skipped)s."
        )
        self.stdout.write(told % document)
        line = _("Row %(row)s, %(column)s: %(message)s")
        for findings, style in (
            (document["errors"], self.style.ERROR),
            (document["warnings"], self.style.WARNING),
        ):
            for finding in findings[:SHOWN]:
                sheet = f"{finding['sheet']} · " if "sheet" in finding else ""
                self.stdout.write(style(sheet + line % finding))
            if len(findings) > SHOWN:
                self.stdout.write(_("… and %(count)s more.") % {"count": len(findings) - SHOWN})
        if document["batch"]:
            self.stdout.write(_("Import %(batch)s; undo_import takes it back.") % document)

    def _refuse(self, told: str, options: dict[str, Any]) -> None:
        if options["json"]:
            empty = dict.fromkeys(("rows", "created", "updated", "unchanged", "skipped"), 0)
            finding = {"row": None, "column": None, "value": options["file"], "message": told}
            document = empty | {"errors": [finding], "warnings": [], "batch": None}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        raise CommandError(told, returncode=UNUSABLE)


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("Write the date as YYYY-MM-DD.")) from None
