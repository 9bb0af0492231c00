"""Workbooks that can't be looked through beforehand (.xls, .ods), read by another process. Pure."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, Sheet, SheetError, Span, problem

READER = Path(__file__).with_name("child_reader.py")
LOCKED = 3


def read_xls(data: bytes) -> list[Sheet]:
    """The sheets of an old workbook. Raises SheetError."""
    if _wide("EncryptedPackage") in data:
        raise SheetError(problem("file_locked"))
    if _wide("Workbook") not in data and _wide("Book") not in data:
        raise SheetError(problem("file_kind"))
    return read_apart(data)


def read_apart(data: bytes) -> list[Sheet]:
    """The sheets as another process reads them, with a limit of time and memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(READER)],
            input=data,
            capture_output=True,
            timeout=limits.CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SheetError(problem("file_harmful")) from None
    if done.returncode:
        code = "file_locked" if done.returncode == LOCKED else "file_damaged"
        raise SheetError(problem(code))
    return [
        Sheet(
            name,
            [[_revived(cell) for cell in row] for row in rows],
            is_hidden,
            merges=tuple(Span(*start, *end) for start, end in merges),
            hidden_rows=frozenset(hidden_rows),
            hidden_columns=frozenset(hidden_columns),
        )
        for name, is_hidden, merges, rows, hidden_rows, hidden_columns in json.loads(done.stdout)
    ]


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def _revived(cell: object) -> Cell:
    if isinstance(cell, list):
        kind, text = cell
        return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)
    return cell  # type: ignore[return-value]
