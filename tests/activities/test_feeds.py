from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from accounts.models import AuditEvent
from activities import services
from activities.models import CalendarFeed, PlanInvitation
from activities.views import calendar as views
from tests.activities import ical
from tests.activities.entries import at
from tests.cast import sign_in
from tests.factories import BranchFactory, PlanFactory

pytestmark = pytest.mark.django_db
FEED = "/activities/plans.ics"
LONG = "学习《中国共产党章程》，讨论：一、年度工作；二、换届\\准备, 下一步; " * 4


@pytest.fixture(autouse=True)
def _december(time_machine):
    time_machine.move_to("2026-12-01 10:00+08:00", tick=False)
    cache.clear()


def read(secret: str, **headers):
    """As a calendar program reads it: without an account."""
    return Client().get(FEED, {"key": secret}, headers=headers)


def events(secret: str) -> dict[str, dict]:
    return {ical.text(event, "SUMMARY"): event for event in feed(secret).get("VEVENT", [])}


def feed(secret: str):
    return ical.parse(read(secret).content)


@pytest.fixture
def secret(community, secretary):
    return services.open_feed(community, with_below=False, by=secretary)


def test_a_feed_is_what_a_strict_reader_takes(secret, community):
    plan = PlanFactory(unit=community, topic=LONG, place="二楼;活动室,东", chair="王书记")

    answer = read(secret)
    (event,) = ical.parse(answer.content)["VEVENT"]

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert ical.text(event, "SUMMARY") == plan.topic
    assert ical.text(event, "LOCATION") == plan.place
    assert event["DTSTART"] == [(";TZID=Asia/Shanghai", "20261210T090000")]
    assert event["STATUS"][0][1] == "CONFIRMED"


def test_the_icalendar_library_reads_it_alike(secret, community):
    plan = PlanFactory(unit=community, topic=LONG)

    found = Calendar.from_ical(read(secret).content)

    (event,) = found.walk("VEVENT")
    assert str(event["SUMMARY"]) == plan.topic
    assert event.decoded("DTSTART") == plan.starts_at
    assert event.decoded("DTEND") == plan.ends_at
    assert not event.errors


def test_an_empty_feed_is_whole(secret, community):
    found = feed(secret)

    assert "VEVENT" not in found
    assert ical.text(found["VCALENDAR"][0], "X-WR-CALNAME") == "河滨社区活动计划"


def test_it_names_no_person(secret, community, secretary, zhang):
    PlanFactory(unit=community, topic="学习", chair="张三", note="请张三带材料")

    text = read(secret).content.decode()

    assert "张三" not in text
    assert secretary.username not in text


def test_a_changed_plan_keeps_its_uid_and_raises_its_sequence(secret, community):
    plan = PlanFactory(unit=community, topic="之前")
    before = events(secret)["之前"]

    entry = services.PlanEntry(
        unit=community,
        kinds=frozenset({"member_study"}),
        topic="之后",
        starts_at=at("2026-12-11 09:00"),
        ends_at=at("2026-12-11 10:00"),
    )
    services.change_plan(plan, entry, by=None)

    after = events(secret)["之后"]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"][0][1], after["SEQUENCE"][0][1]) == ("0", "1")


def test_a_dropped_plan_stays_as_cancelled(secret, community):
    plan = PlanFactory(unit=community, topic="停办的")
    services.drop_plan(plan, "停办", by=None)

    assert events(secret)["停办的"]["STATUS"][0][1] == "CANCELLED"


def test_a_feed_is_of_the_unit_and_where_it_is_invited(secret, community, neighbour):
    PlanFactory(unit=community, topic="自己的")
    PlanFactory(unit=neighbour, topic="别人的")
    PlanFactory(unit=BranchFactory(parent=community), topic="支部的")
    asked, declined = PlanFactory(unit=neighbour, topic="受邀的"), PlanFactory(topic="谢绝的")
    PlanInvitation.objects.create(plan=asked, unit=community)
    PlanInvitation.objects.create(
        plan=declined, unit=community, answer="declined", answered_at=at("2026-12-01 09:00")
    )

    assert events(secret).keys() == {"自己的", "受邀的"}


def test_with_below_it_tells_of_branches_too(community, secretary):
    secret = services.open_feed(community, with_below=True, by=secretary)
    PlanFactory(unit=BranchFactory(parent=community), topic="支部的")

    assert events(secret).keys() == {"支部的"}


def test_it_goes_three_months_back_and_a_year_ahead(secret, community):
    for topic, day in [("旧", "2026-08-01"), ("近", "2026-11-01"), ("远", "2028-06-01")]:
        PlanFactory(unit=community, topic=topic, starts_at=at(f"{day} 09:00"))

    assert events(secret).keys() == {"近"}


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(signed_in, community):
    base = f"/activities/calendar/units/{community.code}/"

    secrets = []
    for _ in range(2):
        address = signed_in.post(f"{base}open/").context["address"]
        secrets += parse_qs(urlsplit(address).query)["key"]

    assert [read(each).status_code for each in secrets] == [404, 200]
    assert secrets[1] not in signed_in.get(base).content.decode()  # shown once only
    signed_in.post(f"{base}revoke/")
    assert read(secrets[1]).status_code == 404
    told = AuditEvent.objects.filter(target_type="activities.calendarfeed")
    assert sorted(told.values_list("verb", flat=True)) == ["open_feed", "open_feed", "revoke_feed"]
    assert not any(secrets[1] in str(event.details) for event in told)


def test_the_secret_itself_is_not_stored(secret):
    stored = CalendarFeed.objects.get()

    assert len(secret) == 43  # 32 random bytes
    assert secret not in str(vars(stored))


@pytest.mark.parametrize("wrong", ["", "x", "é"])
def test_without_the_secret_there_is_nothing(secret, wrong):
    assert read(wrong).status_code == 404


def test_whoever_has_the_same_file_is_not_sent_it_again(secret, community):
    PlanFactory(unit=community)
    first = read(secret)

    again = read(secret, if_none_match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first.headers["Cache-Control"]
    PlanFactory(unit=community)
    assert read(secret, if_none_match=first.headers["ETag"]).status_code == 200


def test_who_reads_too_often_is_asked_to_wait(secret, monkeypatch):
    monkeypatch.setattr(views, "READS_A_WINDOW", 2)

    answers = [read(secret).status_code for _ in range(4)]

    assert answers == [200, 200, 429, 429]


def test_a_feed_costs_the_same_queries_for_one_plan_and_thirty(
    secret, community, django_assert_num_queries
):
    for number in range(31):
        PlanFactory(unit=community, starts_at=at("2026-12-10 09:00") + timedelta(days=number))

    with django_assert_num_queries(2):
        assert len(events(secret)) == 31


def test_only_who_keeps_the_unit_makes_addresses(viewer, outsider, community):
    for user in (viewer, outsider):
        answer = sign_in(user).post(f"/activities/calendar/units/{community.code}/open/")
        assert answer.status_code == 404
    assert not CalendarFeed.objects.exists()
