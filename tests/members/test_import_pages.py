"""The import in the browser: look first, confirm what was seen, and take it back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.choices import BatchState
from members.models import Affiliation, ImportBatch, Person
from organizations.choices import Role
from tests.factories import CommunityFactory, GrantFactory
from tests.members.sheets import id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="示例社区党支部")


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


def upload(client, unit, data, name="名册.xlsx"):
    return client.post(
        reverse("members:import"),
        {"unit": unit.code, "file": SimpleUploadedFile(name, data)},
        follow=True,
    )


def roster(*people):
    return xlsx(rows_of(list(people)))


def test_a_file_is_shown_first_and_written_when_confirmed(secretary, community):
    seen = upload(secretary, community, roster(member(1), member(2)))
    batch = ImportBatch.objects.get()

    assert "测试员1" in seen.content.decode()
    assert (batch.state, Person.objects.count()) == (BatchState.PLANNED, 0)

    done = secretary.post(reverse("members:confirm", args=[batch.pk]), follow=True)

    assert "导入完成" in done.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.content, batch.counts["created"]) == (BatchState.APPLIED, None, 2)
    assert Affiliation.objects.filter(unit=community).count() == 2


def test_the_preview_masks_identifiers_and_stores_them_sealed(secretary, community):
    page = upload(secretary, community, roster(member(1))).content.decode()

    assert id_number(1) not in page
    assert "13800000001" not in page
    assert id_number(1).encode() not in bytes(ImportBatch.objects.get().content)


def test_the_preview_shows_old_and_new(secretary, community):
    upload(secretary, community, roster(member(1)))
    secretary.post(reverse("members:confirm", args=[ImportBatch.objects.get().pk]))

    page = upload(secretary, community, roster(member(1, 学历="大专"))).content.decode()

    assert "<del>大学</del>" in page
    assert "<ins>大专</ins>" in page


def test_wrong_rows_stop_the_import_unless_the_good_ones_alone_are_wanted(secretary, community):
    upload(secretary, community, roster(member(1), member(2, 加入党组织日期="2005-02-30")))
    confirm = reverse("members:confirm", args=[ImportBatch.objects.get().pk])

    refused = secretary.post(confirm, follow=True).content.decode()
    assert "未写入任何数据" in refused
    assert not Person.objects.exists()

    secretary.post(confirm, {"take": "good"})
    assert Person.objects.get().name == "测试员1"


def test_what_changed_since_the_preview_must_be_looked_at_again(secretary, community):
    upload(secretary, community, roster(member(1)))
    first = ImportBatch.objects.get()
    upload(secretary, community, roster(member(1, 学历="大专")))
    second = ImportBatch.objects.exclude(pk=first.pk).get()

    secretary.post(reverse("members:confirm", args=[first.pk]))
    page = secretary.post(reverse("members:confirm", args=[second.pk]), follow=True)

    assert "预览之后记录已有变动" in page.content.decode()
    assert Person.objects.get().education == "大学"


def test_a_second_click_writes_nothing_twice(secretary, community):
    upload(secretary, community, roster(member(1)))
    confirm = reverse("members:confirm", args=[ImportBatch.objects.get().pk])
    secretary.post(confirm)

    page = secretary.post(confirm, follow=True)

    assert "已经处理过" in page.content.decode()
    assert Person.objects.count() == 1


def test_an_import_is_undone_from_its_page(secretary, community):
    upload(secretary, community, roster(member(1)))
    batch = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[batch.pk]))

    page = secretary.post(reverse("members:undo", args=[batch.pk]), follow=True)

    assert "已撤销导入" in page.content.decode()
    assert not Person.objects.exists()


def test_undoing_names_who_was_changed_since(secretary, community):
    upload(secretary, community, roster(member(1)))
    batch = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[batch.pk]))
    Person.objects.update(address="搬家了")

    page = secretary.post(reverse("members:undo", args=[batch.pk]), follow=True)

    assert "未撤销任何数据：测试员1" in page.content.decode()
    assert Person.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.4", "不是电子表格"),
        (xlsx([]), "工作表是空的"),
        (xlsx([["姓名"], ["张三"]]), "缺少以下表头：公民身份号码、人员类别"),
        (b"<p>x</p>", "另存为 .xlsx"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_on_the_page(secretary, community, data, words):
    page = upload(secretary, community, data)

    assert words in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_too_large_is_told_on_the_page(secretary, community, monkeypatch):
    monkeypatch.setattr("members.views.imports.MAX_BYTES", 1000)

    page = upload(secretary, community, roster(member(1)))

    assert "20 MB" in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_nobody_imports_into_a_unit_beyond_reach(secretary, community):
    page = upload(secretary, CommunityFactory(), roster(member(1)))

    assert page.status_code == 200
    assert not ImportBatch.objects.exists()


def test_a_preview_is_for_whoever_brought_the_file(secretary, client, community):
    upload(secretary, community, roster(member(1)))
    batch = ImportBatch.objects.get()
    client.force_login(GrantFactory(unit=community.parent, role=Role.ORGANIZER).user)

    assert client.get(reverse("members:batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("members:confirm", args=[batch.pk])).status_code == 404


def test_batches_of_other_units_are_not_found(secretary, client, community):
    upload(secretary, community, roster(member(1)))
    batch = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[batch.pk]))
    client.force_login(GrantFactory(unit=CommunityFactory()).user)

    assert client.get(reverse("members:batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("members:undo", args=[batch.pk])).status_code == 404
    assert Person.objects.exists()


@pytest.mark.parametrize("kind", ["roster", "posts"])
def test_a_template_can_be_had(secretary, kind):
    answer = secretary.get(reverse("members:template", args=[kind]))

    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert answer.content.startswith(b"PK")


def test_there_is_no_import_of_another_kind(secretary):
    assert secretary.get(reverse("members:import_kind", args=["units"])).status_code == 404


# -- what is told of a file, and of the imports so far -------------------------------
def test_the_same_file_again_is_told_with_what_came_of_it(secretary, community):
    data = roster(member(1), member(2))
    upload(secretary, community, data)
    first = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[first.pk]))

    page = upload(secretary, community, data).content.decode()

    assert "导入过本组织" in page
    assert reverse("members:batch", args=[first.pk]) in page
    assert "新增 2" in page
    assert "导入过本组织" not in upload(secretary, community, roster(member(3))).content.decode()


def test_an_undone_import_of_the_same_file_is_no_matter(secretary, community):
    data = roster(member(1))
    upload(secretary, community, data)
    first = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[first.pk]))
    secretary.post(reverse("members:undo", args=[first.pk]))

    assert "导入过本组织" not in upload(secretary, community, data).content.decode()


def test_lines_left_aside_are_listed_with_the_reason_and_no_number(secretary, community):
    rows = [
        ["党员花名册"],
        *rows_of([member(1)]),
        ["合计", "1人"],
        ["填表人：测试员9", "", "联系电话：13800000009"],
    ]
    page = upload(secretary, community, xlsx(rows)).content.decode()
    batch = ImportBatch.objects.get()

    shown = secretary.get(reverse("members:batch", args=[batch.pk]), {"show": "aside"})

    assert "未作为数据" in page
    words = shown.content.decode()
    assert "合计 1人" in words
    assert "已跳过" in words
    assert "13800000009" not in words
    assert batch.options["notes"]["aside"] == 2


def test_columns_that_are_not_read_are_told(secretary, community):
    headings = ["姓名", "公民身份号码", "人员类别", "籍贯", "序号"]
    row = ["测试员1", id_number(1), "正式党员", "贵州", "1"]

    page = upload(secretary, community, xlsx([headings, row])).content.decode()

    assert "以下列不读取：籍贯。" in page


def test_the_list_of_imports_has_state_figures_and_a_way_to_undo(secretary, community):
    upload(secretary, community, roster(member(1), member(2)))
    batch = ImportBatch.objects.get()
    secretary.post(reverse("members:confirm", args=[batch.pk]))
    upload(secretary, community, roster(member(3)), name="第二份.xlsx")

    page = secretary.get(reverse("members:imports")).content.decode()

    assert "新增 2" in page
    assert reverse("members:undo", args=[batch.pk]) in page
    assert "第二份.xlsx" in page
    written = secretary.get(reverse("members:imports"), {"state": "applied"}).content.decode()
    assert "第二份.xlsx" not in written
    assert "名册.xlsx" in written


def test_the_list_of_imports_shows_those_of_ones_own_units(secretary, client, community):
    upload(secretary, community, roster(member(1)))
    secretary.post(reverse("members:confirm", args=[ImportBatch.objects.get().pk]))
    client.force_login(GrantFactory(unit=CommunityFactory()).user)

    assert "名册.xlsx" not in client.get(reverse("members:imports")).content.decode()


@pytest.mark.parametrize("name", ["imports", "import"])
def test_the_lists_of_imports_cost_as_much_for_thirty_as_for_one(
    secretary, community, django_assert_max_num_queries, name
):
    def make(number):
        ImportBatch.objects.bulk_create(
            ImportBatch(
                kind="roster",
                unit=community,
                state=BatchState.APPLIED,
                file_name="名册.xlsx",
                counts={"created": 1},
            )
            for _ in range(number)
        )

    make(1)
    with CaptureQueriesContext(connection) as one:
        secretary.get(reverse(f"members:{name}"))
    make(29)
    with django_assert_max_num_queries(len(one)):
        secretary.get(reverse(f"members:{name}"))
