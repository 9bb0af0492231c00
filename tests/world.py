"""A small county as its staff would hand it over: five files, with nothing but invented people.

What the portal must make of them is worked out by hand in test_main_job.py.
"""

from __future__ import annotations

import csv
from pathlib import Path

import xlsxwriter

COUNTY, OTHER_COUNTY = "990001", "990002"
EAST, WEST, NEW = "990001001", "990001002", "990001003"
"""Streets: one that studies, one that does not, one founded in September."""
A, B, C = "990001001001", "990001001002", "990001001003"
D, E, F = "990001002001", "990001002002", "990001002003"
UNCOVERED = "990001002009"

UNITS = [
    ("code", "name", "level", "parent_code", "established_on"),
    (COUNTY, "试验县", "county", "", ""),
    (OTHER_COUNTY, "旁县", "county", "", ""),
    (EAST, "东街街道", "street", COUNTY, ""),
    (WEST, "西街街道", "street", COUNTY, ""),
    (NEW, "新区街道", "street", COUNTY, "2026-09-01"),
    (A, "河滨社区", "community", EAST, ""),
    (B, "桥头社区", "community", EAST, "2010-05-01"),
    (C, "井口社区", "community", EAST, ""),
    (D, "石板社区", "community", WEST, ""),
    (E, "南门社区", "community", WEST, "2024-01-01"),
    (F, "云台社区", "community", WEST, ""),
    (UNCOVERED, "新苑社区", "area", WEST, ""),
]


def id_number(birth: str, serial: int) -> str:
    """A well-formed number of nobody: region 990001 does not exist."""
    body = f"990001{birth}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


ROSTER_HEADINGS = [
    "姓名", "公民身份号码", "性别", "民族", "出生日期", "学历", "人员类别", "所在党支部",
    "加入党组织日期", "转为正式党员日期", "工作岗位", "联系电话", "家庭住址", "党籍状态",
    "是否为流动党员", "外出流向",
]  # fmt: skip


def _member(name, serial, unit, *, joined="2001-07-01", full="2002-07-01", floats_to=""):
    number = id_number("19700101", serial)
    sex = "男" if serial % 2 else "女"
    category = "正式党员" if full else "预备党员"
    return [
        name, number, sex, "汉族", "1970-01-01", "大专", category, unit, joined, full,
        "社区工作人员", f"1390000{serial:04d}", "幸福路1号", "正常",
        "是" if floats_to else "否", floats_to,
    ]  # fmt: skip


ROSTER = [
    _member("张一", 101, "河滨社区"),
    _member("李二", 102, "河滨社区"),
    _member("王三", 103, "河滨社区", floats_to="广东省东莞市"),
    _member("赵四", 104, "桥头社区"),
    _member("孙五", 105, "桥头社区", joined="2026-10-01", full=""),
    _member("郑九", 106, "石板社区"),
    _member("冯十", 107, "南门社区"),
]

POSTS = [
    ["组织编码", "姓名", "公民身份号码", "职务", "任职日期", "离任日期", "产生方式"],
    [A, "张一", id_number("19700101", 101), "书记", "2024-03-01", "", "两推一选"],
    [B, "赵四", id_number("19700101", 104), "书记", "2019-01-01", "", ""],
    [C, "褚廿", id_number("19800101", 201), "居委会主任", "2023-12-20", "", ""],
    [D, "郑九", id_number("19700101", 106), "书记", "", "", ""],
    [E, "冯十", id_number("19700101", 107), "书记", "2025-06-01", "", ""],
    [EAST, "钱六", id_number("19800101", 202), "街道干部", "2020-01-01", "", ""],
    [EAST, "周七", id_number("19800101", 203), "街道干部", "2020-01-01", "", ""],
    [A, "吴八", id_number("19800101", 204), "社区工作者", "2020-01-01", "", ""],
]

