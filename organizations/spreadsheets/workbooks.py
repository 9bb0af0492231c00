"""Workbooks that are zip archives (.xlsx, .xlsm, .ods): looked through, then read. Pure.

The look is one pass over the unpacked bytes. It refuses what would harm the parser, and notes on
its way what the parser does not tell: hidden rows and columns, and cells whose formula failed or
was never worked out, which would otherwise pass for empty ones.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from xml.etree import ElementTree

import python_calamine

from organizations.spreadsheets import child_process, limits
from organizations.spreadsheets.cells import UNCOMPUTED, Cell, Sheet, SheetError, Span, problem

FAR_CELL = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Z]{3,}|[B-Z][A-Z]|[A-Z]{0,2}(?:2\d{5}|[3-9]\d{5}|\d{7,}))"""
    rb"""[^>]{0,200}[^/>]>\s*<[^/]"""
)
"""A cell or row with content beyond row 200,000 or the 52nd column: readers make room for all that
lies before it."""
FAR = re.compile(rb"""r=["'](?:[A-Z]{3}|[B-Z][A-Z]|[A-Z]{0,2}(?:[2-9]\d{5}|\d{7}))|r(?:\s+=|=\s)""")
"""What a far cell must hold, or a blank that could hide it: four times as quick to look for."""
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\b[^>]*\bhidden=["'](?:1|true)["'][^>]*>""")
FAILED = re.compile(
    rb"""<c\b([^>]*\bt=["']e["'][^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>(#[^<]*)"""
)
NEVER_WORKED_OUT = re.compile(
    rb"""<c\b((?:(?!t=["']str)[^>])*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"""
)
NUMBERED = re.compile(rb"""\b(r|min|max)=["']([A-Z]*)(\d+)["']""")
DIFFERENT = 5_000
"""So many texts of a column, and one in every other row: they hardly come again."""
AT_ONCE = 1_000
OVERLAP = 16 * 1024
"""How much of a piece is looked at again with the next: the length of any formula."""
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError,
    RuntimeError, OSError, ValueError,
)  # fmt: skip
"""What the standard library raises of an archive with wrong bytes in it."""


@dataclass(slots=True)
class _Look:
    """What the look through one sheet found, counted from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)


def read_zipped(data: bytes) -> list[Sheet]:
    """The sheets of a workbook that is a zip archive. Raises SheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _checked_names(archive)
            looks = {entry.filename: _look(archive, entry) for entry in archive.infolist()}
            outline = _outline(archive)
    except DAMAGE:
        raise SheetError(problem("file_damaged")) from None
    if "xl/workbook.xml" in names:
        return _read_xlsx(data, outline, looks)
    # A cell of an .ods may say that it is repeated a billion times: a process of its own.
    return child_process.read_apart(data)


def _checked_names(archive: zipfile.ZipFile) -> set[str]:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise SheetError(problem("file_kind"))
    if len(entries) > limits.MAX_ENTRIES or len(names) < len(entries):
        raise SheetError(problem("file_harmful"))
    if sum(entry.file_size for entry in entries) > limits.MAX_UNZIPPED:
        raise SheetError(problem("file_harmful"))
    return names


def _look(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Look:
    """Unpack an entry without keeping it: sizes that a zip states of itself may lie."""
    swollen = entry.file_size > limits.MAX_RATIO * max(entry.compress_size, 1)
    if entry.file_size > limits.MEGABYTE and swollen:
        raise SheetError(problem("file_harmful"))
    is_xml = entry.filename.endswith((".xml", ".rels"))
    is_sheet = is_xml and entry.filename.startswith("xl/worksheets/")
    look, tail = _Look(), b""
    with archive.open(entry) as stream:
        while chunk := stream.read(limits.MEGABYTE):
            if is_xml and (b"\0" in chunk or (b"<!" in chunk and DECLARED.search(chunk))):
                raise SheetError(problem("file_harmful"))
            if is_sheet:
                piece = tail + chunk
                if FAR.search(piece) and FAR_CELL.search(piece):
                    raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))
                _note(piece, look)
                tail = chunk[-OVERLAP:]
    return look


