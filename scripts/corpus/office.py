"""Files as LibreOffice writes them: each turned from a workbook of a known making."""

from __future__ import annotations

from datetime import date
from typing import Any

from scripts.corpus.tables import TWO_ROWS, with_merged_headings
from scripts.corpus.tools import CASES, HEADINGS, PLAIN, Rows, libreoffice, person, put, roster

for ending in ("ods", "xlsx", "xls"):
    CASES[f"libreoffice.{ending}"] = libreoffice(
        roster(person(1, 出生日期=date(1980, 5, 12)), person(2)), ending
    )
CASES["libreoffice.csv"] = libreoffice(PLAIN, "csv")
for ending in ("ods", "xls", "xlsx"):
    CASES[f"two-rows-of-headings.{ending}"] = CASES.get(
        f"two-rows-of-headings.{ending}",
        libreoffice(TWO_ROWS, ending, arrange=with_merged_headings),
    )

TITLED: Rows = [
    ["示例社区党支部党员花名册"],
    ["填报单位：", None, "统计日期：2017年2月  日"],
    *PLAIN,
]


def with_titles(_book: Any, sheet: Any) -> None:
    """Titles merged over the table, a hidden row and a hidden column, a filter, a total."""
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, TITLED[0][0])
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column(8, 8, None, None, {"hidden": True})
    sheet.autofilter(2, 0, 4, len(HEADINGS) - 1)
    sheet.write_string(6, 0, "合计")
    sheet.write_formula(6, 1, "=COUNTA(A4:A5)", None, 2)


for ending in ("xlsx", "ods", "xls"):
    CASES[f"libreoffice-titles.{ending}"] = libreoffice(TITLED, ending, arrange=with_titles)


def with_formulas(_book: Any, sheet: Any) -> None:
    """Sex and birth date worked out from the ID number; one that divides by nothing."""
    born = '=TEXT(DATE(MID(B2,7,4),MID(B2,11,2),MID(B2,13,2)),"yyyy-mm-dd")'
    sheet.write_formula("C2", '=IF(MOD(VALUE(MID(B2,17,1)),2)=1,"男","女")', None, "男")
    sheet.write_formula("E2", born, None, "1980-05-12")
    sheet.write_formula("F2", "=NA()", None, "#N/A")
    sheet.write_formula("D3", "=1/0", None, "#DIV/0!")


for ending in ("xlsx", "ods"):
    CASES[f"libreoffice-formulas.{ending}"] = libreoffice(PLAIN, ending, arrange=with_formulas)


def with_a_sheet_each(book: Any, _sheet: Any) -> None:
    put(book, book.add_worksheet("第二党支部"), roster(person(3)))
    hidden = book.add_worksheet("去年")
    put(book, hidden, roster(person(4)))
    hidden.hide()


for ending in ("xlsx", "ods", "xls"):
    CASES[f"libreoffice-sheets.{ending}"] = libreoffice(PLAIN, ending, arrange=with_a_sheet_each)

DAYS = roster(
    person(1, 加入党组织日期=date(2005, 7, 1)),
    person(2, 加入党组织日期=38534),
    person(3, 加入党组织日期=2005.1),
    person(4, 公民身份号码=5.20399198005120e17),
)
for ending in ("ods", "xls"):
    CASES[f"libreoffice-numbers.{ending}"] = libreoffice(DAYS, ending)
CASES["libreoffice-from-1904.ods"] = libreoffice(
    roster(person(1, 出生日期=date(1980, 5, 12)), person(2)), "ods", date_1904=True
)
