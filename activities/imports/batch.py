"""Files of activities in the imports' common way: upload, preview, confirmation, undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from activities.attending import CHUNK, hosts_of, new_attendance, people_of, units_of_people
from activities.choices import Presence, SignedBy
from activities.imports.columns import COLUMNS, EXAMPLE
from activities.imports.messages import MESSAGES
from activities.imports.plan import Plan, Write, plan_activities
from activities.imports.write import apply_writes
from activities.models import (
    Activity,
    ActivityVersion,
    Appraisal,
    Attendance,
    CoHost,
    EntryDraft,
)
from activities.services.versions import keep
from members.choices import BatchKind
from members.roster.importers import Importer, Log, register_importer
from members.roster.rows import Table
from members.roster.write import plain
from organizations.spreadsheets.cells import problem

OWN = {ActivityVersion, Appraisal, Attendance, CoHost, EntryDraft}
"""What hangs on a record and goes with it."""
KEPT = ("state", "submitted_at", "submitted_by_id")
"""Columns that an import changes beside those that a file gives."""


def compare(request: Any, table: Table) -> Plan:
    """What the rows would do within the unit of the request."""
    for row in [row for row in table.rows if row.values.get("topic") == EXAMPLE]:
        table.rows.remove(row)
        table.notes.append(table.finding(row, "topic", problem("example_row")))
    return plan_activities(table, unit=request.unit, today=timezone.localdate())


def write(plan: Plan, by: Any) -> Log:
    """Write the records; the log says of each what it was before."""
    before = [_before(one) for one in plan.records]
    activities = apply_writes(plan.records, by=by)
    return [
        ["create", str(one.pk), one.version] if old is None
        else ["change", str(one.pk), one.version, old]
        for one, old in zip(activities, before, strict=True)
    ]  # fmt: skip


def _before(one: Write) -> dict[str, Any] | None:
    if one.stored is None:
        return None
    activity = one.stored.activity
    names = [_attname(name) for name in (*one.columns, *KEPT)]
    return {
        "columns": {name: _kept(getattr(activity, name)) for name in names},
        "presences": {
            str(key): [str(word), str(one.stored.signed_by[key])]
            for key, word in one.stored.presences.items()
        },
        "grades": {str(key): str(word) for key, word in one.stored.grades.items()},
    }


def _kept(value: Any) -> Any:
    """A column's value as plain JSON; the kinds' own fields are that already."""
    return value if isinstance(value, dict) else plain(value)


def find_conflicts(log: Log) -> list[models.Model]:
    """Records that were changed or removed since, or have had something hung on them."""
    stored = _load(log)
    conflicts: list[models.Model] = []
    for _action, key, version, *_before in log:
        activity = stored.get(key)
        if activity is None:
            conflicts.append(Activity(pk=UUID(key), topic=key))
        elif activity.version != version:
            conflicts.append(activity)
    made = [entry[1] for entry in log if entry[0] == "create"]
    return [*conflicts, *(stored[key] for key in _with_more(made) if key in stored)]


def _with_more(keys: list[str]) -> set[str]:
    """Those to which rows of other sorts point, in whatever app."""
    found: set[str] = set()
    for relation in Activity._meta.related_objects:
        other, name = relation.related_model, relation.field.name
        if other in OWN:
            continue
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            rows = other._base_manager.filter(**{f"{name}__in": chunk})
            found.update(str(key) for key in rows.values_list(relation.field.attname, flat=True))
    return found


def undo(log: Log) -> set[int]:
    """Delete what the import made, and put back what it changed."""
    stored = _load(log)
    touched: set[int] = set()
    people: set[UUID] = set()
    for action, key, _version, *before in log:
        activity = stored[key]
        touched |= hosts_of(activity)
        people |= people_of(activity)
        if action == "create":
            activity.delete()
        else:
            _restore(activity, before[0])
            touched |= hosts_of(activity)
            people |= people_of(activity)
    return touched | units_of_people(people)


def _restore(activity: Activity, before: dict[str, Any]) -> None:
    columns = {column.attname: column for column in Activity._meta.concrete_fields}
    for name, value in before["columns"].items():
        setattr(activity, name, columns[name].to_python(value))
    activity.version += 1
    activity.save()
    activity.attendances.all().delete()
    activity.appraisals.all().delete()
    Attendance.objects.bulk_create(
        new_attendance(activity, UUID(key), Presence(word), SignedBy(signed))
        for key, (word, signed) in before["presences"].items()
    )
    Appraisal.objects.bulk_create(
        Appraisal(activity=activity, person_id=UUID(key), grade=grade)
        for key, grade in before["grades"].items()
    )
    keep(activity, by=None)


def _attname(name: str) -> str:
    return "unit_id" if name == "unit" else name


def _load(log: Log) -> dict[str, Activity]:
    keys = [entry[1] for entry in log]
    found: dict[str, Activity] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Activity.objects.filter(pk__in=keys[start : start + CHUNK]).select_related("unit")
        found |= {str(activity.pk): activity for activity in rows}
    return found


def register() -> None:
    """Called when the app starts."""
    importer = Importer(COLUMNS, compare, write, find_conflicts, undo, MESSAGES)
    register_importer(BatchKind.ACTIVITIES, importer)
