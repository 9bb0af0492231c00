"""How far a tie reaches: who may read of a person, change the record, and see identifiers."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from members.choices import ExemptionState, Nature, Office, Standing
from members.models import Affiliation, Appointment, Person
from organizations.actions import Action
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AffiliationFactory,
    AppointmentFactory,
    AttendanceFactory,
    CommunityFactory,
    ExemptionFactory,
    FloatingEntryFactory,
    GrantFactory,
    MemberFactory,
    PersonFactory,
    PledgeFactory,
    PostHoldingFactory,
    StandingSpellFactory,
    TransferFactory,
    UnfitCaseFactory,
)

pytestmark = pytest.mark.django_db

NUMBER = "990101199003070015"


@pytest.fixture
def guest(community, neighbour):
    """At home in `neighbour`, reporting to `community` as an in-service member."""
    person = MemberFactory(unit=neighbour, name="王五")
    person.set_id_number(NUMBER)
    person.save()
    AffiliationFactory(person=person, unit=community, nature=Nature.IN_SERVICE)
    return person


def test_the_unit_of_a_second_tie_does_not_move_the_home(secretary, guest, neighbour):
    answer = sign_in(secretary).post(
        reverse("members:transfer", args=[guest.pk]), {"unit": "s1m1", "on": "2026-11-01"}
    )

    assert answer.status_code == 404
    assert Affiliation.objects.get(person=guest, nature="home", ended_on=None).unit == neighbour


@pytest.mark.parametrize("page", ["edit", "standing", "exempt", "transfer_request"])
def test_the_unit_of_a_second_tie_does_not_change_the_record(secretary, guest, page):
    answer = sign_in(secretary).get(reverse(f"members:{page}", args=[guest.pk]))

    assert answer.status_code == 404


def test_the_unit_of_a_second_tie_does_not_expel(secretary, guest):
    sign_in(secretary).post(
        reverse("members:standing", args=[guest.pk]), {"standing": "expelled", "on": "2026-11-01"}
    )

    guest.membership.refresh_from_db()
    assert guest.membership.standing == Standing.NORMAL


def test_the_unit_of_a_second_tie_sees_no_identifiers(secretary, guest):
    answer = sign_in(secretary).post(reverse("members:reveal", args=[guest.pk]), {"reason": "核对"})

    assert answer.status_code == 404


def test_the_unit_of_a_second_tie_still_reads_and_ends_it(secretary, guest):
    page = sign_in(secretary).get(guest.get_absolute_url()).content.decode()

    tie = guest.affiliations.get(nature=Nature.IN_SERVICE)
    home = guest.affiliations.get(nature=Nature.HOME)
    assert reverse("members:affiliation_end", args=[tie.pk]) in page
    assert reverse("members:affiliation_end", args=[home.pk]) not in page
    assert reverse("members:edit", args=[guest.pk]) not in page


def test_a_guest_may_be_put_into_an_office_of_the_own_unit(secretary, guest, community):
    sign_in(secretary).post(
        reverse("members:appoint", args=[guest.pk]),
        {"unit": "s1m1", "office": "deputy_secretary", "begun_on": "2026-01-01"},
    )

    assert Appointment.objects.get(person=guest).unit == community
    assert not Person.objects.visible_to(secretary, action=Action.IDENTIFY).exists()


def test_a_worker_without_a_home_belongs_to_the_unit_of_the_office(secretary, community, neighbour):
    worker, other = PersonFactory(name="工作者"), PersonFactory(name="别处")
    AppointmentFactory(person=worker, unit=community, office=Office.COMMUNITY_WORKER)
    AppointmentFactory(person=other, unit=neighbour, office=Office.COMMUNITY_WORKER)
    AffiliationFactory(person=other, unit=community, nature=Nature.IN_SERVICE)

    kept = Person.objects.visible_to(secretary, action=Action.ENROL)

    assert list(kept) == [worker]


def test_a_guest_from_outside_the_portal_is_kept_where_the_person_reports(secretary, community):
    guest = PersonFactory()
    AffiliationFactory(person=guest, unit=community, nature=Nature.IN_SERVICE)

    assert list(Person.objects.visible_to(secretary, action=Action.ENROL)) == [guest]


def test_whoever_has_left_stays_with_the_last_home(secretary, community, neighbour):
    left, gone = PersonFactory(name="王五"), PersonFactory(name="赵六")
    AffiliationFactory(person=left, unit=neighbour, begun_on="2019-01-01", ended_on="2019-12-31")
    AffiliationFactory(person=left, unit=community, begun_on="2020-01-01", ended_on="2021-01-01")
    AffiliationFactory(person=gone, unit=community, begun_on="2020-01-01", ended_on="2021-01-01")
    AffiliationFactory(person=gone, unit=neighbour, begun_on="2021-01-02", ended_on="2022-01-01")

    for action in (Action.VIEW, Action.ENROL, Action.IDENTIFY):
        assert list(Person.objects.visible_to(secretary, action=action)) == [left]


def test_a_former_unit_does_not_see_who_holds_office_elsewhere(secretary, community, neighbour):
    person = PersonFactory(name="王五")
    AffiliationFactory(person=person, unit=community, begun_on="2020-01-01", ended_on="2021-01-01")
    AppointmentFactory(person=person, unit=neighbour, office=Office.COMMUNITY_WORKER)

    assert not Person.objects.visible_to(secretary).filter(pk=person.pk).exists()


def test_a_number_finds_nobody_whose_number_is_not_to_be_seen(
    secretary, street, community, neighbour
):
    GrantFactory(user=secretary, unit=street, role=Role.VIEWER)
    theirs, own = MemberFactory(unit=neighbour, name="王五"), MemberFactory(unit=community)
    theirs.set_id_number(NUMBER)
    theirs.save()
    own.set_phone("13900001234")
    own.save()
    client = sign_in(secretary)

    assert "王五" not in client.get(reverse("members:list"), {"q": NUMBER}).content.decode()
    assert own.name in client.get(reverse("members:list"), {"q": "13900001234"}).content.decode()


def test_looking_at_identifiers_has_a_limit_for_the_day(secretary, community, settings):
    settings.REVEALS_A_DAY = 2
    person = MemberFactory(unit=community)
    person.set_phone("13900001234")
    person.save()
    client, address = sign_in(secretary), reverse("members:reveal", args=[person.pk])

    pages = [
        client.post(address, {"reason": "核对"}, follow=True).content.decode() for _ in range(3)
    ]

    assert ["13900001234" in page for page in pages] == [True, True, False]
    refused = AuditEvent.objects.get(verb="identifiers_refused")
    assert (refused.by, refused.target_id) == (secretary, str(person.pk))


def test_a_viewer_reads_no_identifier_address_or_birthday(viewer, secretary, community):
    person = MemberFactory(unit=community, birth_date=date(1990, 3, 7), address="河滨路9号")
    person.set_phone("13900001234")
    person.set_id_number(NUMBER)
    person.save()

    read = sign_in(viewer).get(person.get_absolute_url()).content.decode()
    kept = sign_in(secretary).get(person.get_absolute_url()).content.decode()

    for shown in ("139****1234", "*15", "河滨路9号"):
        assert shown in kept
        assert shown not in read
    assert "<dd>1990</dd>" in read
    assert "<dd>1990</dd>" not in kept


def test_a_viewer_reads_no_reason_of_an_exemption(viewer, secretary, reviewer, community):
    person = MemberFactory(unit=community)
    ExemptionFactory(person=person, note="慢性病休养")

    told = {
        user.username: "慢性病休养" in sign_in(user).get(person.get_absolute_url()).content.decode()
        for user in (viewer, secretary, reviewer)
    }

    assert told == {"viewer": False, "secretary": True, "reviewer": True}


def test_topics_of_activities_beyond_reach_are_not_told(secretary, community, neighbour):
    person, today = MemberFactory(unit=community), timezone.localdate()
    for unit, topic in ((community, "本社区党课"), (neighbour, "邻社区会议")):
        activity = ActivityFactory(unit=unit, topic=topic)
        attendance = AttendanceFactory(activity=activity, person=person)
        type(attendance).objects.filter(pk=attendance.pk).update(day=today)

    page = sign_in(secretary).get(person.get_absolute_url()).content.decode()

    assert "本社区党课" in page
    assert "邻社区会议" not in page
    assert neighbour.name in page


def test_whoever_asked_for_an_exemption_does_not_approve_it(organizer, reviewer, community):
    asked = ExemptionFactory(
        person=MemberFactory(unit=community),
        state=ExemptionState.REQUESTED,
        decided_at=None,
        requested_by=organizer,
    )
    address = reverse("members:exemption_decide", args=[asked.pk])

    sign_in(organizer).post(address, {"decision": "approve"})
    asked.refresh_from_db()
    assert asked.state == ExemptionState.REQUESTED

    sign_in(reviewer).post(address, {"decision": "approve"})
    asked.refresh_from_db()
    assert asked.state == ExemptionState.APPROVED


@pytest.fixture
def disciplined(guest, neighbour):
    """`guest`, of whom the home has written down more than a host needs to know."""
    UnfitCaseFactory(person=guest, unit=neighbour, ground="长期不参加组织生活")
    ExemptionFactory(person=guest, note="慢性病休养")
    StandingSpellFactory(person=guest, note="外出失联", ended_on=date(2021, 1, 1))
    FloatingEntryFactory(person=guest, unit=neighbour, certificate_number="流字007")
    PledgeFactory(person=guest, unit=neighbour, text="义务巡逻")
    PostHoldingFactory(person=guest, post__unit=neighbour, post__name="政策宣传岗")
    AppointmentFactory(person=guest, unit=neighbour, office=Office.GROUP_LEADER)
    return guest


OF_THE_HOME = "长期不参加 慢性病 外出失联 流字007 义务巡逻 政策宣传岗 党小组组长".split()


def test_a_host_reads_nothing_of_what_the_home_wrote_down(secretary, disciplined, neighbour):
    page = sign_in(secretary).get(disciplined.get_absolute_url()).content.decode()

    assert [word for word in (*OF_THE_HOME, neighbour.name) if word in page] == []


def test_the_home_reads_all_of_it(disciplined, neighbour):
    keeper = GrantFactory(unit=neighbour, role=Role.SECRETARY).user
    page = sign_in(keeper).get(disciplined.get_absolute_url()).content.decode()

    assert [word for word in OF_THE_HOME if word not in page] == []


def test_a_host_reads_no_reason_in_the_ledger_of_exemptions(secretary, disciplined):
    page = sign_in(secretary).get(reverse("members:exemption_ledger"), {"shown": "all"})

    assert page.context["lines"] == []


@pytest.mark.parametrize("page", ["pledge", "case_open"])
def test_a_host_writes_nothing_into_the_home_unit(secretary, guest, page):
    said = {"made_on": "2026-01-05", "text": "巡逻", "opened_on": "2026-01-05", "ground": "缺席"}
    answer = sign_in(secretary).post(reverse(f"members:{page}", args=[guest.pk]), said)

    assert answer.status_code == 404
    assert not guest.pledges.exists()
    assert not guest.unfit_cases.exists()


def test_a_letter_of_former_units_is_told_without_a_way_to_it(secretary, community):
    person = MemberFactory(unit=community)
    former, own = (
        TransferFactory(
            person=person, state="accepted", decided_at=timezone.now(), arrived_on=day, **sides
        )
        for day, sides in (
            (date(2020, 1, 1), {"to_unit": CommunityFactory(), "to_name": "城北社区"}),
            (date(2024, 1, 1), {"to_unit": community, "to_name": "河滨社区"}),
        )
    )

    page = sign_in(secretary).get(person.get_absolute_url()).content.decode()

    assert "城北社区" in page
    assert own.get_absolute_url() in page
    assert former.get_absolute_url() not in page
