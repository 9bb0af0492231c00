"""A new form begins as the last one of its kind ended."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import services
from activities.choices import Presence
from activities.memory import memories_of
from tests.activities.entries import at, entry, rows_of, typed
from tests.cast import sign_in
from tests.factories import SHANGHAI, MemberFactory

pytestmark = pytest.mark.django_db
LOG = "/activities/log/"


def hold(community, secretary, **given):
    return services.log_activity(entry(community, **given), by=secretary, submit=True)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 25, 12, tzinfo=SHANGHAI), date(2026, 3, 24)),
        (datetime(2026, 3, 24, 12, tzinfo=SHANGHAI), date(2026, 3, 24)),
        (datetime(2026, 3, 24, 10, tzinfo=SHANGHAI), date(2026, 3, 17)),
        (datetime(2026, 3, 12, 12, tzinfo=SHANGHAI), date(2026, 3, 12)),
    ],
    ids=["the day after", "later the same day", "before it is over", "no such day since"],
)
def test_the_usual_day_is_the_last_one_that_has_come(community, secretary, now, day):
    hold(community, secretary)  # a Tuesday at nine

    assert memories_of(community).of(["member_study"]).usual_day(now) == day


@pytest.mark.parametrize(
    ("now", "day", "proposed"),
    [
        ("2026-03-12 12:00", "", ("2026-03-12", "09:00", "11:00")),
        ("2026-03-12 10:40", "", ("2026-03-12", "08:00", "10:00")),
        ("2026-03-12 08:30", "", ("2026-03-11", "09:00", "11:00")),
        ("2026-03-12 00:10", "", ("2026-03-11", "09:00", "11:00")),
        ("2026-03-12 08:30", "2026-03-12", ("2026-03-12", "06:00", "08:00")),
        ("2026-03-12 00:30", "2026-03-12", ("2026-03-12", None, None)),
        ("2026-03-12 08:30", "2026-03-05", ("2026-03-05", "09:00", "11:00")),
    ],
)
def test_nothing_is_proposed_that_is_still_to_come(
    community, secretary, signed_in, now, day, proposed
):
    hold(community, secretary)

    with time_machine.travel(at(now), tick=False):
        page = signed_in.get(LOG, {"kind": "committee_meeting"} | ({"day": day} if day else {}))
        form, told = page.context["form"], json.loads(page.context["memories_json"])["last"]

    found = [form[name].value() for name in ("day", "begins", "ends")]
    assert [value and value.isoformat()[:10] for value in found[:1]] == [proposed[0]]
    assert tuple(value and f"{value:%H:%M}" for value in found[1:]) == proposed[1:]
    assert at(f"{told['day']} {told['ends']}") <= at(now)


def test_a_plan_keeps_the_usual_hours(community, secretary, signed_in):
    hold(community, secretary)

    with time_machine.travel(at("2026-03-12 08:30"), tick=False):
        form = signed_in.get("/activities/plans/new/").context["form"]

    assert f"{form['begins'].value():%H:%M}" == "09:00"


def test_each_kind_is_remembered_by_itself(community, secretary, signed_in):
    hold(community, secretary, kinds=frozenset({"party_lecture"}), place="礼堂", lecturer="周讲师")
    hold(
        community,
        secretary,
        place="活动室",
        starts_at=at("2026-03-12 14:00"),
        ends_at=at("2026-03-12 15:00"),
    )

    lecture = signed_in.get(LOG, {"kind": "party_lecture"}).context["form"]
    newest = signed_in.get(LOG).context["form"]

    assert (lecture["place"].value(), lecture["lecturer"].value()) == ("礼堂", "周讲师")
    assert (newest["place"].value(), newest["lecturer"].value()) == ("活动室", None)


def test_the_topics_of_late_are_offered_each_once(community, secretary, signed_in):
    for _ in range(2):
        hold(community, secretary, topic="学习条例")
    hold(community, secretary, topic="换届选举")

    response = signed_in.get(LOG)

    assert set(response.context["topics"]) == {"学习条例", "换届选举"}
    assert json.loads(response.context["memories_json"])["member_study"]["begins"] == "09:00"


def test_nothing_is_remembered_of_what_was_cancelled(community, secretary):
    services.cancel(hold(community, secretary), by=secretary)

    assert memories_of(community).by_kind == {}


def test_the_list_can_be_ticked_as_last_time(community, secretary, zhang, li, signed_in):
    hold(community, secretary, presences={zhang.pk: Presence.PRESENT, li.pk: Presence.LEAVE})
    here = [str(zhang.pk), str(li.pk)]

    response = signed_in.post(LOG, typed(community, do="last", here=here))

    assert rows_of(response) == {"张三": "present", "李四": ""}


def test_a_guest_of_last_time_comes_back_if_within_reach(
    community, neighbour, secretary, street_secretary, zhang, signed_in
):
    guest = MemberFactory(unit=neighbour, name="邻居")
    present = dict.fromkeys([zhang.pk, guest.pk], Presence.PRESENT)
    hold(community, secretary, presences=present)

    within = sign_in(street_secretary).post(LOG, typed(community, do="last"))
    beyond = signed_in.post(LOG, typed(community, do="last"))

    assert rows_of(within) == {"张三": "present", "邻居": "present"}
    assert rows_of(beyond) == {"张三": "present"}


def test_remembering_costs_one_query(community, secretary):
    for _ in range(5):
        hold(community, secretary)

    with CaptureQueriesContext(connection) as queries:
        memories_of(community)

    assert len(queries) == 1


@pytest.mark.parametrize(("day", "days"), [("2026-11-20", 0), ("2026-11-02", 23)])
def test_a_late_entry_says_how_many_days_later_and_no_more(
    community, signed_in, time_machine_now, day, days
):
    said = typed(community, day=day, late_reason="会议期间住院")

    page = signed_in.post(LOG, said, follow=True).content.decode()

    assert ("补录" in page) is bool(days)
    assert (f"活动结束{days}天后录入" in page) is bool(days)
    assert ("会议期间住院" in page) is bool(days)


@pytest.fixture
def time_machine_now():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=SHANGHAI), tick=False):
        yield
