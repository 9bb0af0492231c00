"""Where the table of a sheet is, and what its headings are called."""

from __future__ import annotations

from typing import Any

from scripts.corpus.tools import (
    HEADINGS,
    PLAIN,
    Rows,
    case,
    id_number,
    person,
    put,
    roster,
    xlsx,
)

LINE = "填报单位：示例社区党支部          统计日期：2026年11月  日"


def with_title(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:I1", "示例社区党支部党员花名册")
    sheet.merge_range("A2:I2", LINE)


@case("title-and-date-line.xlsx")
def title_and_date_line() -> bytes:
    return xlsx([[], [], *PLAIN], arrange=with_title)


TWO_ROWS: Rows = [
    ["序号", "基本情况", None, None, None, "流出情况"],
    [None, "姓名", "公民身份号码", "人员类别", "是否流动党员", "时间", "外出地点"],
    [1, "测试员1", id_number(1), "正式党员", "是", "2024-03-01", "广东省东莞市"],
    [2, "测试员2", id_number(2), "正式党员", "否"],
]


def with_merged_headings(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:A2", "序号")
    sheet.merge_range("B1:E1", "基本情况")
    sheet.merge_range("F1:G1", "流出情况")


@case("two-rows-of-headings.xlsx")
def two_rows_of_headings() -> bytes:
    return xlsx(TWO_ROWS, arrange=with_merged_headings)


@case("autofilter.xlsx")
def autofilter() -> bytes:
    """A filter that hides a row: it is read all the same."""

    def arrange(_book: Any, sheet: Any) -> None:
        sheet.autofilter(0, 0, 2, len(HEADINGS) - 1)
        sheet.filter_column(2, "x == 男")
        sheet.set_row(2, None, None, {"hidden": True})

    return xlsx(PLAIN, arrange=arrange)


@case("a-sheet-for-each-branch.xlsx")
def a_sheet_for_each_branch() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.name = "第一党支部"
        put(book, book.add_worksheet("第二党支部"), roster(person(3)))

    return xlsx(PLAIN, arrange=arrange)


@case("unit-and-date-behind-the-title.xlsx")
def unit_and_date() -> bytes:
    """The line of unit and date holds words that are headings elsewhere."""
    return xlsx(
        [["党员花名册"], ["所在党支部：示例社区党支部", None, "填报日期：", "2026-11-23"], *PLAIN]
    )


@case("result-of-an-earlier-import.xlsx")
def result_of_an_earlier_import() -> bytes:
    """A workbook of wrong rows that was mended: its last column is of no use any more."""
    rows = [[*person(1), "出生日期: 这不是日期。"], [*person(2), ""]]
    return xlsx(roster(*rows, headings=[*HEADINGS, "导入结果"]))


@case("blank-columns-and-rows.xlsx")
def blank_columns_and_rows() -> bytes:
    def spread(row: list[Any]) -> list[Any]:
        return [None, *row[:2], None, *row[2:], None, None]

    first, *people = PLAIN
    return xlsx([[], spread(first), [], *map(spread, people[:1]), [], [], *map(spread, people[1:])])


@case("totals-and-signatures.xlsx")
def totals_and_signatures() -> bytes:
    foot: Rows = [
        ["合计", "2人"],
        [],
        ["填表人：测试员1", None, None, "审核人：测试员2"],
        ["（盖章）"],
    ]
    return xlsx([*PLAIN, *foot])


@case("notes-in-the-table.xlsx")
def notes_in_the_table() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.merge_range("C2:E4", "注意事项：\n1.此行导入前请删除\n2.日期写全")

    return xlsx([HEADINGS, [], [], [], person(1), person(2)], arrange=arrange)


@case("headings-on-each-page.xlsx")
def headings_on_each_page() -> bytes:
    return xlsx([*PLAIN, HEADINGS, person(3)])


@case("numbered-columns.xlsx")
def numbered_columns() -> bytes:
    return xlsx([HEADINGS, list(range(1, 10)), *PLAIN[1:]])


@case("branch-merged-over-its-members.xlsx")
def branch_merged() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.merge_range("J2:J3", "第一党支部")

    people = [person(1), person(2), [*person(3), "第二党支部"]]
    return xlsx(roster(*people, headings=[*HEADINGS, "所在党支部"]), arrange=arrange)


@case("hidden-rows-and-columns.xlsx")
def hidden() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("I:I", None, None, {"hidden": True})

    return xlsx(PLAIN, arrange=arrange)


@case("several-sheets.xlsx")
def several_sheets() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        put(book, book.add_worksheet("第二党支部"), roster(person(3)))
        put(book, book.add_worksheet("说明"), [["本表每年填报一次"]])

    return xlsx(PLAIN, arrange=arrange)


@case("hidden-sheet.xlsx")
def hidden_sheet() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("今年")
        put(book, other, roster(person(3)))
        other.activate()
        other.set_first_sheet()
        sheet.hide()

    return xlsx(PLAIN, arrange=arrange)


@case("thousand-empty-rows.xlsx")
def thousand_empty_rows() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        framed = book.add_format({"border": 1})
        for row in range(3, 1000):
            sheet.write_blank(row, 0, None, framed)
            sheet.write_number(row, 9, row)

    return xlsx(roster(*PLAIN[1:], headings=[*HEADINGS, "序号"]), arrange=arrange)


# -- headings ---------------------------------------------------------------
@case("synonyms.xlsx")
def synonyms() -> bytes:
    heads = [
        "党员姓名",
        "身份证号",
        "男女",
        "民族",
        "出生年月日",
        "文化程度",
        "党员类型",
        "入党时间",
        "手机号码",
    ]
    return xlsx(roster(*PLAIN[1:], headings=heads))


@case("hints-and-line-breaks.xlsx")
def hints() -> bytes:
    heads = [
        "姓 名*", "公民身份号码\n（18位）", "性　别", "3.民族", "出生日期(年月日)：",
        "【必填】学历",
        "人员类别（正式党员或预备党员）", "加入党\n组织日期", "联系电话（手机/固定）",
    ]  # fmt: skip
    return xlsx(roster(*PLAIN[1:], headings=heads))


@case("standing-holds-categories.xlsx")
def standing_holds_categories() -> bytes:
    heads = [heading if heading != "人员类别" else "党籍状态" for heading in HEADINGS]
    return xlsx(roster(person(1), person(2, 人员类别="预备党员"), headings=heads))


@case("standing-holds-standings.xlsx")
def standing_holds_standings() -> bytes:
    people = [[*person(1), "正常"], [*person(2), "停止党籍"], [*person(3), "预备党员"]]
    return xlsx(roster(*people, headings=[*HEADINGS, "党籍状态"]))


@case("political-status.xlsx")
def political_status() -> bytes:
    heads = [heading if heading != "人员类别" else "政治面貌" for heading in HEADINGS]
    people = [
        person(1, 人员类别="中共党员"),
        person(2, 人员类别="中共预备党员"),
        person(3, 人员类别="群众"),
    ]
    return xlsx(roster(*people, headings=heads))


@case("branch-at-joining.xlsx")
def branch_at_joining() -> bytes:
    people = [["外地工厂党支部", *person(1), "第一党支部"]]
    return xlsx(roster(*people, headings=["入党时所在支部", *HEADINGS, "所在党支部"]))


@case("unknown-headings.xlsx")
def unknown_headings() -> bytes:
    heads = ["名字", "号码", *HEADINGS[2:]]
    return xlsx(roster(*PLAIN[1:], headings=heads))
