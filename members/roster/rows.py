"""Rows of a sheet made into cleaned rows: each cell by its column, then the row as a whole.

Pure, and one pass over the file. Nothing stops at the first error: all are found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from members.roster.cleaning import (
    Noted,
    PartyStatus,
    as_text,
    birth_date_of,
    sex_of,
)
from members.roster.columns import Column, find_headings
from organizations.spreadsheets.cells import Cell, Problem, Sheet, SheetError, problem

ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell of one cell, by the row and heading that the spreadsheet shows."""

    row: int
    column: str
    value: str
    problem: Problem


@dataclass(slots=True)
class Row:
    """A cleaned row. A field that is not in `values` had an empty cell, or a wrong one."""

    number: int
    values: dict[str, object] = field(default_factory=dict)
    derived: dict[str, object] = field(default_factory=dict)
    """What the ID number tells: used where nothing is stored yet."""
    cells: dict[str, Cell] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """The rows below the headings of the sheet that was read."""

    rows: list[Row]
    headings: dict[str, str]
    """The file's own heading of each field that it has."""
    columns: dict[str, Column]
    notes: list[Finding] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The file's own word for a field, else the national form's."""
        name = "party_status" if name == "standing" else name
        return self.headings.get(name) or self.columns[name].heading

    def error(self, row: Row, name: str, code: str, **params: object) -> None:
        row.errors.append(self.finding(row, name, problem(code, **params)))

    def warn(self, row: Row, name: str, code: str, **params: object) -> None:
        row.warnings.append(self.finding(row, name, problem(code, **params)))

    def finding(self, row: Row, name: str, found: Problem) -> Finding:
        return Finding(row.number, self.heading(name), as_text(row.cells.get(name)), found)


def read_table(sheets: Sequence[Sheet], columns: tuple[Column, ...]) -> Table:
    """The rows of the sheet that has the headings, each cell cleaned.

    Raises SheetError when no sheet has all the required headings, or there is nothing below them.
    """
    candidates = [(sheet, *find_headings(sheet.rows, columns)) for sheet in sheets]
    usable = [entry for entry in candidates if not entry[2].missing]
    if not usable:
        best = max(candidates, key=lambda entry: len(entry[2].places))
        raise SheetError(problem("headings_missing", headings="、".join(best[2].missing)))
    sheet, at, mapping = usable[0]
    table = Table(
        rows=[],
        headings={name: _printed(sheet.rows[at][place]) for name, place in mapping.places.items()},
        columns={column.field: column for column in columns},
    )
    if others := [entry[0].name for entry in usable[1:]]:
        told = problem("sheets_unread", sheet=sheet.name, others="、".join(others))
        table.notes.append(Finding(at + 1, "", "", told))
    used = [(table.columns[name], place) for name, place in mapping.places.items()]
    for number, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
        row = _cleaned(table, used, number, cells)
        if row is not None:
            table.rows.append(row)
    if not table.rows:
        raise SheetError(problem("rows_none"))
    return table


def _cleaned(
    table: Table, used: list[tuple[Column, int]], number: int, cells: Sequence[Cell]
) -> Row | None:
    """The row; None if it has nothing in any column that is read."""
    row = Row(number)
    for column, place in used:
        cell = cells[place] if place < len(cells) else None
        if cell is None or cell == "":
            continue
        row.cells[column.field] = cell
        outcome = column.clean(cell)
        if isinstance(outcome, Problem):
            row.errors.append(Finding(number, table.heading(column.field), as_text(cell), outcome))
            continue
        if isinstance(outcome, Noted):
            row.warnings.append(
                Finding(number, table.heading(column.field), as_text(cell), outcome.problem)
            )
            outcome = outcome.value
        if outcome is not None:
            row.values[column.field] = outcome
    return row if row.values or row.errors else None


def _printed(heading: Cell) -> str:
    return "".join(as_text(heading).split())


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
    return bool(as_text(row.cells.get(name)))


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
    row.derived = {"birth_date": birth_date, "sex": sex}
    if row.values.get("sex", sex) != sex:
        table.warn(row, "sex", "sex_differs")
    if row.values.get("birth_date", birth_date) != birth_date:
        table.warn(row, "birth_date", "birth_date_differs", date=birth_date)


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
