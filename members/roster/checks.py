"""What one cell alone can't tell: contradictions within a row, and one person in two rows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from members.roster.cleaning import PartyStatus, as_text, birth_date_of, sex_of
from members.roster.rows import Row, Table
from organizations.pace import unswept
from organizations.spreadsheets.cells import Problem, problem

ADULT_YEARS = 18


@unswept()
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
    if row.errors:
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
    heading = table.heading("birth_date", row)
    for finding in row.errors:
        if finding.column == heading and known and _may_be(finding.problem, known):
            row.errors = tuple(one for one in row.errors if one is not finding)
            row.values["birth_date"] = known
            told = problem("birth_date_completed", date=known)
            row.warnings += (table.finding(row, "birth_date", told),)
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
    if stage == "full" and _are_in_order(row, today):
        return
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


def _are_in_order(row: Row, today: date) -> bool:
    """Whether all three days are given, and so that there is nothing to tell: as nearly always."""
    born_on = row.values.get("birth_date") or row.derived.get("birth_date")
    joined_on, full_on = row.values.get("joined_on"), row.values.get("full_on")
    if not (
        isinstance(born_on, date) and isinstance(joined_on, date) and isinstance(full_on, date)
    ):
        return False
    return born_on.year + ADULT_YEARS < joined_on.year and joined_on <= full_on <= today


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
    given = [row.values[name] for row in table.rows if name in row.values]
    if len(set(given)) == len(given):
        return
    rows_of: defaultdict[object, list[Row]] = defaultdict(list)
    for row in table.rows:
        if name in row.values:
            rows_of[row.values[name]].append(row)
    for rows in rows_of.values():
        if len(rows) > 1:
            numbers = "、".join(table.shown(row.number) for row in rows)
            for row in rows:
                table.error(row, name, "duplicate_in_file", rows=numbers)
