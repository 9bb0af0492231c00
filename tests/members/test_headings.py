"""Which column of a file is which, and where its table begins."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from members.roster.cleaning import Noted
from members.roster.columns import POSTS, ROSTER, heading_key, map_headings
from members.roster.table import find_layout
from members.roster.template import read_sheets, write_template
from organizations.spreadsheets.cells import Problem, Sheet


@pytest.mark.parametrize(
    "heading", ["姓名", "姓 名", "姓　名", "姓\n名", "*姓名", "姓名（必填）", "姓名:"]
)
def test_spellings_of_a_heading_are_one(heading):
    assert heading_key(heading) == "姓名"


def test_the_nearest_of_two_headings_is_taken_and_the_other_left():
    mapping = map_headings(["手机号码", "联系电话", "入党时间"], ROSTER)

    assert mapping.places["phone"] == 1
    assert mapping.places["joined_on"] == 2
    assert mapping.unused == ("手机号码",)
    assert mapping.missing == ("姓名", "公民身份号码", "人员类别")


def test_titles_above_the_headings_are_passed_over():
    rows = [["某社区党员花名册"], ["填报单位：", "日期："], ["姓名", "身份证号", "党员类别"]]

    layout = find_layout(Sheet("", rows), ROSTER)

    assert (layout.first, layout.last, layout.mapping.missing) == (2, 2, ())


@pytest.mark.parametrize("columns", [ROSTER, POSTS])
def test_the_template_has_every_heading_and_no_formula(columns):
    data = write_template(columns)

    (only,) = read_sheets(data)
    assert only.rows[0] == [column.heading for column in columns]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml").replace(b"<formula", b"")


@pytest.mark.parametrize("columns", [ROSTER, POSTS])
def test_the_template_offers_and_shows_only_what_the_import_takes(columns):
    for column in columns:
        for word in filter(None, (column.example, *column.choices)):
            assert not isinstance(column.clean(word), Problem | Noted), (column.heading, word)


@pytest.mark.parametrize("columns", [ROSTER, POSTS])
def test_every_list_of_the_template_can_be_dropped_down(columns):
    sheet = openpyxl.load_workbook(io.BytesIO(write_template(columns))).worksheets[0]

    lists = {
        str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation
    }

    offered = {
        f"{get_column_letter(place)}2": f'"{",".join(column.choices)}"'
        for place, column in enumerate(columns, 1)
        if column.choices
    }
    assert offered
    assert lists == offered
