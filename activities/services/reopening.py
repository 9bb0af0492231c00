"""Opening a closed review run again: what it said is kept, its record goes back with the reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import ATTENDS, Presence, State
from activities.entries import ActivityError
from activities.models import Activity, ReviewReopening, ReviewRun
from activities.services.records import return_activity, set_attendance

KEPT = ("stand", "note", "self_grade", "self_words", "votes", "grade", "remark")
"""What a line says, as far as a step of the run can change it."""
AWAY = frozenset({Presence.LEAVE, Presence.ABSENT})


@transaction.atomic
def reopen_run(run: ReviewRun, reason: str, *, by: User | None) -> ReviewRun:
    """Let the steps be corrected and the run be closed anew; the record stays the same one.

    It is returned with the reason, so that it counts for nothing until then. Raises ActivityError
    without a reason, and if the run is open already, as when two people press at once.
    """
    reason = reason.strip()
    if not reason:
        raise ActivityError(_("Say why the run is opened again."), field="reason")
    closed = ReviewRun.objects.select_related("activity", "unit").get(pk=run.pk)
    mine = ReviewRun.objects.filter(pk=run.pk, closed_at__isnull=False)
    if closed.closed_at is None or not mine.update(closed_at=None, closed_by=None):
        raise ActivityError(_("This run is open already."))
    ReviewReopening.objects.create(
        run=closed,
        by=by,
        reason=reason,
        closed_at=closed.closed_at,
        closed_by=closed.closed_by,
        lines=lines_said(closed),
    )
    held: Any = closed.activity
    if held.state in (State.SUBMITTED, State.CONFIRMED):
        return_activity(held, reason, by=by)
    record(
        by=by,
        verb="reopen_run",
        target=closed,
        unit_path=closed.unit.path,
        kind=closed.kind,
        year=closed.year,
        reason=reason,
    )
    run.refresh_from_db()
    return run


def lines_said(run: ReviewRun) -> dict[str, dict[str, Any]]:
    """Each line by its person's key, as JSON."""
    rows = run.entries.values("person_id", *KEPT)
    return {str(row.pop("person_id")): row for row in rows}


def attend_again(
    run: ReviewRun, activity: Activity, away: Collection[UUID], *, by: User | None
) -> Activity:
    """Bring the attendance of a run's own record up to date with its list.

    Whoever was online or absent stays so; whoever is no longer on the list was there all the same.
    """
    rows = activity.attendances.values_list("person_id", "presence")
    before = {key: Presence(how) for key, how in rows}
    said = dict(before)
    for key in run.entries.filter(stand__in=sorted(ATTENDS)).values_list("person_id", flat=True):
        was = before.get(key)
        if key in away:
            said[key] = was if was in AWAY else Presence.LEAVE
        elif was is None or was in AWAY:
            said[key] = Presence.PRESENT
    return set_attendance(activity, said, by=by) if said != before else activity
