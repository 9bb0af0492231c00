"""Workbooks that the portal writes: every cell as text, so that nothing is ever a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from members.roster.columns import Column
from organizations.spreadsheets.writer import write_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_workbook(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> bytes:
    """A sheet with the columns' headings and `rows` below them."""
    return write_text(
        [column.heading for column in columns], rows, widths=[column.width for column in columns]
    )
