"""What stands and is kept: bodies, venues, funds, services, plans, the floating ledger."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from assessment.demo import topics
from assessment.demo.habits import EXEMPLARY, LATE
from assessment.demo.places import has_own_members
from assessment.demo.scene import Scene
from members.choices import FloatingCheckKind, FloatingDirection
from members.models import DevelopmentPlan, FloatingCheck, FloatingEntry
from organizations.choices import (
    COMMUNITY_KINDS,
    BodyKind,
    FacilityKind,
    FundSource,
    ServiceKind,
    ServicePrice,
    UnitKind,
    VenueTenure,
)
from organizations.models import Body, Facility, Fund, Service, Unit, Venue

TENURES = list(VenueTenure)


def stand(scene: Scene, unit: Unit) -> None:
    """What `unit` has set up and keeps."""
    if unit.kind == UnitKind.COUNTY_COMMITTEE:
        scene.batch.add(Body(unit=unit, kind=BodyKind.GUIDANCE_COMMITTEE, head="县级分管领导"))
    elif unit.kind == UnitKind.STREET_COMMITTEE:
        _street(scene, unit)
    elif unit.kind in COMMUNITY_KINDS:
        _community(scene, unit)
    if has_own_members(unit):
        _floating(scene, unit)


def _street(scene: Scene, unit: Unit) -> None:
    habits = scene.habits[unit.code]
    scene.batch.add(Body(unit=unit, kind=BodyKind.CENTRAL_STUDY_GROUP, head="党工委书记"))
    if scene.chance(habits.in_order):
        scene.batch.add(Body(unit=unit, kind=BodyKind.COORDINATION_COMMITTEE, head="党工委书记"))
    for year in scene.years():
        adopted = date(year, 1, 10) + timedelta(days=scene.dice.randrange(40))
        if adopted <= scene.today and scene.chance(habits.in_order):
            scene.batch.add(
                DevelopmentPlan(
                    unit=unit, year=year, adopted_on=adopted, text=f"{year}年发展党员工作计划"
                )
            )


def _community(scene: Scene, unit: Unit) -> None:
    habits, dice = scene.habits[unit.code], scene.dice
    scene.batch.add(Body(unit=unit, kind=BodyKind.RESIDENTS_COMMITTEE))
    if scene.chance(habits.in_order):
        scene.batch.add(Body(unit=unit, kind=BodyKind.JOINT_CONFERENCE, head="社区党组织书记"))
    if scene.chance(habits.in_order):
        scene.batch.add(
            Venue(
                unit=unit,
                name="社区党群服务中心",
                tenure=dice.choice(TENURES),
                square_metres=dice.randrange(80, 900, 10),
            )
        )
    for year in scene.years():
        is_this_year = year == scene.today.year
        if habits is LATE and is_this_year and scene.chance(0.5):
            continue
        for source in (FundSource.BUDGET, FundSource.DUES_RETURNED):
            amount = Decimal(dice.randrange(5_000, 80_000, 500))
            scene.batch.add(Fund(unit=unit, year=year, source=source, amount=amount))
    if habits is EXEMPLARY or scene.chance(0.6):
        kind = dice.choice(list(ServiceKind))
        price = dice.choice(list(ServicePrice))
        scene.batch.add(Service(unit=unit, name="便民服务点", kind=kind, price=price))
        scene.batch.add(Facility(unit=unit, name="党员书屋", kind=FacilityKind.READING_ROOM))


CHECK_NOTES = {
    FloatingCheckKind.SITUATION: "思想稳定，工作正常",
    FloatingCheckKind.CONTACT: "电话联系，询问近况",
}


def _floating(scene: Scene, unit: Unit) -> None:
    """A few members away from home in most units, each looked into once a year, or not."""
    members = [local for local in scene.locals[unit.code] if local.is_member_on(scene.today)]
    if unit.kind == UnitKind.STREET_COMMITTEE or not scene.chance(0.6):
        return
    for local in scene.dice.sample(members, min(len(members), scene.dice.randrange(1, 4))):
        begun = scene.day_between(scene.start - timedelta(days=500), scene.today)
        entry = scene.batch.add(
            FloatingEntry(
                person=local.person,
                unit=unit,
                direction=FloatingDirection.OUT,
                place=scene.dice.choice(topics.CITIES),
                begun_on=begun,
                certificate_number=f"GZ{begun.year}{scene.dice.randrange(10**6):06}",
                contact_card=f"L{scene.dice.randrange(10**5):05}",
                activity_card=f"H{scene.dice.randrange(10**5):05}",
                feedback_card=f"F{scene.dice.randrange(10**5):05}",
            )
        )
        _checks(scene, unit, entry, begun)


def _checks(scene: Scene, unit: Unit, entry: FloatingEntry, begun: date) -> None:
    share = {EXEMPLARY: 1.0, LATE: 0.5}.get(scene.habits[unit.code], 0.9)
    for year in scene.years():
        for kind in FloatingCheckKind:
            done = date(year, 3, 1) + timedelta(days=scene.dice.randrange(240))
            if begun <= done <= scene.today and scene.chance(share):
                note = CHECK_NOTES.get(kind, "")
                scene.batch.add(FloatingCheck(entry=entry, kind=kind, done_on=done, note=note))
