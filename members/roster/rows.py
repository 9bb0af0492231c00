"""Rows of a sheet made into cleaned rows: each cell by its column, then the row as a whole.

Pure, and one pass over the file. Nothing stops at the first error: all are found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from members.roster.cleaning import (
    CLEAR,
    Clear,
    Noted,
    Outcome,
    PartyStatus,
    as_text,
    birth_date_of,
    sex_of,
)
from members.roster.columns import Column
from members.roster.days import FIRST_SERIAL, FROM_1900_TO_1904, clean_date
from members.roster.lines import Lines
from members.roster.table import Given, Layout, find_layout
from members.roster.wordlists import CLEARING_MARKS, FORMULA_ERRORS
from organizations.pace import unswept
from organizations.spreadsheets.cells import UNCOMPUTED, Cell, Problem, Sheet, SheetError, problem

ADULT_YEARS = 18
TOLD, MANY = 60, 20
"""Characters of a line, and numbers of rows, that a note shows."""
MARKED = frozenset({mark[0] for mark in CLEARING_MARKS} | set("# \u3000\t\n"))
"""How a cell that is a mark, and no value, may begin."""
KNOWN = 5_000
"""How many different cells of a column are remembered."""
DAYS_KNOWN = 40_000
"""Of days more: there are that many in a century."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell of one cell, by the row and heading that the spreadsheet shows."""

    row: int
    column: str
    value: str
    problem: Problem


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
    values: dict[str, object] = field(default_factory=dict)
    derived: Mapping[str, object] = NOTHING
    """What the ID number tells: used where nothing is stored yet."""
    source: Sequence[Cell] = ()
    places: Mapping[str, int] = NOTHING
    """Where in `source` each field stands."""
    cleared: frozenset[str] = frozenset()
    """Fields that the file says are to be emptied."""
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells that hold anything, as the file has them."""
        found = {name: self.source[at] for name, at in self.places.items() if at < len(self.source)}
        return {name: cell for name, cell in found.items() if cell is not None and cell != ""}


@dataclass(slots=True)
class Table:
    """The rows below the headings of the sheet that was read."""

    rows: list[Row]
    headings: dict[str, str]
    """The file's own heading of each field that it has."""
    columns: dict[str, Column]
    layout: Layout | None = None
    notes: list[Finding] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The file's own word for a field, else the national form's."""
        name = "party_status" if name == "standing" else name
        return self.headings.get(name) or self.columns[name].heading

    def error(self, row: Row, name: str, code: str, **params: object) -> None:
        row.errors.append(self.finding(row, name, problem(code, **params)))

    def warn(self, row: Row, name: str, code: str, **params: object) -> None:
        row.warnings.append(self.finding(row, name, problem(code, **params)))

    def note(self, row: int, code: str, **params: object) -> None:
        """Tell something of the sheet, at a row as the spreadsheet shows it."""
        self.notes.append(Finding(row, "", "", problem(code, **params)))

    def finding(self, row: Row, name: str, found: Problem) -> Finding:
        return Finding(row.number, self.heading(name), as_text(row.cells.get(name)), found)


@unswept()
def read_table(
    sheets: Sequence[Sheet],
    columns: tuple[Column, ...],
    *,
    sheet_name: str | None = None,
    given: Given | None = None,
) -> Table:
    """The rows of a sheet, each cell cleaned: of the one named, else of the first that fits.

    `given` are mappings made by hand. A sheet that is shown comes before a hidden one. Raises
    SheetError when no sheet has all the required headings, or there is nothing below them.
    """
    layouts = [find_layout(sheet, columns, given) for sheet in sheets]
    named = [one for one in layouts if sheet_name is None or one.sheet.name == sheet_name]
    usable = sorted((one for one in named if one.is_usable), key=lambda one: one.sheet.is_hidden)
    if not usable:
        raise SheetError(_lacking(named or layouts, columns))
    layout = usable[0]
    table = _read(layout, columns)
    if sheet_name is None and (others := [one.sheet.name for one in usable[1:]]):
        told = "、".join(others)
        table.note(layout.last + 1, "sheets_unread", sheet=layout.sheet.name, others=told)
    if not table.rows:
        raise SheetError(problem("rows_none"))
    return table


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


def _read(layout: Layout, columns: tuple[Column, ...]) -> Table:
    places = layout.mapping.places
    table = Table(
        rows=[],
        headings={name: text for name, place in places.items() if (text := layout.text(place))},
        columns={column.field: column for column in columns},
        layout=layout,
    )
    used = [_Reader(table.columns[name], place, layout) for name, place in places.items()]
    lines = Lines(layout, columns)
    for number, cells in lines:
        row = _cleaned(used, number + 1, cells, places)
        if row is not None:
            table.rows.append(row)
    _tell_of_sheet(table, layout, lines)
    return table


def _tell_of_sheet(table: Table, layout: Layout, lines: Lines) -> None:
    """What the file's owner should know of what was read, and of what was not."""
    sheet, top = layout.sheet, layout.last + 1
    if sheet.is_hidden:
        table.note(top, "sheet_hidden", sheet=sheet.name)
    for number, text in lines.passed:
        table.notes.append(Finding(number + 1, "", text[:TOLD], problem("line_passed")))
    if lines.headings_again:
        table.note(top, "headings_again", rows=_numbered(lines.headings_again))
    read = {row.number - 1 for row in table.rows}
    if hidden := sorted(sheet.hidden_rows & read):
        table.note(top, "rows_hidden", rows=_numbered(hidden), count=len(hidden))
    fields = {place: name for name, place in layout.mapping.places.items()}
    if hidden := sorted(sheet.hidden_columns & fields.keys()):
        told = "、".join(table.heading(fields[place]) for place in hidden)
        table.note(top, "columns_hidden", headings=told)


