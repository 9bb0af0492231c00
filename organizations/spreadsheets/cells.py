"""What a spreadsheet consists of, and what may be wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

Cell = str | int | float | bool | date | datetime | None
"""What a spreadsheet or a CSV file holds in one place."""

ERROR_MARK, UNCOMPUTED = "#", "#FORMULA!"
"""How a cell's error begins, and what stands for a formula whose value was never worked out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell or a file: a code, and what its message has to name."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


def problem(code: str, **params: object) -> Problem:
    return Problem(code, tuple((name, str(value)) for name, value in params.items()))


class SheetError(Exception):
    """A file that can't be used as a whole; `problem` says why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.code)
        self.problem = found


class Span(NamedTuple):
    """A merged cell: its first and last row and column, all included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is the row that the spreadsheet program calls 1."""

    name: str
    rows: Sequence[list[Cell]]
    is_hidden: bool = False
    merges: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    """Counted from 0, as are the columns."""
    hidden_columns: frozenset[int] = frozenset()
    counts_from_1904: bool = False
    """Whether a day kept as a bare number is counted from 1904 (known of .xlsx and XML files)."""
