"""Where the table of a sheet begins and ends, and which of its lines are about somebody."""

from __future__ import annotations

import pytest

from members.roster.columns import ROSTER
from members.roster.rows import read_table
from members.roster.table import Choice, Chosen, Hand, find_layout
from organizations.spreadsheets.cells import Sheet, SheetError, Span
from tests.members.sheets import id_number

HEADINGS = ["序号", "姓名", "公民身份号码", "人员类别", "联系电话"]


def person(number, **cells):
    row = [number, f"测试员{number}", id_number(number), "正式党员", f"1380000{number:04d}"]
    return [cells.get(name, cell) for name, cell in zip(HEADINGS, row, strict=True)]


def read(*rows, **about):
    return read_table([Sheet("名册", [list(row) for row in rows], **about)], ROSTER)


def codes(table):
    return [(note.row, note.problem.code) for note in table.notes]


def test_titles_and_a_line_of_unit_and_date_stand_above_the_headings():
    title = ["示例社区党支部党员花名册"]
    line = ["填报单位：示例社区", "", "", "统计日期：2017年2月  日"]

    table = read(title, line, [], HEADINGS, person(1))

    assert [row.number for row in table.rows] == [5]
    assert table.notes == []


def test_headings_over_two_rows_are_read_with_what_stands_above_them():
    above = ["序号", "基本情况", "", "", "流出情况", ""]
    below = ["", "姓名", "公民身份号码", "人员类别", "外出地点", "时间"]
    merges = (Span(0, 0, 1, 0), Span(0, 1, 0, 3), Span(0, 4, 0, 5))

    table = read(above, below, [1, "测试员1", id_number(1), "正式党员", "广东"], merges=merges)

    (row,) = table.rows
    assert (row.number, row.values["floating_to"]) == (3, "广东")
    assert table.heading("floating_to") == "流出情况/外出地点"


def test_merged_headings_need_not_be_told_by_the_file():
    above = ["姓名", "公民身份号码", "党员情况", ""]
    below = ["", "", "人员类别", "入党时间"]

    table = read(above, below, ["测试员1", id_number(1), "正式党员", "2005-07-01"])

    assert table.rows[0].values["joined_on"].year == 2005
    assert table.heading("joined_on") == "党员情况/入党时间"


def test_a_first_row_of_people_is_never_taken_for_headings():
    table = read(["姓名", "公民身份号码", "人员类别"], ["支部", id_number(1), "正式党员"])

    assert [row.number for row in table.rows] == [2]


@pytest.mark.parametrize(
    "line",
    [
        ["合计", "", "2人"],
        ["", "小计：2"],
        ["填表人：测试员1", "", "审核人：测试员2"],
        ["支部书记（签字）：", "", "", "日期："],
        ["注：1.本表一式两份；2.请勿改动表头。"],
        ["", "说明：", "", ""],
        ["共2人"],
        ["", "请于每月五日前报送，逾期不候。"],
    ],
)
def test_lines_at_the_foot_are_passed_over_and_told(line):
    table = read(HEADINGS, person(1), [], line)

    assert [row.number for row in table.rows] == [2]
    assert codes(table) == [(4, "line_passed")]


def test_a_block_of_notes_merged_into_the_table_is_passed_over():
    note = ["", "注意事项 导入前请删除", "", ""]

    table = read(HEADINGS, note, [], person(1), merges=(Span(1, 1, 2, 3),))

    assert [row.number for row in table.rows] == [4]
    assert codes(table) == [(2, "line_passed")]


def test_headings_that_stand_again_on_each_page_are_passed_over():
    table = read(["名册"], HEADINGS, person(1), ["名册"], HEADINGS, person(2))

    assert [row.number for row in table.rows] == [3, 6]
    assert ("headings_again" in str(codes(table)), codes(table)[0]) == (True, (4, "line_passed"))


def test_a_row_that_numbers_the_columns_is_passed_over():
    table = read(HEADINGS, [1, 2, 3, 4, 5], person(1))

    assert [row.number for row in table.rows] == [3]


def test_somebody_whose_row_begins_like_a_signature_is_not_lost():
    headings = ["职务", "姓名", "公民身份号码", "人员类别"]

    table = read(
        headings, ["书记（兼）", "测试员1", "", "正式党员"], ["书记（签字）：", "", "", ""]
    )

    assert [row.values["name"] for row in table.rows] == ["测试员1"]
    assert codes(table) == [(3, "line_passed"), (1, "columns_unread")]


def test_a_name_without_anything_else_is_not_lost():
    table = read(HEADINGS, person(1), [2, "测试员2", "", "", ""])

    assert [row.number for row in table.rows] == [2, 3]


