"""Every rule through the database: rows in, verdicts out, each worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from activities.choices import State
from assessment.engine import compute
from members.choices import Office
from organizations.choices import BodyKind
from organizations.models import Unit
from tests.assessment.asking import JUNE, ask, attend, hold, results, short
from tests.factories import (
    AppointmentFactory,
    AreaFactory,
    BodyFactory,
    CoHostFactory,
    CommunityFactory,
    CountySettingFactory,
    DevelopmentPlanFactory,
    FloatingCheckFactory,
    FloatingEntryFactory,
    FundFactory,
    MemberFactory,
    VenueFactory,
)

# -- which records count (points 2 and 3) ------------------------------------


@pytest.mark.parametrize(
    ("state", "value"),
    [
        (State.DRAFT, "0"),
        (State.SUBMITTED, "1"),
        (State.CONFIRMED, "1"),
        (State.RETURNED, "0"),
        (State.CANCELLED, "0"),
    ],
)
def test_point_2_a_record_counts_from_submission_until_it_is_returned(community, state, value):
    MemberFactory(unit=community)
    hold(community, "party_lecture", state=state, return_reason="缺少内容")

    assert ask(community, "party-lectures")[1] == value


def test_point_2_a_county_may_count_from_confirmation(county, community):
    member = MemberFactory(unit=community)
    CountySettingFactory(unit=county, key="counts_from", value="confirmed")
    attend(member, community, "party_lecture", credit="6")
    attend(member, community, "party_lecture", credit="2.5", state=State.CONFIRMED)

    assert ask(community, "party-lectures")[1] == "1"
    (verdict,) = (result.verdict for result in results(community, "member-activity-days"))
    assert str(verdict.persons[0].value) == "2.50"


def test_point_3_a_co_host_counts_as_much_as_the_host_and_each_once(community, neighbour):
    MemberFactory(unit=community)
    MemberFactory(unit=neighbour)
    activity = hold(community, "party_lecture")
    CoHostFactory(activity=activity, unit=neighbour)
    CoHostFactory(activity=activity, unit=community)

    assert ask(community, "party-lectures") == ("on_track", "1", "2")
    assert ask(neighbour, "party-lectures") == ("on_track", "1", "2")


# -- the county and the street ------------------------------------------------


def test_county_research_inspection(county):
    hold(county, "county_research", on=date(2026, 1, 5))
    assert ask(county, "county-research-inspection", date(2026, 5, 1)) == ("on_track", "1", "2")

    hold(county, "county_inspection", on=date(2026, 6, 30))
    assert ask(county, "county-research-inspection", date(2026, 6, 30)) == ("met", "2", "2")


@pytest.mark.parametrize(
    ("rule", "kind", "place"),
    [
        ("county-guidance-body", BodyKind.GUIDANCE_COMMITTEE, "county"),
        ("street-coordination-body", BodyKind.COORDINATION_COMMITTEE, "street"),
        ("community-joint-conference", BodyKind.JOINT_CONFERENCE, "community"),
    ],
)
def test_bodies_of_clause_3_are_met_while_they_are_set_up(request, community, rule, kind, place):
    unit = request.getfixturevalue(place)
    BodyFactory(unit=unit, kind=BodyKind.YOUTH_LEAGUE)
    BodyFactory(unit=unit, kind=kind, begun_on=date(2026, 2, 1), ended_on=date(2026, 5, 31))

    assert ask(unit, rule, date(2026, 5, 31)) == ("met", "1", "1")
    assert ask(unit, rule, date(2026, 6, 1)) == ("missed", "0", "1")


def test_leadership_complete(street):
    AppointmentFactory(unit=street, office=Office.DEPUTY_SECRETARY)
    assert ask(street, "leadership-complete") == ("missed", "0", "1")

    AppointmentFactory(unit=street)
    assert ask(street, "leadership-complete") == ("met", "1", "1")


def test_study_sessions_and_days(street):
    hold(street, "central_study", on=date(2026, 4, 2), credit=Decimal("1.5"))
    hold(street, "central_study", on=date(2026, 4, 9), credit=Decimal("3.75"))
    hold(street, "staff_training", on=date(2026, 5, 9), credit=Decimal(9))

    sessions = [short(result) for result in results(street, "study-sessions")]

    assert sessions == [("missed", "0", "1"), ("met", "2", "1")]
    assert ask(street, "study-days") == ("on_track", "5.25", "12")


def test_development_plan_counts_from_its_adoption(street):
    DevelopmentPlanFactory(unit=street, adopted_on=date(2026, 3, 1))
    DevelopmentPlanFactory(unit=street, year=2025, adopted_on=date(2025, 3, 1))

    assert ask(street, "development-plan", date(2026, 2, 28)) == ("on_track", "0", "1")
    assert ask(street, "development-plan", date(2026, 3, 1)) == ("met", "1", "1")


# -- clause 1: the community as a place -------------------------------------------


def test_an_area_is_covered_at_its_organisation_and_otherwise_at_the_street(street, community):
    AreaFactory(code="bare", street=street)

    found = compute(Unit.objects.all(), JUNE, rule_ids=["community-coverage"])

    assert [(r.unit.code, r.verdict.unit, short(r)) for r in found] == [
        ("s1", "bare", ("missed", "0", "1")),
        ("s1m1", "s1m1", ("met", "1", "1")),
    ]


def test_an_area_whose_organisation_is_dissolved_is_bare_again(street, community):
    Unit.objects.filter(pk=community.pk).update(dissolved_on=date(2026, 5, 31))

    last = compute(Unit.objects.all(), date(2026, 5, 31), rule_ids=["community-coverage"])
    then = compute(Unit.objects.all(), date(2026, 6, 1), rule_ids=["community-coverage"])

    assert [(r.unit.code, r.status.value) for r in last] == [("s1m1", "met")]
    assert [(r.unit.code, r.verdict.unit, r.status.value) for r in then] == [
        ("s1", "s1m1", "missed")
    ]


# -- clauses 12 and 16 --------------------------------------------------------------------


def test_floating_members(community):
    entry = FloatingEntryFactory(unit=community)
    FloatingEntryFactory(unit=community, ended_on=date(2026, 2, 1))
    FloatingCheckFactory(entry=entry, kind="review", done_on=date(2026, 5, 1))
    FloatingCheckFactory(entry=entry, kind="situation", done_on=date(2025, 5, 1))

    assert ask(community, "floating-card-review") == ("met", "1", "1")
    assert ask(community, "floating-situation") == ("on_track", "0", "1")


def test_venue_and_funds(community):
    VenueFactory(unit=community, begun_on=date(2026, 2, 1))
    FundFactory(unit=community)

    assert ask(community, "venue-and-funds") == ("met", "1", "1")
    assert ask(community, "venue-and-funds", date(2026, 1, 31)) == ("on_track", "0", "1")


# -- which rules, which years, which evidence ------------------------------------------------


def test_a_county_may_switch_the_rulebook_off_from_a_day_on(county):
    CountySettingFactory(
        unit=county, key="rulebook:guizhou-2008", value="off", applies_from=date(2026, 5, 1)
    )

    assert compute(Unit.objects.all(), date(2026, 4, 30))
    assert compute(Unit.objects.all(), date(2026, 5, 1)) == []
    assert compute(Unit.objects.all(), date(2026, 5, 1), ["guizhou-2008"])


def test_a_lead_time_is_the_countys_own(county, community):
    CountySettingFactory(unit=county, key="lead_days:party-lectures", value="300")
    MemberFactory(unit=community)
    stranger = MemberFactory(unit=CommunityFactory()).affiliations.get().unit

    assert ask(community, "party-lectures")[0] == "due"
    assert ask(stranger, "party-lectures")[0] == "on_track"


def test_an_earlier_year_is_judged_whole(community):
    MemberFactory(unit=community)
    hold(community, "party_lecture", on=date(2025, 12, 30))

    found = [short(result) for result in results(community, "party-lectures", year=2025)]

    assert found == [("missed", "1", "2")]


def test_the_page_of_a_verdict_names_the_very_records(community):
    member = MemberFactory(unit=community)
    attendance = attend(member, community, "party_lecture", credit="0.38")
    hold(community, "hearing")

    (lectures,) = results(community, "party-lectures", with_evidence=True)
    (days,) = results(community, "member-activity-days", with_evidence=True)

    assert [record.ref for record in lectures.verdict.evidence] == [attendance.activity_id]
    (person,) = days.verdict.persons
    assert (person.person, [(r.ref, r.days) for r in person.evidence]) == (
        member.pk,
        [(attendance.activity_id, Decimal("0.38"))],
    )


def test_sums_and_single_records_give_the_same_verdicts(community):
    for _number in range(3):
        member = MemberFactory(unit=community)
        for day in range(1, 12):
            attend(member, community, "member_study", on=date(2026, 2, day), credit="0.29")
            attend(member, community, "party_lecture", on=date(2026, 3, day), credit="0.31")

    def said(**more):
        return [
            (r.status, r.value, [(p.name, p.value, p.target) for p in r.verdict.persons])
            for r in compute(Unit.objects.all(), JUNE, **more)
        ]

    assert said() == said(with_evidence=True)


def test_nothing_is_judged_before_a_unit_is_founded(street):
    CommunityFactory(parent=street, established_on=date(2026, 7, 1), code="new")

    found = compute(Unit.objects.filter(code="new"), JUNE)

    assert found == []
