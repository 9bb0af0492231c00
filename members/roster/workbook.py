"""Workbooks that the portal writes: every cell as text, so that nothing is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from members.roster.columns import Column
from organizations.spreadsheets.writer import write_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_WITH_LISTS = 5_000


def write_workbook(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """A sheet with the columns' headings and `rows` below them."""
    return write_text(
        [column.heading for column in columns], rows, widths=[column.width for column in columns]
    )


def write_template(columns: Sequence[Column]) -> bytes:
    """Headings, one example of an invented person, and lists to choose from."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet()
    as_text = workbook.add_format({"num_format": "@"})
    bold = workbook.add_format({"bold": True, "bg_color": "#F2F2F2", "num_format": "@"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, as_text)
        sheet.write_string(0, place, column.heading, bold)
        if column.choices:
            allowed = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
            sheet.data_validation(1, place, ROWS_WITH_LISTS, place, allowed)
        sheet.write_string(1, place, column.example, as_text)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return buffer.getvalue()
