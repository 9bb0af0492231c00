"""The columns of a file of activities, and how a cell of each is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext_noop

from activities.choices import Grade, SchoolLevel, State
from activities.kinds import all_kinds, find_kind
from members.roster.cleaning import (
    Outcome,
    as_text,
    half_width,
)
from members.roster.columns import Column
from members.roster.days import SERIAL_ZERO, YEARS, clean_date
from organizations.spreadsheets.cells import Cell, Problem, problem

SCHOOL_LEVELS = {
    "县级": SchoolLevel.COUNTY,
    "市级": SchoolLevel.CITY,
    "省级": SchoolLevel.PROVINCE,
    "中央": SchoolLevel.CENTRAL,
    "中央级": SchoolLevel.CENTRAL,
}
KIND_WORDS = {
    "支部大会": "members_meeting",
    "党员大会": "members_meeting",
    "支委会": "committee_meeting",
    "支部委员会会议": "committee_meeting",
    "党小组会议": "group_meeting",
    "小组会": "group_meeting",
    "上党课": "party_lecture",
    "讲党课": "party_lecture",
    "主题党日活动": "themed_day",
    "党员活动日": "themed_day",
}
"""What offices call kinds beside the document's own words."""
GRADES = {
    "优秀": Grade.EXCELLENT,
    "合格": Grade.QUALIFIED,
    "基本合格": Grade.BASICALLY_QUALIFIED,
    "不合格": Grade.NOT_QUALIFIED,
}
STATES = {"草稿": State.DRAFT, "已提交": State.SUBMITTED}
EVERYBODY = "全体"
"""In place of names: all members of the host."""
BREAKS = re.compile(r"[、,;，；\r\n]+")
CLOCK = re.compile(r"(上午|下午)? ?(\d{1,2})[:时点](?:(\d{1,2})分?)?(?::(\d{1,2})(?:\.\d+)?秒?)?")
SPAN = re.compile(r"(.*\d ?[:时点].*?) ?(?:-{1,2}|—{1,2}|–|~|至|到) ?((?:上午|下午)?.*[:时点].*)")
LENGTH = re.compile(
    r"(\d+(?:\.\d+)?)|(?:(\d+(?:\.\d+)?)(?:个)?(?:小时|时|h))?(?:(\d+(?:\.\d+)?)(?:分钟|分|min))?"
)
NOON = 12
MIDNIGHT = timedelta(hours=24)
MINUTES_LENGTH = 20_000
EXAMPLE = "示例：学习党章（导入前请删除本行）"
"""The topic of the template's example row, which nobody means to import."""


@dataclass(frozen=True, slots=True)
class Span:
    """A beginning and, in the same cell, how long after midnight it ended."""

    starts: datetime
    ends: timedelta


@dataclass(frozen=True, slots=True)
class Graded:
    """A person as written, and the grade beside the name."""

    who: str
    grade: Grade


def clean_short(cell: Cell, *, limit: int) -> Outcome:
    text = as_text(cell)
    return problem("too_long", limit=limit) if len(text) > limit else text or None


def clean_minutes(cell: Cell) -> Outcome:
    """Text of any number of lines."""
    text = str(cell).replace("\r\n", "\n").strip() if as_text(cell) else ""
    return problem("too_long", limit=MINUTES_LENGTH) if len(text) > MINUTES_LENGTH else text or None


def clean_kinds(cell: Cell) -> Outcome:
    """The codes of the kinds that the cell names, by code or name."""
    codes = set()
    for word in _words(cell):
        kind = find_kind(word)
        code = kind.code if kind else KIND_WORDS.get(word)
        if code is None:
            return problem("kind_unknown", kind=word)
        codes.add(code)
    return frozenset(codes) or None


def kinds_within(text: str) -> frozenset[str]:
    """The codes of the kinds that a title names among other words; of two in one, the longer."""
    known = {kind.zh: code for code, kind in all_kinds().items()} | KIND_WORDS
    codes = set()
    for word in sorted(known, key=len, reverse=True):
        if word in text:
            codes.add(known[word])
            text = text.replace(word, " ")
    return frozenset(codes)


def clean_moment(cell: Cell) -> Outcome:
    """A date with its time, to the minute, however it is written; Shanghai's, without a zone."""
    if isinstance(cell, datetime):
        return _to_minute(cell)
    if isinstance(cell, float) and not cell.is_integer() and cell > 1:
        return _to_minute(_midnight(SERIAL_ZERO) + timedelta(days=cell))
    text = half_width(as_text(cell))
    if not text:
        return None
    return _with_zone(text) or _in_words(text.replace("T", " "))


