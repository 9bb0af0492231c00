"""What units keep current: units based there, confirmations, undertakings, residents' ratings."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from activities.choices import Benefit, Settled
from activities.models import Activity, Undertaking
from activities.undertaking_forms import SERVING
from assessment.demo.habits import EXEMPLARY, LATE
from assessment.demo.scene import Scene
from organizations.choices import COMMUNITY_KINDS, RatingAnswer, ResidentKind
from organizations.keeping import unconfirmed
from organizations.models import (
    Confirmation,
    Facility,
    Rating,
    RatingPage,
    ResidentUnit,
    Service,
    Unit,
)

NEIGHBOURS = [
    ("社区小学", ResidentKind.SCHOOL, "周末向居民开放操场"),
    ("社区卫生服务站", ResidentKind.HOSPITAL, "每季度为老年居民义诊"),
    ("供电营业所", ResidentKind.ENTERPRISE, "检修楼道线路"),
    ("街道派出所警务室", ResidentKind.OFFICE, "参加治安联防"),
]
UNDERTAKEN = {
    Benefit.SAFE: "组织夜间治安巡逻，更换破损的楼道灯",
    Benefit.CONVENIENT: "设立代办服务岗，为行动不便的居民上门办事",
    Benefit.JOYFUL: "每季度举办一次邻里文化活动",
    Benefit.HEALTHY: "为六十岁以上居民建立健康档案",
}
RATED = 12
"""Communities of a county in which residents have rated: enough to see it, cheap to write."""
ANSWERS = sorted(RatingAnswer.values)
WEIGHTS = {EXEMPLARY: (1, 1, 4, 14, 20), LATE: (2, 4, 12, 14, 6)}
STEADY_WEIGHTS = (1, 2, 8, 16, 12)
"""How often each answer is given, worst first."""


def keep(scene: Scene, units: list[Unit]) -> None:
    """Throws dice of its own, so that the rest of the demo stays as it is."""
    dice = Random(f"kept {units[0].code}")  # noqa: S311  (a demo, not a secret)
    communities = [unit for unit in units if unit.kind in COMMUNITY_KINDS and unit.is_open]
    _neighbours(dice, communities)
    _confirm(scene, dice, communities)
    _undertake(scene, dice, communities)
    _rate(scene, dice, communities[:RATED])


def _neighbours(dice: Random, communities: list[Unit]) -> None:
    ResidentUnit.objects.bulk_create(
        ResidentUnit(
            unit=unit,
            name=name,
            kind=kind,
            contributes=does,
            has_organization=dice.random() < 0.7,
            is_in_conference=dice.random() < 0.8,
        )
        for unit in communities
        for name, kind, does in dice.sample(NEIGHBOURS, 2)
    )


def _confirm(scene: Scene, dice: Random, communities: list[Unit]) -> None:
    """All but the first community, where one is to see the question, and some entries elsewhere."""
    year, by_key = scene.today.year, {unit.pk: unit for unit in communities[1:]}
    first = date(year, 1, 5)
    span = min((scene.today - first).days, 60)
    if span < 1:
        return
    waiting = unconfirmed(Unit.objects.filter(pk__in=by_key), year=year)
    Confirmation.objects.bulk_create(
        Confirmation(
            unit=by_key[unit],
            thing=thing,
            row=row,
            year=year,
            on=first + timedelta(days=dice.randrange(span)),
            by_id=scene.writer(by_key[unit].path),
        )
        for unit, thing, row in waiting
        if dice.random() < 0.85
    )


def _undertake(scene: Scene, dice: Random, communities: list[Unit]) -> None:
    """One undertaking for each goal; what served it is what the communities have on record."""
    year = scene.today.year
    made = [
        Undertaking(unit=unit, year=year, goal=goal, text=text)
        for unit in communities
        for goal, text in UNDERTAKEN.items()
    ]
    for row in made:
        if dice.random() < 0.35:
            row.outcome, row.settled_on = Settled.DONE, scene.today - timedelta(days=9)
    Undertaking.objects.bulk_create(made)
    _link(made, Undertaking.activities.through, "activity_id", _served(year, communities))
    for model, name in ((Service, "services"), (Facility, "facilities")):
        there: dict[int, list[Any]] = defaultdict(list)
        for unit, key in model.objects.filter(unit__in=communities).values_list("unit_id", "pk"):
            there[unit].append(key)
        through = getattr(Undertaking, name).through
        _link(made, through, f"{model._meta.model_name}_id", there)


def _served(year: int, communities: list[Unit]) -> dict[int, list[Any]]:
    """Volunteer service and theme practice of the year, by unit: one query."""
    held = Activity.objects.filter(unit__in=communities, first_day__year=year).counted()
    found: dict[int, list[Any]] = defaultdict(list)
    for unit, key in held.of_kinds(SERVING).order_by("first_day", "pk").values_list("unit", "pk"):
        found[unit].append(key)
    return found


def _link(made: list[Undertaking], through: Any, column: str, there: dict[int, list[Any]]) -> None:
    """Each thing as evidence of one undertaking of its unit, in turn."""
    own: dict[int, list[Undertaking]] = defaultdict(list)
    for row in made:
        own[row.unit_id].append(row)
    through.objects.bulk_create(
        through(**{"undertaking_id": rows[number % len(rows)].pk, column: key})
        for unit, rows in own.items()
        for number, key in enumerate(there.get(unit, ()))
    )


def _rate(scene: Scene, dice: Random, communities: list[Unit]) -> None:
    """Residents rate some communities, this year and last; one page is closed again."""
    for number, unit in enumerate(communities):
        RatingPage.objects.create(
            unit=unit, token=f"{dice.getrandbits(80):020x}", is_open=number != len(communities) - 1
        )
        weights = WEIGHTS.get(scene.habits[unit.code], STEADY_WEIGHTS)
        Rating.objects.bulk_create(
            Rating(
                id=UUID(int=dice.getrandbits(128), version=4),
                unit=unit,
                year=year,
                answer=dice.choices(ANSWERS, weights)[0],
                device=f"demo-{unit.pk}-{year}-{one}",
            )
            for year in (scene.today.year - 1, scene.today.year)
            for one in range(dice.randrange(6, 48))
        )
