"""Rows in, verdicts out: how the tests through the database ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from activities.choices import Presence
from assessment.engine import compute
from organizations.models import Unit
from tests.factories import ActivityFactory, AttendanceFactory

JUNE = date(2026, 6, 15)


def ask(unit, rule, as_of=JUNE, **more):
    """The verdict on the latest period, as (status, value, target)."""
    return short(results(unit, rule, as_of, **more)[-1])


def results(unit, rule, as_of=JUNE, **more):
    return compute(Unit.objects.filter(pk=unit.pk), as_of, rule_ids=[rule], **more)


def short(result):
    value, target = result.value.normalize(), result.target.normalize()
    return result.status.value, f"{value:f}", f"{target:f}"


def hold(unit, *kinds, on=date(2026, 3, 10), **more):
    return ActivityFactory(unit=unit, kinds=kinds, on=on, **{"submitted": True} | more)


def attend(
    person, unit, *kinds, on=date(2026, 3, 10), credit="1", presence=Presence.PRESENT, **more
):
    activity = hold(unit, *kinds, on=on, credit=Decimal(credit), **more)
    return AttendanceFactory(activity=activity, person=person, presence=presence)
