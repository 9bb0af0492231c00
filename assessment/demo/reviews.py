"""Organisational life meetings with what they found, a review under way, a record put right."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from accounts.models import User
from activities.choices import Grade, RunKind, Stand, State
from activities.models import Activity, Issue, ReviewEntry, ReviewRun
from activities.services import set_attendance
from activities.services.returns import tell_return
from activities.services.versions import keep_before
from assessment.demo import topics
from assessment.demo.events import hold
from assessment.demo.places import has_own_members
from assessment.demo.scene import Local, Scene
from organizations.models import Unit

KINDS = ["organisational_life_meeting", "members_meeting"]
SET_RIGHT_IN = (60, 150, 400)
"""Days that the first, the second and the third issue are given."""


def review(scene: Scene, units: list[Unit], *, first: str) -> None:
    """What each unit found in January; the unit shown first has a review under way.

    With dice of its own: what else the demo holds does not depend on it.
    """
    dice = Random(f"reviews {units[0].code}")  # noqa: S311  (a demo, not a secret)
    for unit in units:
        if not has_own_members(unit):
            continue
        if unit.code == first or dice.random() < 0.3:
            _life_meeting(scene, dice, unit)
        if unit.code == first:
            _run(scene, dice, unit)


def _life_meeting(scene: Scene, dice: Random, unit: Unit) -> None:
    day = date(scene.today.year, 1, dice.randrange(8, 22))
    members = _members(scene, unit, day)
    topic = f"{day.year}年度组织生活会"
    held = hold(scene, unit, KINDS, day, topic, hours=3, people=members, shows_up=0.97)
    if held is None:
        return
    for (what, who, done), days in zip(topics.ISSUES, SET_RIGHT_IN, strict=True):
        due = day + timedelta(days=days)
        is_done = due < scene.today and dice.random() < 0.5
        scene.batch.add(
            Issue(
                activity=held,
                what=what,
                who=who,
                due_on=due,
                done_on=due - timedelta(days=5) if is_done else None,
                done_note=done if is_done else "",
                created_by_id=held.created_by_id,
            )
        )


def _run(scene: Scene, dice: Random, unit: Unit) -> None:
    """Half filled in: some have rated themselves and been voted on. What the year still lacks."""
    is_reviewed = scene.habits[unit.code].review_month <= scene.today.month
    run = scene.batch.add(
        ReviewRun(
            unit=unit,
            kind=RunKind.SPIRIT_ANALYSIS if is_reviewed else RunKind.MEMBER_REVIEW,
            year=scene.today.year,
            opened_by_id=scene.writer(unit.path),
        )
    )
    for place, local in enumerate(_members(scene, unit, scene.today)):
        stand = Stand.TAKES_PART if local.stage == "full" else Stand.PROBATIONARY
        if local.is_exempt:
            stand = Stand.EXEMPT
        entry = ReviewEntry(run=run, person=local.person, stand=stand)
        if stand == Stand.EXEMPT:
            entry.note = "年龄或疾病"
        elif stand == Stand.TAKES_PART and place % 3:
            entry.self_grade = Grade.QUALIFIED
            best = dice.randrange(5, 20)
            entry.votes = {
                "peers": {"excellent": best, "qualified": 20 - best},
                "residents": {"excellent": 3, "qualified": 7},
            }
        scene.batch.add(entry)


def correct_one(scene: Scene, first: str) -> None:
    """The record that was returned to the unit shown first is half put right, and told of."""
    held = Activity.objects.select_related("unit").filter(
        unit__code=first, state=State.RETURNED, attendances__isnull=False
    )
    activity = held.distinct().order_by("-first_day", "pk").first()
    if activity is None:
        return
    keep_before(activity)
    presences = dict(activity.attendances.values_list("person_id", "presence"))
    presences.pop(min(presences))
    by = User.objects.filter(pk=scene.writer(activity.unit.path)).first()
    set_attendance(activity, presences, by=by)
    tell_return(activity, by=activity.reviewed_by)


def _members(scene: Scene, unit: Unit, day: date) -> list[Local]:
    return [local for local in scene.locals[unit.code] if local.is_member_on(day)]
