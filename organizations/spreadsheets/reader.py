"""Any spreadsheet made into sheets of rows: what it is, is seen from its content, not its name.

Nothing here knows what the sheets are about. A file that could harm (a bomb in a zip, a sheet that
claims a billion cells) is refused before a parser sees it, or parsed by a process of its own with
a limit. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from organizations.pace import unswept
from organizations.spreadsheets import child_process, delimited, limits, markup, workbooks
from organizations.spreadsheets.cells import Sheet, SheetError, problem
from organizations.spreadsheets.coming import trimmed

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@unswept()
def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets that hold anything, in their order; of a large one the rows may still come in.

    Takes .xlsx, .xlsm, .xls (also XML or a web page's table under that name), .ods, and text
    parted by commas, tabs or semicolons in UTF-8, UTF-16 or GB18030. Raises SheetError for
    another kind of file, a damaged, locked, harmful, empty or too large one.
    """
    if len(data) > limits.MAX_BYTES:
        raise SheetError(problem("file_too_large", limit=limits.MAX_BYTES // limits.MEGABYTE))
    if not data.strip():
        raise SheetError(problem("file_empty"))
    sheets = [
        replace(sheet, rows=trimmed(sheet.rows)) if isinstance(sheet.rows, list) else sheet
        for sheet in _read(data)
    ]
    complete = [sheet.rows for sheet in sheets if isinstance(sheet.rows, list)]
    if any(len(rows) > limits.MAX_ROWS for rows in complete):
        raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise SheetError(problem("sheet_empty"))
    return sheets


def _read(data: bytes) -> list[Sheet]:
    if data.startswith(ZIP):
        return workbooks.read_zipped(data)
    if data.startswith(OLE):
        return child_process.read_xls(data)
    text = delimited.decoded(data)
    if markup.is_markup(text):
        return markup.read_markup(text)
    return [Sheet("", delimited.read_delimited(text))]
