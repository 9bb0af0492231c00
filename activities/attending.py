"""Writing who was there and how they were graded, and leaving word for everyone concerned.

Called by services and imports within their transaction, after the activity's own row is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils import timezone

from activities.choices import ATTENDED, COUNTING_STATES, Grade, Presence, SignedBy
from activities.models import Activity, Appraisal, Attendance
from members.models import Affiliation, Appointment
from organizations.services import touch_ids

CHUNK = 5_000
"""Keys in one question: all engines take that many."""


def write_presences(
    activity: Activity, presences: Mapping[UUID, Presence], *, signed_by: SignedBy
) -> dict[str, dict[str, str]]:
    """Make the attendance exactly `presences`; what changed, by a person's key, for the audit."""
    old = dict(activity.attendances.values_list("person_id", "presence"))
    gone = old.keys() - presences.keys()
    other = {key for key in presences.keys() & old.keys() if presences[key] != old[key]}
    activity.attendances.filter(person_id__in=gone).delete()
    for presence in {presences[key] for key in other}:
        keys = [key for key in other if presences[key] == presence]
        activity.attendances.filter(person_id__in=keys).update(
            presence=presence, counts=False, signed_by=signed_by
        )
    Attendance.objects.bulk_create(
        new_attendance(activity, key, presence, signed_by)
        for key, presence in presences.items()
        if key not in old
    )
    return {
        "added": {str(key): presences[key] for key in presences.keys() - old.keys()},
        "removed": {str(key): old[key] for key in gone},
        "changed": {str(key): presences[key] for key in other},
    }


def new_attendance(
    activity: Activity, person_id: UUID, presence: Presence, signed_by: SignedBy
) -> Attendance:
    """An attendance that mirrors its activity; not saved."""
    return Attendance(
        activity=activity,
        person_id=person_id,
        presence=presence,
        signed_by=signed_by,
        day=activity.first_day,
        credit=activity.credit,
        kind_mask=activity.kind_mask,
        counts=presence in ATTENDED and activity.state in COUNTING_STATES,
    )


def mirror(activity: Activity) -> None:
    """Copy the activity's day, credit, kinds and standing to its attendances, in one statement."""
    counting = activity.state in COUNTING_STATES
    activity.attendances.update(
        day=activity.first_day,
        credit=activity.credit,
        kind_mask=activity.kind_mask,
        counts=Case(
            When(presence__in=sorted(ATTENDED), then=Value(counting)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def write_grades(activity: Activity, grades: Mapping[UUID, Grade]) -> dict[str, dict[str, str]]:
    """Make the appraisals exactly `grades`; what changed, by a person's key, for the audit."""
    old = dict(activity.appraisals.values_list("person_id", "grade"))
    gone = old.keys() - grades.keys()
    other = {key for key in grades.keys() & old.keys() if grades[key] != old[key]}
    activity.appraisals.filter(person_id__in=gone | other).delete()
    Appraisal.objects.bulk_create(
        Appraisal(activity=activity, person_id=key, grade=grade)
        for key, grade in grades.items()
        if key not in old or key in other
    )
    return {
        "added": {str(key): grades[key] for key in grades.keys() - old.keys()},
        "removed": {str(key): old[key] for key in gone},
        "changed": {str(key): grades[key] for key in other},
    }


def people_of(activity: Activity) -> set[UUID]:
    """The keys of everyone who is recorded at the activity or graded in it."""
    present = activity.attendances.values_list("person_id", flat=True)
    graded = activity.appraisals.values_list("person_id", flat=True)
    return {*present, *graded}


def hosts_of(activity: Activity) -> set[int]:
    """The keys of the host and the co-hosts."""
    return {activity.unit_id, *activity.co_host_rows.values_list("unit_id", flat=True)}


def touch_concerned(unit_ids: Iterable[int], person_ids: Collection[UUID]) -> None:
    """Leave word for units, and for the units where these people belong or hold office now.

    What a person attended counts wherever the person belongs, whoever hosted.
    """
    touch_ids({*unit_ids, *units_of_people(person_ids)})


def units_of_people(person_ids: Collection[UUID]) -> set[int]:
    """The keys of the units where one of these people belongs or holds office today."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gte=timezone.localdate())
    units: set[int] = set()
    keys = list(person_ids)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        for ties in (Affiliation, Appointment):
            found = ties.objects.filter(still, person_id__in=chunk)
            units.update(found.order_by().values_list("unit_id", flat=True).distinct())
    return units
