"""Keeping what a record said: called by each service within its transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from activities.models import Activity, ActivityVersion
from activities.snapshots import Snapshot, snapshot_of, snapshots_of

AT_ONCE = 500
"""Records whose versions are written together; all engines take that many keys."""


def keep_before(activity: Activity) -> None:
    """Before a change: keep what the record says, where nothing is kept of it yet.

    A record out of a file of past years begins its versions with its first correction.
    """
    keep_all_before([activity])


def keep_all_before(activities: Sequence[Activity]) -> None:
    """The same for many, before they are changed in bulk."""
    submitted = [activity for activity in activities if activity.submitted_at]
    for start in range(0, len(submitted), AT_ONCE):
        chunk = submitted[start : start + AT_ONCE]
        kept = set(
            ActivityVersion.objects.filter(activity__in=chunk).values_list("activity_id", flat=True)
        )
        missing = [activity for activity in chunk if activity.pk not in kept]
        snapshots = snapshots_of(missing)
        ActivityVersion.objects.bulk_create(
            ActivityVersion(
                activity=activity,
                number=max(1, activity.version - 1),
                at=activity.submitted_at or activity.updated_at,
                by_id=activity.submitted_by_id,
                snapshot=snapshots[activity.pk],
            )
            for activity in missing
        )


def keep(activity: Activity, *, by: User | None) -> int | None:
    """After a change: keep what the record says now. The version's number, for the audit.

    None for a draft, and where the record says what it said before.
    """
    if activity.submitted_at is None:
        return None
    now = snapshot_of(activity)
    last = activity.versions.order_by("-number").values_list("snapshot", flat=True).first()
    if last == now:
        return None
    return _kept(activity, now, by=by).number


def keep_all(activities: Sequence[Activity], *, by: User | None) -> None:
    """The same for many that were changed in bulk."""
    submitted = [activity for activity in activities if activity.submitted_at]
    for start in range(0, len(submitted), AT_ONCE):
        chunk = submitted[start : start + AT_ONCE]
        snapshots = snapshots_of(chunk)
        ActivityVersion.objects.bulk_create(
            ActivityVersion(
                activity=activity,
                number=activity.version,
                at=timezone.now(),
                by=by,
                snapshot=snapshots[activity.pk],
            )
            for activity in chunk
        )


def _kept(activity: Activity, snapshot: Snapshot, *, by: User | None) -> ActivityVersion:
    return ActivityVersion.objects.create(
        activity=activity, number=activity.version, at=timezone.now(), by=by, snapshot=snapshot
    )
