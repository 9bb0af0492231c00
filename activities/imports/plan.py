"""The rows of a file against each other and what is stored: what would become of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.choices import ATTENDED, Grade, Mode, Presence, SignedBy, State
from activities.entries import ActivityError, Entry, changed_fields, fields_of
from activities.imports.columns import EVERYBODY, Graded
from activities.imports.people import MemberRolls, PeopleFinder
from activities.models import Activity, Appraisal, Attendance
from members.roster.cleaning import as_text
from members.roster.rows import Finding, Row, Table
from members.roster.units import UnitFinder
from organizations.models import Unit
from organizations.settings import settings_of
from organizations.spreadsheets.cells import Problem

CHUNK = 500
REQUIRED = ("kinds", "topic", "starts_at", "ends_at")

Key = tuple[int, datetime, str]
"""By which a row finds its record again: host, start, topic."""


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    WRONG = "wrong"


@dataclass(slots=True)
class Stored:
    """A record that a row has found again, with its people."""

    activity: Activity
    presences: dict[UUID, Presence] = field(default_factory=dict)
    signed_by: dict[UUID, SignedBy] = field(default_factory=dict)
    grades: dict[UUID, Grade] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """A record as it is to be: `stored` None when it is new."""

    entry: Entry
    columns: dict[str, Any]
    state: State
    stored: Stored | None = None


@dataclass(slots=True)
class Plan:
    """What is to be written, how many rows come to what, and what there is to tell."""

    writes: list[Write] = field(default_factory=list)
    counts: Counter[Outcome] = field(default_factory=Counter)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def plan_activities(table: Table, *, unit: Unit, today: date) -> Plan:
    """What `table` would do within `unit`. The number of queries does not grow with its rows."""
    return Planner(table, unit, today).plan()


class Planner:
    """One comparison of a table with what is stored."""

    def __init__(self, table: Table, top: Unit, today: date) -> None:
        self.table = table
        self.top = top
        self.units = UnitFinder(top, today)
        self.closed = {
            unit.code: unit for unit in Unit.objects.under(top.path).filter(dissolved_on__lt=today)
        }
        self.people = PeopleFinder(top, _words_of(table.rows))
        everybody = any(EVERYBODY in _said(row).get("present", ()) for row in table.rows)
        self.rolls = MemberRolls(top) if everybody else None
        self.settings = settings_of([top.county_code])[top.county_code]

    def plan(self) -> Plan:
        plan = Plan()
        entries = [(row, self._entry(row)) for row in self.table.rows]
        self._refuse_twins(entries)
        stored = _stored(self.top, [entry for _row, entry in entries if entry is not None])
        for row, entry in entries:
            outcome = Outcome.WRONG
            if entry is not None and not row.errors:
                outcome = self._compare(row, entry, stored.get(_key(entry)), plan)
            plan.counts[outcome] += 1
            plan.errors += row.errors
            plan.warnings += row.warnings
        return plan

    # -- a row by itself ----------------------------------------------------
    def _entry(self, row: Row) -> Entry | None:
        """What the row says, as far as it can be read; its errors are kept with it."""
        for name in REQUIRED:
            if name not in _said(row) and not self._was_refused(row, name):
                self.table.error(row, name, "required")
        unit = self._unit(row)
        starts_at, ends_at = self._span(row)
        if unit is None or starts_at is None or ends_at is None:
            return None
        if any(name not in _said(row) for name in REQUIRED):
            return None
        day = starts_at.date()
        values = _said(row)
        return Entry(
            unit=unit,
            kinds=values["kinds"],
            topic=values["topic"],
            starts_at=starts_at,
            ends_at=ends_at,
            credit=values.get("credit"),
            presences=self._presences(row, unit, day),
            grades=self._grades(row, day),
            **{name: values.get(name, "") for name in TEXTS},
        )

    def _was_refused(self, row: Row, name: str) -> bool:
        heading = self.table.heading(name)
        return any(finding.column == heading for finding in row.errors)

    def _unit(self, row: Row) -> Unit | None:
        text = _said(row).get("unit")
        found = self.units.find(text)
        if isinstance(found, Problem):
            found = self.closed.get(str(text).strip().lower(), found)
        if isinstance(found, Problem):
            self._add_error(row, "unit", found)
            return None
        return found

    def _span(self, row: Row) -> tuple[datetime | None, datetime | None]:
        starts_at, ends_at = _said(row).get("starts_at"), _said(row).get("ends_at")
        if isinstance(ends_at, timedelta) and starts_at is not None:
            ends_at = datetime.combine(starts_at.date(), time()) + ends_at
        zone = timezone.get_default_timezone()
        return (
            starts_at.replace(tzinfo=zone) if starts_at else None,
            ends_at.replace(tzinfo=zone) if isinstance(ends_at, datetime) else None,
        )

    def _presences(self, row: Row, unit: Unit, day: date) -> dict[UUID, Presence]:
        found: dict[UUID, Presence] = {}
        for name, presence in (("leave", Presence.LEAVE), ("present", Presence.PRESENT)):
            for word in _said(row).get(name, ()):
                if word == EVERYBODY and name == "present":
                    continue
                key = self._person(row, name, word, day)
                if key in found:
                    self._add_error(row, name, _twice(word), value=word)
                elif key is not None:
                    found[key] = presence
        if self.rolls and EVERYBODY in _said(row).get("present", ()):
            everybody = self.rolls.of(unit, day)
            if not everybody:
                self.table.error(row, "present", "nobody", unit=unit.name)
            found = dict.fromkeys(everybody, Presence.PRESENT) | found
        return found

    def _grades(self, row: Row, day: date) -> dict[UUID, Grade]:
        found: dict[UUID, Grade] = {}
        for graded in _said(row).get("grades", ()):
            key = self._person(row, "grades", graded.who, day)
            if key in found:
                self._add_error(row, "grades", _twice(graded.who), value=graded.who)
            elif key is not None:
                found[key] = graded.grade
        return found

    def _person(self, row: Row, name: str, word: str, day: date) -> UUID | None:
        found = self.people.find(word, day)
        if isinstance(found, Problem):
            self._add_error(row, name, found, value=word)
            return None
        return found

    def _add_error(self, row: Row, name: str, found: Problem, *, value: str = "") -> None:
        shown = value or as_text(row.cells.get(name))
        row.errors.append(Finding(row.number, self.table.heading(name), shown, found))

    # -- rows against each other and the database ---------------------------
    def _refuse_twins(self, entries: list[tuple[Row, Entry | None]]) -> None:
        first: dict[Key, int] = {}
        for row, entry in entries:
            if entry is not None:
                earlier = first.setdefault(_key(entry), row.number)
                if earlier != row.number:
                    self.table.error(row, "topic", "duplicate_row", number=earlier)

    def _compare(self, row: Row, entry: Entry, stored: Stored | None, plan: Plan) -> Outcome:
        wished = State(_said(row).get("state", State.SUBMITTED))
        if stored is not None:
            entry = _completed(row, entry, stored)
        try:
            hours = self.settings.hours_per_day(timezone.localtime(entry.starts_at).date())
            columns = fields_of(entry, hours_per_day=hours)
        except ActivityError as error:
            name = error.field if error.field in self.table.columns else "unit"
            self._add_error(row, name, Problem("entry", (("told", str(error)),)))
            return Outcome.WRONG
        if "party_school_rotation" in entry.kinds and not entry.school_level:
            self.table.warn(row, "school_level", "school_level_missing")
        if stored is None:
            plan.writes.append(Write(entry, columns, wished))
            return Outcome.CREATED
        return self._against(row, Write(entry, columns, wished, stored), plan)

    def _against(self, row: Row, write: Write, plan: Plan) -> Outcome:
        """The outcome of a row that has found its record again."""
        stored = write.stored
        assert stored is not None  # noqa: S101
        state = State(stored.activity.state)
        differs = bool(
            changed_fields(stored.activity, write.columns)
            or dict(write.entry.presences) != stored.presences
            or dict(write.entry.grades) != stored.grades
        )
        hands_in = state == State.DRAFT and write.state == State.SUBMITTED
        if not differs and not hands_in:
            if state == State.RETURNED and write.state == State.SUBMITTED:
                self.table.warn(row, "state", "returned")
            return Outcome.UNCHANGED
        if state in (State.CONFIRMED, State.CANCELLED):
            self.table.warn(row, "topic", str(state))
            return Outcome.SKIPPED
        kept = State.SUBMITTED if state == State.SUBMITTED else write.state
        if state == State.RETURNED and write.state == State.DRAFT:
            kept = State.RETURNED
        plan.writes.append(replace(write, state=kept))
        return Outcome.UPDATED


TEXTS = ("place", "chair", "recorder", "school_level", "minutes")


def _said(row: Row) -> dict[str, Any]:
    """The row's values by field; a field whose cell was empty or wrong is not there."""
    return row.values


