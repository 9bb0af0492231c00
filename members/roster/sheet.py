"""Any roster file made into sheets of rows: what it is, is seen from its content, not its name.

Nothing here knows what a roster is. A file that could harm (a bomb in a zip, a sheet that claims a
billion cells) is refused before a parser sees it, or parsed by a process of its own with a limit.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import python_calamine

from members.roster.cleaning import Cell, Problem, problem

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_ROWS = 200_000
MAX_ENTRIES = 2_000
MAX_UNZIPPED = 400 * MEGABYTE
MAX_RATIO = 100
"""A sheet of a roster shrinks to a tenth or twentieth; a bomb to a thousandth."""
XLS_SECONDS = 60

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR_CELL = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Z]{3,}|[B-Z][A-Z]|[A-Z]{0,2}(?:2\d{5}|[3-9]\d{5}|\d{7,}))"""
    rb"""[^>]{0,200}[^/>]>\s*<[^/]"""
)
"""A cell or row with content beyond row 200,000 or the 52nd column: readers make room for all that
lies before it."""
OVERLAP = 512
XLS_READER = Path(__file__).with_name("xls_reader.py")


class SheetError(Exception):
    """A file that can't be used as a whole; `problem` says why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.code)
        self.problem = found


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is the row that the spreadsheet program calls 1."""

    name: str
    rows: list[list[Cell]]
    is_hidden: bool = False


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of an .xlsx, .xls or .csv file that hold anything, in their order.

    Raises SheetError for another kind of file, a damaged, locked, harmful, empty or too large one.
    """
    if len(data) > MAX_BYTES:
        raise SheetError(problem("file_too_large", limit=MAX_BYTES // MEGABYTE))
    if not data.strip():
        raise SheetError(problem("file_empty"))
    if data.startswith(ZIP):
        sheets = _read_xlsx(data)
    elif data.startswith(OLE):
        sheets = _read_xls(data)
    else:
        sheets = [Sheet("", _read_csv(data))]
    sheets = [Sheet(sheet.name, _trimmed(sheet.rows), sheet.is_hidden) for sheet in sheets]
    if any(len(sheet.rows) > MAX_ROWS for sheet in sheets):
        raise SheetError(problem("too_many_rows", limit=MAX_ROWS))
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise SheetError(problem("sheet_empty"))
    return sheets


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows without the empty ones at the end."""
    last = len(rows)
    while last and all(cell is None or not str(cell).strip() for cell in rows[last - 1]):
        last -= 1
    return rows[:last]


# -- .xlsx ------------------------------------------------------------------
def _read_xlsx(data: bytes) -> list[Sheet]:
    _refuse_bombs(data)
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            return [
                Sheet(
                    meta.name,
                    workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False),  # type: ignore[arg-type]
                    meta.visible != python_calamine.SheetVisibleEnum.Visible,
                )
                for meta in workbook.sheets_metadata
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError:
        raise SheetError(problem("file_locked")) from None
    except python_calamine.CalamineError:
        raise SheetError(problem("file_damaged")) from None


def _refuse_bombs(data: bytes) -> None:
    """Unpack everything once without keeping it: sizes that a zip states of itself may lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise SheetError(problem("file_kind"))
            if len(entries) > MAX_ENTRIES or len(names) < len(entries):
                raise SheetError(problem("file_harmful"))
            if sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
                raise SheetError(problem("file_harmful"))
            for entry in entries:
                _scan(archive, entry)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError):
        raise SheetError(problem("file_damaged")) from None


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    if entry.file_size > MEGABYTE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise SheetError(problem("file_harmful"))
    is_xml = entry.filename.endswith((".xml", ".rels"))
    is_sheet = is_xml and entry.filename.startswith("xl/worksheets/")
    tail = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(MEGABYTE):
            if is_xml and (b"\0" in chunk or b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                raise SheetError(problem("file_harmful"))
            if is_sheet and FAR_CELL.search(tail + chunk):
                raise SheetError(problem("too_many_rows", limit=MAX_ROWS))
            tail = chunk[-OVERLAP:]


# -- .xls -------------------------------------------------------------------
def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _read_xls(data: bytes) -> list[Sheet]:
    """A sheet of the old format, read by another process: it can't be looked through beforehand."""
    if _wide("EncryptedPackage") in data:
        raise SheetError(problem("file_locked"))
    if _wide("Workbook") not in data and _wide("Book") not in data:
        raise SheetError(problem("file_kind"))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(XLS_READER)],
            input=data,
            capture_output=True,
            timeout=XLS_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetError(problem("file_harmful")) from None
    if done.returncode:
        code = "file_locked" if done.returncode == 3 else "file_damaged"
        raise SheetError(problem(code))
    return [
        Sheet(name, [[_revived(cell) for cell in row] for row in rows], is_hidden)
        for name, is_hidden, rows in json.loads(done.stdout)
    ]


def _revived(cell: object) -> Cell:
    if isinstance(cell, list):
        kind, text = cell
        return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
    return cell  # type: ignore[return-value]


# -- .csv -------------------------------------------------------------------
BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")


def _read_csv(data: bytes) -> list[list[Cell]]:
    text = _decoded(data)
    if text.lstrip().startswith("<"):
        raise SheetError(problem("file_markup"))
    delimiter = _delimiter(text)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(list(row))
            if len(rows) > MAX_ROWS:
                raise SheetError(problem("too_many_rows", limit=MAX_ROWS))
    except csv.Error:
        raise SheetError(problem("file_damaged")) from None
    return rows


def _decoded(data: bytes) -> str:
    if data.startswith(BINARY):
        raise SheetError(problem("file_kind"))
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise SheetError(problem("file_kind"))


def _delimiter(text: str) -> str:
    """The sign that parts the cells: the commonest of the three in the first lines."""
    head = "\n".join(text.splitlines()[:10])
    return max(",\t;", key=head.count)