def _note(piece: bytes, look: _Look) -> None:
    """Note what is hidden or broken in a piece of a sheet; most pieces hold neither."""
    if b"hidden=" in piece:
        for tag in HIDDEN_ROW.findall(piece):
            look.hidden_rows.update(at - 1 for _name, _letters, at in _numbers(tag))
        for tag in HIDDEN_COLUMN.findall(piece):
            ends = {name: at for name, _letters, at in _numbers(tag)}
            last = min(ends.get(b"max", 0), limits.MAX_COLUMNS)
            look.hidden_columns.update(range(ends.get(b"min", 1) - 1, last))
    if b"<v>#" in piece:
        for tag, shown in FAILED.findall(piece):
            _mark(look, tag, shown.decode("ascii", "replace"))
    if b"<f" in piece:
        for tag in NEVER_WORKED_OUT.findall(piece):
            _mark(look, tag, UNCOMPUTED)


def _numbers(tag: bytes) -> list[tuple[bytes, bytes, int]]:
    return [(name, letters, int(digits)) for name, letters, digits in NUMBERED.findall(tag)]


def _mark(look: _Look, tag: bytes, shown: str) -> None:
    for name, letters, row in _numbers(tag):
        if name == b"r" and letters:
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            look.broken[row - 1, column - 1] = shown


# -- .xlsx ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Outline:
    """Which entry of the archive holds which sheet, and from where the workbook counts days."""

    entry_of: dict[str, str]
    counts_from_1904: bool


def _outline(archive: zipfile.ZipFile) -> _Outline:
    try:
        book = _parsed(archive, "xl/workbook.xml")
        links = _parsed(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, ElementTree.ParseError):
        return _Outline({}, counts_from_1904=False)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    entry_of: dict[str, str] = {}
    is_1904 = False
    for element in book.iter():
        name = element.tag.rpartition("}")[2]
        if name == "workbookPr":
            is_1904 = element.get("date1904") in {"1", "true"}
        elif name == "sheet":
            link = next((at for key, at in element.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            entry_of[element.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    return _Outline(entry_of, counts_from_1904=is_1904)


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 -- no document type: looked at


def _read_xlsx(data: bytes, outline: _Outline, looks: dict[str, _Look]) -> list[Sheet]:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            return [
                _read_sheet(workbook, meta, outline, looks)
                for meta in workbook.sheets_metadata
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError:
        raise SheetError(problem("file_locked")) from None
    except python_calamine.CalamineError:
        raise SheetError(problem("file_damaged")) from None


def _rows_of(page: python_calamine.CalamineSheet) -> list[list[Cell]]:
    """The rows, each from the first column on; a text that comes again is kept once.

    The parser makes a text anew for every cell, and most cells of a roster say what others say.
    """
    if page.start is None or page.end is None:
        return []
    left, width = page.start[1], page.end[1] - page.start[1] + 1
    memos: dict[int, dict[Cell, Cell]] = {place: {} for place in range(width)}
    before: list[Cell] = [""] * left
    rows: list[list[Cell]] = []
    lines = page.iter_rows()
    while block := list(islice(lines, AT_ONCE)):
        columns = list(zip(*block, strict=True))
        for place, memo in list(memos.items()):
            if set(map(type, columns[place])) == {str}:
                columns[place] = tuple(map(memo.setdefault, columns[place], columns[place]))
            if len(memo) > DIFFERENT and len(memo) > len(rows) // 2:
                del memos[place]
        rows += [[*before, *row] for row in zip(*columns, strict=True)]
    return rows


def _read_sheet(
    workbook: python_calamine.CalamineWorkbook,
    meta: python_calamine.SheetMetadata,
    outline: _Outline,
    looks: dict[str, _Look],
) -> Sheet:
    page = workbook.get_sheet_by_name(meta.name)
    rows = _rows_of(page)
    look = looks.get(outline.entry_of.get(meta.name, ""), _Look())
    for (row, column), shown in look.broken.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = shown
    return Sheet(
        meta.name,
        rows,
        meta.visible != python_calamine.SheetVisibleEnum.Visible,
        merges=tuple(Span(*start, *end) for start, end in page.merged_cell_ranges or ()),
        hidden_rows=frozenset(look.hidden_rows),
        hidden_columns=frozenset(look.hidden_columns),
        counts_from_1904=outline.counts_from_1904,
    )
