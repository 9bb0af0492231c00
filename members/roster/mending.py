"""The wrong rows of a file as a workbook in the file's own layout, to be mended and uploaded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
from django.utils.translation import gettext as _

from members.models import ImportBatch
from members.roster.batches import staged_request
from members.roster.messages import message
from members.roster.outcomes import Outcome
from members.roster.rows import Row, Table
from organizations.spreadsheets.cells import Cell

WIDTH = 16


def write_wrong_rows(batch: ImportBatch, *, reach: list[str]) -> bytes:
    """The rows of a staged file that are wrong as of now, below all that stood above them.

    A wrong cell is coloured and bears its message as a note; one more column says it all. Every
    cell is a text. Raises ImportRefused when the file is no longer kept.
    """
    plan = staged_request(batch, reach=reach).plan()
    return _written(plan.table, [one.row for one in plan.rows if one.outcome == Outcome.WRONG])


def _written(table: Table, rows: Sequence[Row]) -> bytes:
    assert table.layout is not None  # noqa: S101
    source, first = table.layout.sheet.rows, table.layout.last + 1
    places = {table.heading(name): place for name, place in table.layout.mapping.places.items()}
    width = max(len(cells) for cells in source)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "num_format": "@"})
    wrong = book.add_format({"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"})
    sheet.set_column(0, width, WIDTH, text)
    for number, cells in enumerate(source[:first]):
        for place, cell in enumerate(cells):
            if cell is not None and cell != "":
                sheet.write_string(number, place, shown(cell), bold)
    sheet.write_string(first - 1, width, _("Result of the import"), bold)
    for number, row in enumerate(rows, start=first):
        notes: dict[int, list[str]] = {}
        for found in row.errors:
            notes.setdefault(places.get(found.column, width), []).append(message(found.problem))
        for place, cell in enumerate(source[row.number - 1]):
            sheet.write_string(number, place, shown(cell), wrong if place in notes else text)
        for place, told in notes.items():
            if place < width:
                if place >= len(source[row.number - 1]):
                    sheet.write_string(number, place, "", wrong)
                sheet.write_comment(number, place, "\n".join(told))
        told_all = [f"{found.column}: {message(found.problem)}" for found in row.errors]
        sheet.write_string(number, width, "\n".join(told_all), text)
    sheet.freeze_panes(first, 0)
    book.close()
    return buffer.getvalue()


def shown(cell: Cell) -> str:
    """A cell as the text that reads the same again."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
