"""`import_units`: a county's units from a file, all or nothing."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from accounts.models import AuditEvent
from organizations import services
from organizations.choices import UnitChange, UnitKind
from organizations.models import Area, Unit, UnitEvent
from tests.factories import AreaFactory, CommunityFactory

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "organizations" / "data"
HEADINGS = ["code", "name", "level", "parent_code"]
SMALL = [
    ["c", "测试县", "county", ""],
    ["s1", "东街街道", "street", "c"],
    ["m1", "河滨社区", "community", "s1"],
]


@pytest.fixture
def write(tmp_path):
    """Writes rows below the headings (or below others) as a CSV file; its path."""

    def writer(rows, *, headings=HEADINGS, encoding="utf-8"):
        text = io.StringIO()
        csv.writer(text).writerows([headings, *rows])
        path = tmp_path / "units.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return writer


def load(path, *options):
    """The JSON document that the command prints, and its exit code."""
    out = io.StringIO()
    code = 0
    try:
        call_command("import_units", str(path), "--json", *options, stdout=out)
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), code


def counted(path):
    found, code = load(path)
    assert (code, found["errors"]) == (0, [])
    return found["created"], found["updated"], found["unchanged"]


def test_the_whole_of_guizhou_is_loaded_and_loading_it_again_changes_nothing(
    django_assert_max_num_queries,
):
    path = DATA / "guizhou_units.csv"

    with django_assert_max_num_queries(400):  # SQLite takes some 75 units an INSERT
        first, _code = load(path)
    with django_assert_max_num_queries(30):
        second, _code = load(path)

    assert first == {"rows": 2834, "created": 2834, "updated": 0, "unchanged": 0, "errors": []}
    assert second == {"rows": 2834, "created": 0, "updated": 0, "unchanged": 2834, "errors": []}
    assert [Unit.objects.filter(kind=kind).count() for kind in UnitKind] == [
        84, 365, 0, 0, 2385, *[0] * 6,
    ]  # fmt: skip
    assert not Area.objects.uncovered(date(2026, 1, 1)).exists()
    unit = Unit.objects.get(code="520302001001")
    assert (unit.path, unit.area.code) == ("520302/520302001/520302001001/", "520302001001")
    assert unit in Unit.objects.search("dxlsq")


def test_the_demo_county_is_part_of_the_province():
    load(DATA / "guizhou_units.csv")

    assert counted(DATA / "honghuagang_units.csv") == (0, 0, 108)


def test_a_dry_run_says_what_would_be_and_writes_nothing(write):
    found, code = load(write(SMALL), "--dry-run")

    assert (code, found["created"]) == (0, 3)
    assert not Unit.objects.exists()
    assert not AuditEvent.objects.exists()


def test_superiors_may_come_later_in_the_file_or_be_there_already(write):
    counted(write(SMALL[:2]))

    assert counted(write([["g", "一组", "group", "m1"], SMALL[2]])) == (2, 0, 0)
    assert Unit.objects.get(code="g").path == "c/s1/m1/g/"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_may_come_in_the_encodings_that_offices_write(write, encoding):
    counted(write(SMALL, encoding=encoding))

    assert Unit.objects.get(code="m1").name == "河滨社区"


def test_a_workbook_with_codes_kept_as_numbers_is_read(tmp_path):
    path = tmp_path / "units.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, [*HEADINGS, "established_on"])
    sheet.write_row(1, 0, [520302, "红花岗区", "county"])
    sheet.write_row(3, 0, [520302001, "老城街道", "street", 520302])
    sheet.write_datetime(3, 4, date(2009, 1, 2), day)
    book.close()

    assert counted(path) == (2, 0, 0)
    street = Unit.objects.get(code="520302001")
    assert street.established_on == date(2009, 1, 2)
    assert street.events.get().change == UnitChange.FOUNDED


def test_a_town_stands_where_a_street_does(write):
    counted(write([SMALL[0], ["t", "高坪镇", "town", "c"], ["m", "高坪社区", "community", "t"]]))

    assert Unit.objects.get(code="t").kind == UnitKind.STREET_COMMITTEE


def test_an_area_waits_for_its_organisation(write):
    counted(write([*SMALL[:2], ["m1", "河滨社区", "area", "s1"]]))
    assert Area.objects.uncovered(date(2026, 1, 1)).get().code == "m1"
    assert not Unit.objects.filter(code="m1").exists()

    assert counted(write(SMALL)) == (1, 0, 2)

    assert Unit.objects.get(code="m1").area == Area.objects.get()


def test_a_new_name_a_new_superior_and_a_new_kind_are_events(write):
    counted(write([*SMALL, ["s2", "西街街道", "street", "c"]]))

    changed = [
        *SMALL[:2],
        ["m1", "朝阳社区", "community_general_branch", "s2"],
        ["s2", "西街街道", "street", "c"],
    ]
    assert counted(write(changed)) == (0, 1, 3)

    unit = Unit.objects.get(code="m1")
    assert (unit.name, unit.kind, unit.path) == ("朝阳社区", "community_general_branch", "c/s2/m1/")
    assert (unit.area.name, unit.area.street.code) == ("朝阳社区", "s2")
    assert unit in Unit.objects.search("zysq")
    assert set(unit.events.values_list("change", flat=True)) == {"renamed", "moved", "upgraded"}
    assert counted(write(changed)) == (0, 0, 4)


def test_a_street_takes_its_communities_along_into_another_county(write):
    counted(write([*SMALL, ["d", "新县", "county", ""]]))

    counted(write([["d", "新县", "county", ""], ["s1", "东街街道", "street", "d"], SMALL[2]]))

    assert Unit.objects.get(code="m1").path == "d/s1/m1/"


def test_an_upgraded_or_renamed_organisation_stays_so_when_the_file_comes_again(write):
    counted(write(SMALL))
    unit = Unit.objects.get(code="m1")
    services.change_kind(unit, kind=UnitKind.COMMUNITY_GENERAL_BRANCH, on=date(2026, 1, 1), by=None)
    services.rename_unit(unit, name="河滨社区党总支", on=date(2026, 1, 1), by=None)

    assert counted(write(SMALL)) == (0, 0, 3)

    unit.refresh_from_db()
    assert (unit.kind, unit.name) == (UnitKind.COMMUNITY_GENERAL_BRANCH, "河滨社区党总支")


def test_a_dissolved_unit_is_left_alone(write):
    counted(write(SMALL))
    services.dissolve_unit(Unit.objects.get(code="m1"), on=date(2026, 1, 1), by=None)

    assert counted(write(SMALL)) == (0, 0, 3)
    assert not Unit.objects.get(code="m1").is_open


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (["m2", "某社区", "community", "zz"], "parent_code", "都没有这个编码的上级组织"),
        (["m2", "某社区", "community", "c"], "parent_code", "不能隶属于"),
        (["m2", "某社区", "area", "c"], "parent_code", "社区的上级应为街道或乡镇"),
        (["m2", "某支部", "branch", "m1"], "parent_code", "不能隶属于"),
        (["m2", "某社区", "community", ""], "parent_code", "缺少上级编码"),
        (["d", "某县", "county", "c"], "parent_code", "最上级"),
        (["m1", "某社区", "community", "s1"], "code", "与第4行重复"),
        (["M2", "某社区", "community", "s1"], "code", "小写字母"),
        (["a/b", "某社区", "community", "s1"], "code", "小写字母"),
        (["", "某社区", "community", "s1"], "code", "缺少编码"),
        (["x" * 31, "某社区", "community", "s1"], "code", "最多30"),
        (["m2", "", "community", "s1"], "name", "缺少名称"),
        (["m2", "某" * 101, "community", "s1"], "name", "最多100"),
        (["m2", "某村", "village", "s1"], "level", "没有这个层级"),
        (["m2", "某社区", "", "s1"], "level", "缺少层级"),
    ],
)
def test_a_wrong_row_is_named_in_chinese_and_nothing_is_written(write, row, column, message):
    found, code = load(write([*SMALL, row]))

    (error,) = found["errors"]
    assert code == 1
    assert (error["row"], error["column"]) == (5, column)
    assert error["value"] == dict(zip(HEADINGS, row, strict=True))[column]
    assert message in error["message"]
    assert (found["rows"], found["created"]) == (4, 0)
    assert not Unit.objects.exists()


@pytest.mark.parametrize("day", ["2026-02-30", "2026/1/1", "20260101", "去年"])
def test_an_impossible_date_is_refused(write, day):
    rows = [[*SMALL[0], day]]

    found, code = load(write(rows, headings=[*HEADINGS, "established_on"]))

    assert (code, found["errors"][0]["column"]) == (1, "established_on")
    assert "2008-08-07" in found["errors"][0]["message"]
    assert not Unit.objects.exists()


def test_all_that_is_wrong_is_said_at_once(write):
    found, _code = load(write([["C", "", "county", "x"], ["s", "街", "street", "nobody"]]))

    assert [(error["row"], error["column"]) for error in found["errors"]] == [
        (2, "code"),
        (2, "name"),
        (2, "parent_code"),
        (3, "parent_code"),
    ]


def test_a_unit_is_not_made_into_another_sort_of_thing(write):
    counted(write(SMALL))

    found, code = load(write([*SMALL[:2], ["m1", "河滨社区", "resident_unit", "s1"]]))

    assert (code, found["errors"][0]["column"]) == (1, "level")
    assert Unit.objects.get(code="m1").kind == UnitKind.COMMUNITY_BRANCH


def test_a_community_gets_no_second_organisation(write, street):
    area = AreaFactory(code="a1", street=street)
    CommunityFactory(parent=street, area=area)

    found, code = load(write([["a1", "某社区", "community", "s1"]]))

    assert (code, "已有党组织" in found["errors"][0]["message"]) == (1, True)


def test_nothing_is_hung_below_a_dissolved_unit(write, street):
    services.dissolve_unit(street, on=date(2026, 1, 1), by=None)

    found, code = load(write([["m1", "某社区", "community", "s1"]]))

    assert (code, "已撤销" in found["errors"][0]["message"]) == (1, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (b"\n\n", "文件是空的"),
        (b"code,name,level,parent_code\n", "没有数据行"),
        ("编码,名称\n1,2\n".encode(), "缺少表头：code"),
        (b"code,name,level\nc,x,county\n", "缺少表头：parent_code"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是电子表格"),
        (b"PK\x03\x04 not really", "文件已损坏"),
        (b"%PDF-1.7\n\xff\xff\x00", "不是电子表格"),
    ],
)
def test_an_unusable_file_is_refused_as_a_whole(tmp_path, content, message):
    path = tmp_path / "units.csv"
    path.write_bytes(content)

    found, code = load(path)

    assert code == 2
    assert message in found["errors"][0]["message"]
    assert not Unit.objects.exists()


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="无法读取文件") as refusal:
        call_command("import_units", str(tmp_path / "none.csv"))

    assert refusal.value.returncode == 2


def test_without_json_errors_are_lines_for_people(write):
    told = io.StringIO()

    with pytest.raises(CommandError, match="未写入任何数据"):
        call_command("import_units", str(write([["c", "", "county", ""]])), stderr=told)

    assert told.getvalue().startswith("第2行，name")


def test_it_speaks_english_when_asked(write):
    out = io.StringIO()

    with translation.override("en"):
        call_command("import_units", str(write(SMALL)), stdout=out)

    assert out.getvalue() == "Rows: 3; new: 3, changed: 0, unchanged: 0.\n"


def test_each_county_that_changed_has_a_line_in_the_trail_and_its_units_are_touched(write):
    counted(write(SMALL))

    assert AuditEvent.objects.get(verb="import_units").unit_path == "c/"
    assert Unit.objects.filter(touches__isnull=False).distinct().count() == 3

    counted(write(SMALL))

    assert AuditEvent.objects.filter(verb="import_units").count() == 1
    assert not UnitEvent.objects.exists()
