"""Making up a whole demo, county by county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random

from django.db import transaction

from assessment.demo import (
    evidence,
    kept,
    ledgers,
    lives,
    people,
    places,
    planned,
    reviews,
    rosters,
    schooling,
    sealed,
    shown,
    standing,
    users,
)
from assessment.demo.scene import Scene
from assessment.demo.sizes import Size
from members.deadlines import load_kinds
from organizations.choices import SettingKey
from organizations.models import CountySetting, Unit


def load(
    size: Size, *, seed: int, today: date, tell: Callable[[str, Counter[str]], None]
) -> list[tuple[str, str, str]]:
    """Write a demo into an empty database; the users that were made.

    The same seed and day make the same demo. `tell` is called with the name of each county as it
    is done, and how many rows of each model there are by then. Each county is one transaction.
    """
    written: Counter[str] = Counter()
    number = 0
    for rows in places.read(size):
        with transaction.atomic():
            scene = Scene(
                dice=Random(f"{seed} {rows.code}"),  # noqa: S311  (a demo, not a secret)
                start=size.start(today),
                today=today,
                people_each=size.people,
                number=number,
            )
            _make_county(scene, rows)
        number = scene.number
        written.update(scene.batch.written)
        tell(rows.name, written)
    with transaction.atomic():
        made = users.make_users()
        rosters.bring_roster()
    county = Unit.objects.filter(grants__user__username="organizer").first()
    if county is not None:
        sealed.close(county, today=today)
    return made


def _make_county(scene: Scene, rows: places.CountyRows) -> None:
    units = places.found(scene, rows)
    people.settle(scene, units)
    for unit in units:
        standing.stand(scene, unit)
    scene.batch.write()
    _set(scene, units[0])
    scene.writers = users.make_secretaries(units)
    # First, so that whoever is at a training is on leave from what is held at home that day.
    schooling.school(scene, units[0])
    for unit in units:
        lives.live(scene, unit, is_shown_first=unit.code == rows.communities[0][0])
        if scene.batch.is_full:
            scene.batch.write()
    ledgers.keep(scene, units)
    reviews.review(scene, units, first=rows.communities[0][0])
    planned.plan(scene, units)
    scene.batch.write()
    shown.keep(scene, units)
    scene.batch.write()
    evidence.hand_in(scene, units, shown_first=rows.communities[0][0])
    reviews.correct_one(scene, rows.communities[0][0])
    kept.keep(scene, units)


def _set(scene: Scene, county: Unit) -> None:
    """Deadlines since the first day of the records are reminded of, and reviewers see hints.

    The county has confirmed what the portal takes from general knowledge.
    """
    unsure = [kind.id for kind in load_kinds().values() if not kind.is_confirmed]
    for key, value in (
        (SettingKey.WENT_LIVE_ON, scene.start.isoformat()),
        (SettingKey.HINTS, "on"),
        *((f"{SettingKey.RULE.value}:{kind}", "on") for kind in unsure),
    ):
        CountySetting.objects.create(
            unit=county, key=key, value=value, applies_from=scene.start, reason="演示数据"
        )
