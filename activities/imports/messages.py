"""What each finding of the import says to a person: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from members.roster.messages import MESSAGES as ROSTER_MESSAGES
from organizations.spreadsheets.cells import Problem

MESSAGES: dict[str, str] = {
    "kind_unknown": gettext_noop(
        "There is no kind of activity “%(kind)s”. Write a name such as 党员学习教育, several "
        "joined by 、."
    ),
    "time_missing": gettext_noop("The time is missing. Write the moment as 2026-03-10 09:00."),
    "time_form": gettext_noop("This is not a time. Write the moment as 2026-03-10 09:00."),
    "grade_form": gettext_noop(
        "“%(text)s” is not a name with a grade. Write 张三:优秀 with one of 优秀, 合格, 基本合格, "
        "不合格, several joined by 、."
    ),
    "credit_form": gettext_noop("This is not a number of days. Write it as 0.25."),
    "school_level": gettext_noop("Write one of 县级, 市级, 省级, 中央."),
    "school_level_missing": gettext_noop(
        "The level of the Party school is missing: the record does not count as rotation training."
    ),
    "state": gettext_noop("Write 草稿 or 已提交."),
    "person_unknown": gettext_noop("There is nobody called “%(who)s” within %(within)s."),
    "id_number_unknown": gettext_noop("Nobody within %(within)s has this ID number."),
    "person_of_two": gettext_noop(
        "“%(who)s” fits %(count)s people: %(units)s. Give the ID number instead."
    ),
    "person_twice": gettext_noop("%(who)s is named twice."),
    "nobody": gettext_noop("%(unit)s had no members on that day."),
    "duplicate_row": gettext_noop(
        "Row %(number)s is the same activity: same unit, start and topic."
    ),
    "confirmed": gettext_noop(
        "This record is confirmed and was left as it is. Ask the unit above to return it first."
    ),
    "cancelled": gettext_noop("This record was cancelled and stays so."),
    "returned": gettext_noop(
        "This record was returned by the unit above and the file changes nothing in it: it stays "
        "returned."
    ),
    "entry": "%(told)s",
}


def message(found: Problem) -> str:
    """The finding in the language that is active."""
    text = MESSAGES.get(found.code) or ROSTER_MESSAGES[found.code]
    return gettext(text) % dict(found.params)
