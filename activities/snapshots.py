"""A record as plain JSON, whole: what a version keeps, and what two versions are compared by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from activities.models import Activity, Appraisal, Attendance, CoHost

WORDS = (
    "topic",
    "mode",
    "place",
    "chair",
    "recorder",
    "lecturer",
    "school_level",
    "minutes",
)
Snapshot = dict[str, Any]


def snapshot_of(activity: Activity) -> Snapshot:
    """What the record says now."""
    return snapshots_of([activity])[activity.pk]


def snapshots_of(activities: Sequence[Activity]) -> dict[UUID, Snapshot]:
    """The same of many, by key; the number of queries does not grow with theirs."""
    keys = [activity.pk for activity in activities]
    co_hosts: dict[UUID, list[str]] = defaultdict(list)
    for key, code in CoHost.objects.filter(activity_id__in=keys).values_list(
        "activity_id", "unit__code"
    ):
        co_hosts[key].append(code)
    presences = _by_person(Attendance, "presence", keys)
    grades = _by_person(Appraisal, "grade", keys)
    return {
        activity.pk: {
            **{name: str(getattr(activity, name)) for name in WORDS},
            "unit": activity.unit.code,
            "co_hosts": sorted(co_hosts[activity.pk]),
            "kinds": [kind.code for kind in activity.kinds],
            "starts_at": activity.starts_at.astimezone(UTC).isoformat(),
            "ends_at": activity.ends_at.astimezone(UTC).isoformat(),
            "credit": f"{activity.credit:.2f}",
            "credit_is_set": activity.credit_is_set,
            **({"late_reason": activity.late_reason} if activity.late_reason else {}),
            "extra": dict(activity.extra),
            "attendance": presences[activity.pk],
            "grades": grades[activity.pk],
        }
        for activity in activities
    }


def _by_person(
    model: type[Attendance | Appraisal], field: str, keys: Sequence[UUID]
) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = model.objects.filter(activity_id__in=keys).order_by("person_id")
    for key, person, value in rows.values_list("activity_id", "person_id", field):
        found[key][str(person)] = value
    return found
