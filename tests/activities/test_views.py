from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import services
from activities.choices import Grade, Presence, State
from tests.activities.entries import entry
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    BranchFactory,
    CoHostFactory,
    CommunityFactory,
    GrantFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/activities/"


def topics(response) -> set[str]:
    return {activity.topic for activity in response.context["page_obj"]}


def page_of(activity, verb="") -> str:
    return f"/activities/{activity.pk}/{verb}"


@pytest.fixture
def submitted(community, secretary):
    member = MemberFactory(unit=community, name="张三")
    return services.log_activity(
        entry(community, presences={member.pk: Presence.PRESENT}), by=secretary, submit=True
    )


def cost_of(browser, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


# -- the list ---------------------------------------------------------------
def test_the_list_holds_what_ones_units_host_or_co_host_and_nothing_else(
    signed_in, community, neighbour
):
    ActivityFactory(unit=community, topic="自己的")
    CoHostFactory(activity=ActivityFactory(unit=neighbour, topic="一起的"), unit=community)
    ActivityFactory(unit=neighbour, topic="别人的")

    assert topics(signed_in.get(LIST)) == {"自己的", "一起的"}


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"unit": "s1m2"}, {"邻居的课"}),
        ({"unit": "s1"}, {"三月学习", "四月党课", "邻居的课"}),
        ({"unit": "elsewhere"}, {"三月学习", "四月党课", "邻居的课"}),
        ({"kind": "party_lecture"}, {"四月党课", "邻居的课"}),
        ({"state": "submitted"}, {"四月党课"}),
        ({"first": "2026-04-01"}, {"四月党课", "邻居的课"}),
        ({"last": "2026-03-31"}, {"三月学习"}),
        ({"text": "党课"}, {"四月党课"}),
        ({"text": "活动室"}, {"三月学习"}),
    ],
)
def test_filters_live_in_the_address(street_secretary, community, neighbour, filters, left):
    ActivityFactory(unit=community, topic="三月学习", on=date(2026, 3, 10), place="活动室")
    lecture = {"kinds": ("party_lecture", "member_study")}
    ActivityFactory(
        unit=community, topic="四月党课", on=date(2026, 4, 2), submitted=True, **lecture
    )
    ActivityFactory(unit=neighbour, topic="邻居的课", on=date(2026, 4, 9), **lecture)

    response = sign_in(street_secretary).get(LIST, filters)

    if filters.get("unit") == "elsewhere":
        assert response.context["filter"].errors
    else:
        assert topics(response) == left


def test_a_branch_is_filtered_with_its_community(organizer, county, street):
    community = CommunityFactory(parent=street, code="zz", kind="community_general_branch")
    ActivityFactory(unit=BranchFactory(parent=community), topic="支部的")

    assert topics(sign_in(organizer).get(LIST, {"unit": "zz"})) == {"支部的"}


def test_the_list_costs_the_same_queries_for_one_record_and_thirty(signed_in, community):
    AttendanceFactory(activity=ActivityFactory(unit=community))
    one = cost_of(signed_in, LIST)
    for _ in range(29):
        AttendanceFactory(activity=ActivityFactory(unit=community))

    assert cost_of(signed_in, LIST) == one


# -- a record ---------------------------------------------------------------
def test_a_record_shows_its_facts_its_people_and_its_history(signed_in, submitted):
    page = signed_in.get(page_of(submitted)).content.decode()

    for words in ("学习党章", "党员学习教育", "2026年3月10日 09:00–11:00", "0.25", "张三", "登记"):
        assert words in page


def test_a_record_is_not_there_for_outsiders(submitted, outsider, neighbour):
    for verb in ("", "print/"):
        assert sign_in(outsider).get(page_of(submitted, verb)).status_code == 404


def test_a_record_costs_the_same_queries_for_one_person_and_thirty(signed_in, submitted):
    one = cost_of(signed_in, page_of(submitted)), cost_of(signed_in, page_of(submitted, "print/"))
    for _ in range(29):
        AttendanceFactory(activity=submitted)

    assert (
        cost_of(signed_in, page_of(submitted)),
        cost_of(signed_in, page_of(submitted, "print/")),
    ) == one


def test_each_role_gets_the_buttons_that_it_may_press(submitted, secretary, reviewer, viewer):
    can = {}
    for user in (secretary, reviewer, viewer):
        abilities = sign_in(user).get(page_of(submitted)).context["can"]
        can[user.username] = {name for name, may in abilities.items() if may}

    assert can == {
        "secretary": {"edit", "follow", "cancel"},
        "reviewer": {"confirm", "return"},
        "viewer": set(),
    }


def test_grades_are_shown_by_grade(signed_in, community, secretary):
    member = MemberFactory(unit=community, name="李四")
    review = services.log_activity(
        entry(community, kinds=frozenset({"member_review"}), grades={member.pk: Grade.EXCELLENT}),
        by=secretary,
    )

    page = signed_in.get(page_of(review)).content.decode()

    assert "优秀" in page
    assert "李四" in page


def test_the_printed_sheet_has_a_line_to_sign_for_everybody(signed_in, submitted):
    page = signed_in.get(page_of(submitted, "print/")).content.decode()

    assert "张三" in page
    assert "签名" in page


# -- moving it on -----------------------------------------------------------
def test_the_way_up_and_back(community, submitted, secretary, reviewer):
    above, below = sign_in(reviewer), sign_in(secretary)

    above.post(page_of(submitted, "return/"), {"reason": "请写明地点"})
    submitted.refresh_from_db()
    assert submitted.state == State.RETURNED
    assert "请写明地点" in below.get(page_of(submitted)).content.decode()

    below.post(page_of(submitted, "submit/"))
    above.post(page_of(submitted, "confirm/"))
    submitted.refresh_from_db()
    assert submitted.state == State.CONFIRMED


def test_a_return_without_a_reason_is_refused_in_words(submitted, reviewer):
    response = sign_in(reviewer).post(page_of(submitted, "return/"), {"reason": " "}, follow=True)

    assert "请填写退回原因" in response.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_nobody_confirms_from_a_page_that_is_out_of_date(community, submitted, secretary, reviewer):
    seen = submitted.version
    services.change_activity(submitted, entry(community, topic="改过"), by=secretary)

    sign_in(reviewer).post(page_of(submitted, "confirm/"), {"version": seen})

    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


@pytest.mark.parametrize("verb", ["submit/", "confirm/", "return/", "cancel/"])
def test_buttons_do_not_exist_for_those_who_may_not_press_them(
    submitted, secretary, reviewer, viewer, outsider, verb
):
    keeps = verb in ("submit/", "cancel/")
    refused = [viewer, outsider, reviewer if keeps else secretary]

    for user in refused:
        assert sign_in(user).post(page_of(submitted, verb), {"reason": "x"}).status_code == 404
    assert sign_in(secretary).get(page_of(submitted, verb)).status_code == 405
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_a_co_host_reads_the_record_and_changes_nothing(submitted, neighbour):
    CoHostFactory(activity=submitted, unit=neighbour)
    browser = sign_in(GrantFactory(unit=neighbour).user)

    assert browser.get(page_of(submitted)).status_code == 200
    assert browser.post(page_of(submitted, "cancel/")).status_code == 404
    assert browser.get(page_of(submitted, "edit/")).status_code == 404
