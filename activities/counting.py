"""Whether a record counts, and how that is said: from submission, or from confirmation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from activities.choices import COUNTING_STATES, State
from activities.models import Activity
from organizations.settings import settings_for


def waits_for_confirmation(activity: Activity) -> bool:
    """Whether the county counts a record of that day only once it is confirmed."""
    return settings_for(activity.unit).counts_only_confirmed(activity.first_day)


def counts_now(activity: Activity) -> bool:
    """Whether the record counts as it stands."""
    if activity.state == State.SUBMITTED:
        return not waits_for_confirmation(activity)
    return activity.state in COUNTING_STATES


def told_of_submission(activity: Activity) -> str:
    """What whoever has just submitted the record is told."""
    if waits_for_confirmation(activity):
        return _("Submitted. In this county it counts once the unit above has confirmed it.")
    return _("Submitted. It counts from now on.")
