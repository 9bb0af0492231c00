"""Cells as people write them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl

from scripts.corpus.tools import (
    HEADINGS,
    MADE_ON,
    PLAIN,
    case,
    column,
    id_number,
    person,
    roster,
    text,
    xlsx,
)


@case("id-number-as-number.xlsx")
def id_number_as_number() -> bytes:
    return xlsx(column("公民身份号码", int(id_number(1)[:17] + "0"), id_number(2)))


@case("id-number-in-powers.csv")
def id_number_in_powers() -> bytes:
    return text(column("公民身份号码", "5.20399E+17", id_number(2))).encode("gb18030")


@case("id-number-spellings.xlsx")
def id_number_spellings() -> bytes:
    """An apostrophe, blanks, full-width digits, signs that nobody sees, and a small x."""
    first, second, third = (id_number(number) for number in (1, 2, 3))
    with_x = next(number for number in range(101, 200, 2) if id_number(number).endswith("X"))
    return xlsx(
        column(
            "公民身份号码",
            f"'{first}",
            f"{second[:6]} {second[6:14]} {second[14:]}",
            third.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}),
            f"\u202a{id_number(4)}\u202c",
            id_number(with_x).lower(),
        )
    )


@case("id-number-of-15.xlsx")
def id_number_of_15() -> bytes:
    return xlsx(column("公民身份号码", "520399800512001", 520399800512002))


@case("id-number-wrong.xlsx")
def id_number_wrong() -> bytes:
    good = id_number(1)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    return xlsx(column("公民身份号码", wrong, id_number(2)[:17], id_number(3, "19801301")))


@case("id-number-contradicts.xlsx")
def id_number_contradicts() -> bytes:
    return xlsx(
        roster(person(1, 性别="女", 出生日期="1981-05-12"), person(2, 性别="", 出生日期=""))
    )


@case("without-id-number.xlsx")
def without_id_number() -> bytes:
    return xlsx(roster(person(1, 公民身份号码=""), person(2, 公民身份号码="", 出生日期="")))


@case("date-spellings.xlsx")
def date_spellings() -> bytes:
    return xlsx(
        column(
            "加入党组织日期",
            "2005.7.1", "2005年7月1日", "2005/07/01", "20050701", 20050701, date(2005, 7, 1), 38534,
            "'38534", "2005．7．1", "2005。07。01", "2005-7-1 00:00:00", 38534.5,
        )
    )  # fmt: skip


@case("days-missing.xlsx")
def days_missing() -> bytes:
    """A birth date is completed from the ID number; a day of joining is not to be guessed."""
    return xlsx(
        roster(
            person(1, 出生日期="1980.05"),
            person(2, 出生日期="1980年5月"),
            person(3, 出生日期=198005),
            person(4, 出生日期="1980.05.00"),
            person(5, 出生日期="1981.05"),
            person(6, 加入党组织日期="2005.07"),
            person(7, 加入党组织日期="2005"),
        )
    )


@case("january-or-october.xlsx")
def january_or_october() -> bytes:
    """A number 1980.1 may have been 1980.10: the ID number knows, else a person must."""
    return xlsx(
        roster(
            person(1, 公民身份号码=id_number(1, "19801012"), 出生日期=1980.1),
            person(2, 公民身份号码=id_number(2, "19800112"), 出生日期=1980.1),
            person(3, 出生日期=1980.1),
            person(4, 加入党组织日期=2005.1),
            person(5, 加入党组织日期=2005.11),
        )
    )


@case("ambiguous-dates.xlsx")
def ambiguous_dates() -> bytes:
    cells = ["85.7", "85.7.1", "7/1/2005", "2005-02-30", "1785-01-01", "2095-07-01", "去年"]
    return xlsx(column("加入党组织日期", *cells))


@case("two-dates-in-a-cell.xlsx")
def two_dates() -> bytes:
    return xlsx(column("加入党组织日期", "2005.7.1/2006.7.1", "2005-07-01\n2006-07-01"))


@case("dates-in-words.xlsx")
def dates_in_words() -> bytes:
    return xlsx(
        column("加入党组织日期", "二〇〇五年七月一日", "二零零五年十二月三十一日", "二○○五年七月")
    )


@case("names.xlsx")
def names() -> bytes:
    cells = [
        "张 三",
        "张　三",
        "欧阳 小 明",
        "阿依•古丽",
        "阿依．古丽",
        "阿依 · 古丽",
        "𠮷田镕",
        "+-*",
        "张\u200b三",
    ]
    return xlsx(column("姓名", *cells))


@case("ethnicities.xlsx")
def ethnicities() -> bytes:
    return xlsx(column("民族", "汉", "布依族", "穿青人", "无", "01 汉族"))


@case("educations.xlsx")
def educations() -> bytes:
    return xlsx(
        column("学历", "本科", "大学专科", "中专", "研究生", "省(区、市)委党校大学", "初中毕业")
    )


@case("categories.xlsx")
def categories() -> bytes:
    cells = ["01 正式党员", "①预备党员", "预备", "党员", "发展对象", "入党积极分子", "大概是党员"]
    rows = column("人员类别", *cells)
    for row in rows[5:7]:
        row[7] = ""
    return xlsx(rows)


@case("sexes.xlsx")
def sexes() -> bytes:
    return xlsx(column("性别", "1_男", "女性", 1, "2", "男 "))


@case("phones.xlsx")
def phones() -> bytes:
    return xlsx(
        column(
            "联系电话",
            13800000001.0, "+86 138-0000-0002", "138 0000 0003", "13800000004/13900000004",
            "0851-28900001", "（0851）28900001转12", "无", "12345", "\u202d13800000009\u202c",
        )
    )  # fmt: skip


@case("yes-and-no.xlsx")
def yes_and_no() -> bytes:
    cells = ["是", "√", "有", 1, True, "否", "×", "无", "0", "", "也许"]
    people = [[*person(number), cell] for number, cell in enumerate(cells, 1)]
    return xlsx(roster(*people, headings=[*HEADINGS, "是否为流动党员"]))


@case("formulas.xlsx")
def formulas() -> bytes:
    """Values worked out, one that failed, one that found nothing."""

    def arrange(book: Any, sheet: Any) -> None:
        sheet.write_formula("C2", '=IF(MOD(MID(B2,17,1),2),"男","女")', None, "男")
        sheet.write_formula("F2", "=VLOOKUP(A2,X:Y,2,0)", None, "#N/A")
        sheet.write_formula("D3", "=X99", None, "#REF!")

    return xlsx(PLAIN, arrange=arrange)


@case("formulas-never-worked-out.xlsx")
def formulas_never_worked_out() -> bytes:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = MADE_ON
    sheet = book.active
    for row in PLAIN:
        sheet.append(row)
    sheet["F2"] = '="大"&"学"'
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@case("formula-like-text.csv")
def formula_like_text() -> bytes:
    people = [[*person(1), "=cmd|'/c calc'!A1"], [*person(2), "@SUM(1)"]]
    return text(roster(*people, headings=[*HEADINGS, "家庭住址"])).encode()


@case("marks-for-nothing.xlsx")
def marks_for_nothing() -> bytes:
    return xlsx(column("学历", "无", "—", "-", "／", "不详", "NULL", "#N/A", " "))


@case("marks-for-clearing.xlsx")
def marks_for_clearing() -> bytes:
    return xlsx(
        roster(
            person(1, 学历="清空", 联系电话="〈清空〉"),
            person(2, 姓名="<清空>", 加入党组织日期="清空"),
        )
    )


@case("notes-in-cells.xlsx")
def notes_in_cells() -> bytes:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.write_comment("B2", "已核对身份证", {"author": ""})

    return xlsx(PLAIN, arrange=arrange)


@case("same-person-twice.xlsx")
def same_person_twice() -> bytes:
    return xlsx(roster(person(1), person(2), person(1, 学历="大专")))


@case("days-out-of-order.xlsx")
def days_out_of_order() -> bytes:
    heads = [*HEADINGS, "转为正式党员日期"]
    people = [
        [*person(1), "2004-07-01"],
        [*person(2, 人员类别="预备党员"), "2006-07-01"],
        [*person(3, 加入党组织日期="1995-07-01"), ""],
        [*person(4, 人员类别="入党积极分子"), ""],
    ]
    return xlsx(roster(*people, headings=heads))
