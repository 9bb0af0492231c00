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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Any

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, Sheet, SheetError, Span, problem
from organizations.spreadsheets.child_reader import LENGTH_BYTES

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
    with reading(data) as sheets:
        return sheets()


@contextmanager
def reading(data: bytes) -> Iterator[Callable[[], list[Sheet]]]:
    """Have another process read a workbook; gives what waits for its sheets, or raises SheetError.

    When the block is left, whatever makes it be left, that process is gone.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", str(READER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=limits.MEGABYTE,
    )
    timer = Timer(limits.CHILD_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        # It reads all before it writes anything, so that neither waits for the other.
        with contextlib.suppress(BrokenPipeError), process.stdin:  # type: ignore[union-attr]
            process.stdin.write(data)  # type: ignore[union-attr]
        yield lambda: _sheets(process)
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()  # type: ignore[union-attr]
        process.wait()


def _sheets(process: subprocess.Popen[bytes]) -> list[Sheet]:
    sheets = []
    try:
        while (head := _piece(process)) is not None:
            name, is_hidden, merges, hidden_rows, hidden_columns = head
            rows: list[list[Cell]] = []
            while piece := _piece(process):
                rows += _revived(*piece) if isinstance(piece, tuple) else piece
            sheets.append(
                Sheet(
                    name,
                    rows,
                    is_hidden,
                    merges=tuple(Span(*start, *end) for start, end in merges),
                    hidden_rows=frozenset(hidden_rows),
                    hidden_columns=frozenset(hidden_columns),
                )
            )
    except EOFError:
        raise SheetError(problem(CODES.get(process.wait(), "file_damaged"))) from None
    return sheets


def _piece(process: subprocess.Popen[bytes]) -> Any:
    """What the other process has written next. Raises EOFError when it wrote no end."""
    stream = process.stdout
    length = int.from_bytes(stream.read(LENGTH_BYTES), "big")  # type: ignore[union-attr]
    data = stream.read(length)  # type: ignore[union-attr]
    if not data or len(data) < length:
        raise EOFError
    # Written by this file's neighbour: it is the parser that is not trusted, not the writer.
    return marshal.loads(data)  # noqa: S302


def _revived(rows: list[list[Any]]) -> list[list[Cell]]:
    """The rows with days in the place of what stands for them."""
    return [[_day(*cell) if isinstance(cell, tuple) else cell for cell in row] for row in rows]


def _day(kind: str, text: str) -> date:
    return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")
