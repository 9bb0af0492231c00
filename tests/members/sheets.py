"""Small spreadsheets for tests: rosters of invented people."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter

from members.roster.cleaning import check_digit

HEADINGS = (
    "姓名,公民身份号码,性别,民族,出生日期,学历,人员类别,所在党支部,加入党组织日期,转为正式党员日期,"
    "工作岗位,联系电话,家庭住址,党籍状态,是否为流动党员,外出流向"
).split(",")
POST_HEADINGS = "组织编码,姓名,公民身份号码,职务,任职日期,离任日期,产生方式".split(",")


def id_number(number: int, *, birth: str = "19800512") -> str:
    """A made-up ID number; an odd `number` is a man's."""
    first17 = f"520399{birth}{number:03d}"
    return first17 + check_digit(first17)


def member(number: int, **cells: str) -> dict[str, str]:
    """The cells of an invented full member; `cells` by heading change or add some."""
    return {
        "姓名": f"测试员{number}",
        "公民身份号码": id_number(number),
        "性别": "男" if number % 2 else "女",
        "民族": "苗族",
        "出生日期": "1980-05-12",
        "学历": "大学",
        "人员类别": "正式党员",
        "加入党组织日期": "2005-07-01",
        "转为正式党员日期": "2006-07-01",
        "工作岗位": "社区工作人员",
        "联系电话": f"1380000{number:04d}",
        "家庭住址": "示例路1号",
        "党籍状态": "正常",
        "是否为流动党员": "否",
        **cells,
    }


def rows_of(people: list[dict[str, str]], headings: list[str] = HEADINGS) -> list[list[str]]:
    return [headings, *([person.get(heading, "") for heading in headings] for person in people)]


def xlsx(rows: list[list[object]], *, sheets: int = 1, arrange: Any = None) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for _ in range(sheets):
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write(number, place, cell)
        if arrange:
            arrange(sheet)
    workbook.close()
    return buffer.getvalue()


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode(encoding)
