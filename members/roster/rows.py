"""Rows of the sheets made into cleaned rows, each cell by its column. Pure.

One pass over the file. Nothing stops at the first error: all are found. What a row says as a whole,
checks.py looks at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from typing import Any

from members.roster.cleaning import CLEAR, Noted, as_text
from members.roster.columns import Column
from members.roster.lines import Lines
from members.roster.readers import Reader
from members.roster.table import AS_FOUND, Choice, Layout, find_layout, usable_first
from organizations.pace import unswept
from organizations.spreadsheets.cells import Cell, Problem, Sheet, SheetError, problem

TOLD, MANY = 60, 20
"""Characters of a line, and numbers of rows, that a note shows."""
COUNTS_ROWS = re.compile(r"序号$|编号$|序$|导入结果$")
"""Headings of columns that nobody misses when they are not read."""
SHEET_STEP = 1_000_000
"""What parts the numbers of rows on one sheet from those on the next: more than a sheet holds."""
AT_ONCE = 1_000
"""So many rows are cleaned column by column: what is done once for a column costs little a row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell of one cell, by the row and heading that the spreadsheet shows."""

    row: int
    column: str
    value: str
    problem: Problem
    sheet: str = ""
    """Named where more than one is read."""


class _Nothing(dict[str, Any]):
    """Nothing at all, the same for every row: told from a dictionary that a row may fill."""

    __hash__ = object.__hash__  # type: ignore[assignment]


NOTHING: Mapping[str, Any] = _Nothing()


@dataclass(slots=True)
class Row:
    """A cleaned row. A field that is not in `values` had an empty cell, or a wrong one.

    There may be 200,000 of them: what few rows have, the others share.
    """

    number: int
    """Told by the spreadsheet; on the second and further sheets that are read, made unique."""
    values: dict[str, object] = field(default_factory=dict)
    derived: Mapping[str, object] = NOTHING
    """What the ID number tells: used where nothing is stored yet."""
    source: Sequence[Cell] = ()
    places: Mapping[str, int] = NOTHING
    """Where in `source` each field stands."""
    cleared: frozenset[str] = frozenset()
    """Fields that the file says are to be emptied."""
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells that hold anything, as the file has them."""
        found = {name: self.source[at] for name, at in self.places.items() if at < len(self.source)}
        return {name: cell for name, cell in found.items() if cell is not None and cell != ""}

    @property
    def line(self) -> int:
        """The row as the spreadsheet shows it."""
        return self.number % SHEET_STEP


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sheets that were read."""

    layout: Layout
    headings: dict[str, str]
    """The sheet's own heading of each field that it has."""
    name: str
    """Empty where it is the only one that is read."""


