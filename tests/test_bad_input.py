"""Bad input gets a clear message in Chinese, says where, and leaves nothing half-written."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from activities.models import Activity
from members.models import Person
from organizations.models import Unit
from tests.factories import MemberFactory
from tests.world import ACTIVITY_HEADINGS, ROSTER_HEADINGS, id_number

pytestmark = pytest.mark.django_db


def attempt(command: str, *args: str) -> tuple[int, dict, str]:
    """Exit code, the JSON document (empty if none), and all that was said of what is wrong."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(command, *args, "--json", stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    except SystemExit as stop:
        code = int(stop.code or 0)
    answer = json.loads(out.getvalue() or "{}")
    told = [error["message"] for error in answer.get("errors", [])]
    return code, answer, " ".join([err.getvalue(), *told])


def a_csv(folder, headings, *rows, name="文件.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return str(path)


def member(**changes) -> list[str]:
    row = dict.fromkeys(ROSTER_HEADINGS, "")
    row |= {
        "姓名": "张一",
        "公民身份号码": id_number("19700101", 101),
        "人员类别": "正式党员",
        "加入党组织日期": "2001-07-01",
    }
    return list((row | changes).values())


def activity(unit: Unit, **changes) -> list[str]:
    row = dict.fromkeys(ACTIVITY_HEADINGS, "")
    row |= {
        "组织编码": unit.code,
        "活动类型": "党员学习教育",
        "主题": "学习",
        "开始时间": "2026-03-10 09:00",
        "结束时间": "2026-03-10 11:00",
    }
    return list((row | changes).values())


@pytest.fixture(params=["import_roster", "import_posts", "import_activities"])
def command(request):
    return request.param


def test_a_file_of_the_wrong_type_is_refused(command, community, tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(b"%PDF-1.7 this is no workbook")

    code, _answer, said = attempt(command, str(path), "--unit", community.code)

    assert code == 2
    assert "表格" in said or "工作簿" in said


def test_an_empty_sheet_is_refused(command, community, tmp_path):
    path = tmp_path / "空表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()

    code, _answer, said = attempt(command, str(path), "--unit", community.code)

    assert code == 2
    assert "空" in said or "没有" in said


@pytest.mark.parametrize(
    ("command", "headings", "lacking"),
    [
        ("import_roster", [head for head in ROSTER_HEADINGS if head != "姓名"], "姓名"),
        ("import_posts", ["组织编码", "姓名", "公民身份号码", "任职日期"], "职务"),
        ("import_activities", [h for h in ACTIVITY_HEADINGS if h != "开始时间"], "开始时间"),
        ("import_units", ["code", "name", "parent_code"], "level"),
    ],
)
def test_a_missing_heading_is_named(command, headings, lacking, community, tmp_path):
    path = a_csv(tmp_path, headings, ["x"] * len(headings))
    scope = [] if command == "import_units" else ["--unit", community.code]

    code, _answer, said = attempt(command, path, *scope)

    assert code == 2
    assert lacking in said


def test_an_unknown_unit_is_refused(command, community, tmp_path):
    path = a_csv(tmp_path, ROSTER_HEADINGS, member())

    code, _answer, said = attempt(command, path, "--unit", "nowhere")

    assert code == 2
    assert "nowhere" in said


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("所在党支部", "没有这个支部", "没有这个支部"),
        ("加入党组织日期", "2001-02-30", "2001-02-30"),
        ("公民身份号码", id_number("19700101", 101)[:-1] + "Z", "号码"),
        ("公民身份号码", "990001197001011010", "校验"),
        ("人员类别", "大概是党员", "大概是党员"),
    ],
)
def test_a_wrong_cell_of_a_roster_names_row_and_column_and_writes_nothing(
    column, value, says, community, tmp_path
):
    good = member(姓名="李二", 公民身份号码=id_number("19700101", 102))
    path = a_csv(tmp_path, ROSTER_HEADINGS, good, member(**{column: value}))

    code, answer, _said = attempt("import_roster", path, "--unit", community.code)

    assert code == 1
    (error,) = answer["errors"]
    assert (error["row"], error["column"]) == (3, column)
    assert says in error["message"] + error["value"]
    assert _is_chinese(error["message"])
    assert (answer["created"], answer["batch"]) == (0, None)
    assert not Person.objects.exists()


def test_a_wrong_check_digit_is_told_from_a_good_number(community, tmp_path):
    good = id_number("19700101", 101)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")

    code, answer, _said = attempt(
        "import_roster",
        a_csv(tmp_path, ROSTER_HEADINGS, member(公民身份号码=wrong)),
        "--unit",
        community.code,
    )

    assert code == 1
    assert "校验" in answer["errors"][0]["message"]


def test_partial_takes_the_good_rows_and_still_tells_the_bad_ones(community, tmp_path):
    path = a_csv(tmp_path, ROSTER_HEADINGS, member(), member(姓名="李二", 公民身份号码="123"))

    code, answer, _said = attempt("import_roster", path, "--unit", community.code, "--partial")

    assert code == 0
    assert (answer["created"], len(answer["errors"])) == (1, 1)
    assert Person.objects.get().name == "张一"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"结束时间": "2026-03-10 08:00"}, "结束时间"),
        (
            {"开始时间": "2025-12-31 09:00", "结束时间": "2026-01-01 11:00"},
            "结束时间",
        ),
        ({"开始时间": "2999-12-31 09:00", "结束时间": "2999-12-31 11:00"}, "开始时间"),
        ({"开始时间": "2026-02-30 09:00"}, "开始时间"),
        ({"组织编码": "nowhere"}, "组织编码"),
        ({"活动类型": "喝茶"}, "活动类型"),
        ({"参加人员": "张一、张一"}, "参加人员"),
        ({"参加人员": "查无此人"}, "参加人员"),
        ({"参加人员": "张一", "请假人员": "张一"}, "参加人员"),
        ({"折算天数": "3"}, "折算天数"),
        ({"状态": "也许"}, "状态"),
        ({"活动类型": "民主评议党员", "评议结果": "张一:很好"}, "评议结果"),
    ],
)
def test_a_wrong_cell_of_an_activity_names_row_and_column_and_writes_nothing(
    changes, column, community, tmp_path
):
    MemberFactory(name="张一", unit=community)
    good = activity(community, 主题="另一次学习")
    path = a_csv(tmp_path, ACTIVITY_HEADINGS, good, activity(community, **changes))

    code, answer, _said = attempt("import_activities", path, "--unit", community.code)

    assert code == 1
    error = answer["errors"][0]
    assert (error["row"], error["column"]) == (3, column)
    assert _is_chinese(error["message"])
    assert not Activity.objects.exists()


def test_a_name_that_fits_two_people_names_both_units(street, community, neighbour, tmp_path):
    MemberFactory(name="张一", unit=community)
    MemberFactory(name="张一", unit=neighbour)
    path = a_csv(tmp_path, ACTIVITY_HEADINGS, activity(street, 参加人员="张一"))

    code, answer, _said = attempt("import_activities", path, "--unit", street.code)

    assert code == 1
    assert community.name in answer["errors"][0]["message"]
    assert neighbour.name in answer["errors"][0]["message"]


def _is_chinese(text: str) -> bool:
    return any("一" <= letter <= "鿿" for letter in text)
