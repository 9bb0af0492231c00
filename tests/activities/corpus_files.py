"""The small messy tables of past records: `python -m tests.activities.corpus_files` makes them.

Invented people: 张三, 李四, 王五 and 赵六 belong to 河滨社区, and 周七 to 桥头社区.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from activities.imports.columns import COLUMNS
from scripts.corpus.tools import MADE_ON, Rows, text, xls

FOLDER = Path(__file__).parent / "corpus"
CASES: dict[str, Callable[[], bytes]] = {}
MEETINGS = (
    "所在党支部,会议类型(支部党员大会/支部委员会/党小组会/党课),主持人姓名,记录人姓名,会议名称,"
    "计划会议时间,实际会议时间,会议地点,应到人数,实到人数,请假人数,列席人员,会议议题,会议内容,会议决议"
).split(",")
THEMED = (
    "活动名称,计划时间,实际时间,活动地点,活动主题,主要内容及特色,应到人数,实到人数,请假人数,列席人员"
).split(",")
LIGHT = "活动名称,实际时间,活动地点,主要内容,次数（第几次）,时长（分钟）".split(",")
PORTAL = "组织编码,活动类型,主题,开始时间,结束时间,参加人员,请假人员".split(",")


def case(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES[name] = make
        return make

    return register


# -- rows -------------------------------------------------------------------
def meeting(**cells: Any) -> list[Any]:
    """A row of the record of the three meetings and one lecture."""
    usual = dict(zip(MEETINGS, (
        "河滨社区党支部", "支部党员大会", "张三", "李四", "三月支部大会", "2026/3/2  14:00",
        "2026/3/3  14:30", "活动室", 4, 4, 0, "", "换届准备", "讨论了人选", "通过",
    ), strict=True))  # fmt: skip
    named = {"会议类型": MEETINGS[1]}
    return list((usual | {named.get(name, name): cell for name, cell in cells.items()}).values())


def themed(**cells: Any) -> list[Any]:
    usual = dict(zip(THEMED, (
        "三月主题党日", "2026-03-05 09:00", "2026-03-05 09:00", "江边", "清洁家园", "打扫河堤",
        4, 4, 0, "社区干部2人",
    ), strict=True))  # fmt: skip
    return list((usual | cells).values())


def light(**cells: Any) -> list[Any]:
    usual = dict(zip(LIGHT, (
        "党课：学习条例", "2026-03-06 15:00", "活动室", "学习条例", 1, 90,
    ), strict=True))  # fmt: skip
    return list((usual | cells).values())


def plain(**cells: Any) -> list[Any]:
    usual = dict(zip(PORTAL, (
        "s1m1", "党员学习教育", "学习党章", "2026-03-10 09:00", "2026-03-10 11:00",
        "张三、李四", "",
    ), strict=True))  # fmt: skip
    return list((usual | cells).values())


# -- writers ----------------------------------------------------------------
def xlsx(
    rows: Rows, *, name: str = "记录", arrange: Callable[[Any, Any], None] | None = None
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": MADE_ON})
    sheet = book.add_worksheet(name)
    moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
    clock = book.add_format({"num_format": "h:mm"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif isinstance(cell, datetime | date):
                sheet.write_datetime(number, place, cell, moment)
            elif isinstance(cell, time):
                sheet.write_datetime(number, place, cell, clock)
            elif cell is not None:
                sheet.write(number, place, cell)
    if arrange:
        arrange(book, sheet)
    book.close()
    return buffer.getvalue()


# -- the files ----------------------------------------------------------------
@case("three-meetings.xlsx")
def three_meetings() -> bytes:
    kinds = ("支部党员大会", "支部委员会", "党小组会", "党课")
    rows = [meeting(会议类型=kind, 会议名称=f"三月{kind}") for kind in kinds]
    return xlsx([MEETINGS, *rows])


@case("time-with-two-spaces.xlsx")
def time_with_two_spaces() -> bytes:
    return xlsx([MEETINGS, meeting(实际会议时间="2019/2/3  14:30")])


@case("times-as-real-dates.xlsx")
def times_as_real_dates() -> bytes:
    moment = datetime(2026, 3, 3, 14, 30)  # noqa: DTZ001
    return xlsx([MEETINGS, meeting(计划会议时间=moment, 实际会议时间=moment)])


@case("from-when-to-when-in-one-cell.xlsx")
def from_when_to_when() -> bytes:
    spans = ("2026/3/3 14:30-16:30", "2026年3月4日 14:30—16:30", "2026.3.5 14时30分至17时")
    rows = [meeting(会议名称=f"会议{n}", 实际会议时间=cell) for n, cell in enumerate(spans, 1)]
    return xlsx([MEETINGS, *rows])


@case("planned-and-never-held.xlsx")
def planned_and_never_held() -> bytes:
    return xlsx([MEETINGS, meeting(实际会议时间="", 实到人数=None)])


@case("short-words-for-kinds.xlsx")
def short_words_for_kinds() -> bytes:
    kinds = ("支部大会", "支委会", "小组会", "支部大会、党课")
    rows = [meeting(会议类型=kind, 会议名称=f"会议{n}") for n, kind in enumerate(kinds, 1)]
    return xlsx([MEETINGS, *rows])


@case("unknown-kind.xlsx")
def unknown_kind() -> bytes:
    return xlsx([MEETINGS, meeting(会议类型="茶话会"), meeting(会议名称="好的一行")])


@case("names-beside-numbers.xlsx")
def names_beside_numbers() -> bytes:
    headings = [*MEETINGS, "参加人员", "请假人员"]
    right = [*meeting(应到人数=4, 实到人数="3人", 请假人数=1), "张三、李四、王五", "赵六"]
    wrong = [*meeting(会议名称="另一次", 应到人数=4, 实到人数=4, 请假人数=1), "张三 、李四", "赵六"]
    return xlsx([headings, right, wrong])


@case("numbers-that-are-none.xlsx")
def numbers_that_are_none() -> bytes:
    return xlsx([MEETINGS, meeting(应到人数="全部", 实到人数="若干", 请假人数=-1)])


@case("themed-days.xlsx")
def themed_days() -> bytes:
    return xlsx(
        [THEMED, themed(), themed(活动名称="学雷锋", 活动主题="", 实际时间="2026-03-06 09:00")]
    )


@case("light.xlsx")
def light_table() -> bytes:
    return xlsx([
        LIGHT,
        light(),
        light(活动名称="主题党日活动", 实际时间="2026-03-07 09:00", **{LIGHT[5]: "1小时30分钟"}),
        light(活动名称="上党课", 实际时间="2026年3月8日", **{LIGHT[5]: 120}),
        light(活动名称="参观", 实际时间="2026-03-09 09:00"),
    ])  # fmt: skip


@case("length-in-hours.csv")
def length_in_hours() -> bytes:
    headings = [*LIGHT[:5], "时长（小时）"]
    return text([headings, [*light()[:5], "1.5"]]).encode("utf-8-sig")


@case("length-that-is-none.csv")
def length_that_is_none() -> bytes:
    return text(
        [LIGHT, light(**{LIGHT[5]: "半天"}), light(活动名称="党课", **{LIGHT[5]: "0"})]
    ).encode()


@case("title-above-and-signatures-below.xlsx")
def title_above() -> bytes:
    title = [["河滨社区党支部“三会一课”记录表"], ["填报单位：河滨社区", "", "2026年3月"]]
    foot = [["填表人：李四", "", "审核人：张三"]]
    return xlsx([*title, MEETINGS, meeting(), *foot])


@case("gb18030.csv")
def gb18030() -> bytes:
    return text([PORTAL, plain()]).encode("gb18030")


@case("biff8.xls")
def biff8() -> bytes:
    moment = datetime(2026, 3, 3, 14, 30)  # noqa: DTZ001
    return xls([MEETINGS, meeting(实际会议时间=moment)])


@case("unit-by-name.xlsx")
def unit_by_name() -> bytes:
    units = ("河滨社区", "中共河滨社区支部委员会", "s1m1", "", "天上社区党支部")
    return xlsx([MEETINGS, *(
        meeting(所在党支部=unit, 会议名称=f"会议{n}") for n, unit in enumerate(units, 1)
    )])  # fmt: skip


@case("everybody-but-one.xlsx")
def everybody_but_one() -> bytes:
    return xlsx([PORTAL, plain(参加人员="全体", 请假人员="赵六")])


@case("people-joined-in-every-way.xlsx")
def people_joined() -> bytes:
    joined = ("张三、李四", "张三,李四", "张三；李四", "张三\n李四", "张　三、李 四")
    return xlsx([PORTAL, *(
        plain(主题=f"学习{n}", 参加人员=cell) for n, cell in enumerate(joined, 1)
    )])  # fmt: skip


@case("people-who-are-not-there.xlsx")
def people_who_are_not_there() -> bytes:
    return xlsx([PORTAL, plain(参加人员="张三、无此人"), plain(主题="二", 参加人员="张三、张三")])


@case("the-same-meeting-twice.xlsx")
def the_same_meeting_twice() -> bytes:
    return xlsx([MEETINGS, meeting(), meeting()])


@case("end-before-start-and-across-the-year.xlsx")
def end_before_start() -> bytes:
    return xlsx([
        PORTAL,
        plain(结束时间="08:00"),
        plain(主题="跨年", 开始时间="2025-12-31 20:00", 结束时间="2026-01-01 02:00"),
        plain(主题="到半夜", 开始时间="2026-03-10 20:00", 结束时间="24:00"),
    ])  # fmt: skip


@case("template-with-its-example.xlsx")
def template_with_example() -> bytes:
    own = {"组织编码": "s1m1", "主题": "真的一次", "开始时间": "2026-03-11 09:00"}
    headings = [column.heading for column in COLUMNS]
    example = [column.example for column in COLUMNS]
    row = [own.get(column.heading, column.example) for column in COLUMNS]
    return xlsx([headings, example, row])


@case("no-headings.xlsx")
def no_headings() -> bytes:
    return xlsx([["时", "地", "人"], ["三月", "活动室", "大家"]])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, make in CASES.items():
        FOLDER.joinpath(name).write_bytes(make())


if __name__ == "__main__":
    main()
