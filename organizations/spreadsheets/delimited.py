"""Text parted by commas, tabs or semicolons made into rows. Pure."""

from __future__ import annotations

import csv
import io
import re

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, SheetError, problem

BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
UTF_16 = {b"\xff\xfe", b"\xfe\xff"}
DELIMITER_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""By which Excel tells itself the delimiter, in a first line of its own."""


def decoded(data: bytes) -> str:
    """The file as text. Raises SheetError for what is none."""
    if data.startswith(BINARY):
        raise SheetError(problem("file_kind"))
    encodings = ("utf-16",) if data[:2] in UTF_16 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise SheetError(problem("file_kind"))


def read_delimited(text: str) -> list[list[Cell]]:
    """The rows as the spreadsheet program numbers them: a line break in quotes is no new row."""
    rows: list[list[Cell]] = []
    named = DELIMITER_LINE.match(text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _delimiter(text)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(list(row))
            if len(rows) > limits.MAX_ROWS:
                raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))
    except csv.Error:
        raise SheetError(problem("file_damaged")) from None
    return rows


def _delimiter(text: str) -> str:
    """The sign that parts the cells: the commonest of the three in the first lines."""
    head = "\n".join(text.splitlines()[:10])
    return max(",\t;", key=head.count)
