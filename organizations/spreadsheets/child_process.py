"""Workbooks read by another process, with a limit of time and memory. Pure.

Of some kinds (.xls, .ods) the cells can't be looked through beforehand. Of a large .xlsx they are
looked through here while the other process parses it.
"""

from __future__ import annotations

import contextlib
import marshal
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import IO, Any, cast

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, Sheet, SheetError, Span, problem
from organizations.spreadsheets.child_reader import LENGTH_BYTES
from organizations.spreadsheets.coming import Coming

READER = Path(__file__).with_name("child_reader.py")
CODES = {3: "file_locked", -signal.SIGKILL: "file_harmful"}
"""How it leaves: with a file that has a password; killed, after too long a time."""


def read_xls(data: bytes) -> list[Sheet]:
    """The sheets of an old workbook. Raises SheetError."""
    if _wide("EncryptedPackage") in data:
        raise SheetError(problem("file_locked"))
    if _wide("Workbook") not in data and _wide("Book") not in data:
        raise SheetError(problem("file_kind"))
    return read_apart(data)


def read_apart(data: bytes) -> list[Sheet]:
    """The sheets as another process reads them."""
    with Parser(data) as parser:
        return [replace(sheet, rows=list(sheet.rows)) for sheet in parser.sheets()]


class Parser:
    """Another process that parses a workbook. Closed, or when its last row was taken, it is gone.

    It has so long and so much memory. Should this process end first, it ends when it writes.
    """

    def __init__(self, data: bytes) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(READER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=limits.MEGABYTE,
        )
        self.timer = Timer(limits.CHILD_SECONDS, self.process.kill)
        self.timer.daemon = True
        self.timer.start()
        self.told = cast(IO[bytes], self.process.stdout)
        # It reads all before it writes anything, so that neither waits for the other.
        with contextlib.suppress(BrokenPipeError), cast(IO[bytes], self.process.stdin) as pipe:
            pipe.write(data)

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self.timer.cancel()
        self.process.kill()
        self.told.close()
        self.process.wait()

    def sheets(self) -> list[Sheet]:
        """All of them; the rows of the last are those that still come. Raises SheetError."""
        sheets = []
        left = self._piece()
        while left:
            left -= 1
            name, is_hidden, merges, hidden_rows, hidden_columns = self._piece()
            blocks = self._blocks(is_last=not left)
            sheets.append(
                Sheet(
                    name,
                    [row for rows in blocks for row in rows] if left else Coming(blocks),
                    is_hidden,
                    merges=tuple(Span(*start, *end) for start, end in merges),
                    hidden_rows=frozenset(hidden_rows),
                    hidden_columns=frozenset(hidden_columns),
                )
            )
        return sheets

    def _blocks(self, *, is_last: bool) -> Iterator[list[list[Cell]]]:
        try:
            while piece := self._piece():
                yield _revived(*piece) if isinstance(piece, tuple) else piece
        finally:
            if is_last:  # also when nobody wants the rest
                self.close()

    def _piece(self) -> Any:
        """What the other process has written next. Raises SheetError when it wrote no end."""
        length = int.from_bytes(self.told.read(LENGTH_BYTES), "big")
        data = self.told.read(length)
        if not data or len(data) < length:
            raise SheetError(problem(CODES.get(self.process.wait(), "file_damaged")))
        # Written by this file's neighbour: it is the parser that is not trusted, not the writer.
        return marshal.loads(data)  # noqa: S302


def _revived(rows: list[list[Any]]) -> list[list[Cell]]:
    """The rows with days in the place of what stands for them."""
    return [[_day(*cell) if isinstance(cell, tuple) else cell for cell in row] for row in rows]


def _day(kind: str, text: str) -> date:
    return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")