def _numbered(rows: Sequence[int]) -> str:
    """Row numbers as the spreadsheet shows them; of many the first."""
    shown = "、".join(str(row + 1) for row in rows[:MANY])
    return f"{shown}…" if len(rows) > MANY else shown


class _Reader:
    """Reads the cells of one column; a word that comes again is not cleaned again."""

    def __init__(self, column: Column, place: int, layout: Layout) -> None:
        self.place = place
        self.field = column.field
        self.heading = layout.text(place) or column.heading
        self.clean = column.clean
        self.may_be_cleared = column.may_be_cleared
        self.known: dict[str, Outcome] = {}
        """What came of the words that are wrong, empty or noted."""
        self.values: dict[str, Outcome] = {}
        """The words that are simply a value: nearly every cell is one of them."""
        self.limit = DAYS_KNOWN if column.clean is clean_date else KNOWN
        self.shift = FROM_1900_TO_1904 if layout.sheet.counts_from_1904 else 0
        self.shift *= column.clean is clean_date

    def read(self, cell: Cell) -> Outcome:
        if isinstance(cell, str):
            if cell in self.known:
                return self.known[cell]
            outcome = self._judged(cell)
            is_simple = not isinstance(outcome, Problem | Noted | Clear | None)
            memory = self.values if is_simple else self.known
            if len(memory) < self.limit:
                memory[cell] = outcome
            return outcome
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


def _cleaned(
    used: list[_Reader], number: int, cells: Sequence[Cell], places: Mapping[str, int]
) -> Row | None:
    """The row; None if it has nothing in any column that is read."""
    row = Row(number, source=cells, places=places)
    values, width = row.values, len(cells)
    for reader in used:
        cell = cells[reader.place] if reader.place < width else None
        if cell is None or cell == "":
            continue
        if cell.__class__ is str and cell in reader.values:
            values[reader.field] = reader.values[cell]
            continue
        outcome = reader.read(cell)
        if isinstance(outcome, Problem):
            row.errors.append(Finding(number, reader.heading, as_text(cell), outcome))
            continue
        if isinstance(outcome, Noted):
            told = Finding(number, reader.heading, as_text(cell), outcome.problem)
            row.warnings.append(told)
            outcome = outcome.value
        if outcome is CLEAR:
            row.cleared |= {reader.field}
        elif outcome is not None:
            values[reader.field] = outcome
    return row if row.values or row.errors or row.cleared else None


# -- the row as a whole -----------------------------------------------------
def check_roster_rows(table: Table, *, today: date) -> None:
    """What one cell alone can't tell: contradictions within a row, and one person in two rows."""
    example = table.columns["id_number"].example
    for row in [row for row in table.rows if row.values.get("id_number") == example]:
        table.rows.remove(row)
        table.notes.append(table.finding(row, "id_number", problem("example_row")))
    for row in table.rows:
        _check_identity(table, row)
        _merge_party_status(table, row)
        _check_days(table, row, today)
        _check_floating(table, row)
    refuse_duplicates(table, "id_number")


