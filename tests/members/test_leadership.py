"""Who leads a unit: offices with how they were filled, one person in both, and on both sides."""

from datetime import date

import pytest
from django.urls import reverse

from members.choices import Election, Office
from organizations.models import Confirmation
from tests.cast import sign_in
from tests.factories import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def page_of(client, unit) -> str:
    return client.get(reverse("members:leadership", args=[unit.code])).content.decode()


def hold(unit, person, office, **more):
    return AppointmentFactory(unit=unit, person=person, office=office, begun_on=None, **more)


def test_one_person_in_both_offices_is_told_and_how_they_were_elected(signed_in, community):
    head = PersonFactory(name="王一")
    hold(community, head, Office.SECRETARY, election=Election.TWO_RECOMMENDATIONS)
    assert "尚未登记书记或居委会主任" in page_of(signed_in, community)

    hold(community, head, Office.RESIDENTS_DIRECTOR)

    html = page_of(signed_in, community)
    assert "由一人担任" in html
    assert "两推一选" in html


def test_two_persons_are_told_and_who_stands_on_both_sides(signed_in, community):
    hold(community, PersonFactory(name="王一"), Office.SECRETARY)
    hold(community, PersonFactory(name="李二"), Office.RESIDENTS_DIRECTOR)
    assert "暂无交叉任职人员" in page_of(signed_in, community)
    both = PersonFactory(name="赵三")
    hold(community, both, Office.COMMITTEE_MEMBER)
    hold(community, both, Office.COMMUNITY_WORKER)

    html = page_of(signed_in, community)

    assert "由两人分别担任" in html
    assert "委员 · 社区工作者" in html


def test_who_has_left_the_office_does_not_lead(signed_in, community):
    hold(community, PersonFactory(name="前书记"), Office.SECRETARY, ended_on=date(2020, 1, 1))

    assert "前书记" not in page_of(signed_in, community)


def test_the_leadership_is_confirmed_by_one_click_once_a_year(signed_in, community):
    hold(community, PersonFactory(name="王一"), Office.SECRETARY)
    assert "领导班子本年度尚未确认" in page_of(signed_in, community)

    answers = [
        signed_in.post(reverse("standing:confirm", args=[community.code]), {"thing": "leadership"})
        for _click in range(2)
    ]

    there = reverse("members:leadership", args=[community.code])
    assert {answer.headers["Location"] for answer in answers} == {there}
    assert Confirmation.objects.get().thing == "leadership"
    assert "尚未确认" not in page_of(signed_in, community)


def test_a_viewer_reads_and_is_offered_nothing_and_an_outsider_finds_nothing(
    viewer, outsider, community
):
    hold(community, PersonFactory(name="王一"), Office.SECRETARY)

    assert "仍然属实" not in page_of(sign_in(viewer), community)
    response = sign_in(outsider).get(reverse("members:leadership", args=[community.code]))
    assert response.status_code == 404