def _words_of(rows: Iterable[Row]) -> set[str]:
    """Everybody whom the rows name, as written."""
    words: set[str] = set()
    for row in rows:
        words.update(_said(row).get("present", ()), _said(row).get("leave", ()))
        graded: tuple[Graded, ...] = _said(row).get("grades", ())
        words.update(one.who for one in graded)
    return words - {EVERYBODY}


def _twice(word: str) -> Problem:
    return Problem("person_twice", (("who", word),))


def _key(entry: Entry) -> Key:
    return entry.unit.pk, entry.starts_at, entry.topic


def _completed(row: Row, entry: Entry, stored: Stored) -> Entry:
    """The entry with what the file leaves empty taken from the record; it never takes away."""
    activity = stored.activity
    kept: dict[str, Any] = {
        name: getattr(activity, name) for name in TEXTS if name not in _said(row)
    }
    if "credit" not in _said(row) and activity.credit_is_set:
        kept["credit"] = activity.credit
    if "grades" not in _said(row):
        kept["grades"] = stored.grades
    kept["presences"] = _presences(row, entry.presences, stored.presences)
    kept |= {"lecturer": activity.lecturer, "late_reason": activity.late_reason}
    return replace(entry, mode=Mode(activity.mode), **kept)


def _presences(
    row: Row, said: Mapping[UUID, Presence], stored: Mapping[UUID, Presence]
) -> dict[UUID, Presence]:
    """The file knows present and on leave; who was online or absent on record stays so."""
    if "present" not in _said(row) and "leave" not in _said(row):
        return dict(stored)
    absent = {key: value for key, value in stored.items() if value == Presence.ABSENT}
    finer = {
        key: stored[key]
        for key, value in said.items()
        if value == Presence.PRESENT and stored.get(key) in ATTENDED
    }
    return absent | dict(said) | finer


