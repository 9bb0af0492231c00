"""Odd ways of belonging, through the pages: a guest of another county, a moved or merged unit."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.engine import compute
from members import services
from members.choices import FloatingDirection, Nature
from members.models import Person
from organizations import services as tree
from organizations.choices import Role
from organizations.models import Unit
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AffiliationFactory,
    AttendanceFactory,
    CommunityFactory,
    CountyFactory,
    FloatingEntryFactory,
    GrantFactory,
    MemberFactory,
    StreetFactory,
)
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def abroad():
    """A community of another county."""
    street = StreetFactory(code="zs", parent=CountyFactory(code="zc"))
    return CommunityFactory(code="zm", name="远方社区", parent=street)


@pytest.fixture
def guest(abroad, community):
    """At home in another county, and both in service and floating here."""
    person = MemberFactory(unit=abroad, name="远来客")
    AffiliationFactory(person=person, unit=community, nature=Nature.IN_SERVICE)
    FloatingEntryFactory(person=person, unit=community, direction=FloatingDirection.IN)
    return person


def keeper(unit):
    return GrantFactory(unit=unit, role=Role.SECRETARY, user__username=f"of-{unit.code}").user


def figures(unit, *rules):
    found = compute(Unit.objects.filter(pk=unit.pk), timezone.localdate(), rule_ids=rules)
    return {one.rule.id: (int(one.verdict.value), int(one.verdict.target)) for one in found}


def studied(unit, person):
    activity = ActivityFactory(
        unit=unit, submitted=True, topic="春季学习", kinds=["party_lecture", "member_study"]
    )
    AttendanceFactory(activity=activity, person=person)
    return activity


def seen(user, *addresses):
    client = sign_in(user)
    return [client.get(address).status_code for address in addresses]


# -- a guest of another county --------------------------------------------------
def test_a_guest_of_another_county_counts_here_as_a_guest_alone(guest, abroad, community):
    here = figures(community, "member-activity-days", "in-service-liaison", "floating-card-review")
    there = figures(abroad, "member-activity-days", "floating-card-review")

    assert here == {
        "member-activity-days": (0, 0),
        "in-service-liaison": (0, 1),
        "floating-card-review": (0, 1),
    }
    assert there == {"member-activity-days": (0, 1), "floating-card-review": (0, 0)}


def test_both_counties_see_the_guest_and_neither_the_others_units(guest, abroad, secretary):
    here = sign_in(secretary).get(guest.get_absolute_url()).content.decode()
    there = sign_in(keeper(abroad)).get(guest.get_absolute_url())

    assert "远方社区" not in here
    assert there.status_code == 200
    assert seen(secretary, reverse("members:standing", args=[guest.pk])) == [404]


def test_a_guest_with_an_id_number_known_elsewhere_is_written_down_without_it(
    guest, secretary, community
):
    guest.set_id_number(id_number(5))
    guest.save()
    client, address = sign_in(secretary), reverse("members:guest_new")
    said = {
        "unit": community.code,
        "nature": "retired_resident",
        "elsewhere": "远方社区",
        "name": "远来客",
        "stage": "full",
    }

    refused = client.post(address, said | {"id_number": id_number(5)}).content.decode()
    client.post(address, said)

    assert "不填公民身份号码" in refused
    assert Person.objects.filter(name="远来客").count() == 2


# -- a unit moved to another street ---------------------------------------------
def test_a_unit_moved_within_the_year_takes_its_year_along(
    community, county, street_secretary, secretary
):
    west = StreetFactory(code="s2", name="西街街道", parent=county)
    member = MemberFactory(unit=community)
    record = studied(community, member)
    rules = ("party-lectures", "member-activity-days")
    before = figures(community, *rules)

    tree.move_unit(community, parent=west, on=date(2026, 7, 1), by=None)

    pages = (
        reverse("assessment:unit", args=["s1m1"]),
        record.get_absolute_url(),
        member.get_absolute_url(),
    )
    assert figures(community, *rules) == before == {rules[0]: (1, 2), rules[1]: (0, 1)}
    assert seen(keeper(west), *pages) == seen(secretary, *pages) == [200] * 3
    assert seen(street_secretary, *pages) == [404] * 3


# -- a merged unit ----------------------------------------------------------------
def test_a_merged_units_records_stay_with_it_and_its_people_and_their_days_go_over(
    community, neighbour, street_secretary, secretary
):
    member = MemberFactory(unit=community)
    record = studied(community, member)

    services.merge_units(community, into=neighbour, on=date(2026, 8, 31), by=None)

    page, own = reverse("assessment:unit", args=["s1m1"]), record.get_absolute_url()
    days = figures(neighbour, "member-activity-days", "party-lectures")
    assert days == {"member-activity-days": (0, 1), "party-lectures": (0, 2)}
    assert seen(street_secretary, page, own, member.get_absolute_url()) == [200] * 3
    assert seen(secretary, page, own, member.get_absolute_url()) == [200, 200, 404]
    heir = sign_in(keeper(neighbour)).get(member.get_absolute_url())
    assert heir.context["days"] == record.credit
    assert "春季学习" not in heir.content.decode()


# -- two ties ----------------------------------------------------------------------
def test_days_at_the_second_unit_count_at_home_and_its_topics_stay_there(
    community, neighbour, secretary
):
    member = MemberFactory(unit=community)
    AffiliationFactory(person=member, unit=neighbour, nature=Nature.IN_SERVICE)
    record = studied(neighbour, member)

    at_home = sign_in(secretary).get(member.get_absolute_url())

    assert at_home.context["days"] == record.credit
    assert "春季学习" not in at_home.content.decode()
    assert figures(neighbour, "member-activity-days") == {"member-activity-days": (0, 0)}
    host = keeper(neighbour)
    assert seen(host, member.get_absolute_url()) == [200]
    assert seen(host, reverse("members:standing", args=[member.pk])) == [404]
