"""Activities as rows: one call holds one activity, with whoever came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from activities.choices import (
    ATTENDED,
    COUNTING_STATES,
    Mode,
    Presence,
    SchoolLevel,
    SignedBy,
    State,
)
from activities.credit import credit_of
from activities.kinds import mask_of
from activities.models import Activity
from assessment.demo import topics
from assessment.demo.bulk import AttendanceRow
from assessment.demo.scene import Local, Scene, workday
from organizations.models import Unit
from organizations.pinyin import spell

HERE = ZoneInfo(settings.TIME_ZONE)
CONFIRMED_AFTER = timedelta(days=25)
HOURS_A_DAY = 8


def hold(
    scene: Scene,
    unit: Unit,
    kinds: list[str],
    day: date,
    topic: str,
    *,
    hours: int = 3,
    days: int = 1,
    people: Iterable[Local] = (),
    shows_up: float = 1.0,
    state: State | None = None,
    school: SchoolLevel | str = "",
) -> Activity | None:
    """An activity of `unit`; None if it would not be over yet, or the unit was not there."""
    day = _free_day(scene, unit, workday(day) if days > 1 else day, days)
    last = min(day + timedelta(days=days - 1), date(day.year, 12, 31))
    if last >= scene.today or not _exists(unit, day):
        return None
    scene.taken.setdefault(unit.code, set()).update(_days(day, last))
    hours = HOURS_A_DAY if days > 1 else hours
    starts = datetime.combine(day, time(9 if hours > 3 else 15), HERE)
    ends = datetime.combine(last, starts.time(), HERE) + timedelta(hours=hours)
    chair, recorder = _leaders(scene, unit)
    activity = Activity(
        id=scene.key(),
        unit=unit,
        kind_mask=mask_of(kinds),
        topic=topic,
        topic_pinyin=spell(topic),
        starts_at=starts,
        ends_at=ends,
        first_day=day,
        last_day=last,
        mode=Mode.MIXED if scene.chance(0.1) else Mode.IN_PERSON,
        place=scene.dice.choice(topics.PLACES),
        chair=chair,
        recorder=recorder,
        lecturer=chair if "party_lecture" in kinds else "",
        school_level=school,
        extra={name: said for kind in kinds for name, said in topics.EXTRA.get(kind, {}).items()},
        credit=credit_of(starts, ends),
    )
    _pass_on(scene, activity, state)
    scene.batch.add(activity)
    _attend(scene, activity, people, shows_up)
    return activity


def _pass_on(scene: Scene, activity: Activity, state: State | None) -> None:
    """Give it its state: `state`, or submitted and, once it is old, confirmed by the unit above."""
    is_old = scene.today - activity.first_day > CONFIRMED_AFTER
    activity.state = state or (State.CONFIRMED if is_old else State.SUBMITTED)
    activity.created_by_id = scene.writer(activity.unit.path)
    if activity.state == State.DRAFT:
        return
    midnight = datetime.combine(scene.today, time(), HERE)
    told = min(midnight, activity.ends_at + timedelta(hours=scene.dice.randrange(1, 60)))
    activity.submitted_at, activity.submitted_by_id = told, activity.created_by_id
    if activity.state in {State.CONFIRMED, State.RETURNED} and activity.unit.parent:
        activity.reviewed_at = min(midnight, told + timedelta(days=3))
        activity.reviewed_by_id = scene.writer(activity.unit.parent.path)
    if activity.state == State.RETURNED:
        activity.return_reason = scene.dice.choice(topics.REASONS)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _free_day(scene: Scene, unit: Unit, day: date, days: int) -> date:
    """`day`, or the nearest day of its month on which the unit holds nothing yet."""
    taken = scene.taken.get(unit.code, set())
    for shift in sorted(range(-27, 28), key=abs):
        first = day + timedelta(days=shift)
        last = first + timedelta(days=days - 1)
        is_over = last < scene.today or shift == 0
        if first.month == day.month and is_over and not taken.intersection(_days(first, last)):
            return first
    return day


def _attend(scene: Scene, activity: Activity, people: Iterable[Local], shows_up: float) -> None:
    dice, is_counting = scene.dice, activity.state in COUNTING_STATES
    is_mixed, rows = activity.mode == Mode.MIXED, scene.batch.attendances
    days = _days(activity.first_day, activity.last_day)
    for local in people:
        if local.home and (local.home.ended_on or date.max) < activity.first_day:
            continue
        presence = Presence.PRESENT
        if dice.random() > shows_up * local.keen or (local.is_exempt and dice.random() < 0.8):
            presence = Presence.LEAVE if dice.random() < 0.7 else Presence.ABSENT
        elif is_mixed and dice.random() < 0.2:
            presence = Presence.ONLINE
        elsewhere = scene.busy.setdefault(local.person.pk, set())
        if presence in ATTENDED and is_counting:
            presence = Presence.LEAVE if elsewhere.intersection(days) else presence
            elsewhere.update(days)
        rows.append(
            AttendanceRow(
                activity.pk,
                local.person.pk,
                presence.value,
                SignedBy.TICKED.value,
                activity.first_day,
                activity.credit,
                activity.kind_mask,
                is_counting and presence in ATTENDED,
            )
        )


def _leaders(scene: Scene, unit: Unit) -> tuple[str, str]:
    """Who takes the chair, and who the minutes: the first two of the unit, if it has people."""
    first = [local.person.name for local in scene.locals.get(unit.code, ())[:2]]
    return (first[0], first[-1]) if first else ("", "")


def _exists(unit: Unit, day: date) -> bool:
    begun, ended = unit.established_on or date.min, unit.dissolved_on or date.max
    return begun <= day <= ended
