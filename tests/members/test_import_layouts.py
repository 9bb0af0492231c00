"""The step "sheet and headings": asked where it is not certain, remembered, and gone back to."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.choices import BatchState
from members.models import Affiliation, Appointment, ImportBatch, Person, RememberedChoice
from tests.factories import BranchFactory, CommunityFactory, GrantFactory
from tests.members.sheets import HEADINGS, POST_HEADINGS, id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db

BY_HAND = ["名字", "号码", "身份", "出生日期", "联系电话"]


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


def book(sheets, hidden=()):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return buffer.getvalue()


def unknown(number):
    phone = f"1380000{number:04d}"
    return [f"测试员{number}", id_number(number), "正式党员", "1980-05-12", phone]


def upload(client, unit, data, kind="roster"):
    file = SimpleUploadedFile("名册.xlsx", data)
    url = reverse("members:import_kind", args=[kind])
    page = client.post(url, {"unit": unit.code, "file": file}, follow=True)
    return ImportBatch.objects.latest("made_at"), page.content.decode()


def choose(client, batch, **fields):
    url = reverse("members:layout", args=[batch.pk])
    form = client.get(url).context["form"]
    said = {name: form[name].initial for name in form.fields if form[name].initial is not None}
    said |= {name.replace("_", "-"): value for name, value in fields.items()}
    said = {name: value for name, value in said.items() if value is not False}
    page = client.post(url, said, follow=True).content.decode()
    batch.refresh_from_db()
    return page


def confirm(client, batch):
    client.post(reverse("members:confirm", args=[batch.pk]))


# -- headings ---------------------------------------------------------------------
def test_headings_that_are_not_known_are_mapped_by_hand(secretary, community):
    batch, page = upload(secretary, community, xlsx([BY_HAND, unknown(1), unknown(2)]))

    assert batch.state == BatchState.UPLOADED
    assert "建议" in page
    assert not Person.objects.exists()

    preview = choose(secretary, batch, as_0_0="name", as_0_1="id_number", as_0_2="stage")

    assert (batch.state, batch.counts["created"]) == (BatchState.PLANNED, 2)
    assert "测试员1" in preview
    confirm(secretary, batch)
    assert Person.objects.count() == 2


def test_the_page_shows_samples_and_how_full_a_column_is_but_no_identifier(secretary, community):
    rows = [BY_HAND, unknown(1), [*unknown(2)[:4], ""]]

    _batch, page = upload(secretary, community, xlsx(rows))

    assert "50%" in page
    assert "测试员1" in page
    for number in (1, 2):
        assert id_number(number) not in page
        assert id_number(number)[:6] not in page
    assert "13800000001" not in page


def test_the_mapping_is_kept_for_the_unit_and_files_of_that_shape(secretary, client, community):
    batch, _page = upload(secretary, community, xlsx([BY_HAND, unknown(1)]))
    choose(secretary, batch, as_0_0="name", as_0_1="id_number", as_0_2="stage")

    again, page = upload(secretary, community, xlsx([["2026年名册"], BY_HAND, unknown(2)]))

    assert (again.state, again.counts["created"]) == (BatchState.PLANNED, 1)
    assert "按相同格式文件" in page
    other = CommunityFactory()
    client.force_login(GrantFactory(unit=other).user)
    elsewhere, _page = upload(client, other, xlsx([BY_HAND, unknown(3)]))
    assert elsewhere.state == BatchState.UPLOADED


def test_one_may_go_back_from_the_preview_and_leave_a_column_out(secretary, community):
    batch, page = upload(secretary, community, xlsx(rows_of([member(1)])))
    assert reverse("members:layout", args=[batch.pk]) in page

    place = HEADINGS.index("联系电话")
    choose(secretary, batch, **{f"as_0_{place}": ""})
    confirm(secretary, batch)

    assert Person.objects.get().reveal_phone() == ""
    assert RememberedChoice.objects.get().unit == community


def test_what_is_needed_must_be_mapped_and_nothing_twice(secretary, community):
    batch, _page = upload(secretary, community, xlsx([BY_HAND, unknown(1)]))

    page = choose(secretary, batch, as_0_0="", as_0_1="id_number", as_0_2="stage")
    assert "请指明以下内容对应哪一列：姓名" in page
    page = choose(secretary, batch, as_0_0="name", as_0_1="name", as_0_2="stage")

    assert "两列不能对应同一内容" in page
    assert batch.state == BatchState.UPLOADED
    assert not RememberedChoice.objects.exists()


def test_a_heading_that_may_be_meant_is_asked_for_once(secretary, community):
    headings = ["姓名", "公民身份号码", "人员类别", "电话（家里）1"]
    row = ["测试员1", id_number(1), "正式党员", "13800000001"]

    batch, _page = upload(secretary, community, xlsx([headings, row]))
    assert batch.state == BatchState.UPLOADED
    choose(secretary, batch, as_0_3="")
    again, page = upload(secretary, community, xlsx([headings, row]))

    assert again.state == BatchState.PLANNED
    assert "电话（家里）1" in page


def test_the_row_of_headings_may_be_said(secretary, community):
    title = ["姓名", "公民身份号码", "人员类别"]
    rows = [title, ["甲", "乙", "丙"], [*unknown(1)[:3]]]
    batch, _page = upload(secretary, community, xlsx(rows))
    url = reverse("members:layout", args=[batch.pk])

    shown = secretary.post(url, {"look": "again", "row-0": "2"}).content.decode()
    assert 'value="2"' in shown
    choose(secretary, batch, row_0="2", as_0_0="name", as_0_1="id_number", as_0_2="stage")
    confirm(secretary, batch)

    assert batch.counts["created"] == 1
    assert Person.objects.get().name == "测试员1"


def test_a_sheet_without_columns_enough_is_refused_at_once(secretary, community):
    data = xlsx([["姓名"], ["测试员1"]])

    page = secretary.post(
        reverse("members:import"),
        {"unit": community.code, "file": SimpleUploadedFile("名册.xlsx", data)},
    )

    assert "缺少以下表头" in page.content.decode()
    assert not ImportBatch.objects.exists()


# -- sheets -----------------------------------------------------------------------
@pytest.fixture
def branches(community):
    return [BranchFactory(name=f"第{number}党支部", parent=community) for number in "一二"]


def a_sheet_each(*numbers):
    without = [heading for heading in HEADINGS if heading != "所在党支部"]
    return [rows_of([member(number)], without) for number in numbers]


def test_several_sheets_one_a_branch_come_in_one_go(secretary, community, branches):
    first, second, third = a_sheet_each(1, 2, 3)
    data = book({"第一党支部": first, "第二党支部": second, "去年": third}, hidden=["去年"])

    batch, page = upload(secretary, community, data)
    assert batch.state == BatchState.UPLOADED
    assert "第二党支部" in page
    preview = choose(secretary, batch)
    confirm(secretary, batch)

    assert "第一党支部" in preview
    homes = Affiliation.objects.values_list("unit__name", "person__name")
    assert sorted(homes) == [("第一党支部", "测试员1"), ("第二党支部", "测试员2")]


@pytest.mark.usefixtures("branches")
def test_the_sheets_are_kept_for_files_of_that_shape(secretary, community):
    first, second = a_sheet_each(1, 2)
    batch, _page = upload(secretary, community, book({"第一党支部": first, "第二党支部": second}))
    choose(secretary, batch, sheet_1=False)
    assert batch.counts["created"] == 1

    first, second = a_sheet_each(3, 4)
    again, page = upload(secretary, community, book({"第一党支部": first, "第二党支部": second}))

    assert (again.state, again.counts["created"]) == (BatchState.PLANNED, 1)
    assert "测试员3" in page
    assert "测试员4" not in page


@pytest.mark.usefixtures("branches")
def test_a_wrong_row_is_named_with_its_sheet(secretary, community):
    first, second = a_sheet_each(1, 2)
    second[1][HEADINGS.index("出生日期")] = "昨天"
    third = a_sheet_each(1)[0]
    batch, _page = upload(
        secretary, community, book({"第一党支部": first, "第二党支部": second, "补充": third})
    )

    page = choose(secretary, batch)

    assert batch.counts["wrong"] == 3
    assert "第一党支部 2、补充 2" in page
    again = secretary.get(reverse("members:wrong_rows", args=[batch.pk])).content
    assert all(name.encode() in _unzipped(again) for name in ("第一党支部", "第二党支部", "补充"))


def _unzipped(data):
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/workbook.xml")


def test_the_unit_of_a_sheet_may_be_said_and_must_exist(secretary, community, branches):
    first, second = a_sheet_each(1, 2)
    data = book({"甲": first, "乙": second})
    batch, _page = upload(secretary, community, data)

    page = choose(secretary, batch, unit_0="不存在的支部", unit_1=branches[1].code)
    assert "不存在的支部" in page
    assert batch.state == BatchState.UPLOADED
    choose(secretary, batch, unit_0="第一党支部", unit_1=branches[1].code)
    confirm(secretary, batch)

    assert Affiliation.objects.get(person__name="测试员1").unit == branches[0]
    assert Affiliation.objects.get(person__name="测试员2").unit == branches[1]


def test_no_sheet_at_all_is_told(secretary, community):
    first, second = a_sheet_each(1, 2)
    batch, _page = upload(secretary, community, book({"甲": first, "乙": second}))

    page = choose(secretary, batch, sheet_0=False, sheet_1=False)

    assert "请至少选择一张工作表" in page


# -- the rest ---------------------------------------------------------------------
def test_appointments_have_the_same_step(secretary, community):
    headings = [*POST_HEADINGS[:3], "担任什么职务", *POST_HEADINGS[4:]]
    row = [community.code, "测试员1", id_number(1), "书记", "2024-03-01", "", ""]

    batch, _page = upload(secretary, community, xlsx([headings, row]), kind="posts")
    assert batch.state == BatchState.UPLOADED
    choose(secretary, batch, as_0_3="office")
    confirm(secretary, batch)

    assert Appointment.objects.get().office == "secretary"


def test_the_step_is_for_whoever_brought_the_file_and_over_once_written(
    secretary, client, community
):
    batch, _page = upload(secretary, community, xlsx(rows_of([member(1)])))
    url = reverse("members:layout", args=[batch.pk])
    confirm(secretary, batch)

    assert secretary.get(url).status_code == 302
    client.force_login(GrantFactory(unit=community).user)
    assert client.get(url).status_code == 404


def test_a_file_may_be_discarded(secretary, community):
    batch, _page = upload(secretary, community, xlsx([BY_HAND, unknown(1)]))

    page = secretary.post(reverse("members:discard", args=[batch.pk]), follow=True)

    assert "已放弃" in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_what_is_written_is_not_discarded(secretary, community):
    batch, _page = upload(secretary, community, xlsx(rows_of([member(1)])))
    confirm(secretary, batch)

    secretary.post(reverse("members:discard", args=[batch.pk]))

    assert ImportBatch.objects.get().state == BatchState.APPLIED


def test_the_page_asks_no_more_of_the_database_for_thirty_sheets(
    secretary, community, django_assert_max_num_queries
):
    data = book({f"支部{number}": rows_of([member(number)]) for number in range(1, 31)})
    batch, _page = upload(secretary, community, data)

    with django_assert_max_num_queries(14):
        secretary.get(reverse("members:layout", args=[batch.pk]))
