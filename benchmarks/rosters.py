"""Large rosters of invented people, as workbooks."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from members.roster.cleaning import check_digit

HEADINGS = (
    "序号,姓名,公民身份号码,性别,民族,出生日期,学历,学位,人员类别,所在党支部,加入党组织日期,"
    "转为正式党员日期,工作岗位,新社会阶层类型,联系电话,家庭住址,户籍所在地,党籍状态,是否为流动党员,备注"
).split(",")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文晓云海燕波"
FIRST_BORN = date(1940, 1, 1)


def write_roster(path: Path, rows: int, units: list[str], *, changed_every: int = 0) -> None:
    """A roster of `rows` people; of every `changed_every` one has moved house since."""
    random.seed(20)
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("名册")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, rows + 1):
        cells = person_row(number, units[number % len(units)])
        if changed_every and number % changed_every == 0:
            cells[15] = f"新华路{number}号"
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text)
    workbook.close()


def person_row(number: int, unit: str) -> list[str]:
    born = FIRST_BORN + timedelta(days=number % 18_000)
    first17 = f"52{1000 + number // 18_000:04d}{born:%Y%m%d}{number % 1000:03d}"
    joined = date(born.year + 22 + number % 9, 7, 1)
    return [
        str(number),
        random.choice(FAMILY) + random.choice(GIVEN) + random.choice(["", random.choice(GIVEN)]),
        first17 + check_digit(first17),
        "男" if number % 2 else "女",
        random.choice(["汉族", "苗族", "布依族", "侗族", "土家族", "仡佬族"]),
        born.isoformat(),
        random.choice(["大学", "大专", "普通高中", "初中"]),
        "",
        "正式党员",
        unit,
        joined.isoformat(),
        joined.replace(year=joined.year + 1).isoformat(),
        random.choice(["社区工作人员", "退休人员", "个体工商户中的从业人员"]),
        "",
        f"138{number:08d}",
        f"示例路{number % 900 + 1}号",
        "示例市",
        "正常",
        "否",
        "",
    ]
