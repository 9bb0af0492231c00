"""Posts and who holds them, pledges and how they were kept, cases of unfit members."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members import services
from members.choices import CaseOutcome
from members.errors import MemberError
from members.models import DutyPost, PostHolding
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import (
    DutyPostFactory,
    GrantFactory,
    MemberFactory,
    PledgeFactory,
    PostHoldingFactory,
    UnfitCaseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="李晓梅")


def rows(user, name, **query):
    page = sign_in(user).get(reverse(f"members:{name}"), query)
    return [line.cells[0].text for line in page.context["lines"]]


# -- posts ----------------------------------------------------------------------
def test_a_post_is_set_up_and_held(secretary, community, member):
    client = sign_in(secretary)
    client.post(
        reverse("members:post_create"),
        {"unit": community.code, "name": "政策宣传岗", "duties": "宣传政策"},
    )
    post = DutyPost.objects.get()
    assert rows(secretary, "posts", shown="vacant") == ["政策宣传岗"]

    client.post(reverse("members:post_hold", args=[post.pk]), {"person": member.pk})

    assert rows(secretary, "posts", shown="vacant") == []
    assert rows(secretary, "posts", q="晓梅") == ["政策宣传岗"]
    sheet = client.get(reverse("members:posts"), {"as": "sheet"}).content.decode()
    assert "李晓梅" in sheet


def test_nobody_of_another_unit_takes_a_post(secretary, community, neighbour):
    post = DutyPostFactory(unit=community)
    stranger = MemberFactory(unit=neighbour)

    sign_in(secretary).post(reverse("members:post_hold", args=[post.pk]), {"person": stranger.pk})

    assert not PostHolding.objects.exists()


def test_a_post_is_left_on_its_last_day(secretary, community, member):
    holding = PostHoldingFactory(person=member, post__unit=community)

    sign_in(secretary).post(reverse("members:holding_end", args=[holding.pk]), {"on": "2026-05-01"})

    holding.refresh_from_db()
    assert holding.ended_on == date(2026, 5, 1)


def test_a_post_is_not_held_twice_by_one_person(community, member):
    holding = PostHoldingFactory(person=member, post__unit=community)

    with pytest.raises(MemberError):
        services.hold_post(holding.post, person=member, by=None)


# -- pledges --------------------------------------------------------------------
def test_a_pledge_is_made_and_reported_on(secretary, member):
    client, today = sign_in(secretary), timezone.localdate()
    client.post(reverse("members:pledge", args=[member.pk]), {"made_on": today, "text": "义务清扫"})
    pledge = member.pledges.get()
    assert rows(secretary, "pledges", shown="open") == ["李晓梅"]

    client.post(
        reverse("members:pledge_report", args=[pledge.pk]),
        {"reported_on": today, "report": "已履行"},
    )

    assert rows(secretary, "pledges", shown="open") == []
    assert rows(secretary, "pledges") == ["李晓梅"]
    assert "已履行" in client.get(member.get_absolute_url()).content.decode()


def test_a_pledge_of_another_unit_is_not_seen(secretary, neighbour):
    PledgeFactory(unit=neighbour, person=MemberFactory(unit=neighbour))

    assert rows(secretary, "pledges", shown="all") == []


# -- cases ----------------------------------------------------------------------
def test_a_case_is_opened_and_settled_with_an_outcome(secretary, member):
    client = sign_in(secretary)
    client.post(
        reverse("members:case_open", args=[member.pk]),
        {"opened_on": "2026-03-01", "ground": "长期不参加组织生活"},
    )
    case = member.unfit_cases.get()
    assert rows(secretary, "cases") == ["李晓梅"]

    client.post(
        reverse("members:case_settle", args=[case.pk]),
        {"settled_on": "2026-06-01", "outcome": "improved", "measure": "谈话教育"},
    )

    case.refresh_from_db()
    assert (case.outcome, case.measure) == (CaseOutcome.IMPROVED, "谈话教育")
    assert rows(secretary, "cases") == []
    assert rows(secretary, "cases", shown="all") == ["李晓梅"]


def test_a_case_is_settled_once(community, member):
    case = UnfitCaseFactory(person=member, unit=community)
    settled = {"settled_on": date(2026, 6, 1), "outcome": CaseOutcome.IMPROVED, "by": None}
    services.settle_case(case, **settled)

    with pytest.raises(MemberError):
        services.settle_case(case, **settled)


def test_a_viewer_reads_of_no_case(community, member):
    viewer = GrantFactory(unit=community, role=Role.VIEWER, user__username="reader").user
    UnfitCaseFactory(person=member, unit=community, ground="长期不参加组织生活")

    page = sign_in(viewer).get(member.get_absolute_url()).content.decode()

    assert rows(viewer, "cases", shown="all") == []
    assert "长期不参加组织生活" not in page


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("posts", lambda unit: PostHoldingFactory(post__unit=unit)),
        ("pledges", lambda unit: PledgeFactory(unit=unit, made_on=timezone.localdate())),
        ("cases", lambda unit: UnfitCaseFactory(unit=unit)),
    ],
)
def test_each_list_costs_the_same_however_long(
    secretary, community, name, make, django_assert_num_queries, django_assert_max_num_queries
):
    make(community)
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse(f"members:{name}"))
    for _number in range(29):
        make(community)

    with django_assert_num_queries(len(few)):
        client.get(reverse(f"members:{name}"))
