"""Reads a workbook from standard input and writes its sheets, piece by piece: a process of its own.

A cell at an absurd place, or one that says that it is repeated a billion times, costs the parser
all the memory there is: so it parses where running out of it hurts nobody. Run by
`child_process.py`; imports nothing of the portal. Leaves with 2 for a file that can't be read and
3 for one with a password.
"""

from __future__ import annotations

import contextlib
import io
import marshal
import resource
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from queue import SimpleQueue
from struct import unpack_from
from threading import Thread
from typing import Any, BinaryIO
from xml.etree import ElementTree

import python_calamine

MEMORY = 3 * 1024**3 // 2
SECONDS = 50
AT_ONCE = 1_000
"""Rows in a piece."""
LENGTH_BYTES = 4
MOST_ROWS, MOST_COLUMNS = 200_000, 52
"""Beyond these nothing is noted: the sheet is refused, or nobody looks there."""
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGIN, SHEET, ROW, COLUMNS, CONSTANT, FORMULA = 0x809, 0x85, 0x208, 0x7D, 0x205, 0x6
ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip
NOTED = frozenset({ROW, COLUMNS, CONSTANT, FORMULA})
"""Kinds of records in an .xls; a constant is one that is true, false or an error."""
TOLD_APART = (b"table:visibility=", b'value-type="error"')
"""What an .ods holds if there is anything to note; most hold neither."""


@dataclass
class Outline:
    """What the parser does not tell of a sheet of an .ods or .xls, counted from 0."""

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
    # What takes the pieces away is another thread: a reader that is slower than this process lets
    # it end and give its memory back all the same.
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    writer = Thread(target=write, args=(waiting, sys.stdout.buffer))
    writer.start()
    code = 1
    try:
        parse(sys.stdin.buffer.read(), lambda piece: waiting.put(packed(piece)))
        code = 0
    except python_calamine.PasswordError:
        code = 3
    except (python_calamine.CalamineError, MemoryError):
        code = 2
    finally:
        waiting.put(None)
        writer.join()
        sys.exit(code)


def write(waiting: SimpleQueue[bytes | None], out: BinaryIO) -> None:
    """Write the pieces, the length of each before it, until there is None."""
    with contextlib.suppress(BrokenPipeError):  # nobody wants them any more
        while (data := waiting.get()) is not None:
            out.write(len(data).to_bytes(LENGTH_BYTES, "big"))
            out.write(data)
            out.flush()


def parse(data: bytes, send: Callable[[Any], None]) -> None:
    """Send how many sheets there are; of each what is told of it, its rows, and an empty piece."""
    outlines = outlines_of(data)
    workbook = python_calamine.load_workbook(io.BytesIO(data))
    del data
    left = len(worksheets(workbook))
    send(left)
    for page, meta in pages(workbook):
        left -= 1
        if not left:  # and so the file is held no longer than it is needed
            workbook.close()
        send([*told(page, meta), *outline_of(outlines, meta)])
        for rows in blocks(page, outlines.get(meta.name)):
            send(rows)
        send([])


def packed(piece: Any) -> bytes:
    """A piece as bytes; rows with days in them are marked, and the days written out."""
    try:
        return marshal.dumps(piece)
    except ValueError:
        rows: Any = [[tagged(cell) for cell in row] for row in piece]
        return marshal.dumps((rows,))


def pages(
    workbook: python_calamine.CalamineWorkbook,
) -> Iterator[tuple[python_calamine.CalamineSheet, python_calamine.SheetMetadata]]:
    """The sheets that are made of cells, parsed one after the other."""
    for meta in worksheets(workbook):
        yield workbook.get_sheet_by_name(meta.name), meta


def worksheets(
    workbook: python_calamine.CalamineWorkbook,
) -> list[python_calamine.SheetMetadata]:
    kind = python_calamine.SheetTypeEnum.WorkSheet
    return [meta for meta in workbook.sheets_metadata if meta.typ == kind]


