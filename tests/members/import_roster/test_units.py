"""Rows find their unit: by code, name, street, and sheet."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from members.models import Affiliation, Person
from tests.factories import (
    BranchFactory,
    CommunityFactory,
    CountyFactory,
    StreetFactory,
)
from tests.members.sheets import POST_HEADINGS, member, rows_of

pytestmark = pytest.mark.django_db


def test_rows_find_their_branch_by_name_or_code_below_the_unit(load, community):
    street = community.parent
    first = BranchFactory(code="b-1", name="第一党支部", parent=community)
    second = BranchFactory(code="b-2", name="中共示例街道第二支部委员会", parent=community)
    rows = rows_of(
        [
            member(1, 所在党支部="第一党支部"),
            member(2, 所在党支部="示例街道第二党支部"),
            member(3, 所在党支部="B-1"),
            member(4, 所在党支部="示例社区"),
        ]
    )

    document, _code = load(rows, street)

    assert document["errors"] == []
    homes = dict(Affiliation.objects.values_list("person__name", "unit__code"))
    assert homes == {
        "测试员1": first.code,
        "测试员2": second.code,
        "测试员3": first.code,
        "测试员4": community.code,
    }


def test_an_unknown_unit_and_one_out_of_reach_are_the_same_error(load, community):
    elsewhere = CommunityFactory(name="别处社区党支部")
    rows = rows_of([member(1, 所在党支部="没有的党支部"), member(2, 所在党支部=elsewhere.name)])

    document, code = load(rows, community)

    first, second = document["errors"]
    assert code == 1
    assert (first["row"], first["column"], first["value"]) == (2, "所在党支部", "没有的党支部")
    assert first["message"].replace("没有的党支部", elsewhere.name) == second["message"]
    assert Person.objects.count() == 0


def test_a_name_that_two_units_bear_is_an_error_that_names_both(load):
    street = StreetFactory()
    one = CommunityFactory(name="幸福社区党支部", parent=street)
    two = CommunityFactory(name="幸福社区党支部", parent=street)

    document, code = load(rows_of([member(1, 所在党支部="幸福社区党支部")]), street)

    (error,) = document["errors"]
    assert code == 1
    assert one.code in error["message"]
    assert two.code in error["message"]


@pytest.mark.parametrize(
    "written",
    [
        "纪念街道纪念社区党支部",
        "纪念街道 纪念社区",
        "中共纪念街道纪念社区支部委员会",
        "示例县纪念街道纪念社区党支部",
        "纪念街道党工委纪念社区党支部",
    ],
)
def test_a_community_is_found_by_street_and_name(load, written):
    county = CountyFactory(name="中共示例县委员会", code="520399")
    street = StreetFactory(name="纪念街道党工委", parent=county)
    unit = CommunityFactory(name="纪念社区党支部", parent=street)

    document, code = load(rows_of([member(1, 所在党支部=written)]), county)

    assert (code, document["errors"]) == (0, [])
    assert Affiliation.objects.get().unit == unit


def test_a_community_found_by_its_name_alone_across_streets_is_told(load):
    county = CountyFactory()
    street = StreetFactory(name="纪念街道党工委", parent=county)
    CommunityFactory(name="纪念社区党支部", code="520399001009", parent=street)
    rows = rows_of([member(1, 所在党支部="纪念社区党支部")])

    within_street, _code = load(rows, street, "--dry-run")
    document, code = load(rows, county)

    assert (code, document["created"], within_street["warnings"]) == (0, 1, [])
    (warning,) = document["warnings"]
    assert "纪念街道纪念社区党支部（520399001009）" in warning["message"]


def test_a_name_that_repeats_among_streets_is_refused(load):
    county = CountyFactory()
    units = [
        CommunityFactory(
            name="纪念社区党支部", parent=StreetFactory(name=f"{name}街道", parent=county)
        )
        for name in "东西"
    ]
    rows = rows_of([member(1, 所在党支部="纪念社区"), member(2, 所在党支部="西街道纪念社区")])

    document, code = load(rows, county)

    assert code == 1
    (error,) = document["errors"]
    assert error["row"] == 2
    assert all(unit.code in error["message"] for unit in units)


@pytest.fixture
def two_sheets(community):
    """A workbook with a sheet for each of two branches."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, name in enumerate(("第一党支部", "第二党支部"), 1):
        BranchFactory(name=name, parent=community)
        sheet = book.create_sheet(name)
        for row in rows_of([member(number)]):
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_all_sheets_are_loaded_each_for_its_branch(load, community, two_sheets):
    document, code = load(two_sheets, community, "--all-sheets")

    assert (code, document["created"]) == (0, 2)
    homes = Affiliation.objects.values_list("unit__name", "person__name")
    assert sorted(homes) == [("第一党支部", "测试员1"), ("第二党支部", "测试员2")]


def test_one_sheet_of_several_may_be_named(load, community, two_sheets):
    document, code = load(two_sheets, community, "--sheet", "第二党支部")

    assert (code, document["created"]) == (0, 1)
    assert Person.objects.get().name == "测试员2"
    document, code = load(two_sheets, community, "--sheet", "第三党支部")
    assert code == 2
    assert "第三党支部" in document["errors"][0]["message"]


def test_a_finding_names_its_sheet_where_there_are_several(load, community, two_sheets):
    load(two_sheets, community, "--all-sheets")

    document, _code = load(two_sheets, community.parent, "--all-sheets")

    found = document["errors"] + document["warnings"]
    assert {one.get("sheet") for one in found} <= {"第一党支部", "第二党支部"}
    assert document["unchanged"] == 2


@pytest.mark.parametrize("days", [0, 400])
def test_nobody_comes_to_a_unit_dissolved_today_or_before(load, community, days):
    day = timezone.localdate() - timedelta(days=days)
    gone = BranchFactory(code="b-9", name="第九党支部", parent=community, dissolved_on=day)
    named = [gone.code, "第九党支部", "示例社区第九党支部"]
    rows = rows_of([member(number, 所在党支部=text) for number, text in enumerate(named, 1)])

    document, code = load(rows, community)

    assert code == 1
    told = [error["message"] for error in document["errors"]]
    assert [error["column"] for error in document["errors"]] == ["所在党支部"] * 3
    assert all("b-9" in words and day.isoformat() in words for words in told)
    assert not Person.objects.exists()


def test_no_roster_and_no_office_is_for_a_unit_that_is_dissolved_itself(load, community):
    community.dissolved_on = timezone.localdate()
    community.save()

    document, code = load(rows_of([member(1)]), community)
    posts = rows_of([{"姓名": "测试员", "职务": "书记", "任职日期": "2026-01-01"}], POST_HEADINGS)
    offices, office_code = load(posts, community, command="import_posts", name="任职.xlsx")

    assert (code, office_code) == (1, 1)
    assert community.code in document["errors"][0]["message"]
    assert community.code in offices["errors"][0]["message"]
    assert not Person.objects.exists()


def test_a_name_goes_to_the_unit_that_stands_when_another_of_it_is_gone(load, community):
    BranchFactory(name="第九党支部", parent=community, dissolved_on=timezone.localdate())
    new = BranchFactory(name="第九党支部", parent=community)

    document, _code = load(rows_of([member(1, 所在党支部="第九党支部")]), community)

    assert document["errors"] == []
    assert Affiliation.objects.get().unit == new
