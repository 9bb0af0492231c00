"""Reads an .xls or .ods from standard input and writes its sheets as JSON: a process of its own.

These formats can't be checked for cells at absurd places before they are parsed, so they are
parsed where running out of memory hurts nobody. Run by `child_process.py`; imports nothing of the
portal. Leaves with 2 for a file that can't be read and 3 for one with a password.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NoReturn
from xml.etree import ElementTree

import python_calamine

MEMORY = 1024**3
SECONDS = 50
MOST_ROWS, MOST_COLUMNS = 200_000, 52
"""Beyond these nothing is noted: the sheet is refused, or nobody looks there."""
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
TOLD_APART = (b"table:visibility=", b'value-type="error"')
"""What an .ods holds if there is anything to note; most hold neither."""


@dataclass
class Outline:
    """What the parser does not tell of a sheet of an .ods, counted from 0."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    broken: list[tuple[int, int, str]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    cell: int = 0


def main() -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        outlines = outlines_of(data)
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            sheets = [
                read(
                    workbook.get_sheet_by_name(meta.name),
                    meta,
                    outlines.get(meta.name, Outline()),
                )
                for meta in workbook.sheets_metadata
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError:
        leave(3)
    except (python_calamine.CalamineError, MemoryError):
        leave(2)
    json.dump(sheets, sys.stdout, ensure_ascii=True, default=tagged)


def read(
    page: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata, outline: Outline
) -> tuple[object, ...]:
    is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    rows = page.to_python(skip_empty_area=False)
    for row, column, told in outline.broken:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = told
    hidden = outline.hidden_rows, outline.hidden_columns
    return meta.name, is_hidden, page.merged_cell_ranges or (), rows, *hidden


def outlines_of(data: bytes) -> dict[str, Outline]:
    """By sheet of an .ods: hidden rows and columns, and formulas that failed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml")
    except (zipfile.BadZipFile, KeyError):  # an .xls; whether it can be read, the parser says
        return {}
    if not any(mark in content for mark in TOLD_APART):
        return {}
    found: dict[str, Outline] = {}
    outline = Outline()
    try:
        # No document type in it: the process that started this one has looked.
        for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314
            if event == "start":
                if element.tag == f"{TABLE}table":
                    outline = found[element.get(f"{TABLE}name", "")] = Outline()
            else:
                note(element, outline)
    except ElementTree.ParseError:
        return {}
    return found


def note(element: ElementTree.Element, outline: Outline) -> None:
    """Note what a column, a row or a cell that ends here says of itself."""
    kind = element.tag.removeprefix(TABLE)
    is_hidden = element.get(f"{TABLE}visibility") in {"collapse", "filter"}
    if kind == "table-column":
        end = outline.column + int(element.get(f"{TABLE}number-columns-repeated", "1"))
        if is_hidden:
            outline.hidden_columns += range(outline.column, min(end, MOST_COLUMNS))
        outline.column = end
    elif kind == "table-row":
        end = outline.row + int(element.get(f"{TABLE}number-rows-repeated", "1"))
        if is_hidden:
            outline.hidden_rows += range(outline.row, min(end, MOST_ROWS))
        outline.row, outline.cell = end, 0
        element.clear()
    elif kind in {"table-cell", "covered-table-cell"}:
        if element.get(KIND) == "error":
            told = "".join(element.itertext()).strip()
            shown = told if told.startswith("#") else "#VALUE!"
            outline.broken.append((outline.row, outline.cell, shown))
        outline.cell += int(element.get(f"{TABLE}number-columns-repeated", "1"))


def tagged(cell: object) -> object:
    """Dates, marked as such: JSON has none."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    return str(cell)


def leave(code: int) -> NoReturn:
    sys.exit(code)


if __name__ == "__main__":
    main()
