"""The rows of a file against each other and what is stored: what would become of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from activities.choices import ATTENDED, Grade, Mode, Presence, SignedBy, State
from activities.entries import ActivityError, Entry, changed_fields, fields_of
from activities.imports.reading import TEXTS, RowReader
from activities.kinds import all_kinds
from activities.models import Activity, Appraisal, Attendance
from members.roster import outcomes
from members.roster.outcomes import Outcome, RowPlan
from members.roster.rows import Row, Table
from organizations.models import Unit
from organizations.settings import settings_of
from organizations.spreadsheets.cells import Problem

CHUNK = 500
SHOWN = 60
"""Characters of a text that the preview shows."""

Key = tuple[int, datetime, str]
"""By which a row finds its record again: host, start, topic."""


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
class Plan(outcomes.Plan):
    """What becomes of each row, and the records that are to be written."""

    records: list[Write] = field(default_factory=list)

    def digest(self) -> str:
        """The same for two plans that promise the same, of the same people."""
        people = [
            (sorted(map(str, one.entry.presences.items())), sorted(map(str, one.entry.grades)))
            for one in self.records
        ]
        return sha256(f"{outcomes.Plan.digest(self)}{people!r}".encode()).hexdigest()


def plan_activities(table: Table, *, unit: Unit, today: date) -> Plan:
    """What `table` would do within `unit`. The number of queries does not grow with its rows."""
    return Planner(table, unit, today).plan()


class Planner:
    """One comparison of a table with what is stored."""

    def __init__(self, table: Table, top: Unit, today: date) -> None:
        self.table = table
        self.top = top
        self.reader = RowReader(table, top, today)
        self.settings = settings_of([top.county_code])[top.county_code]

    def plan(self) -> Plan:
        plan = Plan(self.table)
        entries = [(row, self.reader.entry(row)) for row in self.table.rows]
        self.table.tell(self.reader.units.told())
        self._refuse_twins(entries)
        stored = _stored(self.top, [entry for _row, entry in entries if entry is not None])
        for row, entry in entries:
            row.values["name"] = row.values.get("topic", "")  # by which the preview calls it
            one = RowPlan(row, Outcome.WRONG, entry.unit if entry else None)
            if entry is not None and not row.errors:
                one.outcome = self._compare(one, entry, stored.get(_key(entry)), plan)
            plan.rows.append(one)
        return plan

    # -- rows against each other and the database ---------------------------
    def _refuse_twins(self, entries: list[tuple[Row, Entry | None]]) -> None:
        first: dict[Key, int] = {}
        for row, entry in entries:
            if entry is not None:
                earlier = first.setdefault(_key(entry), row.number)
                if earlier != row.number:
                    self.table.error(row, "topic", "duplicate_row", number=earlier)

    def _compare(self, one: RowPlan, entry: Entry, stored: Stored | None, plan: Plan) -> Outcome:
        row = one.row
        wished = State(row.values.get("state", State.SUBMITTED))
        if wished == State.SUBMITTED and entry.starts_at > timezone.now():
            self.table.error(row, "starts_at", "still_to_come")
            return Outcome.WRONG
        if stored is not None:
            entry = _completed(row, entry, stored)
        try:
            hours = self.settings.hours_per_day(timezone.localtime(entry.starts_at).date())
            columns = fields_of(entry, hours_per_day=hours)
        except ActivityError as error:
            name = error.field if error.field in self.table.columns else "unit"
            self.reader.add_error(row, name, Problem("entry", (("told", str(error)),)))
            return Outcome.WRONG
        if "party_school_rotation" in entry.kinds and not entry.school_level:
            self.table.warn(row, "school_level", "school_level_missing")
        write = Write(entry, columns, wished, stored)
        if stored is not None:
            return self._against(one, write, plan)
        plan.records.append(write)
        one.changes = told_of(write)
        return Outcome.CREATED

    def _against(self, one: RowPlan, write: Write, plan: Plan) -> Outcome:
        """The outcome of a row that has found its record again."""
        row, stored = one.row, write.stored
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
        write = replace(write, state=kept)
        plan.records.append(write)
        one.changes = changes_of(write)
        return Outcome.UPDATED


def told_of(write: Write) -> list[tuple[str, str, str]]:
    """What the preview shows of a new record: field, nothing, its value."""
    return [(name, "", value) for name, value in _shown(write.entry, write.state) if value]


def changes_of(write: Write) -> list[tuple[str, str, str]]:
    """What the preview shows of a changed record: field, old value, new value."""
    stored = write.stored
    assert stored is not None  # noqa: S101
    activity = stored.activity
    before = Entry(
        unit=activity.unit,
        kinds=frozenset(kind.code for kind in activity.kinds),
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        credit=activity.credit if activity.credit_is_set else None,
        presences=stored.presences,
        grades=stored.grades,
        **{name: getattr(activity, name) for name in ("topic", *TEXTS)},
    )
    old = dict(_shown(before, State(activity.state)))
    new = _shown(write.entry, write.state)
    changes = [(name, old[name], value) for name, value in new if old[name] != value]
    if not changes:  # as many people, but others
        changes = [("present", old["present"], dict(new)["present"])]
    return changes


def _shown(entry: Entry, state: State) -> list[tuple[str, str]]:
    """A record's fields in words; of people how many."""
    words = list(entry.presences.values())
    said = {
        "kinds": "、".join(kind.name for code, kind in all_kinds().items() if code in entry.kinds),
        "starts_at": f"{timezone.localtime(entry.starts_at):%Y-%m-%d %H:%M}",
        "ends_at": f"{timezone.localtime(entry.ends_at):%Y-%m-%d %H:%M}",
        "present": _number(sum(word in ATTENDED for word in words)),
        "leave": _number(words.count(Presence.LEAVE)),
        "grades": _number(len(entry.grades)),
        "credit": str(entry.credit or ""),
        "state": str(state.label),
    }
    texts = {name: str(getattr(entry, name))[:SHOWN] for name in TEXTS}
    return list((said | texts).items())


def _number(count: int) -> str:
    return str(count) if count else ""


def _key(entry: Entry) -> Key:
    return entry.unit.pk, entry.starts_at, entry.topic


def _completed(row: Row, entry: Entry, stored: Stored) -> Entry:
    """The entry with what the file leaves empty taken from the record; it never takes away."""
    activity = stored.activity
    kept: dict[str, Any] = {
        name: getattr(activity, name) for name in TEXTS if name not in row.values
    }
    if "credit" not in row.values and activity.credit_is_set:
        kept["credit"] = activity.credit
    if "grades" not in row.values:
        kept["grades"] = stored.grades
    if row.derived.get("length_assumed"):
        kept["ends_at"] = activity.ends_at
    kept["presences"] = _presences(row, entry.presences, stored.presences)
    kept["extra"] = activity.extra
    kept |= {"lecturer": activity.lecturer, "late_reason": activity.late_reason}
    return replace(entry, mode=Mode(activity.mode), **kept)


def _presences(
    row: Row, said: Mapping[UUID, Presence], stored: Mapping[UUID, Presence]
) -> dict[UUID, Presence]:
    """The file knows present and on leave; who was online or absent on record stays so."""
    if "present" not in row.values and "leave" not in row.values:
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
    if connection.in_atomic_block:  # about to be written, and not only looked at
        held = held.select_for_update(of=("self",))
    found: dict[Key, Stored] = {}
    for index in range(0, len(days), CHUNK):
        chunk = days[index : index + CHUNK]
        for activity in held.filter(first_day__in=chunk):
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
