"""What communities mean to hold: the coming themed days, one that is overdue, an invitation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from activities.kinds import mask_of
from activities.models import Plan, PlanInvitation, PlanSeries, SignInOffer
from activities.plan_choices import Answer, Repeat
from activities.repeats import Rule, days_of
from activities.workdays import DayTable
from assessment.demo.events import HERE
from assessment.demo.scene import Scene
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Unit

AHEAD = 3
"""Themed days that are planned: one a month."""
THEMES = ("主题党日：学习党章", "主题党日：重温入党誓词", "主题党日：志愿服务进楼栋")
TOGETHER = "党建联席会：议定下季度共建事项"
OVERDUE = "党课：学习先进典型"
PLACE = "党员活动室"


def plan(scene: Scene, units: list[Unit]) -> None:
    """Plans of the county's communities; throws dice of its own, so that the rest of the demo
    stays as it is. Every fifth offers sign-in by QR code.
    """
    dice = Random(f"plans {units[0].code}")  # noqa: S311  (a demo, not a secret)
    communities = [unit for unit in units if unit.kind in COMMUNITY_KINDS and unit.is_open]
    for number, unit in enumerate(communities):
        _themed_days(scene, dice, unit)
        if number % 5 == 0:
            scene.batch.add(SignInOffer(unit=unit, is_on=True))
            day = scene.today - timedelta(days=dice.randrange(2, 9))
            _add(scene, dice, unit, "party_lecture", OVERDUE, day)
        if number % 4 == 0 and number:
            _together(scene, dice, unit, communities[number - 1])


def _themed_days(scene: Scene, dice: Random, unit: Unit) -> None:
    series = scene.batch.add(PlanSeries(id=_key(dice), unit=unit, repeat=Repeat.MONTHLY_WEEKDAY))
    first = scene.today + timedelta(days=dice.randrange(1, 15))
    days = days_of(first, Rule(Repeat.MONTHLY_WEEKDAY, times=AHEAD), DayTable().is_workday)
    for day, theme in zip(days, THEMES, strict=True):
        _add(scene, dice, unit, "themed_day", theme, day, series=series)


def _together(scene: Scene, dice: Random, unit: Unit, other: Unit) -> None:
    day = scene.today + timedelta(days=dice.randrange(5, 25))
    planned = _add(scene, dice, unit, "joint_conference", TOGETHER, day)
    answer = dice.choice([Answer.OPEN, Answer.ACCEPTED])
    answered_at = planned.created_at if answer == Answer.ACCEPTED else None
    scene.batch.add(
        PlanInvitation(plan=planned, unit=other, answer=answer, answered_at=answered_at)
    )


def _add(
    scene: Scene,
    dice: Random,
    unit: Unit,
    kind: str,
    topic: str,
    day: date,
    *,
    series: PlanSeries | None = None,
) -> Plan:
    starts = datetime.combine(day, time(dice.choice([9, 15])), HERE)
    made = datetime.combine(scene.today - timedelta(days=20), time(10), HERE)
    return scene.batch.add(
        Plan(
            id=_key(dice),
            unit=unit,
            series=series,
            kind_mask=mask_of([kind]),
            topic=topic,
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            place=PLACE,
            created_by_id=scene.writer(unit.path),
            created_at=made,
            updated_at=made,
        )
    )


def _key(dice: Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
