"""Trainings held by the county: before taking office, by turns at its Party school, for staff."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from activities.choices import SchoolLevel
from assessment.demo.events import hold
from assessment.demo.scene import Local, Scene
from assessment.models import Baseline
from members.models import Appointment
from organizations.models import Unit

ROTATION = "rotation-training"


def school(scene: Scene, county: Unit) -> None:
    """Train the county's officers and staff, most of them."""
    _induct(scene, county)
    for day, people in _rotation(scene):
        hold(
            scene,
            county,
            ["party_school_rotation"],
            day,
            "社区党组织书记和居委会主任轮训班",
            days=3,
            people=people,
            school=SchoolLevel.COUNTY,
        )
    everybody = [local for street in scene.staff.values() for local in street]
    for month in scene.months():
        if month.month == 4:
            day = month + timedelta(days=10)
            topic = "街道干部和社区工作者示范培训班"
            kinds = ["staff_training"]
            hold(scene, county, kinds, day, topic, days=2, people=everybody, shows_up=0.97)


def _induct(scene: Scene, county: Unit) -> None:
    """A class in the month before each month in which somebody took office."""
    classes: dict[date, dict[object, Local]] = defaultdict(dict)
    for local, appointment in scene.officers:
        if appointment.begun_on and scene.chance(0.96):
            before = appointment.begun_on.replace(day=1) - timedelta(days=10)
            classes[before][local.person.pk] = local
    for day, people in sorted(classes.items()):
        hold(
            scene,
            county,
            ["induction_training"],
            day,
            "新任社区干部任前培训班",
            days=2,
            people=people.values(),
        )


def _rotation(scene: Scene) -> list[tuple[date, list[Local]]]:
    """Who goes to which class; the others get a baseline, or nothing is known of them."""
    days = [
        month + timedelta(days=14)
        for month in scene.months()
        if month.month in {5, 10} and month + timedelta(days=17) <= scene.today
    ]
    classes: dict[date, list[Local]] = {day: [] for day in days}
    seen = set()
    for local, appointment in scene.officers:
        if local.person.pk in seen:
            continue
        seen.add(local.person.pk)
        lot = scene.dice.random()
        if days and lot < 0.5:
            classes[scene.dice.choice(days)].append(local)
        elif not _is_new(scene, appointment):
            _baseline(scene, local, appointment, lot)
    return [(day, people) for day, people in classes.items() if people]


def _is_new(scene: Scene, appointment: Appointment) -> bool:
    """Too new in office to have had a turn."""
    return appointment.begun_on is not None and appointment.begun_on >= scene.start


def _baseline(scene: Scene, local: Local, appointment: Appointment, lot: float) -> None:
    """Last trained before the portal: some too long ago, some just about to fall due.

    Of some who have always been in office nobody knows when that was.
    """
    days_ago = 1_200 if lot > 0.93 else 1_065 if lot > 0.88 else scene.dice.randrange(300, 1_000)
    if appointment.begun_on is None and (lot > 0.9 or 0.7 < lot < 0.82):
        return
    scene.batch.add(
        Baseline(
            unit=appointment.unit,
            person=local.person,
            rule=ROTATION,
            done_on=scene.today - timedelta(days=days_ago),
            note="党校结业证书",
        )
    )
