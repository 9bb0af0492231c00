"""Days on members' records as deadlines, so that they are told of like those of the rules.

People of one unit who fall due on the same day are one deadline: `target` counts them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from assessment.live import LiveDays
from assessment.periods import Period
from assessment.planning import LOOK_BACK, Deadline, is_to_be_told
from assessment.terms import ZERO, Status
from members.deadlines import find_dates
from organizations.querysets import UnitQuerySet

BOOK = "members"
"""Stands where a reminder names its rulebook: no rulebook has this name."""


def member_deadlines(
    units: UnitQuerySet, on: date, live: LiveDays, ids: Collection[str] | None = None
) -> Iterator[Deadline]:
    """What is to be told of on `on`, of the kinds that hold in the unit's county.

    Nothing that was late before the portal went live. The period runs from the day itself to
    the last one on which nothing is late.
    """
    dates = find_dates(units, on, back=LOOK_BACK, ids=ids)
    live.load({one.path.split("/", 1)[0] for one in dates})
    for one in dates:
        if not one.kind.holds(live.settings(one.path).value(one.kind.setting, on)):
            continue
        period = Period(one.day, one.kind.late_after(one.day))
        stage = Status.MISSED if period.last < on else Status.DUE
        if is_to_be_told(stage, period, on, live.since(one.path)):
            yield Deadline(
                unit=one.unit,
                path=one.path,
                subject=one.code,
                rulebook=BOOK,
                rule=one.kind.id,
                period=period,
                stage=stage,
                value=ZERO,
                target=Decimal(one.number),
                tells_above=one.kind.tells_above,
            )
