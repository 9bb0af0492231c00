"""The ledger of exemptions: what is in force, for whom reasons are."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.choices import ExemptionState
from tests.cast import sign_in
from tests.factories import ExemptionFactory, MemberFactory

pytestmark = pytest.mark.django_db


def listed(user, **query):
    page = sign_in(user).get(reverse("members:exemption_ledger"), query)
    return {line.row.person.name for line in page.context["lines"]}


@pytest.fixture
def cast(community, neighbour):
    def exempt(name, unit=community, **values):
        return ExemptionFactory(person=MemberFactory(unit=unit, name=name), **values)

    exempt("在免除期", begun_on=date(2020, 1, 1), reason="age")
    exempt("已经结束", begun_on=date(2020, 1, 1), ended_on=date(2020, 12, 31))
    exempt("尚未开始", begun_on=date(2999, 1, 1))
    exempt("等待审批", state=ExemptionState.REQUESTED, decided_at=None)
    exempt("别处的人", unit=neighbour, begun_on=date(2020, 1, 1))


def test_it_shows_who_is_exempt_now_and_the_rest_when_asked(cast, secretary):
    assert listed(secretary) == {"在免除期"}
    assert listed(secretary, shown="requested") == {"等待审批"}
    assert listed(secretary, shown="all") == {"在免除期", "已经结束", "尚未开始", "等待审批"}
    assert listed(secretary, reason="posting") == set()


def test_reviewers_see_it_and_viewers_see_nobody(cast, reviewer, viewer):
    assert listed(reviewer) == {"在免除期", "别处的人"}
    assert listed(viewer, shown="all") == set()


def test_it_asks_no_more_with_thirty(community, secretary, django_assert_max_num_queries):
    client, address = sign_in(secretary), reverse("members:exemption_ledger")
    ExemptionFactory(person=MemberFactory(unit=community), begun_on=date(2020, 1, 1))
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(29):
        ExemptionFactory(person=MemberFactory(unit=community), begun_on=date(2020, 1, 1))
    with django_assert_max_num_queries(len(one)):
        client.get(address)
