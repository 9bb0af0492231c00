"""Activities on the page of a verdict that did not count: each with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext

from activities.choices import ATTENDED, Presence, State
from activities.models import Activity, Attendance
from activities.querysets import ActivityQuerySet
from assessment.periods import Cycle, period_of
from assessment.phrases import period_name
from assessment.terms import Status
from organizations.wording import listed

if TYPE_CHECKING:
    from assessment.why import Why

MOST = 50
"""Activities named in one list."""
MOST_ROWS = 2_000
"""Attendances looked through for those who are short."""


@dataclass(frozen=True, slots=True)
class Held:
    """An activity on the page, with what it is worth or why it is worth nothing."""

    activity: Activity
    why_not: str = ""
    worth: str = ""

    @property
    def kinds(self) -> str:
        return listed(kind.name for kind in self.activity.kinds)


def uncounted(why: Why, used: Collection[Any]) -> list[Held]:
    """Of the unit's own records of the right kinds and of that time, those that don't count."""
    if not why.kinds:
        return []
    found = _own(why, why.time.first, why.time.last).of_kinds(why.kinds).exclude(pk__in=used)
    return [Held(activity, why_not(why, activity)) for activity in found[:MOST]]


def other_kinds(why: Why) -> list[Held]:
    """Counted records of that time which are of kinds that the rule doesn't ask for."""
    if not why.kinds:
        return []
    words = gettext("Of another kind.")
    return [Held(activity, words) for activity in _of_other_kinds(why)[:MOST]]


def count_other_kinds(why: Why) -> int:
    return _of_other_kinds(why).count() if why.kinds else 0


def _of_other_kinds(why: Why) -> ActivityQuerySet:
    own = _own(why, why.time.first, why.time.last).counted()
    return own.exclude(pk__in=own.of_kinds(why.kinds).order_by().values("pk"))


def other_periods(why: Why) -> list[Held]:
    """Counted records of the right kinds in the other periods of the year."""
    cycle, period = why.rule.cycle, why.verdict.period
    if not why.kinds or period is None or not cycle.is_calendar or cycle is Cycle.YEAR:
        return []
    year = period_of(period.first, Cycle.YEAR)
    own = _own(why, year.first, year.last).counted().of_kinds(why.kinds)
    found = own.exclude(first_day__range=(period.first, period.last))
    return [
        Held(
            activity,
            gettext("It counts in another period: %(period)s.")
            % {"period": period_name(cycle, period_of(activity.first_day, cycle))},
        )
        for activity in found[:MOST]
    ]


def _own(why: Why, first: Any, last: Any) -> ActivityQuerySet:
    held = Activity.objects.visible_to(why.user).beginning(first, last)
    ours = Q(unit=why.unit) | Q(pk__in=why.unit.co_host_rows.values("activity_id"))
    return held.filter(ours).order_by("-first_day", "pk")


def missed_by(why: Why) -> dict[Any, list[Held]]:
    """By person still short, the activities of the right kinds that did not count for them."""
    short = [person.person for person in why.verdict.persons if person.value < person.target]
    if not short or not why.kinds:
        return {}
    rows = (
        Attendance.objects.filter(
            activity__in=Activity.objects.visible_to(why.user).beginning(
                why.time.first, why.time.last
            ),
            person_id__in=short,
            counts=False,
        )
        .of_kinds(why.kinds)
        .select_related("activity")
        .order_by("day", "activity_id")
    )
    found: dict[Any, list[Held]] = defaultdict(list)
    for row in rows[:MOST_ROWS]:
        words = _absent(row) or why_not(why, row.activity)
        found[row.person_id].append(Held(row.activity, words))
    return found


def _absent(row: Attendance) -> str:
    if row.presence in ATTENDED:
        return ""
    if row.presence == Presence.LEAVE:
        return gettext("On leave: no credit.")
    return gettext("Absent: no credit.")


def why_not(why: Why, activity: Activity) -> str:
    """Why an activity of the right kind is worth nothing for the verdict."""
    if activity.state == State.DRAFT:
        return gettext("A draft: it counts once it is submitted.")
    if activity.state == State.RETURNED:
        return gettext("Returned: %(reason)s") % {"reason": activity.return_reason}
    if activity.state == State.CANCELLED:
        return gettext("Cancelled.")
    if activity.first_day > why.on:
        return gettext("It begins later than the day asked about.")
    if activity.state == State.SUBMITTED and why.counts_only_confirmed:
        return gettext("Not yet confirmed: this county counts from confirmation.")
    if why.rule.school_levels and activity.school_level not in why.rule.school_levels:
        return gettext("It names no Party school of county level or above.")
    if why.rule.who.is_person:
        return gettext("Nobody whom the rule asks here took part in it in that time.")
    if why.verdict.status is Status.NOT_APPLICABLE:
        return gettext("The unit is not asked for it in that time.")
    return gettext("What was done later holds instead.")
