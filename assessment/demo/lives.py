"""Two years of each unit: what it held, as well as its habits go."""

from __future__ import annotations

from datetime import date, timedelta

from activities.choices import Grade, State
from activities.models import Appraisal
from assessment.demo import topics
from assessment.demo.events import hold
from assessment.demo.habits import EXEMPLARY, LATE
from assessment.demo.places import has_own_members
from assessment.demo.scene import Local, Scene, workday
from assessment.models import Baseline
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.models import Unit

COMMITTEE = 5
"""So many of a unit come to a meeting of its committee."""
GRADES = (Grade.EXCELLENT, Grade.QUALIFIED, Grade.BASICALLY_QUALIFIED, Grade.NOT_QUALIFIED)


def live(scene: Scene, unit: Unit, *, is_shown_first: bool = False) -> None:
    """All that `unit` held. The one shown first has nothing in the current month yet."""
    if unit.kind == UnitKind.COUNTY_COMMITTEE:
        _county(scene, unit)
    if unit.kind == UnitKind.STREET_COMMITTEE:
        _street(scene, unit)
    if has_own_members(unit):
        _members_life(scene, unit, is_shown_first=is_shown_first)
        _spirit_analysis(scene, unit)
    if unit.kind in COMMUNITY_KINDS:
        _community(scene, unit)


def _members_life(scene: Scene, unit: Unit, *, is_shown_first: bool) -> None:
    this_month = scene.today.replace(day=1)
    is_street = unit.kind == UnitKind.STREET_COMMITTEE
    for month in scene.months():
        members = [local for local in scene.locals[unit.code] if local.is_member_on(month)]
        if not members or (is_shown_first and month == this_month):
            continue
        if not is_street or month.month in scene.habits[unit.code].lectures:
            _month(scene, unit, month, members)
        if not is_street:
            _full_day(scene, unit, month, members)
        _review(scene, unit, month, members)
    _unfinished(scene, unit, is_shown_first=is_shown_first)


def _month(scene: Scene, unit: Unit, month: date, members: list[Local]) -> None:
    """The month's activity: a study, a themed day or a lecture, with the members' meeting."""
    habits, dice = scene.habits[unit.code], scene.dice
    if not scene.chance(habits.holds):
        return
    day = month + timedelta(days=dice.randrange(2, 25))
    if month.month in habits.lectures:
        kinds, topic = ["party_lecture", "members_meeting"], dice.choice(topics.LECTURES)
    elif scene.chance(0.5):
        kinds, topic = ["themed_day"], dice.choice(topics.THEMED_DAYS)
    else:
        kinds, topic = ["member_study", "members_meeting"], dice.choice(topics.STUDIES)
    hours = dice.choice(habits.hours)
    hold(scene, unit, kinds, day, topic, hours=hours, people=members, shows_up=habits.shows_up)
    if month.month % 3 == 1:
        day -= timedelta(days=1)
        topic, few = "支部委员会会议", members[:COMMITTEE]
        hold(scene, unit, ["committee_meeting"], day, topic, hours=2, people=few)


def _full_day(scene: Scene, unit: Unit, month: date, members: list[Local]) -> None:
    habits = scene.habits[unit.code]
    if month.month in habits.full_days:
        day = month + timedelta(days=scene.dice.randrange(5, 20))
        topic = scene.dice.choice(topics.FULL_DAYS)
        kinds = ["themed_day", "member_study"]
        come = habits.shows_up
        hold(scene, unit, kinds, day, topic, hours=8, people=members, shows_up=come)


def _review(scene: Scene, unit: Unit, month: date, members: list[Local]) -> None:
    """The yearly review: every full member is given a grade; a few units forget some."""
    if month.month != scene.habits[unit.code].review_month:
        return
    day = workday(month + timedelta(days=scene.dice.randrange(3, 18)))
    full = [local for local in members if local.stage == "full"]
    kinds = ["member_review", "members_meeting"]
    topic = f"{month.year}年度民主评议党员"
    review = hold(scene, unit, kinds, day, topic, hours=3, people=members, shows_up=0.97)
    if review is None:
        return
    forgotten = scene.dice.randrange(1, 4) if scene.chance(0.15) else 0
    for local in full[forgotten:]:
        grade = scene.dice.choices(GRADES, (25, 70, 4, 1))[0]
        scene.batch.add(Appraisal(activity=review, person=local.person, grade=grade))


