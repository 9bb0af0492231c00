"""What the document encourages and has kept: meetings, guests' notes, cases, an own number."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from assessment.demo.events import hold
from assessment.demo.habits import EXEMPLARY, LATE
from assessment.demo.lives import COMMITTEE
from assessment.demo.scene import Scene
from members.choices import CaseOutcome, GuestNoteKind, Nature
from members.models import Affiliation, FloatingEntry, GuestNote, UnfitCase
from organizations.choices import COMMUNITY_KINDS, SettingKey, UnitKind
from organizations.models import CountySetting, Unit
from organizations.pinyin import spell

CLAIMS = ("认领楼道长岗位", "认领周末志愿服务", "认领困难家庭帮扶")
OWN_NUMBER = "10"
FLOATING_MANY = 3
LATER_REMINDED = ("staff-training-days", "party-lectures")
"""Rules that the county wants to be reminded of in the year's last month only."""
LEAD_DAYS = "30"


def keep(scene: Scene, units: list[Unit]) -> None:
    """This year's entries of the county's communities, and a number of the county's own.

    Throws dice of its own, so that the rest of the demo stays as it is.
    """
    dice = Random(f"shown {units[0].code}")  # noqa: S311  (a demo, not a secret)
    kept, scene.dice = scene.dice, dice
    communities = [unit for unit in units if unit.kind in COMMUNITY_KINDS and unit.is_open]
    for number, unit in enumerate(communities):
        _meetings(scene, unit)
        if number % 9 == 4:
            _case(scene, unit)
    _guests(scene, communities)
    _floating_branches(communities)
    scene.dice = kept
    _own_number(units[0], scene.today.year)
    _own_lead_times(units[0], scene.start)


def _meetings(scene: Scene, unit: Unit) -> None:
    habits, year = scene.habits[unit.code], scene.today.year
    share = {EXEMPLARY: 1.0, LATE: 0.4}.get(habits, 0.8)
    for quarter in range(4):
        first = date(year, 3 * quarter + 1, 1)
        members = [local for local in scene.locals[unit.code] if local.is_member_on(first)]
        for kind, topic, day, people in (
            ("members_meeting", "支部党员大会", 12, members),
            ("committee_meeting", "支部委员会会议", 20, members[:COMMITTEE]),
        ):
            if scene.chance(share):
                on = first + timedelta(days=day)
                hold(scene, unit, [kind], on, topic, hours=2, people=people, shows_up=0.95)
    if scene.chance(share):
        hold(scene, unit, ["secretary_report"], date(year, 7, 3), "书记向党员和居民述职", hours=2)


def _case(scene: Scene, unit: Unit) -> None:
    here = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
    opened = date(scene.today.year, 2, 20)
    if not here or opened > scene.today:
        return
    is_settled = scene.chance(0.5) and opened + timedelta(days=90) <= scene.today
    scene.batch.add(
        UnfitCase(
            person=here[-1].person,
            unit=unit,
            opened_on=opened,
            ground="长期不参加组织生活",
            measure="谈话提醒，限期改正",
            settled_on=opened + timedelta(days=90) if is_settled else None,
            outcome=CaseOutcome.IMPROVED if is_settled else "",
        )
    )


def _guests(scene: Scene, communities: list[Unit]) -> None:
    natures = [Nature.IN_SERVICE, Nature.RETIRED_RESIDENT]
    ties = Affiliation.objects.filter(unit__in=communities, nature__in=natures)
    for tie in ties.still_open().order_by("unit__path", "person__pinyin", "pk"):
        first = date(scene.today.year, 1, 10)
        if tie.nature == Nature.RETIRED_RESIDENT:
            _note(scene, tie, GuestNoteKind.FOLLOW_UP, first, "联系原单位，商请转接组织关系", 0.7)
            continue
        _note(scene, tie, GuestNoteKind.CLAIM, first, scene.dice.choice(CLAIMS), 0.8)
        _note(scene, tie, GuestNoteKind.FEEDBACK, date(first.year, 6, 20), "反馈社区服务情况", 0.5)


def _floating_branches(communities: list[Unit]) -> None:
    """Every other community with three floating members or more has a branch for them."""
    places = list(FloatingEntry.objects.still_open().values_list("unit__path", flat=True))
    many = [
        unit
        for unit in communities
        if sum(path.startswith(unit.path) for path in places) >= FLOATING_MANY
    ]
    for unit in many[::2]:
        name = f"{unit.name.removesuffix('居民委员会')}流动党员党支部"
        code = f"{unit.code}31"
        Unit.objects.create(
            code=code,
            name=name,
            pinyin=spell(name),
            kind=UnitKind.FLOATING_BRANCH,
            parent=unit,
            path=f"{unit.path}{code}/",
        )


def _note(
    scene: Scene, tie: Affiliation, kind: GuestNoteKind, on: date, text: str, share: float
) -> None:
    on += timedelta(days=scene.dice.randrange(60))
    if scene.chance(share) and on <= scene.today:
        scene.batch.add(GuestNote(affiliation=tie, kind=kind, on=on, text=text))


def _own_number(county: Unit, year: int) -> None:
    """The county goes by a number of its own for one rule, so that one sees how that is told."""
    key = f"{SettingKey.THRESHOLD.value}:study-days"
    reason = "演示数据：本年度按县委计划安排10天"
    for day, value in ((date(year, 1, 1), OWN_NUMBER), (date(year + 1, 1, 1), "document")):
        CountySetting.objects.create(
            unit=county, key=key, value=value, applies_from=day, reason=reason
        )


def _own_lead_times(county: Unit, since: date) -> None:
    """Until then whoever is short of them is behind or on track, and not yet due."""
    for rule in LATER_REMINDED:
        CountySetting.objects.create(
            unit=county,
            key=f"{SettingKey.LEAD_DAYS.value}:{rule}",
            value=LEAD_DAYS,
            applies_from=date(since.year, 1, 1),
            reason="演示数据：集中安排在第四季度，十二月起提醒",
        )