def _stored(top: Unit, entries: list[Entry]) -> dict[Key, Stored]:
    """The records that these entries find again; a cancelled one only if there is no other."""
    wanted = {_key(entry) for entry in entries}
    days = sorted({timezone.localtime(entry.starts_at).date() for entry in entries})
    held = Activity.objects.hosted_under(top.path).select_related("unit").order_by("created_at")
    found: dict[Key, Stored] = {}
    for index in range(0, len(days), CHUNK):
        chunk = days[index : index + CHUNK]
        for activity in held.select_for_update(of=("self",)).filter(first_day__in=chunk):
            key = (activity.unit_id, activity.starts_at, activity.topic)
            is_better = key not in found or found[key].activity.state == State.CANCELLED
            if key in wanted and is_better:
                found[key] = Stored(activity)
    _load_people(found.values())
    return found


def _load_people(found: Iterable[Stored]) -> None:
    by_key: dict[UUID, Stored] = {stored.activity.pk: stored for stored in found}
    keys = sorted(by_key)
    for index in range(0, len(keys), CHUNK):
        chunk = keys[index : index + CHUNK]
        rows = Attendance.objects.filter(activity_id__in=chunk)
        for key, person, presence, signed in rows.values_list(
            "activity_id", "person_id", "presence", "signed_by"
        ):
            by_key[key].presences[person] = Presence(presence)
            by_key[key].signed_by[person] = SignedBy(signed)
        grades = Appraisal.objects.filter(activity_id__in=chunk)
        for key, person, grade in grades.values_list("activity_id", "person_id", "grade"):
            by_key[key].grades[person] = Grade(grade)
