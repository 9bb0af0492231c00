"""The export: the national form's headings, and back again without a change."""

from __future__ import annotations

import io
import zipfile

import pytest

from members.choices import BatchKind, FloatingDirection
from members.models import Person
from members.resources import export_roster
from members.roster.batches import Request, run_import
from organizations.spreadsheets.reader import read_sheets
from tests.factories import BranchFactory, CommunityFactory, FloatingEntryFactory, MemberFactory
from tests.members.sheets import HEADINGS, id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db


def test_importing_an_export_changes_nothing():
    community = CommunityFactory()
    branch = BranchFactory(parent=community, name="第一党支部")
    roster = [
        member(1, 党籍状态="停止党籍", 所在党支部="第一党支部"),
        member(2, 人员类别="入党积极分子", 加入党组织日期="", 转为正式党员日期="", 学历="私塾"),
        member(3, 是否为流动党员="是", 外出流向="广东", 联系电话="0851-28900001", 民族="穿青人"),
        member(4, 家庭住址="=1+1", 姓名="阿依·古丽"),
        member(5, 公民身份号码="", 联系电话=""),
    ]
    first = Request(BatchKind.ROSTER, community, xlsx(rows_of(roster)), "名册.xlsx")
    run_import(first, by=None)

    again = Request(BatchKind.ROSTER, community, export_roster(Person.objects.all()), "导出.xlsx")
    report = run_import(again, by=None)

    assert report.errors == []
    assert report.counts["unchanged"] == 5
    assert Person.objects.filter(affiliations__unit=branch).count() == 1


def test_the_export_has_the_forms_headings_and_no_formula():
    person = MemberFactory(name="=1+1", address="@x")
    person.set_id_number(id_number(2))
    person.save()
    FloatingEntryFactory(person=person, direction=FloatingDirection.IN)

    data = export_roster(Person.objects.all())

    (only,) = read_sheets(data)
    assert only.rows[0] == HEADINGS
    assert only.rows[1][:2] == ["=1+1", id_number(2)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_an_export_costs_the_same_however_long(django_assert_max_num_queries):
    community = CommunityFactory()
    MemberFactory.create_batch(30, unit=community)

    with django_assert_max_num_queries(5):
        export_roster(Person.objects.all())
