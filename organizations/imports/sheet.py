"""A CSV file or a spreadsheet of units, made into rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from organizations.spreadsheets.cells import Cell, SheetError, problem
from organizations.spreadsheets.limits import MAX_BYTES, MEGABYTE
from organizations.spreadsheets.messages import message
from organizations.spreadsheets.reader import read_sheets

HEADINGS = ("code", "name", "level", "parent_code")
OPTIONAL = ("established_on",)


class FileError(Exception):
    """The file can't be used at all; the text is translated and says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the file; `number` is what the spreadsheet program shows."""

    number: int
    code: str
    name: str
    level: str
    parent_code: str
    established_on: str


def read_rows(path: Path) -> list[Row]:
    """The rows of the file's first sheet; FileError when it can't be used."""
    cells = _table(path)
    heading_at = next((at for at, line in enumerate(cells) if any(line)), None)
    if heading_at is None:
        raise FileError(_("The file is empty."))
    columns = _columns(cells[heading_at])
    rows = list(_rows(cells, heading_at, columns))
    if not rows:
        raise FileError(_("Below the headings the file has no rows."))
    return rows


def _rows(cells: list[list[str]], heading_at: int, columns: dict[str, int]) -> Iterator[Row]:
    for number, line in enumerate(cells[heading_at + 1 :], start=heading_at + 2):
        if any(line):
            found = {name: line[at] if at < len(line) else "" for name, at in columns.items()}
            yield Row(number, **({"established_on": ""} | found))


def _columns(heading: list[str]) -> dict[str, int]:
    """Where each heading stands; the first of two alike holds."""
    named = [cell.lower() for cell in heading]
    missing = [name for name in HEADINGS if name not in named]
    if missing:
        raise FileError(
            _("These headings are missing: %(names)s. The first row must hold %(all)s.")
            % {"names": ", ".join(missing), "all": ", ".join(HEADINGS)}
        )
    return {name: named.index(name) for name in (*HEADINGS, *OPTIONAL) if name in named}


def _table(path: Path) -> list[list[str]]:
    """The rows of the first sheet that holds anything, as the spreadsheet program numbers them."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SheetError(problem("file_too_large", limit=MAX_BYTES // MEGABYTE))
        data = path.read_bytes()
        first = read_sheets(data)[0]
    except OSError:
        raise FileError(_("The file %(path)s can't be read.") % {"path": path}) from None
    except SheetError as error:
        raise FileError(message(error.problem)) from None
    return [[_text(cell) for cell in line] for line in first.rows]


def _text(cell: Cell) -> str:
    """A cell as one would type it: a code kept as a number has no `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
