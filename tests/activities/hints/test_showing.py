"""Who sees hints, their list and its filters, and what the pages cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services
from activities.choices import HintKind
from activities.models import Activity, Hint
from members.models import Affiliation
from organizations.choices import Role
from tests.activities.hints.conftest import (
    MINUTES,
    held,
    look_at_all,
    noticed,
    says,
    settle,
)
from tests.cast import sign_in
from tests.evidence import AttachmentFactory
from tests.factories import (
    AttendanceFactory,
    CommunityFactory,
    GrantFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = pytest.mark.django_db


# -- who sees them ----------------------------------------------------------
def test_hints_are_for_reviewers_and_the_county_never_for_who_keeps_the_record(
    late, secretary, street_secretary, viewer, outsider, reviewer, organizer
):
    hint, activity = late
    for user in (secretary, street_secretary, viewer, outsider):
        browser = sign_in(user)
        for address in (reverse("activities:hints"), hint.get_absolute_url()):
            assert browser.get(address).status_code == 404
        assert "登记时间距活动较久" not in str(browser.get(activity.get_absolute_url()).content)
        assert settle(hint, user).status_code == 404
    for user in (reviewer, organizer):
        browser = sign_in(user)
        assert "登记时间距活动较久" in browser.get(reverse("activities:hints")).content.decode()
        page = browser.get(activity.get_absolute_url()).content.decode()
        assert "登记时间距活动较久" in page
        review = browser.get(reverse("assessment:review")).content.decode()
        assert "1条提示" in review


@pytest.fixture
def across(county, community):
    """A hint about records of two streets: one person, the same minutes, the same photo."""
    beyond = CommunityFactory(parent=StreetFactory(parent=county, name="西街街道"), name="山前社区")
    ours = held(community, topic="河滨学习", minutes=MINUTES)
    theirs = held(beyond, date(2026, 8, 1), topic="山前学习", minutes=MINUTES)
    for activity in (ours, theirs):
        AttachmentFactory(activity=activity, seed=5)
    return ours, theirs, noticed()


def test_a_record_beyond_ones_reach_is_only_counted(across, reviewer):
    _ours, theirs, hints = across
    (hidden,) = theirs.attachments.all()

    assert {hint.kind for hint in hints} == {HintKind.SAME_MINUTES, HintKind.SAME_PHOTO}
    pages = [says(hint, reviewer) for hint in hints]
    pages.append(sign_in(reviewer).get(reverse("activities:hints")).content.decode())
    for page in pages:
        assert "河滨学习" in page
        assert "另有1条您权限以外的记录" in page
        for told in ("山前", "西街", str(theirs.pk), str(hidden.pk)):
            assert told not in page
    assert "<mark>" not in "".join(pages)


def test_only_who_sees_all_of_it_settles_a_hint(across, reviewer, organizer):
    _ours, _theirs, hints = across

    for hint in hints:
        assert "由县级处理" in settle(hint, reviewer).content.decode()
        assert Hint.objects.waiting().filter(pk=hint.pk).exists()
        assert "您权限以外" not in says(hint, organizer)
        settle(hint, organizer)
    assert not Hint.objects.waiting().exists()


def test_what_a_reviewer_of_one_street_may_not_see_a_reviewer_of_both_may(across, county):
    both = GrantFactory(unit=county, role=Role.REVIEWER).user

    assert all("山前学习" in says(hint, both) for hint in across[2])


# -- the list ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, 2),
        ({"page": "1"}, 2),
        ({"settled": "settled"}, 1),
        ({"settled": ""}, 3),
        ({"kind": "late", "settled": ""}, 3),
        ({"kind": "same_photo"}, 0),
        ({"unit": "s1m2"}, 1),
        ({"unit": "elsewhere"}, 3),
        ({"first": "2026-06-02"}, 1),
    ],
)
def test_filters_live_in_the_address(community, neighbour, reviewer, filters, left):
    held(community, date(2026, 6, 1), entered=date(2026, 9, 1))
    done = held(community, date(2026, 6, 1), entered=date(2026, 9, 1))
    held(neighbour, date(2026, 6, 3), entered=date(2026, 9, 1))
    look_at_all()
    services.dismiss_hint(done.hints.get(), "问过", by=reviewer)

    answer = sign_in(reviewer).get(reverse("activities:hints"), filters)

    if filters.get("unit") == "elsewhere":
        assert answer.context["filter"].errors
    else:
        assert len(answer.context["shown"]) == left


def test_the_pages_cost_the_same_queries_for_one_hint_and_thirty(community, reviewer):
    browser = sign_in(reviewer)

    def add(number):
        person = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
        AttendanceFactory(activity=held(community, entered=date(2026, 9, 11)), person=person)

    def cost():
        look_at_all()
        found = []
        record_page = Activity.objects.first().get_absolute_url()
        for name in ("activities:hints", "activities:delays", "assessment:review"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(name)).status_code == 200
            found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            browser.get(record_page)
        return [*found, len(queries)]

    add(0)
    one = cost()
    for number in range(29):
        add(number)

    assert cost() == one


def test_a_look_costs_the_same_queries_for_few_records_and_many(community):
    def add(count):
        for number in range(count):
            activity = held(community, minutes=MINUTES + str(number), hour=8 + number % 8)
            AttendanceFactory(activity=activity, person=person)

    def cost():
        Hint.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            look_at_all()
        # What is written goes in pieces, as large as the database takes them.
        return sum(query["sql"].startswith("SELECT") for query in queries)

    person = MemberFactory(unit=community, ended_on=date(2026, 5, 1))
    assert Affiliation.objects.count() == 1
    add(8)
    few = cost()
    add(24)

    assert cost() == few