def clean_start(cell: Cell) -> Outcome:
    """A moment, or from when to when in one cell: `2019/2/3  14:30-16:30`."""
    text = half_width(as_text(cell)) if isinstance(cell, str) else ""
    parts = SPAN.fullmatch(text)
    if parts is None or _with_zone(text):
        return clean_moment(cell)
    starts, ends = clean_moment(parts[1]), clean_end(parts[2])
    if isinstance(starts, datetime) and isinstance(ends, timedelta):
        return Span(starts, ends)
    return starts if isinstance(starts, Problem) else problem("time_form")


def clean_length(cell: Cell) -> Outcome:
    """How long it took: a number, whose unit the heading names, or minutes or hours in words."""
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, timedelta):
        return cell
    told = LENGTH.fullmatch("".join(half_width(as_text(cell)).split()))
    if not as_text(cell):
        return None
    if not told or not any(told.groups()):
        return problem("length_form")
    number, hours, minutes = told.groups()
    if number:
        return Decimal(number) if Decimal(number) > 0 else problem("length_form")
    return timedelta(seconds=int(Decimal(hours or 0) * 3600 + Decimal(minutes or 0) * 60))


def clean_number(cell: Cell) -> Outcome:
    """How many people: 12, 12人, 12.0."""
    text = "".join(half_width(as_text(cell)).split()).removesuffix("人").removesuffix("名")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return problem("number_form")
    is_count = number.is_finite() and number == number.to_integral_value() and number >= 0
    return int(number) if is_count else problem("number_form")


def clean_end(cell: Cell) -> Outcome:
    """A date with its time, or how long after midnight, on the day of the beginning."""
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, timedelta) and timedelta() < cell <= MIDNIGHT:
        return cell  # what a spreadsheet makes of 24:00
    if clock := CLOCK.fullmatch(half_width(as_text(cell))):
        since_midnight = _since_midnight(clock)
        return problem("time_form") if since_midnight is None else since_midnight
    return clean_moment(cell)


