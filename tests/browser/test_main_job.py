"""The main job as people do it: log a meeting, import a roster, follow a verdict to its reasons."""

from __future__ import annotations

import pytest
import xlsxwriter
from django.urls import reverse

from activities.models import Activity
from members.models import Person
from tests.browser.conftest import DESK, PHONE, is_within_window
from tests.factories import ActivityFactory, MemberFactory
from tests.world import ROSTER, ROSTER_HEADINGS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_secretary_logs_a_meeting_on_a_phone_and_the_verdict_changes(
    open_page, secretary, community, script
):
    for _number in range(40):
        MemberFactory(unit=community)
    rule = reverse("assessment:rule", args=[community.code, "monthly-activity"])
    page = open_page(rule, user=secretary, size=PHONE, script=script)
    assert page.get_by_text("应开展1次，已开展0次").first.is_visible()

    page.goto(f"{reverse('activities:log')}?unit={community.code}")
    page.get_by_text("党员学习教育", exact=True).first.click()
    page.locator("[name=topic]").fill("学习党史")
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=ends]").fill("00:01")
    page.get_by_role("button", name="提交").click()

    activity = Activity.objects.get()
    assert activity.attendances.filter(counts=True).count() == 40
    assert page.get_by_text("学习党史").first.is_visible()
    assert is_within_window(page) if script else True
    page.goto(rule)
    assert page.get_by_text("已达标").first.is_visible()
    assert page.get_by_text("学习党史").first.is_visible()


def test_a_secretary_imports_a_roster_after_looking_at_what_it_will_do(
    open_page, street_secretary, street, tmp_path
):
    roster = tmp_path / "花名册.xlsx"
    rows = [[*row[:7], "", *row[8:]] for row in ROSTER]
    with xlsxwriter.Workbook(roster) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([ROSTER_HEADINGS, *rows]):
            sheet.write_row(number, 0, row)
    page = open_page(reverse("members:import"), user=street_secretary, size=DESK)

    page.locator("input[type=file]").set_input_files(roster)
    page.get_by_role("button", name="预览").click()
    assert page.get_by_text("张一").first.is_visible()
    assert not Person.objects.exists()
    page.locator(".form-buttons").get_by_role("button", name="导入").click()

    page.get_by_role("button", name="撤销").wait_for()
    assert Person.objects.count() == len(rows)
    assert rows[0][1] not in page.content()


def test_the_county_follows_a_cell_of_the_dashboard_to_the_records_behind_it(
    open_page, organizer, street, community
):
    MemberFactory(unit=community)
    ActivityFactory(unit=community, submitted=True, topic="集中学习", kinds=("party_lecture",))
    page = open_page(reverse("assessment:dashboard"), user=organizer)

    page.locator("table").get_by_text(street.name).click()
    page.locator("table").get_by_role("link", name=community.name).click()
    page.get_by_role("link", name="党课").first.click()

    assert page.get_by_text("集中学习").first.is_visible()
    assert page.get_by_text("第9条").first.is_visible()