@dataclass(slots=True)
class Table:
    """The rows below the headings of the sheets that were read."""

    rows: list[Row]
    parts: list[Part]
    columns: dict[str, Column]
    notes: list[Finding] = field(default_factory=list)

    def part(self, row: Row | None) -> Part:
        return self.parts[row.number // SHEET_STEP if row else 0]

    def heading(self, name: str, row: Row | None = None) -> str:
        """The file's own word for a field, else the national form's."""
        name = "party_status" if name == "standing" else name
        return self.part(row).headings.get(name) or self.columns[name].heading

    def shown(self, number: int) -> str:
        """A row's number as people know it: with its sheet, where there are several."""
        sheet, line = divmod(number, SHEET_STEP)
        name = self.parts[sheet].name
        return f"{name} {line}" if name else str(line)

    def error(self, row: Row, name: str, code: str, **params: object) -> None:
        row.errors += (self.finding(row, name, problem(code, **params)),)

    def warn(self, row: Row, name: str, code: str, **params: object) -> None:
        row.warnings += (self.finding(row, name, problem(code, **params)),)

    def note(self, row: int, code: str, **params: object) -> None:
        """Tell something of the sheet, at a row as the spreadsheet shows it."""
        self.notes.append(Finding(row, "", "", problem(code, **params)))

    def tell(self, found: Problem | None) -> None:
        """Tell something of the file as a whole, if there is something."""
        if found is not None:
            self.notes.append(Finding(self.parts[0].layout.last + 1, "", "", found))

    def finding(self, row: Row, name: str, found: Problem) -> Finding:
        told, part = as_text(row.cells.get(name)), self.part(row)
        return Finding(row.line, self.heading(name, row), told, found, part.name)


@unswept()
def read_table(
    sheets: Sequence[Sheet], columns: tuple[Column, ...], choice: Choice = AS_FOUND
) -> Table:
    """The rows of the sheets that were chosen, else of the first that fits, each cell cleaned.

    A sheet that is shown comes before a hidden one. Raises SheetError when a sheet lacks required
    headings, or there is nothing below them.
    """
    layouts = [find_layout(sheet, columns, choice.given) for sheet in sheets]
    if choice.sheets:
        wanted = {one.name: one for one in choice.sheets}
        chosen = [one for one in layouts if one.sheet.name in wanted]
        if unusable := [one for one in chosen if not one.is_usable]:
            raise SheetError(_lacking(unusable, columns))
        if len(chosen) < len(wanted):
            missing = wanted.keys() - {one.sheet.name for one in chosen}
            raise SheetError(problem("sheet_missing", sheets="、".join(sorted(missing))))
        table = _read(chosen, columns)
        _fill_units(table, [wanted[one.sheet.name].unit for one in chosen])
    else:
        usable = usable_first(layouts)
        if not usable:
            raise SheetError(_lacking(layouts, columns))
        chosen = usable[:1]
        table = _read(chosen, columns)
    left = usable_first([one for one in layouts if not any(one is it for it in chosen)])
    others = [one.sheet.name for one in left]
    if others and not choice.is_complete:
        read, told = ("、".join(names) for names in ([one.sheet.name for one in chosen], others))
        table.note(chosen[0].last + 1, "sheets_unread", sheet=read, others=told)
    if not table.rows:
        raise SheetError(problem("rows_none"))
    return table


def _fill_units(table: Table, units: Sequence[str]) -> None:
    """The rows that name no unit are those of their sheet's unit, where it has one."""
    for row in table.rows:
        unit = units[row.number // SHEET_STEP]
        if unit and not as_text(row.cells.get("unit")):
            row.values["unit"] = unit


def _lacking(layouts: Sequence[Layout], columns: tuple[Column, ...]) -> Problem:
    """What the likeliest sheet lacks, and which of its headings may be what is meant."""
    best = max(layouts, key=lambda one: len(one.mapping.places))
    missing = best.mapping.missing
    heading_of = {column.field: column.heading for column in columns}
    proposals = [
        f"{heading.text} → {heading_of[heading.proposal]}"
        for heading in best.headings(columns)
        if heading.text and heading.proposal and heading_of[heading.proposal] in missing
    ]
    named = "、".join(missing)
    if not proposals:
        return problem("headings_missing", headings=named)
    return problem("headings_proposed", headings=named, proposals="、".join(proposals))


def _read(layouts: Sequence[Layout], columns: tuple[Column, ...]) -> Table:
    parts = []
    for layout in layouts:
        places = layout.mapping.places
        headings = {name: text for name, place in places.items() if (text := layout.text(place))}
        parts.append(Part(layout, headings, layout.sheet.name if len(layouts) > 1 else ""))
    table = Table(rows=[], parts=parts, columns={column.field: column for column in columns})
    for number, part in enumerate(parts):
        places = part.layout.mapping.places
        used = [Reader(table.columns[name], at, part.layout) for name, at in places.items()]
        lines = Lines(part.layout, columns)
        found = set()
        rest = iter(lines)
        while block := list(islice(rest, AT_ONCE)):
            for row in _cleaned(used, block, number, part):
                if row.values or row.errors or row.cleared:
                    table.rows.append(row)
                    found.add(row.line - 1)
        _tell_of_sheet(table, part, lines, found)
    return table


def _tell_of_sheet(table: Table, part: Part, lines: Lines, read: set[int]) -> None:
    """What the file's owner should know of what was read, and of what was not."""
    layout, sheet = part.layout, part.layout.sheet
    top = layout.last + 1

    def tell(code: str, **params: object) -> None:
        table.notes.append(Finding(top, "", "", problem(code, **params), part.name))

    if sheet.is_hidden:
        tell("sheet_hidden", sheet=sheet.name)
    for number, text in lines.passed:
        passed = Finding(number + 1, "", text[:TOLD], problem("line_passed"), part.name)
        table.notes.append(passed)
    if lines.headings_again:
        tell("headings_again", rows=_numbered(lines.headings_again))
    if hidden := sorted(sheet.hidden_rows & read):
        tell("rows_hidden", rows=_numbered(hidden), count=len(hidden))
    fields = {place: name for name, place in layout.mapping.places.items()}
    if hidden := sorted(sheet.hidden_columns & fields.keys()):
        told = [layout.text(place) or table.columns[fields[place]].heading for place in hidden]
        tell("columns_hidden", headings="、".join(told))
    if unread := [text for text in layout.mapping.unused if not COUNTS_ROWS.match(text)]:
        tell("columns_unread", headings="、".join(unread))


def _numbered(rows: Sequence[int]) -> str:
    """Row numbers as the spreadsheet shows them; of many the first."""
    shown = "、".join(str(row + 1) for row in rows[:MANY])
    return f"{shown}…" if len(rows) > MANY else shown


def _cleaned(
    used: list[Reader], block: list[tuple[int, Sequence[Cell]]], sheet: int, part: Part
) -> Iterator[Row]:
    """The rows of a block. A column without anything odd is cleaned as a whole, others by cell."""
    sources = [cells for _line, cells in block]
    # Of lines of one length all columns are had at once.
    narrowest, widest = min(map(len, sources)), max(map(len, sources))
    columns = list(zip(*sources, strict=True)) if narrowest == widest else None
    full: dict[str, list[object]] = {}
    patchy: list[tuple[str, list[object]]] = []
    odd: list[Reader] = []
    for reader in used:
        if reader.place >= narrowest:
            odd.append(reader)
            continue
        at = reader.place
        column = columns[at] if columns else [cells[at] for cells in sources]
        outcomes = reader.read_column(column)
        if outcomes is None:
            odd.append(reader)
        elif None not in outcomes:
            full[reader.field] = outcomes
        elif any(outcome is not None for outcome in outcomes):
            patchy.append((reader.field, outcomes))
    places = part.layout.mapping.places
    said = zip(*full.values(), strict=True) if full else repeat((), len(block))
    for at, ((line, cells), values) in enumerate(zip(block, said, strict=True)):
        filled: dict[str, object] = dict(zip(full, values, strict=True))
        for name, outcomes in patchy:
            if (outcome := outcomes[at]) is not None:
                filled[name] = outcome
        row = Row(sheet * SHEET_STEP + line + 1, filled, NOTHING, cells, places)
        if odd:
            _clean(odd, row, part.name)
        yield row


def _clean(used: list[Reader], row: Row, sheet: str) -> None:
    """Fill the row with what is in the columns that are read."""
    cells, line = row.source, row.line
    values, width = row.values, len(cells)
    for reader in used:
        cell = cells[reader.place] if reader.place < width else None
        if cell is None or cell == "":
            continue
        outcome = reader.read(cell)
        if isinstance(outcome, Problem):
            row.errors += (Finding(line, reader.heading, as_text(cell), outcome, sheet),)
            continue
        if isinstance(outcome, Noted):
            told = Finding(line, reader.heading, as_text(cell), outcome.problem, sheet)
            row.warnings += (told,)
            outcome = outcome.value
        if outcome is CLEAR:
            row.cleared |= {reader.field}
        elif outcome is not None:
            values[reader.field] = outcome