def _was_given(row: Row, name: str) -> bool:
    """Whether the cell held something, right or wrong."""
    return name in row.values or bool(as_text(row.cells.get(name)))


def _check_identity(table: Table, row: Row) -> None:
    if not _was_given(row, "name"):
        table.error(row, "name", "required")
    number = row.values.get("id_number")
    if not isinstance(number, str):
        if not _was_given(row, "id_number"):
            if "birth_date" in row.values:
                table.warn(row, "id_number", "no_id_number")
            elif not _was_given(row, "birth_date"):
                table.error(row, "id_number", "identity_missing")
        return
    birth_date, sex = birth_date_of(number), sex_of(number)
    row.derived = _derived(birth_date, sex)
    _complete_birth_date(table, row, birth_date)
    if row.values.get("sex", sex) != sex:
        table.warn(row, "sex", "sex_differs")
    if row.values.get("birth_date", birth_date) != birth_date:
        table.warn(row, "birth_date", "birth_date_differs", date=birth_date)


@lru_cache(maxsize=50_000)
def _derived(birth_date: date | None, sex: str) -> Mapping[str, object]:
    """What is shared by all who were born on a day."""
    return MappingProxyType({"birth_date": birth_date, "sex": sex})


def _complete_birth_date(table: Table, row: Row, known: date | None) -> None:
    """A birth date without its day, or of a month that can't be told, is the ID number's."""
    heading = table.heading("birth_date")
    for finding in row.errors:
        if finding.column == heading and known and _may_be(finding.problem, known):
            row.errors.remove(finding)
            row.values["birth_date"] = known
            told = problem("birth_date_completed", date=known)
            row.warnings.append(Finding(finding.row, finding.column, finding.value, told))
            return


def _may_be(found: Problem, day: date) -> bool:
    """Whether a date that was refused for being incomplete could be `day`."""
    params = dict(found.params)
    if found.code == "date_january_or_october":
        return int(params["year"]) == day.year and day.month in {1, 10}
    if found.code == "date_month_only":
        return (int(params["year"]), int(params["month"])) == (day.year, day.month)
    return False


def _merge_party_status(table: Table, row: Row) -> None:
    """Put what stood under 党籍状态 where it belongs."""
    status = row.values.pop("party_status", None)
    if not isinstance(status, PartyStatus):
        return
    if status.standing:
        row.values["standing"] = status.standing
    if status.stage and row.values.setdefault("stage", status.stage) != status.stage:
        table.error(row, "party_status", "stage_conflict")


def _check_days(table: Table, row: Row, today: date) -> None:
    values, stage = row.values, row.values.get("stage")
    if stage is not None and stage != "full" and values.pop("full_on", None):
        table.warn(row, "full_on", "full_day_ignored")
    if stage in {"applicant", "activist", "candidate"} and values.pop("joined_on", None):
        table.warn(row, "joined_on", "joined_day_ignored")
    for name in ("birth_date", "joined_on", "full_on"):
        day = values.get(name)
        if isinstance(day, date) and day > today:
            table.error(row, name, "date_future")
            del values[name]
    joined_on, full_on = values.get("joined_on"), values.get("full_on")
    if isinstance(joined_on, date) and isinstance(full_on, date) and full_on < joined_on:
        table.error(row, "full_on", "full_before_joining", date=joined_on)
    born_on = values.get("birth_date") or row.derived.get("birth_date")
    if isinstance(joined_on, date) and isinstance(born_on, date):
        had_birthday = (joined_on.month, joined_on.day) >= (born_on.month, born_on.day)
        if joined_on.year - born_on.year - (not had_birthday) < ADULT_YEARS:
            table.warn(row, "joined_on", "joined_young")


def _check_floating(table: Table, row: Row) -> None:
    if "floating_to" not in row.values:
        return
    if row.values.get("is_floating") is False:
        del row.values["floating_to"]
        table.warn(row, "floating_to", "not_floating")
    else:
        row.values["is_floating"] = True


def refuse_duplicates(table: Table, name: str) -> None:
    """Make errors of all rows that give the same value under `name`."""
    rows_of: defaultdict[object, list[Row]] = defaultdict(list)
    for row in table.rows:
        if name in row.values:
            rows_of[row.values[name]].append(row)
    for rows in rows_of.values():
        if len(rows) > 1:
            numbers = "、".join(str(row.number) for row in rows)
            for row in rows:
                table.error(row, name, "duplicate_in_file", rows=numbers)
