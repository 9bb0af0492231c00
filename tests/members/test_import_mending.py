"""The workbook of wrong rows: the file's own layout, ready to be mended and uploaded again."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import Affiliation, ImportBatch, Person
from members.roster.columns import ROSTER
from members.roster.rows import read_table
from members.roster.table import Choice, Chosen
from organizations.spreadsheets.reader import read_sheets
from tests.factories import BranchFactory, CommunityFactory, GrantFactory
from tests.members.sheets import HEADINGS, id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


def stage(client, unit, data):
    file = SimpleUploadedFile("名册.xlsx", data)
    client.post(reverse("members:import"), {"unit": unit.code, "file": file})
    return ImportBatch.objects.latest("made_at")


@pytest.fixture
def staged(secretary, community):
    people = [member(1), member(2, 加入党组织日期="昨天", 家庭住址="=1+1"), member(3)]
    return stage(secretary, community, xlsx([["示例社区党员名册"], *rows_of(people)]))


def wrong_rows(client, batch):
    return client.get(reverse("members:wrong_rows", args=[batch.pk]))


def test_the_wrong_rows_come_in_the_files_own_layout(secretary, staged):
    answer = wrong_rows(secretary, staged)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    titles, headings, row = sheet.iter_rows()
    assert titles[0].value == "示例社区党员名册"
    assert [cell.value for cell in headings] == [*HEADINGS, "导入结果"]
    wrong = row[HEADINGS.index("加入党组织日期")]
    assert (row[0].value, wrong.value) == ("测试员2", "昨天")
    assert wrong.fill.fgColor.rgb == "FFFFC7CE"
    assert "日期" in wrong.comment.text
    assert wrong.comment.text in row[-1].value
    assert row[0].comment is None
    assert row[HEADINGS.index("家庭住址")].data_type == "s"


def test_it_can_be_mended_and_uploaded_again(secretary, community, staged):
    secretary.post(reverse("members:confirm", args=[staged.pk]), {"take": "good"})
    workbook = openpyxl.load_workbook(io.BytesIO(wrong_rows(secretary, staged).content))
    workbook.active.cell(3, HEADINGS.index("加入党组织日期") + 1).value = "2005-07-01"
    mended = io.BytesIO()
    workbook.save(mended)

    again = stage(secretary, community, mended.getvalue())
    secretary.post(reverse("members:confirm", args=[again.pk]))

    assert again.counts["created"] == 1
    assert Person.objects.count() == 3


def test_it_is_for_whoever_brought_the_file(client, community, staged):
    client.force_login(GrantFactory(unit=community).user)

    assert wrong_rows(client, staged).status_code == 404


# -- what must survive the way out and back ----------------------------------------
def rows_again(client, batch):
    """The wrong rows as the portal reads its own workbook."""
    sheets = read_sheets(wrong_rows(client, batch).content)
    return read_table(sheets, ROSTER, Choice(tuple(Chosen(one.name) for one in sheets)))


def test_headings_over_two_rows_stay_merged(secretary, community):
    above = ["序号", "基本情况", "", "", "流出情况", ""]
    below = ["", "姓名", "公民身份号码", "人员类别", "外出地点", "时间"]
    row = ["1", "测试员1", id_number(1), "大概是党员", "广东", "2020"]

    def merged(sheet):
        sheet.merge_range(0, 0, 1, 0, "序号")
        sheet.merge_range(0, 1, 0, 3, "基本情况")
        sheet.merge_range(0, 4, 0, 5, "流出情况")

    batch = stage(secretary, community, xlsx([above, below, row], arrange=merged))

    (again,) = rows_again(secretary, batch).rows
    assert (again.line, again.values["floating_to"]) == (3, "广东")


def test_a_branch_merged_over_its_members_stays_with_each(secretary, community):
    branch = BranchFactory(name="第一党支部", parent=community)
    rows = rows_of([member(1, 所在党支部="第一党支部"), member(2), member(3)])
    place = HEADINGS.index("所在党支部")
    for row in rows[2:]:
        row[HEADINGS.index("出生日期")] = "昨天"

    def merged(sheet):
        sheet.merge_range(1, place, 3, place, "第一党支部")

    batch = stage(secretary, community, xlsx(rows, arrange=merged))

    assert batch.counts["wrong"] == 2
    assert {row.values["unit"] for row in rows_again(secretary, batch).rows} == {branch.name}


def test_a_number_that_lost_digits_does_not_come_back_as_one_that_is_whole(secretary, community):
    rows = rows_of([member(1)])
    rows[1][HEADINGS.index("公民身份号码")] = 520399198005120000

    batch = stage(secretary, community, xlsx(rows))

    (again,) = rows_again(secretary, batch).rows
    assert [found.problem.code for found in again.errors] == ["id_number_precision"]


def test_the_last_column_is_written_over_the_next_time(secretary, community):
    batch = stage(secretary, community, xlsx(rows_of([member(1, 加入党组织日期="昨天")])))
    again = stage(secretary, community, wrong_rows(secretary, batch).content)

    answer = wrong_rows(secretary, again)

    headings = next(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in headings].count("导入结果") == 1


def test_mended_rows_of_several_sheets_come_back_in_one_go(secretary, community):
    for name in ("第一党支部", "第二党支部"):
        BranchFactory(name=name, parent=community)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, name in enumerate(("第一党支部", "第二党支部"), 1):
        sheet = book.create_sheet(name)
        for row in rows_of([member(number, 加入党组织日期="昨天"), member(number + 2)]):
            sheet.append(row)
    batch = stage(secretary, community, saved(book))
    read_both(secretary, batch)

    mended = openpyxl.load_workbook(io.BytesIO(wrong_rows(secretary, batch).content))
    assert mended.sheetnames == ["第一党支部", "第二党支部"]
    for sheet in mended:
        sheet.cell(2, HEADINGS.index("加入党组织日期") + 1).value = "2005-07-01"
    again = stage(secretary, community, saved(mended))
    read_both(secretary, again)
    secretary.post(reverse("members:confirm", args=[again.pk]))

    homes = Affiliation.objects.values_list("unit__name", "person__name")
    assert sorted(homes) == [("第一党支部", "测试员1"), ("第二党支部", "测试员2")]


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_both(client, batch):
    """Both sheets, each for the branch that it is named after; asked the first time only."""
    url = reverse("members:layout", args=[batch.pk])
    form = client.get(url).context["form"]
    fields = {name: form[name].initial for name in form.fields}
    client.post(url, {name: value for name, value in fields.items() if value is not None})
    batch.refresh_from_db()