def _with_zone(text: str) -> datetime | None:
    """An ISO moment that names its zone, as Shanghai's clocks show it; None if it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_one = at.tzinfo is not None and at.year in YEARS
    return _to_minute(timezone.localtime(at)) if is_one else None


def _in_words(text: str) -> Outcome:
    clock = CLOCK.search(text)
    day = clean_date(text[: clock.start()].strip() if clock else text)
    if not clock:
        return day if isinstance(day, Problem) else problem("time_missing")
    if day is None or isinstance(day, Problem):
        return day or problem("date_form")
    since_midnight = _since_midnight(clock)
    if since_midnight is None or text[clock.end() :].strip():
        return problem("time_form")
    return _midnight(day) + since_midnight  # type: ignore[arg-type]


def clean_people(cell: Cell) -> Outcome:
    """People as they are written: names or ID numbers."""
    return tuple(_words(cell)) or None


def clean_grades(cell: Cell) -> Outcome:
    """People, each with a grade behind a colon."""
    graded = []
    for word in _words(cell):
        who, colon, name = word.replace("：", ":").rpartition(":")
        grade = GRADES.get(name.strip())
        if not colon or not who.strip() or grade is None:
            return problem("grade_form", text=word)
        graded.append(Graded(who.strip(), grade))
    return tuple(graded) or None


def clean_credit(cell: Cell) -> Outcome:
    text = half_width(as_text(cell)).removesuffix("天")
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return problem("credit_form")


def clean_from(cell: Cell, *, words: Mapping[str, str], code: str) -> Outcome:
    text = as_text(cell)
    if not text:
        return None
    return words.get(text) or problem(code)


def _words(cell: Cell) -> list[str]:
    text = as_text(cell) if not isinstance(cell, str) else cell
    return [word.strip() for word in BREAKS.split(text) if as_text(word)]


def _to_minute(at: datetime) -> datetime:
    """The nearest minute: a spreadsheet keeps times as fractions of a day."""
    return (at.replace(tzinfo=None) + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _since_midnight(clock: re.Match[str]) -> timedelta | None:
    """How long after midnight; 24:00 ends the day. None for what no clock shows.

    Half past twelve 上午 is refused: some mean the night by it, some noon.
    """
    half, hour, minute = clock[1], int(clock[2]), int(clock[3] or 0)
    if half == "上午" and hour >= NOON:
        return None
    if half == "下午" and hour < NOON:
        hour += NOON
    since = timedelta(hours=hour, minutes=minute)
    return since if minute < 60 and since <= MIDNIGHT else None


def _of(words: Mapping[str, str], code: str) -> Callable[[Cell], Outcome]:
    return partial(clean_from, words=words, code=code)


def _short(limit: int) -> Callable[[Cell], Outcome]:
    return partial(clean_short, limit=limit)


def _says(cell: Cell) -> bool:
    return bool(as_text(cell))


def _never(_cell: Cell) -> bool:
    return False


COLUMNS: tuple[Column, ...] = (
    Column(
        "unit",
        "组织编码",
        _short(200),
        ("组织代码", "主办组织", "所在党支部", "所属党支部", "党支部名称", "党组织名称", "党支部"),
        example="520302001001",
        width=18,
    ),
    Column(
        "kinds",
        "活动类型",
        clean_kinds,
        ("类型", "会议类型", "会议类别", "活动类别"),
        example="党员学习教育",
        width=18,
        hint=gettext_noop("One or more kinds, joined by 、."),
    ),
    Column(
        "topic",
        "主题",
        _short(200),
        ("活动主题", "会议主题"),
        is_required=True,
        example=EXAMPLE,
        width=24,
        looks_like=_never,
        stand_in=("title", _says),
    ),
    Column("title", "会议名称", _short(200), ("活动名称",), width=24),
    Column("agenda", "会议议题", _short(500), ("议题", "议程"), width=24),
    Column(
        "starts_at",
        "开始时间",
        clean_start,
        (
            "活动开始时间", "会议开始时间", "实际会议时间", "实际时间", "实际活动时间", "会议时间",
            "活动时间", "时间",
        ),
        is_required=True,
        example="2026-03-10 09:00",
        width=18,
        hint=gettext_noop("Day and time, as 2026-03-10 09:00; also 2026年3月10日 9:00-11:00."),
        looks_like=_never,
        stand_in=("planned_at", _says),
    ),
    Column("ends_at", "结束时间", clean_end, ("活动结束时间", "会议结束时间"), example="11:00"),
    Column("length", "时长", clean_length, ("活动时长", "会议时长", "时长分钟", "学时")),
    Column("planned_at", "计划会议时间", clean_moment, ("计划时间", "计划活动时间"), width=18),
    Column("place", "地点", _short(100), ("活动地点", "会议地点"), example="社区活动室"),
    Column("chair", "主持人", _short(50), ("主持人姓名", "会议主持人"), example="王志强"),
    Column("recorder", "记录人", _short(50), ("记录人姓名", "会议记录人"), example="赵敏"),
    Column("expected_count", "应到人数", clean_number, ("应到", "应参加人数")),
    Column("present_count", "实到人数", clean_number, ("实到", "实际参加人数", "参加人数")),
    Column("leave_count", "请假人数", clean_number, ("缺席人数",)),
    Column(
        "present",
        "参加人员",
        clean_people,
        ("参会人员", "到会人员", "出席人员", "实到人员", "参加人员名单"),
        example="全体",
        width=24,
        hint=gettext_noop("Names or ID numbers, joined by 、; 全体 for all members."),
    ),
    Column("leave", "请假人员", clean_people, ("请假人员名单",), width=18),
    Column("sitting_in", "列席人员", _short(500), ("列席",), width=18),
    Column("credit", "折算天数", clean_credit),
    Column(
        "school_level", "党校级别",
        _of(SCHOOL_LEVELS, "school_level"),
        choices=("县级", "市级", "省级", "中央"),
    ),
    Column(
        "grades",
        "评议结果",
        clean_grades,
        width=18,
        hint=gettext_noop("Name and grade, as 张三:优秀, joined by 、."),
    ),
    Column("state", "状态", _of(STATES, "state"), choices=("草稿", "已提交")),
    Column(
        "minutes",
        "内容",
        clean_minutes,
        ("活动内容", "会议内容", "主要内容", "主要内容及特色", "会议记录"),
        width=30,
    ),
    Column("resolution", "会议决议", clean_minutes, ("决议", "会议决定"), width=24),
)  # fmt: skip