def told(
    page: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata
) -> tuple[str, bool, list[tuple[tuple[int, int], tuple[int, int]]]]:
    """A sheet's name, whether it is hidden, and its merged cells."""
    is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return meta.name, is_hidden, list(page.merged_cell_ranges or ())


def outline_of(
    outlines: dict[str, Outline], meta: python_calamine.SheetMetadata
) -> tuple[list[int], list[int]]:
    outline = outlines.get(meta.name, Outline())
    return outline.hidden_rows, outline.hidden_columns


def blocks(
    page: python_calamine.CalamineSheet, outline: Outline | None = None
) -> Iterator[list[list[Any]]]:
    """The rows, each from the first column on; a text that comes again in a block is kept once.

    The parser makes a text anew for every cell, and most cells of a roster say what others say.
    """
    if page.start is None or page.end is None:
        return
    before: list[Any] = [""] * page.start[1]
    broken = {(row, column): told for row, column, told in outline.broken} if outline else {}
    lines, first = page.iter_rows(), 0
    while block := list(islice(lines, AT_ONCE)):
        columns = [_kept_once(column) for column in zip(*block, strict=True)]
        rows = [[*before, *row] for row in zip(*columns, strict=True)]
        for (row, column), shown in broken.items():
            if first <= row < first + len(rows) and column < len(rows[row - first]):
                rows[row - first][column] = shown
        first += len(rows)
        del block, columns  # what only the rows hold is written without a number of its own
        yield rows


def _kept_once(column: tuple[Any, ...]) -> tuple[Any, ...]:
    if set(map(type, column)) != {str}:
        return column
    memo: dict[str, str] = {}
    return tuple(map(memo.setdefault, column, column))


def outlines_of(data: bytes) -> dict[str, Outline]:
    """By sheet of an .ods or .xls: hidden rows and columns, and formulas that failed."""
    if data.startswith(OLE):
        return old_outlines(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml")
    except (zipfile.BadZipFile, KeyError):  # whether it can be read, the parser says
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


# -- .xls -------------------------------------------------------------------
def old_outlines(data: bytes) -> dict[str, Outline]:
    """The same of a workbook of Excel 97 to 2003; of an older or a damaged one nothing is known."""
    # Wanted for these files alone; it comes with django-import-export.
    from xlrd.compdoc import CompDoc, CompDocError

    found: dict[str, Outline] = {}
    begins: dict[int, str] = {}
    outline = Outline()
    try:
        stream = CompDoc(data, logfile=io.StringIO()).get_named_stream("Workbook") or b""
        for at, kind, content in records(stream):
            if kind == SHEET:
                begins[unpack_from("<I", content)[0]] = sheet_name(content[6:])
            elif kind == BEGIN and at in begins:
                outline = found[begins[at]] = Outline()
            elif kind in NOTED:
                note_record(kind, content, outline)
    except (CompDocError, AssertionError, IndexError, ValueError, struct.error):
        return {}
    return found


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record begins, its kind, and what is in it."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def sheet_name(content: bytes) -> str:
    length, is_wide = content[0], content[1] & 1
    text = content[2 : 2 + length * (2 if is_wide else 1)]
    return text.decode("utf-16-le" if is_wide else "latin-1")


def note_record(kind: int, content: bytes, outline: Outline) -> None:
    first, second = unpack_from("<HH", content)
    if kind == ROW and content[12] & 0x20:
        outline.hidden_rows.append(first)
    elif kind == COLUMNS and content[8] & 1:
        outline.hidden_columns += range(first, min(second + 1, MOST_COLUMNS))
    elif kind == CONSTANT and content[7]:
        outline.broken.append((first, second, ERRORS.get(content[6], "#VALUE!")))
    elif kind == FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
        outline.broken.append((first, second, ERRORS.get(content[8], "#VALUE!")))


def tagged(cell: object) -> object:
    """A day, marked as such."""
    if isinstance(cell, datetime):
        return ("datetime", cell.isoformat())
    if isinstance(cell, date):
        return ("date", cell.isoformat())
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    return str(cell)


if __name__ == "__main__":
    main()
