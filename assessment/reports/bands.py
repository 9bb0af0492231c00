"""The groups that the yearly statistics of members count by, under the headings of their tables.

Free text (education, occupation) is read by the words in it; what nothing fits is "other", what
was never recorded "not recorded", so that every table adds up to the number of members.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class Member:
    """What of a member is counted."""

    is_full: bool
    sex: str
    ethnicity: str
    birth_date: date | None
    education: str
    occupation: str
    joined_on: date | None


@dataclass(frozen=True, slots=True)
class Grouping:
    """One table: its heading, its columns, and into which column a member falls on a day."""

    heading: Any
    columns: Mapping[str, Any]
    group: Callable[[Member, date], str]


NOT_RECORDED = pgettext_lazy("members of whom it is not recorded", "Not recorded")
AGES = (
    (30, "a30", _("30 and under")),
    (35, "a35", "31–35"),
    (40, "a40", "36–40"),
    (45, "a45", "41–45"),
    (50, "a50", "46–50"),
    (55, "a55", "51–55"),
    (60, "a60", "56–60"),
    (70, "a70", "61–70"),
    (200, "older", _("71 and over")),
)
"""Up to which age, the group, its heading."""
JOININGS = (
    (date(1949, 9, 30), "before_1949", _("Before October 1949")),
    (date(1978, 12, 17), "to_1978", _("October 1949 to December 1978")),
    (date(2002, 11, 7), "to_2002", _("December 1978 to November 2002")),
    (date(2012, 11, 7), "to_2012", _("November 2002 to November 2012")),
    (date.max, "since_2012", _("Since November 2012")),
)
"""Up to which day of joining: the founding of the state, and the days of the Third Plenum (1978),
the 16th (2002) and the 18th Congress (2012), which the statistics divide by."""
EDUCATIONS = (
    ("graduate", _("Postgraduate"), ("研究生", "硕士", "博士")),
    ("college", _("University"), ("大学普通班", "第二学士", "本科", "大学", "学士")),
    ("junior", _("Junior college"), ("大专", "专科")),
    (
        "secondary",
        _("Secondary vocational"),
        ("中专", "中等专", "职业高中", "职高", "技工", "技校"),
    ),
    ("high", _("Senior high school"), ("高中",)),
    ("lower", _("Junior high school and below"), ("初中", "小学", "文盲", "初级中学")),
)
"""The group, its heading, the words by which it is known: the first that fits."""
JUNIOR_NOT_UNIVERSITY = ("大学专科", "大学大专", "中等专科")
"""Words that hold another group's word."""
OCCUPATIONS = (
    ("retired", _("Retired"), ("离休", "退休", "离退", "退职")),
    ("students", _("Students"), ("学生", "在读")),
    (
        "farmers",
        _("Farmers, herders, fishers"),
        ("农民", "务农", "农牧", "牧民", "渔民", "农业", "外出务工经商"),
    ),
    ("military", _("Military and armed police"), ("解放军", "武警", "军人", "现役")),
    ("officials", _("Party and government staff"), ("公务员", "机关", "干部", "参公")),
    (
        "professionals",
        _("Professionals"),
        ("教师", "教授", "医", "护士", "工程师", "技术", "律师", "会计", "记者", "科研", "药师"),
    ),
    ("managers", _("Managers"), ("管理", "经理", "厂长", "董事", "主管", "负责人")),
    ("workers", _("Workers"), ("工人", "职工", "员工", "司机", "工勤", "技工", "保安", "保洁")),
)


NOT_STUDENTS = ("村官", "未就业")
"""Posts of the national list in whose name students are spoken of."""
SUPPORT_STAFF = "工勤"
"""Workers, of whatever unit: the national list has them for offices too."""


def by_stage(member: Member, on: date) -> str:
    return "full" if member.is_full else "probationary"


def by_sex(member: Member, on: date) -> str:
    return member.sex or UNRECORDED


def by_ethnicity(member: Member, on: date) -> str:
    if not member.ethnicity:
        return UNRECORDED
    return "han" if member.ethnicity.removesuffix("族") == "汉" else "minority"


def by_age(member: Member, on: date) -> str:
    if member.birth_date is None:
        return UNRECORDED
    age = age_on(member.birth_date, on)
    return next(group for limit, group, _heading in AGES if age <= limit)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def by_education(member: Member, on: date) -> str:
    text = member.education
    if not text:
        return UNRECORDED
    if "中等专科" in text:
        return "secondary"
    if any(word in text for word in JUNIOR_NOT_UNIVERSITY):
        return "junior"
    return _by_words(text, EDUCATIONS)


def by_joining(member: Member, on: date) -> str:
    if member.joined_on is None:
        return UNRECORDED
    return next(group for last, group, _heading in JOININGS if member.joined_on <= last)


def by_occupation(member: Member, on: date) -> str:
    text = member.occupation
    if not text:
        return UNRECORDED
    if SUPPORT_STAFF in text:
        return "workers"
    if any(word in text for word in NOT_STUDENTS):
        return "other"
    return _by_words(text, OCCUPATIONS)


def _by_words(text: str, groups: tuple[tuple[str, Any, tuple[str, ...]], ...]) -> str:
    found = (group for group, _heading, words in groups if any(word in text for word in words))
    return next(found, "other")


OTHER = pgettext_lazy("group of members", "Other")


def _columns(groups: tuple[tuple[str, Any, tuple[str, ...]], ...]) -> dict[str, Any]:
    """The headings of groups that are known by words."""
    named = {group: heading for group, heading, _words in groups}
    return named | {"other": OTHER, UNRECORDED: NOT_RECORDED}


GROUPINGS = (
    Grouping(
        _("Category, sex and ethnicity"),
        {"full": _("Full members"), "probationary": _("Probationary members")},
        by_stage,
    ),
    Grouping(
        "", {"male": _("Men"), "female": _("Women"), UNRECORDED: _("Sex not recorded")}, by_sex
    ),
    Grouping(
        "",
        {
            "han": _("Han"),
            "minority": _("Ethnic minorities"),
            UNRECORDED: _("Ethnicity not recorded"),
        },
        by_ethnicity,
    ),
    Grouping(
        _("Age"),
        {group: heading for _limit, group, heading in AGES} | {UNRECORDED: NOT_RECORDED},
        by_age,
    ),
    Grouping(
        _("Education"),
        _columns(EDUCATIONS),
        by_education,
    ),
    Grouping(
        _("Time of joining the Party"),
        {group: heading for _last, group, heading in JOININGS} | {UNRECORDED: NOT_RECORDED},
        by_joining,
    ),
    Grouping(
        _("Occupation"),
        _columns(OCCUPATIONS),
        by_occupation,
    ),
)
"""In the order of the tables; one without a heading stands in the table before it."""
