"""Correcting and reviewing as people do it: two windows at once, a member review in its steps."""

from __future__ import annotations

import pytest
from django.urls import reverse

from activities import services
from activities.choices import Presence
from activities.models import Activity, ReviewRun
from tests.activities.entries import entry
from tests.browser.conftest import DESK, PHONE, is_within_window
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("size", "script"), [(DESK, True), (PHONE, True), (PHONE, False)], ids=["desk", "phone", "bare"]
)
def test_the_second_of_two_editors_chooses_and_nothing_is_lost(
    open_page, secretary, street_secretary, community, size, script
):
    zhang = MemberFactory(unit=community, name="张三")
    li = MemberFactory(unit=community, name="李四")
    here = {zhang.pk: Presence.PRESENT, li.pk: Presence.PRESENT}
    said = entry(community, place="三楼", presences=here)
    record = services.log_activity(said, by=secretary, submit=True)
    address = reverse("activities:edit", args=[record.pk])
    mine = open_page(address, user=secretary, size=size, script=script)
    theirs = open_page(address, user=street_secretary)
    theirs.locator("[name=topic]").fill("他的主题")
    theirs.locator("[name=place]").fill("他的地点")
    theirs.get_by_role("button", name="保存").click()
    theirs.wait_for_url(f"**{record.get_absolute_url()}")

    mine.locator("[name=topic]").fill("我的主题")
    mine.locator(f"#here-{li.pk}").uncheck()
    mine.get_by_role("button", name="保存").click()

    assert mine.get_by_text("双方都作了修改").is_visible()
    assert mine.get_by_text("仅对方作了修改").is_visible()
    assert is_within_window(mine) if script else True
    mine.locator("[name=keep-topic][value=theirs]").check()
    mine.get_by_role("button", name="按所选保存").click()
    mine.wait_for_url(f"**{record.get_absolute_url()}")
    record.refresh_from_db()
    assert (record.topic, record.place) == ("他的主题", "他的地点")
    assert record.attendances.get(person=li).presence == Presence.ABSENT
    mine.get_by_role("link", name="个版本").click()
    mine.wait_for_load_state("networkidle")
    theirs.wait_for_load_state("networkidle")
    assert mine.locator("ins").first.is_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_member_review_goes_from_its_opening_to_the_record(open_page, secretary, community, size):
    MemberFactory(unit=community, name="张三")
    MemberFactory(unit=community, name="李四")
    page = open_page(reverse("activities:runs"), user=secretary, size=size)
    page.get_by_role("link", name="启动评议").click()
    page.locator("[name=kind]").select_option("member_review")
    page.get_by_role("button", name="启动").click()

    page.get_by_role("button", name="保存并继续").click()
    page.locator("[name$=self_grade]").first.select_option("qualified")
    page.get_by_role("button", name="保存并继续").click()
    for field in page.locator("[name$=peers-excellent]").all():
        field.fill("9")
    assert is_within_window(page)
    page.get_by_role("button", name="保存并继续").click()
    assert page.get_by_text("测评建议：优秀").count() == 2
    page.get_by_role("button", name="保存并继续").click()
    run = ReviewRun.objects.get()
    page.locator("[name=day]").fill(f"{run.year}-01-01")
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=ends]").fill("00:01")
    page.get_by_text("李四").click()
    page.get_by_role("button", name="办结并提交会议记录").click()

    page.get_by_text("评议已完成").wait_for()
    page.wait_for_load_state("networkidle")
    activity = Activity.objects.get()
    assert activity.appraisals.filter(grade="excellent").count() == 2
    assert activity.attendances.get(person__name="李四").presence == Presence.LEAVE


def test_the_kinds_own_fields_come_and_go_with_the_kinds(open_page, secretary, community):
    page = open_page(f"{reverse('activities:log')}?unit={community.code}", user=secretary)
    assert not page.locator("[data-extra]").is_visible()

    page.get_by_text("主题党日", exact=True).first.click()
    assert page.locator("[name=extra-theme]").is_visible()
    assert not page.locator("[name=extra-agenda]").is_visible()
    page.get_by_text("主题党日", exact=True).first.click()
    assert not page.locator("[data-extra]").is_visible()


def test_a_reviewer_goes_through_the_queue_by_keys(open_page, reviewer, secretary, community):
    for topic in ("第一次", "第二次"):
        services.log_activity(entry(community, topic=topic), by=secretary, submit=True)
    page = open_page(reverse("assessment:review"), user=reviewer)
    page.get_by_role("link", name="逐条审核").click()
    page.get_by_role("heading", name="第一次").wait_for()
    page.wait_for_load_state()

    page.keyboard.press("Alt+n")
    page.get_by_role("heading", name="第二次").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("Alt+p")
    page.get_by_role("heading", name="第一次").wait_for()
    page.wait_for_load_state()
    page.keyboard.press("Alt+c")
    page.get_by_text("已确认“第一次").wait_for()

    assert Activity.objects.get(topic="第一次").state == "confirmed"
