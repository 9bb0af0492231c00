"""A CSV file or a spreadsheet of units, made into rows of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import python_calamine
from django.utils.translation import gettext as _

HEADINGS = ("code", "name", "level", "parent_code")
OPTIONAL = ("established_on",)
MAX_BYTES = 20 * 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


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
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(_("The file is larger than 20 MB."))
        data = path.read_bytes()
    except OSError:
        raise FileError(_("The file %(path)s can't be read.") % {"path": path}) from None
    if data.startswith((ZIP, OLE)):
        return _spreadsheet(data)
    return _csv(data)


def _spreadsheet(data: bytes) -> list[list[str]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        lines = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError):
        raise _not_a_table() from None
    return [[_text(cell) for cell in line] for line in lines]


def _csv(data: bytes) -> list[list[str]]:
    """Rows as the spreadsheet program numbers them: a line break within quotes is no new row."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        try:
            return [
                [cell.strip() for cell in line]
                for line in csv.reader(io.StringIO(text, newline=""), strict=True)
            ]
        except csv.Error:
            break
    raise _not_a_table()


def _not_a_table() -> FileError:
    return FileError(_("The file is neither a CSV file nor a spreadsheet (.xlsx, .xls)."))


def _text(cell: object) -> str:
    """A cell as one would type it: a code kept as a number has no `.0`."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