def _unfinished(scene: Scene, unit: Unit, *, is_shown_first: bool) -> None:
    """A draft here, a returned or a cancelled record there; of the first two, one to be shown."""
    members = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
    for state, share in ((State.DRAFT, 0.15), (State.RETURNED, 0.08), (State.CANCELLED, 0.04)):
        is_example = is_shown_first and state != State.CANCELLED
        if is_example or scene.chance(share):
            day = scene.today - timedelta(days=scene.dice.randrange(1, 20))
            topic = scene.dice.choice(topics.STUDIES)
            hold(scene, unit, ["member_study"], day, topic, people=members, state=state)


def _spirit_analysis(scene: Scene, unit: Unit) -> None:
    """Held in these years, or told as a baseline, or nobody knows."""
    lot = scene.dice.random()
    if lot < 0.4:
        day = scene.day_between(scene.start, scene.today)
        people = [local for local in scene.locals[unit.code] if local.is_member_on(day)]
        kinds = ["spirit_analysis", "members_meeting"]
        hold(scene, unit, kinds, day, "党员党性分析评议", hours=4, people=people, shows_up=0.95)
    elif lot < 0.9:
        years_ago = 5.2 if lot > 0.85 else 4.92 if lot > 0.78 else scene.dice.uniform(2, 4.7)
        done = scene.today - timedelta(days=round(years_ago * 365.25))
        done = max(done, unit.established_on or done)
        scene.batch.add(
            Baseline(unit=unit, rule="spirit-analysis", done_on=done, note="以前的纸质台账")
        )


def _community(scene: Scene, unit: Unit) -> None:
    """What a community does beside its members' life: conference, hearing, disclosure, service."""
    dice = scene.dice
    plan = (
        ("joint_conference", (4, 10), "社区党建联席会议"),
        ("disclosure", (1, 4, 7, 10), "社区党务居务财务公开"),
        ("hearing", (5,), "居民议事协商会"),
        ("secretary_report", (12,), "书记抓党建述职评议"),
        ("volunteer_service", (3, 8), "志愿服务进小区"),
    )
    share = 0.5 if scene.habits[unit.code] is LATE else 0.95
    for month in scene.months():
        for kind, in_months, topic in plan:
            if month.month in in_months and scene.chance(share):
                day = month + timedelta(days=dice.randrange(25))
                hold(scene, unit, [kind], day, topic, hours=2)


def _street(scene: Scene, unit: Unit) -> None:
    """Central-group study and staff training."""
    habits, dice = scene.habits[unit.code], scene.dice
    staff = scene.staff.get(unit.code, [])
    cadres = [local for local in staff if local.unit.code == unit.code]
    for month in scene.months():
        if month.month % 3 < habits.study_sessions and scene.chance(habits.holds):
            day = workday(month + timedelta(days=dice.randrange(8, 24)))
            topic = dice.choice(topics.CENTRAL)
            days = 2 if habits is EXEMPLARY and month.month % 3 == 0 else 1
            hold(scene, unit, ["central_study"], day, topic, hours=8, days=days, people=cadres)
        if month.month in (3, 5, 9, 10)[: habits.training_days // 2]:
            day = month + timedelta(days=dice.randrange(5, 22))
            topic = dice.choice(topics.TRAININGS)
            hold(scene, unit, ["staff_training"], day, topic, days=2, people=staff, shows_up=0.97)
        if month.month in {2, 8}:
            day = month + timedelta(days=dice.randrange(18))
            hold(scene, unit, ["coordination_meeting"], day, "街道党建工作协调委员会会议", hours=2)


def _county(scene: Scene, unit: Unit) -> None:
    """Study and inspection in every half-year; of the latest half-year both are still to come."""
    latest = date(scene.today.year, 1 if scene.today.month <= 6 else 7, 1)
    for month in scene.months():
        if month >= latest:
            break
        if month.month in {2, 8}:
            day = workday(month + timedelta(days=16))
            hold(scene, unit, ["county_research"], day, "专题研究街道社区党建工作", hours=3)
        if month.month in {5, 11}:
            day = workday(month + timedelta(days=16))
            hold(scene, unit, ["county_inspection"], day, "街道社区党建工作专项检查", hours=8)
