"""In-service members, retirees living here, and terms of office."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members.choices import Nature, Office
from members.development import add_months
from members.models import Affiliation, GuestNote
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AttendanceFactory,
    GrantFactory,
    GuestNoteFactory,
    MemberFactory,
)
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(community, neighbour):
    """At home in `neighbour`, reporting in `community`."""
    person = MemberFactory(unit=neighbour, name="李晓梅")
    return AffiliationFactory(person=person, unit=community, nature=Nature.IN_SERVICE)


@pytest.fixture
def home_secretary(neighbour):
    return GrantFactory(unit=neighbour, role=Role.SECRETARY, user__username="home").user


def listed(user, name="in_service", **query):
    page = sign_in(user).get(reverse(f"members:{name}"), query)
    return [line.row.person.name for line in page.context["lines"]]


# -- in-service members and retirees ----------------------------------------------
def test_both_units_see_an_in_service_member_and_nobody_else(
    secretary, home_secretary, outsider, tie
):
    assert listed(secretary) == listed(home_secretary) == ["李晓梅"]
    assert listed(outsider) == []
    address = reverse("members:guest", args=[tie.pk])
    assert sign_in(outsider).get(address).status_code == 404


def test_retirees_stand_in_a_list_of_their_own(secretary, community, tie):
    AffiliationFactory(
        person=MemberFactory(unit=tie.person.affiliations.first().unit, name="退休的人"),
        unit=community,
        nature=Nature.RETIRED_RESIDENT,
    )

    assert listed(secretary, "retirees") == ["退休的人"]
    assert listed(secretary, "in_service") == ["李晓梅"]


def test_claimed_work_is_noted_and_marked_as_done(secretary, tie):
    client = sign_in(secretary)
    assert listed(secretary, shown="unclaimed") == ["李晓梅"]

    wrote = {"kind": "claim", "on": timezone.localdate(), "text": "义务巡逻"}
    client.post(reverse("members:guest_note", args=[tie.pk]), wrote)
    note = GuestNote.objects.get()
    client.post(
        reverse("members:note_settle", args=[note.pk]),
        {"done_on": timezone.localdate(), "result": "完成良好"},
    )

    assert listed(secretary, shown="unclaimed") == []
    page = client.get(reverse("members:guest", args=[tie.pk])).content.decode()
    assert "义务巡逻" in page
    assert "完成良好" in page


def test_the_letter_to_the_home_unit_counts_what_was_done_here_this_year(secretary, tie):
    today = timezone.localdate()
    AttendanceFactory(person=tie.person, activity__unit=tie.unit, activity__on=today)
    GuestNoteFactory(affiliation=tie, on=today, text="结对帮扶")
    GuestNoteFactory(affiliation=tie, on=date(today.year - 1, 5, 1), text="去年的事")
    sign_in(secretary).post(
        reverse("members:guest_edit", args=[tie.pk]), {"elsewhere": "县统计局党支部"}
    )

    page = sign_in(secretary).get(reverse("members:guest_letter", args=[tie.pk]))

    words = page.content.decode()
    assert page.context["came"]["times"] == 1
    assert "县统计局党支部" in words
    assert "结对帮扶" in words
    assert "去年的事" not in words


def test_the_home_unit_beyond_reach_is_not_named_to_the_community(secretary, neighbour, tie):
    page = sign_in(secretary).get(reverse("members:in_service")).content.decode()

    assert neighbour.name not in page


def test_somebody_from_outside_comes_onto_the_list_with_the_home_unit(secretary, community):
    newcomer = {
        "unit": community.code,
        "nature": "in_service",
        "elsewhere": "县统计局党支部",
        "name": "王建国",
        "id_number": id_number(7),
        "stage": "full",
    }

    sign_in(secretary).post(reverse("members:guest_new"), newcomer)

    tie = Affiliation.objects.get()
    assert (tie.nature, tie.guest.elsewhere) == (Nature.IN_SERVICE, "县统计局党支部")
    assert listed(secretary) == ["王建国"]


def test_a_member_on_record_reports_to_a_further_unit(street_secretary, community, neighbour):
    person = MemberFactory(unit=neighbour, name="李晓梅")

    sign_in(street_secretary).post(
        reverse("members:guest_add", args=[person.pk]),
        {"unit": community.code, "nature": "in_service"},
    )

    assert set(person.affiliations.values_list("unit__code", "nature")) == {
        ("s1m1", "in_service"),
        ("s1m2", "home"),
    }


def test_the_list_costs_the_same_however_long(
    secretary, community, tie, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:in_service"))
    for _number in range(29):
        AffiliationFactory(unit=community, nature=Nature.IN_SERVICE)

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:in_service"))


# -- offices and terms --------------------------------------------------------------
@pytest.mark.parametrize(
    ("months", "shown"), [(5, "due"), (-1, "over"), (None, "unknown"), (7, "")]
)
def test_terms_are_listed_by_how_near_the_election_is(secretary, community, months, shown):
    ends = None if months is None else add_months(timezone.localdate(), months)
    AppointmentFactory(unit=community, person__name="李晓梅", term_ends_on=ends)

    found = {
        which for which in ("due", "over", "unknown") if listed(secretary, "terms", shown=which)
    }

    assert found == ({shown} if shown else set())
    assert listed(secretary, "terms") == ["李晓梅"]


def test_officers_who_are_not_members_are_listed(secretary, community):
    member = MemberFactory(unit=community)
    AppointmentFactory(unit=community, person=member)
    AppointmentFactory(unit=community, person__name="社区工作者", office=Office.COMMUNITY_WORKER)

    assert listed(secretary, "terms", shown="outside") == ["社区工作者"]


def test_the_terms_cost_the_same_however_long(
    secretary, community, django_assert_num_queries, django_assert_max_num_queries
):
    AppointmentFactory(unit=community, office=Office.COMMUNITY_WORKER)
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:terms"))
    for _number in range(29):
        AppointmentFactory(unit=community, office=Office.COMMUNITY_WORKER)

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:terms"))
