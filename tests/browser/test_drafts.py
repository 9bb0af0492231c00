"""Nothing typed is lost: a lost connection, a session that ended, a second window."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.urls import reverse

from activities.models import Activity, EntryDraft
from tests.browser.conftest import session_of
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)
LOG = "/activities/log/"
STORED = "Object.keys(localStorage).filter((name) => name.startsWith('portal.log.')).length"


def kept(page):
    """Wait until the server has the form."""
    page.locator("[data-kept]:not(:empty)").wait_for()


def kept_topics():
    return sorted(draft.topic for draft in EntryDraft.objects.all())


def topic_is(text):
    return Q(content__topic=[text])


def note(page, name):
    return page.locator(f"[data-note={name}]")


def test_what_is_typed_is_kept_by_itself_and_taken_up_again(open_page, secretary, community):
    member = MemberFactory(unit=community)
    page = open_page(LOG, user=secretary)
    page.get_by_text("党课", exact=True).first.click()
    page.locator("[name=topic]").fill("学到一半")
    page.locator(f"#here-{member.pk}").uncheck()
    kept(page)
    assert page.evaluate(STORED) == 0

    page.goto(LOG)
    page.get_by_role("link", name="继续填写").click()

    assert page.locator("[name=topic]").input_value() == "学到一半"
    assert page.locator("#kind-party_lecture").is_checked()
    assert not page.locator(f"#here-{member.pk}").is_checked()
    assert not Activity.objects.exists()
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=ends]").fill("00:01")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/activities/*-*/")
    assert Activity.objects.count() == 1
    assert not EntryDraft.objects.exists()


def test_a_lost_connection_loses_nothing(quiet_page, secretary, community):
    page = quiet_page(LOG, user=secretary)
    page.context.set_offline(True)
    page.get_by_text("党课", exact=True).first.click()
    page.locator("[name=topic]").fill("断网时写的")
    page.locator("[name=minutes]").evaluate("field => field.value = '身份证520302199003070023'")
    note(page, "offline").wait_for()
    page.get_by_role("button", name="提交").click()
    assert page.locator("[name=topic]").input_value() == "断网时写的"
    assert page.evaluate(STORED) == 1
    assert "520302199003070023" not in page.evaluate("JSON.stringify(localStorage)")

    page.context.set_offline(False)
    kept(page)

    assert note(page, "offline").is_hidden()
    assert page.evaluate(STORED) == 0
    assert EntryDraft.objects.get().topic == "断网时写的"


def test_a_window_closed_without_connection_is_found_again(quiet_page, secretary, community):
    page = quiet_page(LOG, user=secretary)
    page.context.set_offline(True)
    page.locator("[name=topic]").fill("关掉的窗口")
    note(page, "offline").wait_for()
    page.close(run_before_unload=False)

    context = page.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(LOG)
    note(again, "local").get_by_role("button", name="继续填写").click()
    again.wait_for_url("**draft=*")

    assert again.locator("[name=topic]").input_value() == "关掉的窗口"
    assert again.evaluate(STORED) == 0


def test_a_session_that_ended_loses_nothing(quiet_page, secretary, community, live_server):
    page = quiet_page(LOG, user=secretary)
    Session.objects.all().delete()
    page.locator("[name=topic]").fill("会话已过期")
    note(page, "expired").wait_for()

    page.context.add_cookies([session_of(secretary, live_server.url)])
    note(page, "expired").get_by_role("button", name="重试").click()
    kept(page)

    assert note(page, "expired").is_hidden()
    assert EntryDraft.objects.get().topic == "会话已过期"


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(
    quiet_page, secretary, community
):
    secretary.set_password("a-long-and-quiet-word")
    secretary.save()
    page = quiet_page(LOG, user=secretary)
    page.get_by_text("党课", exact=True).first.click()
    page.locator("[name=topic]").fill("提交时已过期")
    Session.objects.all().delete()
    page.get_by_role("button", name="提交").click()
    page.locator("[name=username]").fill(secretary.username)
    page.locator("[name=password]").fill("a-long-and-quiet-word")
    page.get_by_role("button", name="登录").click()

    page.wait_for_url("**draft=*")

    assert page.locator("[name=topic]").input_value() == "提交时已过期"
    assert page.locator("#kind-party_lecture").is_checked()
    assert not Activity.objects.exists()


def test_a_draft_that_fails_while_the_form_is_sent_does_not_undo_what_was_kept(
    quiet_page, secretary, community
):
    page = quiet_page(LOG, user=secretary)
    address = page.locator("[data-drafts]").get_attribute("data-url")
    held = []
    page.route(lambda url: url.endswith((address, LOG)), lambda route: held.append(route))
    with page.expect_request(lambda request: request.url.endswith(address)):
        page.locator("[name=topic]").fill("还在路上")
    with page.expect_request(lambda request: request.url.endswith(LOG)):
        page.get_by_role("button", name="提交").click(no_wait_after=True)
    page.wait_for_timeout(300)

    draft, form = held
    draft.abort()
    page.wait_for_timeout(300)

    beside = page.context.new_page()  # the first one answers nothing while it is on its way
    beside.goto("/healthz/live")
    (kept_here,) = beside.evaluate("Object.values(localStorage).map(JSON.parse)")
    form.abort()
    assert (kept_here["topic"], kept_here["sent"]) == ("还在路上", True)


def test_a_second_window_is_told_and_overwrites_nothing(quiet_page, secretary, community):
    first = quiet_page(LOG, user=secretary)
    first.locator("[name=topic]").fill("第一个窗口")
    kept(first)
    address = f"{LOG}?draft={EntryDraft.objects.get().key}"
    second = first.context.new_page()
    second.goto(address)
    note(first, "twin").wait_for()
    second.locator("[name=topic]").fill("第二个窗口")
    kept(second)

    first.locator("[name=topic]").fill("第一个窗口又写了")
    note(first, "elsewhere").wait_for()

    assert kept_topics() == ["第一个窗口又写了", "第二个窗口"]
    assert first.locator("[name=topic]").input_value() == "第一个窗口又写了"
    note(first, "elsewhere").get_by_role("button", name="以本窗口内容继续").click()
    note(first, "elsewhere").wait_for(state="hidden")
    assert kept_topics() == ["第一个窗口又写了", "第二个窗口"]
    assert EntryDraft.objects.get(topic_is("第一个窗口又写了")).key == UUID(address[-36:])


def test_what_is_typed_after_the_note_is_kept_when_the_window_closes(
    quiet_page, secretary, community
):
    first = quiet_page(LOG, user=secretary)
    first.locator("[name=topic]").fill("共同的开头")
    kept(first)
    second = first.context.new_page()
    second.goto(f"{LOG}?draft={EntryDraft.objects.get().key}")
    second.locator("[name=topic]").fill("第二个窗口")
    kept(second)
    first.locator("[name=topic]").fill("第一个窗口")
    note(first, "elsewhere").wait_for()

    first.locator("[name=topic]").fill("提示以后接着写的")
    first.wait_for_timeout(2500)
    first.close(run_before_unload=False)

    assert kept_topics() == ["提示以后接着写的", "第二个窗口"]


def test_two_devices_lose_nothing_to_each_other(quiet_page, secretary, community):
    """The phone goes on with the desk's entry without a connection; the desk goes on as well."""
    desk = quiet_page(LOG, user=secretary)
    desk.locator("[name=topic]").fill("办公室开头")
    kept(desk)
    phone = quiet_page(f"{LOG}?draft={EntryDraft.objects.get().key}", user=secretary)
    phone.context.set_offline(True)
    phone.locator("[name=topic]").fill("手机断网写的")
    note(phone, "offline").wait_for()
    desk.locator("[name=topic]").fill("办公室写完了")
    desk.wait_for_timeout(2500)
    phone.close(run_before_unload=False)
    context = phone.context
    context.set_offline(False)

    again = context.new_page()
    again.goto(LOG)
    note(again, "local").get_by_role("button", name="继续填写").click()
    again.wait_for_url("**draft=*")

    assert again.locator("[name=topic]").input_value() == "手机断网写的"
    assert kept_topics() == ["办公室写完了", "手机断网写的"]
    desk.locator("[name=topic]").fill("办公室又写")
    note(desk, "elsewhere").wait_for()
    assert kept_topics() == ["办公室写完了", "办公室又写", "手机断网写的"]


def test_signing_out_leaves_nothing_on_the_device(quiet_page, secretary, community):
    page = quiet_page(LOG, user=secretary)
    page.evaluate("localStorage.setItem('portal.log.9.x', '{}')")

    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in/**")

    assert page.evaluate(STORED) == 0
    assert reverse("login") in page.url
