"""The workbook of wrong rows: the file's own layout, ready to be mended and uploaded again."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import ImportBatch, Person
from tests.factories import CommunityFactory, GrantFactory
from tests.members.sheets import HEADINGS, member, rows_of, xlsx

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
