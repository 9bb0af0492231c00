"""Logging a meeting on a phone as a secretary does it, with every tap counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.choices import Presence, State
from activities.models import Activity
from tests.browser.conftest import PHONE, is_within_window
from tests.factories import ActivityFactory, AttendanceFactory, MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-and-quiet-word"


class Thumb:
    """Taps like a person and counts it."""

    def __init__(self, page) -> None:
        self.page, self.taps, self.lines = page, 0, 0

    def tap(self, place) -> None:
        self.taps += 1
        place.click()

    def write(self, place, text: str) -> None:
        """One tap into the field, then one line on the keyboard."""
        self.tap(place)
        self.lines += 1
        self.page.keyboard.type(text)


@pytest.fixture
def held_before(community):
    """Forty members, and a members' meeting with a lecture a month ago."""
    members = [MemberFactory(unit=community) for _number in range(40)]
    day = timezone.localdate() - timedelta(days=28)
    earlier = ActivityFactory(
        unit=community,
        kinds=("members_meeting", "party_lecture"),
        on=day,
        topic="上月学习",
        place="社区活动室",
        chair="王书记",
        recorder="赵六",
        submitted=True,
    )
    for member in members:
        AttendanceFactory(activity=earlier, person=member)
    return members


def test_a_meeting_of_forty_takes_at_most_twelve_taps_and_one_line(
    open_page, secretary, community, held_before
):
    secretary.set_password(PASSWORD)
    secretary.save()
    page = open_page("/sign-in/", size=PHONE)
    thumb = Thumb(page)
    # The name and the password come from the phone's own store.
    page.locator("[name=username]").fill(secretary.username)
    page.locator("[name=password]").fill(PASSWORD)

    thumb.tap(page.get_by_role("button", name="登录"))
    thumb.tap(page.locator(".bottom-bar").get_by_role("link", name="录入活动"))
    thumb.tap(page.get_by_text("支部党员大会", exact=True).first)
    thumb.write(page.locator("[name=topic]"), "学习全会精神")
    for member in held_before[:2]:
        thumb.tap(page.locator(f"#here-{member.pk}"))
    thumb.tap(page.get_by_role("button", name="提交"))
    page.wait_for_url("**/activities/*-*/")

    record = Activity.objects.get(topic="学习全会精神")
    assert (thumb.taps, thumb.lines) == (7, 1)
    assert thumb.taps <= 12
    assert record.state == State.SUBMITTED
    assert page.get_by_text("已提交").first.is_visible()
    assert (record.place, record.chair, record.recorder) == ("社区活动室", "王书记", "赵六")
    assert record.attendances.filter(presence=Presence.PRESENT).count() == 38
    assert record.attendances.filter(presence=Presence.ABSENT).count() == 2
    assert is_within_window(page)


def test_what_the_record_will_serve_shows_before_it_is_saved(
    open_page, secretary, community, held_before
):
    page = open_page(f"{reverse('activities:log')}?unit={community.code}", user=secretary)

    page.get_by_text("党课", exact=True).first.click()
    page.locator("[name=day]").fill(timezone.localdate().isoformat())
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=ends]").fill("00:01")

    told = page.locator("#serves")
    told.get_by_text("40人达到").wait_for()
    assert told.get_by_text("党课").first.is_visible()
    assert Activity.objects.count() == 1


def test_a_kind_that_is_ticked_brings_back_last_time_and_keeps_what_was_typed(
    open_page, secretary, community, held_before
):
    page = open_page(f"{reverse('activities:log')}?unit={community.code}", user=secretary)
    page.locator("[name=place]").fill("河边")

    page.get_by_text("党课", exact=True).first.click()
    page.get_by_role("button", name="同上次：上月学习").click()

    assert page.locator("[name=chair]").input_value() == "王书记"
    assert page.locator("[name=place]").input_value() == "河边"
    assert page.locator("[name=topic]").input_value() == "上月学习"
