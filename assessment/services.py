"""Every write of assessment that a person asks for, as one whole transaction each."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from activities.attending import touch_concerned
from assessment.models import Baseline
from members.models import Person
from organizations.models import Unit


@transaction.atomic
def give_baseline(
    unit: Unit,
    *,
    rule: str,
    done_on: date,
    by: User | None,
    person: Person | None = None,
    note: str = "",
) -> Baseline:
    """Say when `unit`, or `person`, last did what a rolling rule asks.

    What was said before is replaced. No activity is made up for it. The unit, and every unit
    where the person holds an office, are judged again.
    """
    about = {"person": person} if person else {"unit": unit, "person": None}
    before = Baseline.objects.filter(rule=rule, **about).first()
    baseline, _created = Baseline.objects.update_or_create(
        rule=rule,
        **about,
        defaults={"unit": unit, "done_on": done_on, "note": note, "by": by},
    )
    record(
        by=by,
        verb="give_baseline",
        target=baseline,
        unit_path=unit.path,
        rule=rule,
        before=before.done_on.isoformat() if before else None,
        after=done_on.isoformat(),
        note=note,
    )
    touch_concerned([unit.pk], [person.pk] if person else [])
    return baseline
