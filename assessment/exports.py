"""The dashboard as a table to take away: CSV and workbook, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from io import BytesIO, StringIO

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext

from assessment.columns import Column
from assessment.dashboards import Board, Cell, Line
from assessment.phrases import WORDS, plain

Table = list[list[str]]

FORMULA_STARTS = frozenset("=+-@＝＋－＠")
SPACES_IN_CSV = frozenset("\t\r\n\0")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def board_table(board: Board) -> Table:
    """Headings, then a line for each unit: for every rule the status with value and target."""
    head = [gettext("Code"), gettext("Organisation"), gettext("Kind")]
    head += [_heading(column) for column in board.columns]
    return [head, *(_line(line) for group in board.groups for line in group.lines)]


def _heading(column: Column) -> str:
    """The rule; where a county goes by a number of its own, with that."""
    if not column.note:
        return column.title
    return gettext("%(rule)s (%(note)s)") % {"rule": column.title, "note": column.note}


def _line(line: Line) -> list[str]:
    place = line.place
    return [place.code, place.name, place.kind_name, *(_cell(cell) for cell in line.cells)]


def _cell(cell: Cell) -> str:
    if cell.is_empty:
        return ""
    if cell.row is None:
        return gettext("%(status)s, %(met)s of %(judged)s") % {
            "status": WORDS[cell.status],
            "met": cell.tally.met,
            "judged": cell.tally.judged,
        }
    return gettext("%(status)s, %(met)s of %(judged)s") % {
        "status": WORDS[cell.status],
        "met": plain(cell.row.value),
        "judged": plain(cell.row.target),
    }


def harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula.

    Some leave out blanks, control and invisible characters before they look, and read full-width
    signs as plain ones.
    """
    seen = next((sign for sign in text if not _is_overlooked(sign)), "")
    return f"'{text}" if seen in FORMULA_STARTS or text[:1] in SPACES_IN_CSV else text


def _is_overlooked(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}


def csv_response(table: Iterable[Iterable[str]], name: str) -> HttpResponse:
    """UTF-8 with a byte-order mark, by which spreadsheet programs know it."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerows([harmless(text) for text in row] for row in table)
    response = HttpResponse(
        file.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx_response(table: Iterable[Iterable[str]], name: str) -> HttpResponse:
    """Every cell a text, so that codes keep their zeros and nothing is a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, row in enumerate(table):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, None if number else bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 2, 20)
        sheet.set_column(3, 60, 16)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
