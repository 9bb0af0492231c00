"""Writing a plan in bulk: what the services do for one record, for thousands of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from activities.attending import CHUNK, new_attendance, touch_concerned
from activities.choices import SignedBy, State
from activities.imports.plan import Write
from activities.models import Activity, Appraisal, Attendance, CoHost
from activities.services.versions import keep_all, keep_all_before

BATCH = 500


def apply_writes(writes: Iterable[Write], *, by: User | None) -> list[Activity]:
    """Write all of `writes`, and give the records in their order. The caller's transaction."""
    writes = list(writes)
    if not writes:
        return []
    now = timezone.now()
    old = [write.stored.activity for write in writes if write.stored]
    was_submitted = {activity.pk for activity in old if activity.submitted_at}
    keep_all_before(old)
    units = {activity.unit_id for activity in old}
    people = {key for w in writes if w.stored for key in (*w.stored.presences, *w.stored.grades)}
    activities = [_activity(write, now, by) for write in writes]
    new = [activity for activity in activities if activity._state.adding]
    Activity.objects.bulk_create(new, batch_size=BATCH)
    if old:
        columns = [*writes[0].columns, "state", "submitted_at", "submitted_by", "version"]
        Activity.objects.bulk_update(old, [*columns, "updated_at"], batch_size=BATCH)
    _write_people(writes, activities, {activity.pk for activity in old})
    keep_all([activity for activity in old if activity.pk in was_submitted], by=by)
    for activity in activities:
        units.add(activity.unit_id)
    units |= _co_hosts_of(old)
    people |= {key for w in writes for key in (*w.entry.presences, *w.entry.grades)}
    touch_concerned(units, people)
    for write, activity in zip(writes, activities, strict=True):
        verb = "change_activity" if write.stored else "log_activity"
        path = activity.unit.path
        record(by=by, verb=verb, target=activity, unit_path=path, imported=True)
    return activities


def _activity(write: Write, now: datetime, by: User | None) -> Activity:
    """The record as it is to be; not saved."""
    activity = write.stored.activity if write.stored else Activity(created_by=by)
    for name, value in write.columns.items():
        setattr(activity, name, value)
    if write.state == State.SUBMITTED and activity.state != State.SUBMITTED:
        activity.submitted_at, activity.submitted_by = now, by
    activity.state = write.state
    if write.stored:
        activity.version += 1
        activity.updated_at = now
    return activity


def _write_people(writes: list[Write], activities: list[Activity], old: set[UUID]) -> None:
    """The people of all these records; those of changed ones are written anew."""
    for keys in _chunks(sorted(old)):
        Attendance.objects.filter(activity_id__in=keys).delete()
        Appraisal.objects.filter(activity_id__in=keys).delete()
    attendances, appraisals = [], []
    for write, activity in zip(writes, activities, strict=True):
        signed = write.stored.signed_by if write.stored else {}
        attendances += [
            new_attendance(activity, key, presence, signed.get(key, SignedBy.IMPORTED))
            for key, presence in write.entry.presences.items()
        ]
        appraisals += [
            Appraisal(activity=activity, person_id=key, grade=grade)
            for key, grade in write.entry.grades.items()
        ]
    Attendance.objects.bulk_create(attendances, batch_size=BATCH)
    Appraisal.objects.bulk_create(appraisals, batch_size=BATCH)


def _co_hosts_of(activities: Iterable[Activity]) -> set[int]:
    units: set[int] = set()
    for keys in _chunks([activity.pk for activity in activities]):
        rows = CoHost.objects.filter(activity_id__in=keys)
        units.update(rows.values_list("unit_id", flat=True))
    return units


def _chunks(keys: list[UUID]) -> Iterable[list[UUID]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
