"""What each finding of the import says to a person: what is wrong, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_noop

MESSAGES: dict[str, str] = {
    "host_dissolved": gettext_noop(
        "%(unit)s was dissolved on %(date)s. For what it held until then write its code, "
        "%(known_as)s."
    ),
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
    "length_form": gettext_noop("This is not a length of time. Write the minutes, such as 90."),
    "number_form": gettext_noop("This is not a number of people. Write it as 12."),
    "length_assumed": gettext_noop(
        "The table gives neither end nor length: one hour is taken. Add a column 结束时间 or "
        "时长（分钟） if it was longer."
    ),
    "still_to_come": gettext_noop(
        "This is still to come and can't be handed in yet. Write 草稿 in the column 状态, or put "
        "it into the calendar as a plan."
    ),
    "start_assumed": gettext_noop("The hour is missing: nine o'clock is taken."),
    "only_planned": gettext_noop(
        "There is a planned time and no actual one: it becomes a draft, which counts for nothing."
    ),
    "names_missing": gettext_noop(
        "The table gives the number %(number)s and no names: nobody is recorded as present. Add a "
        "column 参加人员 with names, or 全体."
    ),
    "number_differs": gettext_noop(
        "The table gives the number %(number)s, and the names are %(named)s: the names hold."
    ),
    "numbers_exceed": gettext_noop(
        "Those present and on leave are more than the %(expected)s who were expected."
    ),
    "entry": "%(told)s",
}
