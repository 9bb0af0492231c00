"""The engine and a naive second implementation agree on random small counties, and on every date.

By default few counties and days are asked; `PORTAL_COUNTIES=200 PORTAL_DAYS=365` asks all.
"""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from activities.choices import Grade, Presence, State
from assessment.engine import compute, compute_in_chunks
from assessment.wording import shortfall, shortfall_as_text
from members.choices import ExemptionState, FloatingCheckKind, FloatingDirection, Office, Standing
from members.models import StandingSpell
from organizations.models import Unit
from tests import factories as make
from tests.assessment.naive import RULES, Naive

pytestmark = pytest.mark.django_db
COUNTIES = int(os.environ.get("PORTAL_COUNTIES", "8"))
DAYS = int(os.environ.get("PORTAL_DAYS", "6"))
KINDS = (
    "central_study", "induction_training", "party_school_rotation", "staff_training",
    "member_study", "themed_day", "party_lecture", "member_review", "spirit_analysis",
    "county_research", "county_inspection", "disclosure",
)  # fmt: skip


class County:
    """A small county of which everything is left to chance."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.build_units()
        self.build_people()
        for _ in range(60):
            self.hold_activity()
        self.build_settings()

    def day(self, first=date(2024, 1, 1), last=date(2026, 12, 31)):
        return first + timedelta(days=self.dice.randint(0, (last - first).days))

    def maybe(self, chance, value):
        return value if self.dice.random() < chance else None

    def spell(self):
        begun = self.maybe(0.5, self.day())
        return begun, self.maybe(0.3, self.day(begun or date(2024, 1, 1)))

    def build_units(self):
        county = make.CountyFactory()
        streets = [make.StreetFactory(parent=county) for _ in range(2)]
        communities = [make.CommunityFactory(parent=self.dice.choice(streets)) for _ in range(3)]
        branches = [make.BranchFactory(parent=self.dice.choice(communities)) for _ in range(2)]
        self.units = [county, *streets, *communities, *branches]
        for unit in communities + branches:
            unit.established_on = self.maybe(0.4, self.day())
            unit.dissolved_on = self.maybe(0.2, self.day(unit.established_on or date(2024, 1, 1)))
            unit.save()
        for unit in self.units:
            if self.dice.random() < 0.3:
                make.BaselineFactory(unit=unit, rule="spirit-analysis", done_on=self.old_day())

    def old_day(self):
        return self.day(date(2019, 1, 1))

    def build_people(self):
        self.people = []
        for _ in range(14):
            person = make.PersonFactory()
            self.people.append(person)
            if self.dice.random() < 0.8:
                self.make_member(person)
            if self.dice.random() < 0.5:
                self.give_office(person)
            if self.dice.random() < 0.3:
                self.exempt(person)
            if self.dice.random() < 0.3:
                self.let_float(person)

    def make_member(self, person):
        stage = self.dice.choice(["activist", "probationary", "full", "full", "full"])
        joined = self.maybe(0.5, self.old_day()) if stage != "activist" else None
        full_on = self.maybe(0.5, self.day(joined or date(2019, 1, 1))) if stage == "full" else None
        standing = Standing.NORMAL
        if self.dice.random() < 0.3:
            begun, ended = self.spell()
            standing = self.dice.choice([Standing.SUSPENDED, Standing.OUT_OF_TOUCH])
            spell = {"standing": standing, "begun_on": begun, "ended_on": ended}
            StandingSpell.objects.create(person=person, **spell)
            standing = standing if ended is None else Standing.NORMAL
        make.MembershipFactory(
            person=person, stage=stage, joined_on=joined, full_on=full_on, standing=standing
        )
        begun, ended = self.spell()
        home = {"unit": self.dice.choice(self.units), "begun_on": begun, "ended_on": ended}
        make.AffiliationFactory(person=person, **home)
        if ended and self.dice.random() < 0.7:
            following = ended + timedelta(days=self.dice.choice([1, 20]))
            make.AffiliationFactory(
                person=person, unit=self.dice.choice(self.units), begun_on=following
            )

    def give_office(self, person):
        unit, office = self.dice.choice(self.units), self.dice.choice(list(Office))
        begun, ended = self.spell()
        if not unit.appointments.filter(office=office).exists():
            make.AppointmentFactory(
                person=person, unit=unit, office=office, begun_on=begun, ended_on=ended
            )
        if self.dice.random() < 0.3:
            make.BaselineFactory(
                unit=unit, person=person, rule="rotation-training", done_on=self.old_day()
            )

    def exempt(self, person):
        begun = self.day()
        is_approved = self.dice.random() < 0.7
        make.ExemptionFactory(
            person=person,
            begun_on=begun,
            ended_on=self.maybe(0.7, begun + timedelta(days=self.dice.randint(10, 400))),
            **({} if is_approved else {"state": ExemptionState.REQUESTED, "decided_at": None}),
        )

    def let_float(self, person):
        begun, ended = self.spell()
        entry = make.FloatingEntryFactory(
            person=person,
            unit=self.dice.choice(self.units),
            direction=FloatingDirection.OUT,
            begun_on=begun,
            ended_on=ended,
        )
        for kind in FloatingCheckKind:
            if self.dice.random() < 0.5:
                make.FloatingCheckFactory(entry=entry, kind=kind, done_on=self.day())

    def hold_activity(self):
        kinds = tuple(self.dice.sample(KINDS, self.dice.choice([1, 1, 2, 3])))
        host, helper = self.dice.sample(self.units, 2)
        state = self.dice.choice([State.DRAFT, State.SUBMITTED, State.CONFIRMED, State.CONFIRMED])
        activity = make.ActivityFactory(
            unit=host,
            kinds=kinds,
            on=self.dice.choice([self.day(date(2025, 1, 1)), self.day(), self.old_day()]),
            credit=Decimal(self.dice.choice(["0.25", "0.5", "1", "2"])),
            **STATES[state],
        )
        if self.dice.random() < 0.2:
            make.CoHostFactory(activity=activity, unit=helper)
        if "party_school_rotation" in kinds:
            activity.school_level = self.dice.choice(["", "county", "city"])
            activity.save()
        for person in self.dice.sample(self.people, self.dice.randint(0, 14)):
            presence = self.dice.choice([Presence.PRESENT, Presence.ONLINE, Presence.ABSENT])
            make.AttendanceFactory(activity=activity, person=person, presence=presence)
            if "member_review" in kinds:
                make.AppraisalFactory(activity=activity, person=person, grade=Grade.QUALIFIED)

    def build_settings(self):
        for key, value in (
            ("counts_from", "confirmed"),
            ("share:member-activity-days", "0.5"),
            ("lead_days:monthly-activity", "20"),
        ):
            if self.dice.random() < 0.3:
                make.CountySettingFactory(
                    unit=self.units[0], key=key, value=value, applies_from=self.day()
                )


STATES = {
    State.DRAFT: {},
    State.SUBMITTED: {"submitted": True},
    State.CONFIRMED: {"submitted": True, "state": State.CONFIRMED, "reviewed_at": timezone.now()},
}


def told_by_the_engine(day):
    return [
        (
            result.unit.code,
            result.rule.id,
            result.verdict.period and result.verdict.period.first,
            result.verdict.period and result.verdict.period.last,
            result.status.value,
            Decimal(result.value),
            Decimal(result.target),
            *told_of_each(result.verdict),
        )
        for result in compute(Unit.objects.all(), day, {"guizhou-2008"}, RULES)
    ]


def told_of_each(verdict):
    if verdict.rule.cycle != "year" or not verdict.persons:
        return []
    return [sorted((one.value, one.target, one.status.value) for one in verdict.persons)]


def told_naively(day):
    return Naive(day).verdicts()


def keyed(rows):
    return {tuple(map(str, row[:3])): row for row in rows}


def assert_agreed(day):
    engine, naive = (sorted(told(day), key=repr) for told in (told_by_the_engine, told_naively))
    assert keyed(engine) == keyed(naive)
    assert len(engine) == len(naive)


@pytest.mark.parametrize("seed", range(COUNTIES))
def test_both_agree_on_a_random_county(seed):
    county = County(seed)

    assert_agreed(county.day(date(2025, 1, 1)))


def test_both_agree_on_every_date_of_a_year():
    County(2026)

    for number in range(0, 365, max(1, 365 // DAYS)):
        assert_agreed(date(2026, 1, 1) + timedelta(days=number))


def told_in_full(results):
    """All that is stored of the verdicts, and the persons behind them."""
    return [
        (
            result.unit.code,
            result.rulebook,
            result.rule.id,
            result.verdict.period,
            result.status,
            result.value,
            result.target,
            shortfall(result.verdict, result.unit.code),
        )
        for result in results
    ]


@pytest.mark.parametrize("seed", range(COUNTIES))
def test_judging_crowds_says_of_each_what_judging_each_says(seed):
    county = County(seed)
    for day in (date(2026, 12, 31), county.day(date(2025, 1, 1))):
        chunks = list(compute_in_chunks(Unit.objects.all(), day, in_crowds=True))
        in_crowds = [result for _units, results in chunks for result in results]

        assert told_in_full(in_crowds) == told_in_full(compute(Unit.objects.all(), day))


@pytest.mark.parametrize("seed", range(COUNTIES))
@pytest.mark.parametrize("a_few", [0, 50])
def test_a_province_read_as_a_whole_or_in_parts_says_the_same(a_few, seed, monkeypatch):
    monkeypatch.setattr("assessment.engine.A_FEW", a_few)
    monkeypatch.setattr("assessment.engine.OF_MANY", 2)
    monkeypatch.setattr("assessment.engine.CHUNK", 2)
    monkeypatch.setattr("assessment.census.AT_ONCE", 3)
    day = County(seed).day(date(2025, 1, 1))
    chunks = list(compute_in_chunks(Unit.objects.all(), day, in_crowds=True))
    in_crowds = [result for _units, results in chunks for result in results]

    assert len(chunks) > 1
    assert sorted(told_in_full(in_crowds), key=repr) == sorted(
        told_in_full(compute(Unit.objects.all(), day)), key=repr
    )


def test_people_alike_are_judged_once_and_named_in_order(community):
    for name in ("丁", "丙", "乙", "甲"):
        person = make.MemberFactory(unit=community, name=name, pinyin=name)
        if name in "乙丁":
            make.AttendanceFactory(
                person=person, activity=make.ActivityFactory(submitted=True, unit=community)
            )
    ((_units, results),) = compute_in_chunks(
        Unit.objects.filter(pk=community.pk), date(2026, 12, 31), in_crowds=True
    )
    (days,) = [result for result in results if result.rule.id == "member-activity-days"]
    each = compute([community], date(2026, 12, 31), rule_ids=["member-activity-days"])

    assert [len(person.crowd) for person in days.verdict.persons] == [2, 2]
    assert shortfall(days.verdict, community.code) == shortfall(each[0].verdict, community.code)
    assert shortfall_as_text(days.verdict, community.code).startswith('[{"name": ')


def test_whoever_lived_here_once_and_floats_now_stands_where_each_is_told_alone():
    unit = make.CommunityFactory()
    gone = make.MemberFactory(unit=unit, name="安和", ended_on=date(2026, 3, 1))
    make.FloatingEntryFactory(person=make.MemberFactory(name="白露"), unit=unit)
    make.FloatingEntryFactory(person=gone, unit=unit)
    make.FloatingEntryFactory(person=make.MemberFactory(unit=unit, name="卓然"), unit=unit)
    day = date(2026, 12, 31)

    chunks = compute_in_chunks(Unit.objects.all(), day, in_crowds=True)
    in_crowds = [result for _units, results in chunks for result in results]

    assert told_in_full(in_crowds) == told_in_full(compute(Unit.objects.all(), day))