ACTIVITY_HEADINGS = [
    "组织编码", "活动类型", "主题", "开始时间", "结束时间", "地点", "主持人", "记录人",
    "参加人员", "请假人员", "折算天数", "党校级别", "评议结果", "状态", "内容",
]  # fmt: skip


def _held(unit, kinds, topic, starts, ends, *, people="", leave="", school="", grades="", state=""):
    return [
        unit, kinds, topic, starts, ends, "会议室", "张一", "李二", people, leave, "", school,
        grades, state, "",
    ]  # fmt: skip


ACTIVITIES = [
    # the county: both in the first half-year, neither in the second
    _held(COUNTY, "专题研究", "专题研究社区党建", "2026-03-05 09:00", "2026-03-05 11:00"),
    _held(COUNTY, "专项检查", "检查社区党建", "2026-05-20 09:00", "2026-05-20 17:00"),
    # the east street's central group: 1 + 2 + 9 days
    _held(EAST, "中心组学习", "第一次集中学习", "2026-02-10 09:00", "2026-02-10 17:00"),
    _held(EAST, "中心组学习", "第二次集中学习", "2026-05-12 09:00", "2026-05-13 17:00"),
    _held(EAST, "中心组学习", "第三次集中学习", "2026-08-17 09:00", "2026-08-25 17:00"),
    # staff of the street and of a community: 7 days, one cadre away
    _held(
        EAST, "干部培训", "业务培训", "2026-04-13 09:00", "2026-04-19 17:00",
        people="钱六、吴八", leave="周七",
    ),
    # the members of A, and of B as guests
    _held(
        A, "党员学习教育", "一月学习", "2026-01-20 09:00", "2026-01-20 12:00",
        people="张一、王三", leave="李二",
    ),
    _held(
        A, "主题党日", "二月主题党日", "2026-02-12 09:00", "2026-02-12 17:00",
        people="张一，李二，赵四",
    ),
    _held(A, "党课、支部党员大会", "三月党课", "2026-03-18 19:00", "2026-03-18 19:30"),
    _held(
        A, "党员学习教育", "集中轮训", "2026-06-08 09:00", "2026-06-12 17:00",
        people="张一;李二;赵四",
    ),
    _held(A, "党课", "九月党课", "2026-09-10 19:00", "2026-09-10 19:30"),
    _held(
        A, "民主评议党员", "年度民主评议", "2026-11-10 09:00", "2026-11-10 11:00",
        people="张一、李二、王三", grades="张一:优秀、李二:合格、王三：基本合格",
    ),
    _held(B, "党员学习教育", "预备党员学习", "2026-10-20 09:00", "2026-10-21 17:00", people="孙五"),
    _held(B, "党员学习教育", "未提交的学习", "2026-03-02 09:00", "2026-03-02 11:00", state="草稿"),
    # once in years
    _held(A, "党性分析评议", "党性分析", "2022-01-10 09:00", "2022-01-10 11:00"),
    _held(
        EAST, "任前培训", "书记任前培训", "2023-09-05 09:00", "2023-09-05 17:00", people="张一",
    ),
    _held(
        EAST, "党校轮训", "党校轮训", "2024-06-01 09:00", "2024-06-03 17:00",
        people=id_number("19700101", 101), school="县级",
    ),
]  # fmt: skip


def write(folder: Path) -> dict[str, str]:
    """The files, by what they hold: units as CSV in GB18030, the roster as a workbook, …"""
    paths = {
        "units": folder / "组织.csv",
        "roster": folder / "党员花名册.xlsx",
        "posts": folder / "任职.csv",
        "activities": folder / "活动.xlsx",
    }
    _write_csv(paths["units"], UNITS, "gb18030")
    _write_xlsx(paths["roster"], [ROSTER_HEADINGS, *ROSTER])
    _write_csv(paths["posts"], POSTS, "utf-8-sig")
    _write_xlsx(paths["activities"], [ACTIVITY_HEADINGS, *ACTIVITIES])
    return {name: str(path) for name, path in paths.items()}


def _write_csv(path: Path, rows, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
