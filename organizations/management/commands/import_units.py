"""Load units from a CSV file or a spreadsheet."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.imports.checking import check
from organizations.imports.loading import Loaded, load
from organizations.imports.sheet import FileError, read_rows

REFUSED, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Load units from FILE (.csv, .xlsx, .xls, .ods) with the headings code, name, level, "
        "parent_code and, if you like, established_on. All rows or none; loading it twice changes "
        "nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Check, and write nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        as_json = options["json"]
        try:
            rows = read_rows(file)
        except FileError as error:
            if as_json:
                whole = {"row": None, "column": None, "value": None, "message": str(error)}
                self._print_json(Loaded(), [whole])
            raise CommandError(str(error), returncode=UNUSABLE) from None
        plan = check(rows)
        if plan.errors:
            self._refuse(len(rows), [asdict(error) for error in plan.errors], as_json=as_json)
        loaded = load(plan, on=timezone.localdate(), by=None, dry_run=dry_run)
        if as_json:
            self._print_json(loaded, [])
        else:
            self.stdout.write(_summary(loaded, dry_run=dry_run))

    def _refuse(self, rows: int, errors: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self._print_json(Loaded(rows=rows), errors)
        else:
            for error in errors:
                self.stderr.write(_("Row %(row)s, %(column)s “%(value)s”: %(message)s") % error)
        raise CommandError(_("The file has errors; nothing was written."), returncode=REFUSED)

    def _print_json(self, loaded: Loaded, errors: list[dict[str, Any]]) -> None:
        self.stdout.write(json.dumps(asdict(loaded) | {"errors": errors}, ensure_ascii=False))


def _summary(loaded: Loaded, *, dry_run: bool) -> str:
    words = (
        _(
            "Rows: %(rows)s; would be new: %(created)s, changed: %(updated)s, "
            "unchanged: %(unchanged)s. Nothing was written."
        )
        if dry_run
        else _("Rows: %(rows)s; new: %(created)s, changed: %(updated)s, unchanged: %(unchanged)s.")
    )
    return words % asdict(loaded)
