"""Signing in and out as people do it, at a desk, on a phone, and without JavaScript."""

import pytest
from django.urls import reverse

from tests.browser.conftest import DESK, PHONE, is_within_window
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_signing_in_leads_to_the_page_asked_for_and_out_again(open_page, size, script):
    user = UserFactory(display_name="老城社区书记")
    page = open_page(reverse("accounts:profile"), size=size, script=script)

    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    assert page.get_by_role("heading", name="我的账号").is_visible()
    assert is_within_window(page) if script else True
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    assert page.get_by_role("heading", name="登录").is_visible()


def test_a_click_on_english_changes_the_page_and_lasts(open_page):
    page = open_page(reverse("login"))

    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="Sign in").is_visible()

    page.reload()
    assert page.get_by_role("button", name="简体中文").is_visible()


def test_the_keyboard_reaches_the_content_past_the_bar(open_page):
    page = open_page(reverse("accounts:profile"), user=UserFactory())

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")

    assert page.evaluate("location.hash") == "#main"


def test_escape_closes_a_menu_and_gives_the_focus_back(open_page):
    page = open_page(reverse("accounts:profile"), user=UserFactory())
    page.locator(".account-menu summary").click()
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    assert page.locator(".account-menu .menu-panel").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_half_filled_form_asks_before_it_is_left(open_page):
    page = open_page(reverse("accounts:profile"), user=UserFactory())
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("input[type=email]").fill("someone@example.org")

    page.goto(reverse("accounts:password"))

    assert asked == ["beforeunload"]


def test_saving_a_form_asks_nothing(open_page):
    user = UserFactory()
    page = open_page(reverse("accounts:profile"), user=user)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("input[type=email]").fill("someone@example.org")

    page.get_by_role("button", name="保存").click()

    assert page.get_by_text("已保存。").is_visible()
    assert asked == []
    user.refresh_from_db()
    assert user.email == "someone@example.org"
