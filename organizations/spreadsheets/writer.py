"""Workbooks of text alone: no cell is a formula, a link or a number that loses digits.

rustpy-xlsxwriter writes a hundred thousand rows in a fraction of the time of xlsxwriter and keeps
no more than a row in memory (docs/decisions/0015). A record's keys are the headings, so no two
columns may have the same one.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from rustpy_xlsxwriter import FastExcel, Format

GREY = "#F2F2F2"
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
CONTROLS |= dict.fromkeys((0x7F, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
"""What a spreadsheet can't hold: readers differ in what they make of it, so it is left out."""
LONGEST = 32_767
"""Signs that a cell of a workbook can hold."""


def write_text(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    widths: Sequence[float],
    frozen_columns: int = 0,
) -> bytes:
    """A sheet with `headings` and `rows` below them, read one by one.

    Raises ValueError when two headings are alike.
    """
    if len(set(headings)) != len(headings):
        raise ValueError(f"Two columns have the same heading: {headings}")
    file = io.BytesIO()
    text = Format().set_num_format("@")
    bold = Format().set_bold().set_background_color(GREY).set_num_format("@")
    book = FastExcel(file).freeze(row=1, col=frozen_columns)
    book.sheet(
        "Sheet1",
        _records(headings, rows),
        column_widths=list(widths),
        column_formats=[text] * len(headings),
        header_format=bold,
        ignore_errors=list(headings),
    ).save()
    return file.getvalue()


def _records(
    headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[dict[str, str | None]]:
    """The rows by heading. The headings come from the first one, so there is always one."""
    is_empty = True
    for row in rows:
        is_empty = False
        yield dict(zip(headings, map(plain, row), strict=True))
    if is_empty:
        yield dict.fromkeys(headings)


def plain(text: str) -> str | None:
    """`text` without what a cell can't hold; None for nothing, so that the cell stays empty."""
    if not text.isprintable():
        text = text.translate(CONTROLS)
    return text[:LONGEST] or None
