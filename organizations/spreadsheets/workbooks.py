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
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

import python_calamine

from organizations.spreadsheets import child_process, child_reader, limits
from organizations.spreadsheets.cells import UNCOMPUTED, Sheet, SheetError, Span, problem

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
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = _checked_names(archive)
    except DAMAGE:
        raise SheetError(problem("file_damaged")) from None
    if "xl/workbook.xml" not in names:
        # A cell of an .ods may say that it is repeated a billion times: a process of its own.
        _look_through(archive)
        return child_process.read_apart(data)
    if len(data) <= limits.APART:
        look = _look_through(archive)
        return [_completed(sheet, look) for sheet in _read_here(data)]
    parser = child_process.Parser(data)
    try:
        look = _look_through(archive)
        return [_completed(sheet, look) for sheet in parser.sheets()]
    except BaseException:
        parser.close()
        raise


def _look_through(archive: zipfile.ZipFile) -> _Outline:
    try:
        looks = {entry.filename: _look(archive, entry) for entry in archive.infolist()}
        return _outline(archive, looks)
    except DAMAGE:
        raise SheetError(problem("file_damaged")) from None


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
    """What was found in which sheet, and from where the workbook counts days."""

    looks: dict[str, _Look]
    counts_from_1904: bool


def _outline(archive: zipfile.ZipFile, looks: dict[str, _Look]) -> _Outline:
    try:
        book = _parsed(archive, "xl/workbook.xml")
        links = _parsed(archive, "xl/_rels/workbook.xml.rels")
    except (KeyError, ElementTree.ParseError):
        return _Outline({}, counts_from_1904=False)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, _Look] = {}
    is_1904 = False
    for element in book.iter():
        name = element.tag.rpartition("}")[2]
        if name == "workbookPr":
            is_1904 = element.get("date1904") in {"1", "true"}
        elif name == "sheet":
            link = next((at for key, at in element.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            entry = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[element.get("name", "")] = looks.get(entry, _Look())
    return _Outline(found, counts_from_1904=is_1904)


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 -- no document type: looked at


def _read_here(data: bytes) -> list[Sheet]:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            return [_sheet(page, meta) for page, meta in child_reader.pages(workbook)]
    except python_calamine.PasswordError:
        raise SheetError(problem("file_locked")) from None
    except python_calamine.CalamineError:
        raise SheetError(problem("file_damaged")) from None


def _sheet(page: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata) -> Sheet:
    name, is_hidden, merges = child_reader.told(page, meta)
    rows = [row for block in child_reader.blocks(page) for row in block]
    return Sheet(name, rows, is_hidden, tuple(Span(*start, *end) for start, end in merges))


def _completed(sheet: Sheet, outline: _Outline) -> Sheet:
    """The sheet with what the parser does not tell."""
    look = outline.looks.get(sheet.name, _Look())
    rows = list(sheet.rows) if look.broken else sheet.rows
    for (row, column), shown in look.broken.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = shown
    return replace(
        sheet,
        rows=rows,
        hidden_rows=frozenset(look.hidden_rows),
        hidden_columns=frozenset(look.hidden_columns),
        counts_from_1904=outline.counts_from_1904,
    )
