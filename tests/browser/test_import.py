"""A roster on a phone: file, sheets and headings by hand, preview, progress, result, undo."""

from __future__ import annotations

import pytest
import xlsxwriter
from django.urls import reverse

from members.choices import BatchState
from members.models import ImportBatch, Person
from members.roster import jobs
from members.tasks import write_batch
from tests.browser.conftest import PHONE, is_within_window
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db(transaction=True)

HEADINGS = ["名字", "号码", "身份", "家里的电话"]


@pytest.fixture
def roster(tmp_path):
    """Two people under headings that nobody knows, and a total below them."""
    path = tmp_path / "花名册.xlsx"
    people = [
        [f"测试员{number}", id_number(number), "正式党员", "13800000001"] for number in (1, 2)
    ]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名册")
        for number, row in enumerate([["党员花名册"], HEADINGS, *people, ["合计", "2人"]]):
            sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def sent(monkeypatch):
    """Every file goes to the worker, and the test is the worker."""
    keys = []
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    monkeypatch.setattr(write_batch, "delay", keys.append)
    return keys


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_roster_with_headings_of_its_own_comes_in_and_goes_again(
    open_page, secretary, community, roster, sent, script
):
    page = open_page(reverse("members:import"), user=secretary, size=PHONE, script=script)
    page.locator("input[type=file]").set_input_files(roster)
    page.get_by_role("button", name="预览").click()

    # Which column is which: one is to be said, the others are proposed.
    page.get_by_role("button", name="预览变动").click()
    assert page.get_by_text("请指明以下内容对应哪一列：姓名").first.is_visible()
    page.get_by_label("对应内容: 名字").select_option(label="姓名")
    fits = [is_within_window(page)] if script else []
    page.get_by_role("button", name="预览变动").click()

    assert page.get_by_text("测试员1").first.is_visible()
    assert id_number(1) not in page.content()
    fits += [is_within_window(page)] if script else []
    page.get_by_role("link", name="未作为数据").click()
    assert page.get_by_text("合计 2人").first.is_visible()
    page.locator(".form-buttons").get_by_role("button", name="导入", exact=True).click()

    # The work goes on while the page is left, and is found again in the list.
    assert page.locator("progress").is_visible()
    page.goto(reverse("members:imports"))
    assert page.locator("#imports").get_by_text("等待写入").is_visible()
    page.get_by_role("link", name="花名册.xlsx").first.click()
    write_batch(*sent)
    if script:
        page.get_by_role("button", name="撤销").wait_for()
    else:
        page.get_by_role("link", name="刷新").click()
    assert Person.objects.filter(name__startswith="测试员").count() == 2
    fits += [is_within_window(page)] if script else []

    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="撤销").click()

    assert page.get_by_text("已撤销导入").first.is_visible()
    assert not Person.objects.filter(name__startswith="测试员").exists()
    assert ImportBatch.objects.get().state == BatchState.UNDONE
    assert all(fits)
