"""What one person owes: the same figures as the unit's verdict, within the reader's reach."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.engine import compute
from assessment.person_year import owed_by
from tests.cast import sign_in
from tests.factories import (
    AppointmentFactory,
    AttendanceFactory,
    ExemptionFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db
NOV_25 = date(2026, 11, 25)


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="李晓梅")


def attend(person, unit, *credits):
    for number, credit in enumerate(credits):
        AttendanceFactory(
            person=person,
            activity__unit=unit,
            activity__on=date(2026, 3, 1) + timedelta(days=number),
            activity__credit=credit,
        )


def days_of(person, user, on=NOV_25):
    owed = {line.rule.id: line for line in owed_by(person, seen_by=user, on=on)}
    return owed["member-activity-days"]


def test_days_done_stand_against_the_six_that_are_owed(member, secretary, community):
    attend(member, community, "1.00", "0.50")

    line = days_of(member, secretary)

    assert (line.value, line.target, line.mark.status) == ("1.5", "6", "due")
    assert line.unit_name == community.name


def test_the_line_is_the_one_of_the_unit_s_verdict(member, secretary, community):
    attend(member, community, "1.00", "1.00", "1.00", "1.00", "1.00", "1.00")
    results = compute([community], NOV_25, rule_ids={"member-activity-days"})

    verdict = days_of(member, secretary).verdict

    assert verdict in results[0].verdict.persons
    assert verdict.status.value == "met"


def test_half_a_year_exempt_halves_what_is_owed(member, secretary):
    ExemptionFactory(person=member, begun_on=date(2026, 1, 1), ended_on=date(2026, 6, 30))
    assert days_of(member, secretary).target == "3"


def test_an_office_adds_what_is_asked_of_it(member, secretary, community):
    AppointmentFactory(
        person=member, unit=community, office="community_worker", begun_on=date(2025, 1, 1)
    )
    owed = {line.rule.id: line.target for line in owed_by(member, seen_by=secretary, on=NOV_25)}
    assert owed["staff-training-days"] == "7"


def test_the_page_and_the_fragment_show_it_and_beyond_one_s_reach_there_is_none(
    member, secretary, outsider
):
    address = reverse("assessment:person_year", args=[member.pk])

    page = sign_in(secretary).get(address, {"on": "2026-11-25"})
    fragment = sign_in(secretary).get(address, headers={"hx-request": "true"})

    assert "李晓梅" in page.content.decode()
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "member-activity-days" in fragment.content.decode()
    assert sign_in(outsider).get(address).status_code == 404


def test_more_people_of_the_unit_cost_no_more_queries(
    member, secretary, community, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as one:
        owed_by(member, seen_by=secretary, on=NOV_25)
    for _ in range(30):
        attend(MemberFactory(unit=community), community, "1.00")
    with django_assert_max_num_queries(len(one)):
        owed_by(member, seen_by=secretary, on=NOV_25)
