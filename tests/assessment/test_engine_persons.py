"""Every rule on persons through the database, each verdict worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from activities.choices import Presence, State
from members.choices import ExemptionState, Nature, Office, Stage, Standing
from members.models import Membership, StandingSpell
from organizations.choices import UnitKind
from tests.assessment.asking import ask, attend, hold, results, short
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AppraisalFactory,
    BaselineFactory,
    BranchFactory,
    CommunityFactory,
    ExemptionFactory,
    MemberFactory,
    PersonFactory,
)

# -- clauses 6 and 7: trainings ------------------------------------------------------


def test_induction_training(community, street):
    new = AppointmentFactory(unit=community, begun_on=date(2026, 4, 1)).person
    assert ask(community, "induction-training") == ("missed", "0", "1")

    attend(new, street, "induction_training", on=date(2025, 4, 1))
    assert ask(community, "induction-training") == ("met", "1", "1")


def test_induction_needs_presence(community, street):
    new = AppointmentFactory(unit=community, begun_on=date(2026, 4, 1)).person
    attend(new, street, "induction_training", on=date(2026, 3, 1), presence=Presence.ABSENT)

    assert ask(community, "induction-training") == ("missed", "0", "1")


@pytest.mark.parametrize(
    ("on", "school", "answer"),
    [
        (date(2024, 5, 1), "county", ("met", "1", "1")),
        (date(2023, 8, 1), "city", ("due", "1", "1")),
        (date(2023, 6, 14), "county", ("missed", "0", "1")),
        (date(2024, 5, 1), "", ("unknown", "0", "1")),
    ],
)
def test_rotation_training(community, county, on, school, answer):
    secretary = AppointmentFactory(unit=community, begun_on=None).person
    attend(secretary, county, "party_school_rotation", on=on, school_level=school)

    assert ask(community, "rotation-training") == answer


def test_rotation_from_a_baseline_or_from_taking_office(community, neighbour):
    old = AppointmentFactory(unit=community, begun_on=None).person
    BaselineFactory(unit=community, person=old, rule="rotation-training", done_on=date(2023, 3, 1))
    AppointmentFactory(unit=neighbour, begun_on=date(2025, 1, 1))

    assert ask(community, "rotation-training") == ("missed", "0", "1")
    assert ask(neighbour, "rotation-training") == ("on_track", "0", "1")


def test_staff_training_days_follow_the_person_to_the_unit_of_the_office(community, street):
    worker = AppointmentFactory(
        unit=community, office=Office.COMMUNITY_WORKER, begun_on=None
    ).person
    attend(worker, street, "staff_training", credit="3")
    attend(worker, street, "party_school_rotation", credit="4", on=date(2026, 5, 4))
    attend(worker, street, "member_study", credit="4", on=date(2026, 5, 5))

    (result,) = results(community, "staff-training-days")

    assert short(result) == ("met", "1", "1")
    assert str(result.verdict.persons[0].value) == "7.00"


# -- clauses 8 and 9: members ------------------------------------------------------------


def test_monthly_activity(community):
    MemberFactory(unit=community)
    hold(community, "themed_day", on=date(2026, 5, 31))
    hold(community, "members_meeting", on=date(2026, 4, 1))

    found = [result.status.value for result in results(community, "monthly-activity")]

    assert found == ["missed"] * 4 + ["met", "on_track"]


def test_member_activity_days_of_those_who_belong_here(community, neighbour):
    diligent = MemberFactory(unit=community, name="甲")
    MemberFactory(unit=community, name="乙", stage=Stage.PROBATIONARY)
    MemberFactory(unit=neighbour, name="丙")
    AffiliationFactory(unit=community, nature=Nature.IN_SERVICE)
    applicant = PersonFactory()
    Membership.objects.create(person=applicant, stage=Stage.ACTIVIST)
    AffiliationFactory(unit=community, person=applicant)
    for day in range(1, 7):
        attend(diligent, neighbour, "member_study", on=date(2026, 2, day))

    (result,) = results(community, "member-activity-days")

    assert short(result) == ("behind", "1", "2")
    assert [person.name for person in result.verdict.persons_short] == ["乙"]


@pytest.mark.parametrize(
    ("presence", "met"),
    [
        (Presence.PRESENT, "1"),
        (Presence.ONLINE, "1"),
        (Presence.LEAVE, "0"),
        (Presence.ABSENT, "0"),
    ],
)
def test_point_1_credit_goes_to_whoever_was_present(community, presence, met):
    member = MemberFactory(unit=community)
    attend(member, community, "member_study", credit="6", presence=presence)

    assert ask(community, "member-activity-days")[1] == met


def test_a_move_carries_months_and_days_along(community, neighbour):
    member = MemberFactory(unit=neighbour, ended_on=date(2026, 3, 10))
    AffiliationFactory(unit=community, person=member, begun_on=date(2026, 3, 11))
    attend(member, neighbour, "member_study", credit="2")

    (result,) = results(community, "member-activity-days")

    (person,) = result.verdict.persons
    assert (person.value, person.target) == (2, 6)
    assert ask(neighbour, "member-activity-days") == ("not_applicable", "0", "0")


def test_point_10_an_exemption_that_follows_another_is_seen_from_its_own_first_day(community):
    member = MemberFactory(unit=community)
    for begun, ended in [(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), None)]:
        ExemptionFactory(person=member, begun_on=begun, ended_on=ended)

    (result,) = results(community, "member-activity-days", date(2026, 3, 10))

    assert [str(person.target) for person in result.verdict.persons] == ["3.0"]
    assert ask(community, "member-activity-days", date(2026, 7, 1))[0] == "not_applicable"


def test_point_10_who_was_where_on_the_day_asked_about(community, neighbour):
    member = MemberFactory(unit=neighbour, ended_on=date(2026, 3, 10))
    AffiliationFactory(unit=community, person=member, begun_on=date(2026, 3, 11))

    assert ask(neighbour, "member-activity-days", date(2026, 3, 10))[2] == "1"
    assert ask(community, "member-activity-days", date(2026, 3, 10))[2] == "0"


@pytest.mark.parametrize(
    ("standing", "owing"),
    [(Standing.SUSPENDED, "0"), (Standing.DECEASED, "0"), (Standing.OUT_OF_TOUCH, "1")],
)
def test_members_whose_standing_is_not_normal_owe_nothing(community, standing, owing):
    member = MemberFactory(unit=community)
    StandingSpell.objects.create(person=member, standing=standing, begun_on=date(2026, 1, 1))
    Membership.objects.filter(person=member).update(standing=standing)

    assert ask(community, "member-activity-days")[2] == owing


def test_a_standing_without_a_day_holds_since_before_the_portal(community):
    member = MemberFactory(unit=community)
    Membership.objects.filter(person=member).update(standing=Standing.EXPELLED)

    assert ask(community, "party-lectures")[0] == "not_applicable"


def test_exemptions_count_once_they_are_approved(community):
    ill = MemberFactory(unit=community)
    wishing = MemberFactory(unit=community)
    ExemptionFactory(person=ill, begun_on=date(2025, 1, 1))
    ExemptionFactory(
        person=wishing,
        begun_on=date(2025, 1, 1),
        state=ExemptionState.REQUESTED,
        decided_at=None,
    )

    assert ask(community, "member-activity-days")[2] == "1"
    assert ask(community, "member-review")[2] == "1"


def test_party_lectures_are_asked_of_each_branch_for_itself(community):
    branch = BranchFactory(parent=CommunityFactory(kind=UnitKind.COMMUNITY_COMMITTEE))
    MemberFactory(unit=branch)
    for day in (1, 2):
        hold(branch, "party_lecture", on=date(2026, 2, day))

    assert ask(branch, "party-lectures") == ("met", "2", "2")
    assert ask(branch.parent, "party-lectures") == ("not_applicable", "0", "0")


def test_member_review_wants_a_grade_for_each_full_member(community):
    graded, _other = MemberFactory(unit=community), MemberFactory(unit=community)
    MemberFactory(unit=community, stage=Stage.PROBATIONARY)
    review = hold(community, "member_review", on=date(2026, 5, 1))
    AppraisalFactory(activity=review, person=graded)

    assert ask(community, "member-review") == ("on_track", "1", "2")
    assert ask(community, "member-review", date(2026, 4, 30)) == ("on_track", "0", "2")


def test_a_grade_in_a_draft_counts_nothing(community):
    graded = MemberFactory(unit=community)
    review = hold(community, "member_review", state=State.DRAFT)
    AppraisalFactory(activity=review, person=graded)

    assert ask(community, "member-review") == ("on_track", "0", "1")


def test_spirit_analysis(community):
    MemberFactory(unit=community)
    assert ask(community, "spirit-analysis") == ("unknown", "0", "1")

    BaselineFactory(unit=community, done_on=date(2020, 6, 1))
    assert ask(community, "spirit-analysis") == ("missed", "0", "1")

    hold(community, "spirit_analysis", on=date(2021, 7, 1))
    assert ask(community, "spirit-analysis") == ("due", "1", "1")
