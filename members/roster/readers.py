"""The cells of one column made into values: by the column where nothing is odd, else one by one.

Of a hundred thousand cells nearly all say what others say, or what needs no second look. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from members.roster.cleaning import CLEAR, Clear, Noted, Outcome
from members.roster.columns import Column
from members.roster.days import FIRST_SERIAL, FROM_1900_TO_1904, clean_date
from members.roster.table import Layout
from members.roster.wordlists import CLEARING_MARKS, FORMULA_ERRORS
from organizations.spreadsheets.cells import UNCOMPUTED, Cell, Problem, problem

MARKED = frozenset({mark[0] for mark in CLEARING_MARKS} | set("# \u3000\t\n"))
"""How a cell that is a mark, and no value, may begin."""
KNOWN = 5_000
"""How many different cells of a column are remembered."""
DAYS_KNOWN = 40_000
"""Of days more: there are that many in a century."""
ODD = frozenset({Problem, Noted, Clear, type(None)})
"""What is no plain value."""


class Reader:
    """Reads the cells of one column; a word that comes again is not cleaned again."""

    def __init__(self, column: Column, place: int, layout: Layout) -> None:
        self.place = place
        self.field = column.field
        self.heading = layout.text(place) or column.heading
        self.clean = column.clean
        self.may_be_cleared = column.may_be_cleared
        self.known: dict[str, Outcome] = {}
        """What came of the words that are wrong, noted, or say that there is nothing."""
        self.values: dict[Cell, object] = {"": None}
        """The words that are simply a value, as nearly every cell is; an empty one is None."""
        self.limit = DAYS_KNOWN if column.clean is clean_date else KNOWN
        self.shift = FROM_1900_TO_1904 if layout.sheet.counts_from_1904 else 0
        self.shift *= column.clean is clean_date

    def read_column(self, cells: Sequence[Cell]) -> list[object] | None:
        """The values of a whole column, None for an empty cell; None at all if one is odd."""
        if set(map(type, cells)) != {str}:
            return None
        if len(self.values) > self.limit:
            self.values = {"": None}
        values = self.values
        fresh = set(cells).difference(values)
        if not fresh.isdisjoint(self.known):
            return None
        for cell in fresh:
            outcome = self._judged(str(cell))
            if type(outcome) in ODD:
                return None
            values[cell] = outcome
        return list(map(values.__getitem__, cells))

    def read(self, cell: Cell) -> Outcome:
        if isinstance(cell, str):
            if cell not in self.known:
                if cell in self.values:
                    return self.values[cell]
                outcome = self._judged(cell)
                if len(self.known) < self.limit and type(outcome) in ODD:
                    self.known[cell] = outcome
                return outcome
            return self.known[cell]
        if self.shift and isinstance(cell, int | float) and cell > FIRST_SERIAL - self.shift:
            cell += self.shift
        return self.clean(cell)

    def _judged(self, cell: str) -> Outcome:
        if cell[0] not in MARKED:
            return self.clean(cell)
        text = cell.strip()
        if text.upper() in FORMULA_ERRORS:
            return problem("cell_error", shown=text)
        if text == UNCOMPUTED:
            return problem("formula_uncomputed")
        if text in CLEARING_MARKS:
            return CLEAR if self.may_be_cleared else problem("not_clearable")
        return self.clean(cell)
