"""The rows of a sheet while they still come in: whoever works on the first need not wait. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, SheetError, problem


class Coming(Sequence[list[Cell]]):
    """Rows that are waited for when they are asked for; their number is known at the end."""

    def __init__(self, blocks: Iterator[list[list[Cell]]]) -> None:
        self._blocks: Iterator[list[list[Cell]]] | None = blocks
        self._rows: list[list[Cell]] = []

    @overload
    def __getitem__(self, at: int) -> list[Cell]: ...

    @overload
    def __getitem__(self, at: slice) -> list[list[Cell]]: ...

    def __getitem__(self, at: int | slice) -> list[Cell] | list[list[Cell]]:
        if isinstance(at, slice):
            self._wait_for(at.stop if at.stop is not None and at.stop >= 0 else None)
            return self._rows[at]
        self._wait_for(at + 1 if at >= 0 else None)
        return self._rows[at]

    def __len__(self) -> int:
        self._wait_for(None)
        return len(self._rows)

    def __iter__(self) -> Iterator[list[Cell]]:
        self._wait_for(None)
        return iter(self._rows)

    def __bool__(self) -> bool:
        """Whether any row holds anything."""
        seen = 0
        while self._blocks is not None and all(map(is_blank, self._rows[seen:])):
            seen = len(self._rows)
            self._wait_for(seen + 1)
        return bool(self._rows)

    def _wait_for(self, count: int | None) -> None:
        """Until so many rows are here, or all; raises SheetError where there are too many."""
        while self._blocks is not None and (count is None or len(self._rows) < count):
            block = next(self._blocks, None)
            if block is None:
                self._blocks = None
                self._rows = trimmed(self._rows)
            else:
                self._rows += block
                beyond = self._rows[limits.MAX_ROWS :]
                if not all(map(is_blank, beyond)):
                    raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))
                del self._rows[limits.MAX_ROWS :]


def trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows without the empty ones at the end."""
    last = len(rows)
    while last and is_blank(rows[last - 1]):
        last -= 1
    return rows[:last]


def is_blank(row: list[Cell]) -> bool:
    return all(cell is None or not str(cell).strip() for cell in row)
