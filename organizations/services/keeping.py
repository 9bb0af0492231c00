"""Saying that what is written down is still so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from organizations.keeping import thing_of
from organizations.models import Confirmation, Unit


@transaction.atomic
def confirm_still_so(
    unit: Unit, things: Iterable[tuple[str, int]], *, by: User | None, on: date | None = None
) -> int:
    """`things` (a sort, and the key of one) of `unit` are as they are written down.

    Returns how many that was news of; what is confirmed for the year is left as it was said first.
    No verdict depends on it, so the unit is not touched.
    """
    day = on or timezone.localdate()
    wanted = sorted(set(things))
    said = set(Confirmation.objects.filter(unit=unit, year=day.year).values_list("thing", "row"))
    new = [pair for pair in wanted if pair not in said]
    if not new:
        return 0
    Confirmation.objects.bulk_create(
        [
            Confirmation(unit=unit, thing=thing, row=row, year=day.year, on=day, by=by)
            for thing, row in new
        ],
        ignore_conflicts=True,
    )
    told = [f"{thing}:{row}" for thing, row in new]
    record(
        by=by, verb="confirm_still_so", target=unit, unit_path=unit.path, year=day.year, things=told
    )
    return len(new)


def say_still_so(row: models.Model, *, by: User | None) -> None:
    """What somebody has just written down, or put right, needs no confirmation this year.

    Part of that write, whose line in the trail says as much.
    """
    if thing := thing_of(row):
        day = timezone.localdate()
        Confirmation.objects.get_or_create(
            unit=row.unit,  # type: ignore[attr-defined]
            thing=thing,
            row=row.pk,
            year=day.year,
            defaults={"on": day, "by": by},
        )
