"""What was found at an activity: noted, and set right."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import State
from activities.entries import ActivityError
from activities.models import Activity, Issue


@transaction.atomic
def add_issue(
    activity: Activity, what: str, *, by: User | None, who: str = "", due_on: date | None = None
) -> Issue:
    """Note what was found at the activity. Raises ActivityError when that can't be."""
    what = what.strip()
    if not what:
        raise ActivityError(_("Say what was found."), field="what")
    if activity.state == State.CANCELLED:
        raise ActivityError(_("The record is cancelled: nothing more is noted on it."))
    if not any(kind.has_issues for kind in activity.kinds):
        raise ActivityError(_("Issues are noted at meetings that look for them."), field="what")
    if due_on and due_on < activity.first_day:
        message = _("It can't be set right before the day of the activity.")
        raise ActivityError(message, field="due_on")
    issue = Issue.objects.create(
        activity=activity, what=what, who=who.strip(), due_on=due_on, created_by=by
    )
    _audit(issue, "add_issue", by=by)
    return issue


@transaction.atomic
def settle_issue(issue: Issue, *, done_on: date, note: str, by: User | None) -> Issue:
    """Set an issue right. Raises ActivityError if it is already, or the day can't be."""
    note = note.strip()
    if not note:
        raise ActivityError(_("Say what was done."), field="note")
    if done_on < issue.activity.first_day:
        message = _("It can't be set right before the day of the activity.")
        raise ActivityError(message, field="done_on")
    mine = Issue.objects.filter(pk=issue.pk, done_on__isnull=True)
    if not mine.update(done_on=done_on, done_note=note, done_by=by):
        raise ActivityError(_("Somebody has set this right already."))
    issue.refresh_from_db()
    _audit(issue, "settle_issue", by=by)
    return issue


def _audit(issue: Issue, verb: str, *, by: User | None) -> None:
    """Told in the history of the record where the issue was found."""
    activity = issue.activity
    record(by=by, verb=verb, target=activity, unit_path=activity.unit.path, issue=issue.pk)
