"""A row by itself: what it says of an activity, in whichever of the usual tables it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.choices import Grade, Presence, State
from activities.entries import Entry
from activities.imports.columns import EVERYBODY, Graded, Span, kinds_within
from activities.imports.people import MemberRolls, PeopleFinder
from members.roster.cleaning import as_text
from members.roster.days import clean_date
from members.roster.rows import Finding, Row, Table
from members.roster.units import UnitFinder
from organizations.models import Unit
from organizations.spreadsheets.cells import Problem

REQUIRED = ("kinds", "topic", "starts_at")
TEXTS = ("place", "chair", "recorder", "school_level", "minutes")
ASSUMED_LENGTH = timedelta(hours=1)
"""Of what stands in a table that gives no end and no length."""
ASSUMED_START = time(9)
IN_HOURS = re.compile("小时|学时")
"""A heading whose numbers are hours; else they are minutes."""
OF_A_THEMED_DAY = "特色"
"""In the heading of the contents, this tells a table of themed days, which names no kinds."""
NOTED = (("议题", "agenda"), ("", "minutes"), ("决议", "resolution"), ("列席", "sitting_in"))
"""What becomes the minutes, in this order, each under its word."""


class RowReader:
    """Reads the rows of one table; what is wrong is kept with each row."""

    def __init__(self, table: Table, top: Unit, today: date) -> None:
        self.table = table
        self.units = UnitFinder(top, today)
        self.closed = {
            unit.code: unit
            for unit in Unit.objects.under(top.path).filter(dissolved_on__isnull=False)
        }
        for row in table.rows:
            self._complete(row)
        self.people = PeopleFinder(top, _words_of(table.rows))
        everybody = any(EVERYBODY in row.values.get("present", ()) for row in table.rows)
        self.rolls = MemberRolls(top) if everybody else None

    # -- one table for another -------------------------------------------------
    def _complete(self, row: Row) -> None:
        """Fill in what the other tables in use say under other headings, or leave to be known."""
        values: dict[str, Any] = row.values
        topic = values.get("topic") or values.get("title") or values.get("agenda")
        if topic:
            values["topic"] = topic
        if "kinds" not in values and not self._was_refused(row, "kinds"):
            kinds = kinds_within(f"{values.get('title', '')} {topic or ''}")
            if not kinds and OF_A_THEMED_DAY in self.table.heading("minutes"):
                kinds = frozenset({"themed_day"})
            if kinds:
                values["kinds"] = kinds
        self._take_day_alone(row)
        if "starts_at" not in values and not self._was_refused(row, "starts_at"):
            self._take_planned(row)
        noted = [
            f"{word}：{values[name]}" if word else str(values[name])
            for word, name in NOTED
            if name in values and values[name] != topic
        ]
        if noted:
            values["minutes"] = "\n".join(noted)

    def _take_day_alone(self, row: Row) -> None:
        """A day without its hour is enough where the length is given."""
        heading = self.table.heading("starts_at")
        for found in row.errors:
            is_day = found.column == heading and found.problem.code == "time_missing"
            day = clean_date(row.cells.get("starts_at")) if is_day else None
            if isinstance(day, date) and "length" in row.values:
                row.errors = tuple(one for one in row.errors if one is not found)
                row.values["starts_at"] = datetime.combine(day, ASSUMED_START)
                self.table.warn(row, "starts_at", "start_assumed")
                return

    def _take_planned(self, row: Row) -> None:
        """What was planned and never held is a draft."""
        if planned := row.values.get("planned_at"):
            row.values["starts_at"] = planned
            row.values["state"] = State.DRAFT
            self.table.warn(row, "planned_at", "only_planned")

    # -- the row as an entry ----------------------------------------------------
    def entry(self, row: Row) -> Entry | None:
        """What the row says, as far as it can be read; its errors are kept with it."""
        for name in REQUIRED:
            if name not in row.values and not self._was_refused(row, name):
                self.table.error(row, name, "required")
        unit = self._unit(row)
        starts_at, ends_at = self._span(row)
        if unit is None or starts_at is None or ends_at is None:
            return None
        if any(name not in row.values for name in REQUIRED):
            return None
        day = starts_at.date()
        values: dict[str, Any] = row.values
        presences = self._presences(row, unit, day)
        self._compare_numbers(row, presences)
        return Entry(
            unit=unit,
            kinds=values["kinds"],
            topic=values["topic"],
            starts_at=starts_at,
            ends_at=ends_at,
            credit=values.get("credit"),
            presences=presences,
            grades=self._grades(row, day),
            **{name: values.get(name, "") for name in TEXTS},
        )

    def _was_refused(self, row: Row, name: str) -> bool:
        heading = self.table.heading(name)
        return any(finding.column == heading for finding in row.errors)

    def _unit(self, row: Row) -> Unit | None:
        text: Any = row.values.get("unit")
        found = self.units.find(text)
        if isinstance(found, Problem):
            code = str(text).strip().lower() if text else self.units.top.code
            found = self.closed.get(code, found)
        if isinstance(found, Problem):
            if found.code == "unit_dissolved":  # for people that is the end of it; records may come
                found = Problem("host_dissolved", found.params)
            self.add_error(row, "unit", found)
            return None
        return found

    def _span(self, row: Row) -> tuple[datetime | None, datetime | None]:
        starts_at: Any = row.values.get("starts_at")
        ends_at: Any = row.values.get("ends_at")
        if isinstance(starts_at, Span):
            ends_at = ends_at or starts_at.ends
            starts_at = starts_at.starts
        if ends_at is None and starts_at and not self._was_refused(row, "ends_at"):
            ends_at = starts_at + self._length(row)
        if isinstance(ends_at, timedelta) and starts_at is not None:
            ends_at = datetime.combine(starts_at.date(), time()) + ends_at
        zone = timezone.get_default_timezone()
        return (
            starts_at.replace(tzinfo=zone) if starts_at else None,
            ends_at.replace(tzinfo=zone) if isinstance(ends_at, datetime) else None,
        )

    def _length(self, row: Row) -> timedelta:
        length: Any = row.values.get("length")
        if length is None:
            if not self._was_refused(row, "length"):
                self.table.warn(row, "starts_at", "length_assumed")
            row.derived = {"length_assumed": True}
            return ASSUMED_LENGTH
        if isinstance(length, timedelta):
            return length
        is_hours = IN_HOURS.search(self.table.heading("length"))
        return timedelta(seconds=int(length * (3600 if is_hours else 60)))

    def _compare_numbers(self, row: Row, presences: dict[UUID, Presence]) -> None:
        """The numbers of people that a table gives, against the names in it."""
        named = {
            "present_count": sum(word == Presence.PRESENT for word in presences.values()),
            "leave_count": sum(word == Presence.LEAVE for word in presences.values()),
        }
        for name, names in (("present_count", "present"), ("leave_count", "leave")):
            told: Any = row.values.get(name)
            if told is None or self._was_refused(row, names):
                continue
            if names not in row.values:
                if told and name == "present_count":
                    self.table.warn(row, name, "names_missing", number=told)
            elif told != named[name]:
                self.table.warn(row, name, "number_differs", number=told, named=named[name])
        expected, present, leave = (
            row.values.get(name) for name in ("expected_count", "present_count", "leave_count")
        )
        if isinstance(expected, int) and isinstance(present, int):
            away = leave if isinstance(leave, int) else 0
            if present + away > expected:
                self.table.warn(row, "expected_count", "numbers_exceed", expected=expected)

    # -- people ----------------------------------------------------------------
    def _presences(self, row: Row, unit: Unit, day: date) -> dict[UUID, Presence]:
        found: dict[UUID, Presence] = {}
        for name, presence in (("leave", Presence.LEAVE), ("present", Presence.PRESENT)):
            for word in row.values.get(name, ()):
                if word == EVERYBODY and name == "present":
                    continue
                key = self._person(row, name, word, day)
                if key in found:
                    self.add_error(row, name, _twice(word), value=word)
                elif key is not None:
                    found[key] = presence
        if self.rolls and EVERYBODY in row.values.get("present", ()):
            everybody = self.rolls.of(unit, day)
            if not everybody:
                self.table.error(row, "present", "nobody", unit=unit.name)
            found = dict.fromkeys(everybody, Presence.PRESENT) | found
        return found

    def _grades(self, row: Row, day: date) -> dict[UUID, Grade]:
        found: dict[UUID, Grade] = {}
        for graded in row.values.get("grades", ()):
            key = self._person(row, "grades", graded.who, day)
            if key in found:
                self.add_error(row, "grades", _twice(graded.who), value=graded.who)
            elif key is not None:
                found[key] = graded.grade
        return found

    def _person(self, row: Row, name: str, word: str, day: date) -> UUID | None:
        found = self.people.find(word, day)
        if isinstance(found, Problem):
            self.add_error(row, name, found, value=word)
            return None
        return found

    def add_error(self, row: Row, name: str, found: Problem, *, value: str = "") -> None:
        shown = value or as_text(row.cells.get(name))
        row.errors += (Finding(row.number, self.table.heading(name), shown, found),)


def _words_of(rows: Iterable[Row]) -> set[str]:
    """Everybody whom the rows name, as written."""
    words: set[str] = set()
    for row in rows:
        values: dict[str, Any] = row.values
        words.update(values.get("present", ()), values.get("leave", ()))
        graded: tuple[Graded, ...] = values.get("grades", ())
        words.update(one.who for one in graded)
    return words - {EVERYBODY}


def _twice(word: str) -> Problem:
    return Problem("person_twice", (("who", word),))
