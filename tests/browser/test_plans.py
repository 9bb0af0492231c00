"""Planning ahead, and signing in with one's own phone, as people do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.choices import SignedBy
from activities.codes import code_at
from activities.models import Activity, Attendance, Plan, SignIn
from tests.browser.conftest import DESK, PHONE, is_within_window
from tests.factories import MemberFactory, PlanFactory
from tests.world import id_number

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_plan_is_made_held_and_submitted_on_a_phone(open_page, secretary, community):
    MemberFactory(unit=community, name="张三")
    day = timezone.localdate().isoformat()
    page = open_page(reverse("activities:calendar"), user=secretary, size=PHONE)
    assert is_within_window(page)

    page.get_by_role("link", name="安排活动").click()
    page.get_by_text("主题党日", exact=True).first.click()
    page.locator("[name=topic]").fill("清洁家园")
    page.locator("[name=day]").fill(day)
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=ends]").fill("00:01")
    assert is_within_window(page)
    page.get_by_role("button", name="保存").click()
    assert page.get_by_text("清洁家园").first.is_visible()
    page.get_by_role("link", name="举行并登记").click()
    assert page.locator("[name=topic]").input_value() == "清洁家园"
    page.get_by_role("button", name="提交").click()
    page.get_by_text("已提交").first.wait_for()

    assert Plan.objects.get().activity == Activity.objects.get(state="submitted")
    page.goto(reverse("activities:calendar"))
    entry = page.locator(".month-days").get_by_text("清洁家园")
    assert entry.is_visible()
    assert not page.locator(".month-grid").is_visible()
    assert is_within_window(page)
    page.set_viewport_size(DESK)
    assert page.locator(".month-grid").get_by_text("清洁家园").is_visible()
    assert not entry.is_visible()


def test_the_host_sees_a_phone_sign_in_and_takes_it_into_the_record(
    open_page, secretary, community
):
    person = MemberFactory(unit=community, name="张三")
    person.set_id_number(id_number("19700101", 101))
    person.save()
    MemberFactory(unit=community, name="李四")
    services.set_offer(community, is_on=True, grace_minutes=10, lets_guests=False, by=secretary)
    began = timezone.now() - timedelta(minutes=5)
    plan = PlanFactory(unit=community, topic="党员大会", starts_at=began)
    host = open_page(plan.get_absolute_url(), user=secretary, size=DESK)
    host.get_by_role("button", name="开始签到").click()
    assert host.locator(".sign-in-picture svg").is_visible()
    assert is_within_window(host)

    sign_in = SignIn.objects.get(plan=plan)
    code = code_at(bytes(sign_in.secret), timezone.now())
    address = f"{reverse('activities:phone', args=[sign_in.pk])}?code={code}"
    phone = open_page(address, size=PHONE, script=False)
    assert phone.get_by_text("党员大会").is_visible()
    phone.locator("[name=name]").fill("张三")
    phone.locator("[name=last]").fill(person.reveal_id_number()[-4:])
    phone.get_by_role("button", name="签到").click()
    assert phone.get_by_text("签到成功").is_visible()

    host.locator(".sign-in-names").get_by_text("张三").first.wait_for()  # no reload
    assert host.locator(".sign-in-count strong").inner_text() == "1"
    host.get_by_role("link", name="登记记录").click()
    assert host.get_by_text("1人已扫码签到").is_visible()
    host.get_by_role("button", name="存草稿").click()
    host.wait_for_load_state("networkidle")
    found = dict(Attendance.objects.values_list("person__name", "presence"))
    assert found == {"张三": "present", "李四": "absent"}
    assert Attendance.objects.get(person=person).signed_by == SignedBy.QR
