"""The standing, ledger and encouraged rows of the document, from records to verdicts."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.engine import compute
from assessment.rulebook import load_rulebook
from assessment.terms import Level, Status
from assessment.verdicts import refresh
from members import services as members
from members.choices import CaseOutcome, GuestNoteKind, Nature, Office
from organizations.choices import FacilityKind, ServiceKind, ServicePrice, UnitKind
from organizations.models import Facility, Service, Unit
from organizations.services import found_unit
from tests.assessment.asking import ask, attend, hold, results
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    BranchFactory,
    FloatingEntryFactory,
    GuestNoteFactory,
    MemberFactory,
    PledgeFactory,
    PostHoldingFactory,
    UnfitCaseFactory,
)

pytestmark = pytest.mark.django_db
BOOK = load_rulebook("guizhou-2008")
NEW_YEARS_EVE = date(2026, 12, 31)
PAPERS = {
    "certificate_number": "GZ1",
    "contact_card": "L1",
    "activity_card": "H1",
    "feedback_card": "F1",
}


def floaters(unit, number, **details):
    return [
        FloatingEntryFactory(person=MemberFactory(unit=unit), unit=unit, **details)
        for _ in range(number)
    ]


def test_floating_members_want_an_organisation_from_three_on(community):
    floaters(community, 2)
    assert ask(community, "floating-branch-coverage") == ("not_applicable", "0", "0")

    floaters(community, 1)
    assert ask(community, "floating-branch-coverage") == ("shown", "0", "1")

    BranchFactory(kind=UnitKind.FLOATING_BRANCH, parent=community)
    assert ask(community, "floating-branch-coverage") == ("shown", "1", "1")


def test_floating_members_of_branches_below_are_the_communitys_too(community):
    branch = BranchFactory(parent=community)
    floaters(branch, 3)

    assert ask(community, "floating-branch-coverage") == ("shown", "0", "1")


def test_hearings_and_reports_are_shown_by_number(community):
    hold(community, "hearing")
    hold(community, "secretary_report", on=date(2026, 4, 1))

    assert ask(community, "democratic-practice") == ("shown", "2", "0")


def test_disclosures_are_shown_by_quarter(community):
    hold(community, "disclosure", on=date(2026, 4, 1))

    assert ask(community, "affairs-disclosure") == ("shown", "1", "0")
    assert results(community, "affairs-disclosure")[0].value == 0


def test_one_person_in_both_offices_and_crossed_offices_beside(community):
    secretary = MemberFactory(unit=community)
    AppointmentFactory(person=secretary, unit=community, office=Office.SECRETARY)
    assert ask(community, "secretary-director-one") == ("shown", "0", "1")

    AppointmentFactory(person=secretary, unit=community, office=Office.RESIDENTS_DIRECTOR)
    assert ask(community, "secretary-director-one") == ("shown", "1", "1")


def test_the_three_meetings_are_shown_by_quarter_with_no_number(community):
    MemberFactory(unit=community)
    hold(community, "members_meeting", "party_lecture", on=date(2026, 4, 2))
    hold(community, "committee_meeting", on=date(2026, 5, 2))

    assert ask(community, "organisational-life") == ("shown", "2", "0")


def test_an_in_service_member_has_claimed_work_and_feedback_went_home(community):
    both, one = (
        AffiliationFactory(unit=community, nature=Nature.IN_SERVICE, person=MemberFactory())
        for _ in range(2)
    )
    for kind in (GuestNoteKind.CLAIM, GuestNoteKind.FEEDBACK):
        GuestNoteFactory(affiliation=both, kind=kind, on=date(2026, 2, 1))
    GuestNoteFactory(affiliation=one, kind=GuestNoteKind.CLAIM, on=date(2026, 2, 1))
    GuestNoteFactory(affiliation=one, kind=GuestNoteKind.FEEDBACK, on=date(2025, 12, 31))

    assert ask(community, "in-service-liaison") == ("shown", "1", "2")


def test_of_retirees_the_transfer_is_followed_up_until_they_are_at_home_here(community):
    tie = AffiliationFactory(unit=community, nature=Nature.RETIRED_RESIDENT, person=MemberFactory())
    assert ask(community, "retired-transfer") == ("shown", "0", "1")

    GuestNoteFactory(affiliation=tie, kind=GuestNoteKind.FOLLOW_UP, on=date(2026, 6, 1))
    assert ask(community, "retired-transfer") == ("shown", "1", "1")
    assert ask(community, "retired-transfer", date(2026, 5, 31)) == ("shown", "0", "1")

    tie.person.affiliations.filter(nature=Nature.HOME).update(unit=community)
    assert ask(community, "retired-transfer")[0] == "not_applicable"


def test_cases_are_shown_with_how_many_are_settled(community):
    assert ask(community, "unfit-members")[0] == "not_applicable"
    for settled_on, outcome in ((None, ""), (date(2026, 3, 1), CaseOutcome.IMPROVED)):
        UnfitCaseFactory(
            person=MemberFactory(unit=community),
            unit=community,
            opened_on=date(2026, 1, 10),
            settled_on=settled_on,
            outcome=outcome,
        )

    assert ask(community, "unfit-members") == ("shown", "1", "2")
    assert ask(community, "unfit-members", date(2026, 2, 1)) == ("shown", "0", "2")


def test_a_post_held_or_a_pledge_reported_on_counts_a_member_once(community):
    holder, pledger, _idle = (MemberFactory(unit=community) for _ in range(3))
    PostHoldingFactory(person=holder, post__unit=community, begun_on=None)
    PledgeFactory(
        person=pledger, unit=community, made_on=date(2026, 1, 5), reported_on=date(2026, 5, 5)
    )
    PledgeFactory(person=holder, unit=community, made_on=date(2026, 1, 5), reported_on=None)

    assert ask(community, "posts-and-duties") == ("shown", "2", "3")
    assert ask(community, "posts-and-duties", date(2026, 5, 4)) == ("shown", "1", "3")


def test_the_floating_ledger_is_met_when_each_has_certificate_and_three_cards(community):
    floaters(community, 1, **PAPERS)
    assert ask(community, "floating-ledger") == ("met", "1", "1")

    floaters(community, 1, **(PAPERS | {"feedback_card": ""}))
    assert ask(community, "floating-ledger") == ("missed", "1", "2")


def test_a_card_that_is_issued_later_is_not_there_yet(community):
    floaters(community, 1, **PAPERS, feedback_card_on=date(2026, 6, 10))

    assert ask(community, "floating-ledger", date(2026, 6, 9)) == ("missed", "0", "1")
    assert ask(community, "floating-ledger", date(2026, 6, 10)) == ("met", "1", "1")


def test_theme_activities_services_and_facilities_are_shown_by_kind(community):
    hold(community, "volunteer_service")
    for kind in (ServiceKind.HEALTH, ServiceKind.HEALTH, ServiceKind.CARE):
        Service.objects.create(unit=community, name="服务点", kind=kind, price=ServicePrice.FREE)
    Facility.objects.create(unit=community, name="书屋", kind=FacilityKind.READING_ROOM)

    assert ask(community, "four-benefits-community") == ("shown", "1", "0")
    assert ask(community, "community-services") == ("shown", "2", "4")
    assert ask(community, "culture-facilities") == ("shown", "1", "4")


def test_a_goal_is_reached_when_every_rule_it_is_drawn_from_is_met(community):
    AppointmentFactory(unit=community, office=Office.SECRETARY, begun_on=None)
    before = results(community, "five-good")[-1].verdict

    for goal in before.score.goals:
        assert all(part.met <= part.judged for part in goal.parts)
    leadership = {goal.goal.id: goal for goal in before.score.goals}["leadership"]
    asked = [part.rule for part in leadership.parts if part.is_asked]
    assert asked == ["leadership-complete"]  # trained when: nobody knows
    assert (before.status, before.value, before.target) == (Status.SHOWN, 1, 5)


def test_what_is_encouraged_is_never_due_behind_or_missed(community):
    floaters(community, 3)
    AffiliationFactory(unit=community, nature=Nature.IN_SERVICE, person=MemberFactory())
    encouraged = [rule.id for rule in BOOK.rules.values() if rule.level is Level.ENCOURAGED]

    found = compute([community], NEW_YEARS_EVE, rule_ids=encouraged)

    assert {result.rule.id for result in found} == set(encouraged)
    assert {result.status for result in found} <= {Status.SHOWN, Status.NOT_APPLICABLE}


def test_nobody_falls_short_of_what_is_merely_shown(community):
    MemberFactory(unit=community)

    verdict = results(community, "posts-and-duties")[-1].verdict

    assert verdict.persons_short == ()
    assert verdict.reasons == ()


class TestFreshness:
    """A write of these ledgers is seen on the next page."""

    @pytest.fixture(autouse=True)
    def _judged(self, community, time_machine):
        time_machine.move_to("2026-06-15 10:00+08:00", tick=False)
        self.person = MemberFactory(unit=community)
        self.community = community
        self.units = Unit.objects.filter(pk=community.pk)
        refresh(self.units)

    def stored(self, rule):
        refresh(self.units)
        row = self.community.verdicts.filter(rule=rule).order_by("period_start").last()
        return row.status, int(row.value), int(row.target)

    def test_of_posts_pledges_and_cases(self):
        post = members.set_up_post(self.community, name="监督岗", by=None)
        members.hold_post(post, person=self.person, by=None)
        assert self.stored("posts-and-duties") == ("shown", 1, 1)

        case = members.open_case(self.person, opened_on=date(2026, 6, 1), ground="不参加", by=None)
        assert self.stored("unfit-members") == ("shown", 0, 1)

        members.settle_case(
            case, settled_on=date(2026, 6, 15), outcome=CaseOutcome.IMPROVED, by=None
        )
        assert self.stored("unfit-members") == ("shown", 1, 1)

    def test_of_guests(self):
        tie = members.receive_guest(
            MemberFactory(), unit=self.community, nature=Nature.RETIRED_RESIDENT, by=None
        )
        assert self.stored("retired-transfer") == ("shown", 0, 1)

        members.note_guest(
            tie, kind=GuestNoteKind.FOLLOW_UP, on=date(2026, 6, 2), text="已联系", by=None
        )
        assert self.stored("retired-transfer") == ("shown", 1, 1)

    def test_of_floating_members_in_a_branch_below(self):
        branch = BranchFactory(parent=self.community)
        for _ in range(3):
            person = MemberFactory(unit=branch)
            members.register_floating(person, unit=branch, direction="out", by=None)
        assert self.stored("floating-branch-coverage") == ("shown", 0, 1)

        found_unit(
            name="流动党员党支部",
            code="fl1",
            kind=UnitKind.FLOATING_BRANCH,
            parent=self.community,
            by=None,
        )
        assert self.stored("floating-branch-coverage") == ("shown", 1, 1)


def test_credit_of_days_is_told_in_class_hours(community):
    member = MemberFactory(unit=community)
    attend(member, community, "member_study", credit="1.50")

    found = compute([community], date(2026, 6, 15), ["national-2018"], ["member-class-hours"])

    person = found[-1].verdict.persons[0]
    assert (str(person.value.normalize()), person.target) == ("12", 32)
