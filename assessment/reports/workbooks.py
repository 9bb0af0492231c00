"""A report as .xlsx: a sheet a section, A4, headings on each page, lines written as they come."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessment.reports.paper import Line, Paper, Section, Words, numbered, written
from organizations.spreadsheets.writer import plain

A4 = 9
FONT, TITLE_FONT = "宋体", "黑体"
MOST_LINES = 1_000_000
"""A sheet of .xlsx ends after 1,048,576."""
BARRED_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
LINE_HEIGHT, HIGHEST = 13, 409
"""Of a line of text, and the highest that a row can be."""
SIGNS_A_WIDTH = 2.1
"""How wide a sheet's column is for one Chinese sign."""
SIGNS_A_DENSE_WIDTH = 1.5
"""The same where there are many columns: else they would be printed too small to be read."""
UPRIGHT = 45
"""Signs of Chinese beside each other on A4 upright; a wider table lies across to be readable."""
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?")


class Formats:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        cell = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter"}
        wrapped = cell | {"text_wrap": True}
        self.title = book.add_format({"font_name": TITLE_FONT, "font_size": 16, "bold": True})
        self.note = book.add_format({"font_name": FONT, "font_size": 10})
        self.head = book.add_format(
            wrapped | {"font_name": TITLE_FONT, "bold": True, "align": "center"}
        )
        self.text = book.add_format(wrapped | {"num_format": "@"})
        self.figure = book.add_format(wrapped | {"align": "center"})
        self.day = book.add_format(cell | {"align": "center", "num_format": _of_days()})


def _of_days() -> str:
    is_chinese = (get_language() or "zh").startswith("zh")
    return 'yyyy"年"m"月"d"日"' if is_chinese else "yyyy-mm-dd"


def write_workbook(paper: Paper) -> bytes:
    """The report; each line goes to a file on disk at once, so that a province's fits."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            formats = Formats(book)
            for number, section in enumerate(paper.sections, start=1):
                _add_sheet(book, formats, paper, section, number)
        return path.read_bytes()


def _add_sheet(book: Any, formats: Formats, paper: Paper, section: Section, number: int) -> None:
    heading = numbered(number, section.heading)
    sheet = book.add_worksheet(BARRED_IN_NAMES.sub(" ", heading)[:LONGEST_NAME])
    table = section.table
    last = len(table.headings) - 1 if table else 5
    widths = tuple(table.widths) if table else (7,) * (last + 1)
    _lay_out(sheet, paper, is_wide=paper.is_wide or sum(widths) > UPRIGHT)
    scale = SIGNS_A_DENSE_WIDTH if table and table.is_dense else SIGNS_A_WIDTH
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width * scale)
    room = [max(1, int(2 * width * scale / SIGNS_A_WIDTH)) for width in widths]
    row = _write_top(sheet, formats, paper, heading, section.notes)
    if table:
        sheet.set_row(row, _height(table.headings, room))
        _write_line(sheet, formats.head, row, table.headings)
        sheet.repeat_rows(row)
        sheet.freeze_panes(row + 1, 1)
        for line in table.lines:
            row += 1
            if row > MOST_LINES:
                _write_note(sheet, formats, row, _("There are more lines than a sheet can hold."))
                break
            # Said before its cells are written: office programs differ in what they work out.
            sheet.set_row(row, _height(written(line), room))
            _write_cells(sheet, formats, row, line, table.figures)
    _write_note(sheet, formats, row + 2, "　　".join(f"{sign}______" for sign in paper.signatures))


def _height(line: Words, room: Sequence[int]) -> int:
    """How high a row must be for its longest cell, in points; `room`: Latin signs of a column."""
    lines = (
        -(-sum(2 if ord(sign) > 255 else 1 for sign in text) // width)
        for text, width in zip(line, room, strict=True)
    )
    return min(HIGHEST, LINE_HEIGHT * max(1, *lines) + 4)


def _lay_out(sheet: Any, paper: Paper, *, is_wide: bool) -> None:
    sheet.set_paper(A4)
    if is_wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C&9{_literal(paper.head)}")
    sheet.set_footer("&C— &P —")
    sheet.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.8)


def _literal(text: str) -> str:
    """`&` begins a code in a header, and more than 255 signs are refused."""
    return text.replace("&", "&&")[:200]


def _write_top(
    sheet: Any, formats: Formats, paper: Paper, heading: str, notes: tuple[str, ...]
) -> int:
    """Title, whose report it is, heading and notes, a row each; the row below them."""
    facts = "　　".join(f"{label}：{text}" for label, text in paper.facts)
    lines = [f"{paper.unit}　{paper.title}", facts, heading, *notes]
    for row, text in enumerate(lines):
        _write_note(sheet, formats, row, text, is_title=row == 0)
    return len(lines)


def _write_note(
    sheet: Any, formats: Formats, row: int, text: str, *, is_title: bool = False
) -> None:
    sheet.write_string(row, 0, plain(text) or "", formats.title if is_title else formats.note)


def _write_line(sheet: Any, form: Any, row: int, line: Words) -> None:
    for place, text in enumerate(line):
        sheet.write_string(row, place, plain(text) or "", form)


def _write_cells(
    sheet: Any, formats: Formats, row: int, line: Line, figures: frozenset[int]
) -> None:
    """Numbers and days as what they are, to be reckoned with; all else as text, no formula."""
    for place, text in enumerate(line):
        if isinstance(text, date):
            sheet.write_datetime(row, place, text, formats.day)
        elif place in figures and NUMBER.fullmatch(text):
            sheet.write_number(row, place, Decimal(text), formats.figure)
        else:
            form = formats.figure if place in figures else formats.text
            sheet.write_string(row, place, plain(text) or "", form)
