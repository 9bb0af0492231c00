"""The wrong rows of a file as a workbook in the file's own layout, to be mended and uploaded."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from members.models import ImportBatch
from members.roster.batches import staged_request
from members.roster.columns import RESULT
from members.roster.days import FIRST_SERIAL, FROM_1900_TO_1904, clean_date
from members.roster.messages import message
from members.roster.outcomes import Outcome
from members.roster.rows import Part, Row, Table
from members.roster.table import Layout
from organizations.spreadsheets.cells import Cell

WIDTH = 16
RESULT_WIDTH = 48
EXACT = 10**15
"""From here on a spreadsheet's number has lost digits."""


def write_wrong_rows(batch: ImportBatch, *, reach: list[str]) -> bytes:
    """The rows of a staged file that are wrong as of now, below all that stood above them.

    A wrong cell is coloured and bears its message as a note; one more column says it all. Every
    cell is a text. Raises ImportRefused when the file is no longer kept.
    """
    plan = staged_request(batch, reach=reach).plan()
    wrong = [one.row for one in plan.rows if one.outcome == Outcome.WRONG]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    text = {"num_format": "@", "valign": "top"}
    looks = {
        "text": book.add_format(text),
        "head": book.add_format(text | {"bold": True, "text_wrap": True, "valign": "vcenter"}),
        "wrong": book.add_format(text | {"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        "result": book.add_format(text | {"text_wrap": True, "font_color": "#9C0006"}),
    }
    for part in plan.table.parts:
        rows = [row for row in wrong if plan.table.part(row) is part]
        if rows:
            _write_part(book.add_worksheet(part.name), part, plan.table, rows, looks)
    if not book.worksheets():
        book.add_worksheet()
    book.close()
    return buffer.getvalue()


def _write_part(
    sheet: Any, part: Part, table: Table, rows: Sequence[Row], looks: dict[str, Any]
) -> None:
    layout, source = part.layout, part.layout.sheet.rows
    first = layout.last + 1
    places = {table.heading(name, rows[0]): place for name, place in layout.mapping.places.items()}
    width = max(len(cells) for cells in source)
    if layout.text(width - 1) == RESULT:  # a file that was mended once already
        width -= 1
    sheet.set_column(0, width, WIDTH, looks["text"])
    sheet.set_column(width, width, RESULT_WIDTH, looks["text"])
    _write_head(sheet, layout, width, looks["head"])
    for number, row in enumerate(rows, start=first):
        notes: dict[int, list[str]] = {}
        for found in row.errors:
            notes.setdefault(places.get(found.column, width), []).append(message(found.problem))
        for place, cell in enumerate(_cells_of(row, table, part, width)):
            told = notes.get(place)
            sheet.write_string(number, place, cell, looks["wrong" if told else "text"])
            if told:
                sheet.write_comment(number, place, "\n".join(told))
        told_all = [f"{found.column}: {message(found.problem)}" for found in row.errors]
        sheet.write_string(number, width, "\n".join(told_all), looks["result"])
    sheet.freeze_panes(first, 0)


def _write_head(sheet: Any, layout: Layout, width: int, look: Any) -> None:
    """Titles and headings, merged as they were: else two rows of headings read otherwise."""
    first = layout.last + 1
    for number, cells in enumerate(layout.sheet.rows[:first]):
        for place, cell in enumerate(cells[:width]):
            if cell is not None and cell != "":
                sheet.write_string(number, place, shown(cell), look)
    for span in layout.sheet.merges:
        if span.bottom < first and span.right < width:
            cells = layout.sheet.rows[span.top]
            cell = cells[span.left] if span.left < len(cells) else None
            sheet.merge_range(*span, shown(cell), look)
    sheet.write_string(layout.last, width, RESULT, look)


def _cells_of(row: Row, table: Table, part: Part, width: int) -> list[str]:
    """The row as text; a cell merged over several people is everybody's."""
    layout = part.layout
    source = layout.sheet.rows[row.line - 1]
    texts = [shown(cell) for cell in source[:width]] + [""] * (width - len(source))
    for name, place in layout.mapping.places.items():
        cell = row.cells.get(name)
        is_day = table.columns[name].clean is clean_date
        if is_day and layout.sheet.counts_from_1904 and isinstance(cell, int | float):
            cell += FROM_1900_TO_1904 if cell > FIRST_SERIAL - FROM_1900_TO_1904 else 0
        texts[place] = shown(cell)
    return texts


def shown(cell: Cell) -> str:
    """A cell as the text that reads the same again."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT:
        return f"{cell:.5E}"  # its digits are not what somebody typed, and must not look so
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