def test_empty_numbered_lines_are_nobody():
    table = read(HEADINGS, person(1), [2, "", "", "", ""], [3])

    assert [row.number for row in table.rows] == [2]
    assert table.notes == []


def test_a_cell_merged_over_several_people_is_everybodys():
    headings = [*HEADINGS, "所在党支部"]
    rows = [[*person(1), "一支部"], [*person(2), None], [*person(3), None], [*person(4), "二支部"]]

    table = read(headings, *rows, merges=(Span(1, 5, 3, 5),))

    assert [row.values["unit"] for row in table.rows] == ["一支部"] * 3 + ["二支部"]


def test_hidden_rows_and_columns_are_read_and_told():
    table = read(
        HEADINGS, person(1), person(2), hidden_rows=frozenset({2}), hidden_columns=frozenset({4})
    )

    assert len(table.rows) == 2
    told = {note.problem.code: dict(note.problem.params) for note in table.notes}
    assert told["rows_hidden"]["rows"] == "3"
    assert told["columns_hidden"]["headings"] == "联系电话"


def test_a_hidden_sheet_is_read_only_if_no_other_fits():
    shown, hidden = Sheet("今年", [HEADINGS, person(1)]), Sheet("去年", [HEADINGS, person(2)], True)

    first = read_table([hidden, shown], ROSTER)
    only = read_table([hidden], ROSTER)
    named = read_table([hidden, shown], ROSTER, Choice((Chosen("去年"),), is_complete=True))

    assert first.rows[0].values["name"] == "测试员1"
    assert [code for _row, code in codes(first)] == ["sheets_unread"]
    assert [code for _row, code in codes(only)] == ["sheet_hidden"]
    assert named.rows[0].values["name"] == "测试员2"


# -- mapping --------------------------------------------------------------------
def layout_of(*rows):
    return find_layout(Sheet("名册", [list(row) for row in rows]), ROSTER)


def test_an_unknown_heading_is_shown_with_what_it_most_likely_is():
    rows = [
        ["名字", "号码", "身份", "联系电话1", "入党时所在支部", "备注"],
        ["测试员1", id_number(1), "正式党员", "13800000001", "外地支部", ""],
        ["测试员2", id_number(2), "预备党员", "", "外地支部", ""],
    ]

    headings = layout_of(*rows).headings(ROSTER)

    proposed = {heading.text: heading.proposal for heading in headings}
    assert proposed["号码"] == "id_number"
    assert proposed["身份"] == "stage"
    assert proposed["联系电话1"] == "phone"
    assert proposed["入党时所在支部"] is None
    phone = next(heading for heading in headings if heading.text == "联系电话1")
    assert (phone.filled, phone.samples) == (0.5, ("13800000001",))


def test_a_mapping_made_by_hand_holds_for_sheets_of_the_same_shape():
    headings = ["名字", "号码", "身份"]
    sheet = Sheet("名册", [headings, ["测试员1", id_number(1), "正式党员"]])
    with pytest.raises(SheetError):
        read_table([sheet], ROSTER)
    fingerprint = find_layout(sheet, ROSTER).fingerprint
    given = {fingerprint: Hand({0: "name", 1: "id_number", 2: "stage"})}

    again = Sheet("另一份", [[], ["名字 ", "号码", "身份"], ["测试员2", id_number(2), "预备党员"]])
    (row,) = read_table([again], ROSTER, Choice(given=given)).rows

    assert (row.values["name"], row.values["stage"]) == ("测试员2", "probationary")


def test_a_mapping_by_hand_may_leave_a_known_column_out():
    sheet = Sheet("名册", [HEADINGS, person(1)])
    given = {
        find_layout(sheet, ROSTER).fingerprint: Hand(
            {1: "name", 2: "id_number", 3: "stage", 4: None}
        )
    }

    (row,) = read_table([sheet], ROSTER, Choice(given=given)).rows

    assert "phone" not in row.values


def test_the_standing_may_stand_in_for_the_category_if_its_values_say_so():
    headings = ["姓名", "公民身份号码", "党籍状态"]

    (row,) = read(headings, ["测试员1", id_number(1), "预备党员"]).rows
    with pytest.raises(SheetError) as refused:
        read(headings, ["测试员1", id_number(1), "正常"])

    assert row.values["party_status"].stage == "probationary"
    assert refused.value.problem.params == (("headings", "人员类别"),)


def test_a_birth_date_may_stand_in_for_the_id_number():
    (row,) = read(["姓名", "出生日期", "人员类别"], ["测试员1", "1980-05-12", "正式党员"]).rows

    assert row.values["birth_date"].year == 1980
