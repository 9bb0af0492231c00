"""Which days are free and on which people work: the portal's own table, then the built-in one.

The package's table ends with a year and raises for later ones; from then on Monday to Friday are
workdays unless somebody has entered what the State Council announced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar
from django.db.models import Q
from django.utils.translation import get_language

from activities.models import Holiday

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayKind:
    """What sort of day it is; `name` says so where it is not a plain one."""

    is_workday: bool
    name: str = ""

    @property
    def is_adjusted(self) -> bool:
        """A day that is free, or worked on, against the rule of the week."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class DayTable:
    """The days of a county: `own` is what was entered for it."""

    own: dict[date, DayKind] = field(default_factory=dict)

    def kind_of(self, day: date) -> DayKind:
        return self.own.get(day) or _built_in(day)

    def is_workday(self, day: date) -> bool:
        return self.kind_of(day).is_workday


def table_of(county_code: str, first: date, last: date) -> DayTable:
    """The table of a county for [first, last]: one query. Its own rows go before those for all."""
    whose = Q(unit__isnull=True) | Q(unit__code=county_code)
    rows = Holiday.objects.filter(whose, day__range=(first, last))
    ordered = sorted(rows, key=lambda row: row.unit_id is not None)
    return DayTable({row.day: DayKind(row.is_workday, row.name) for row in ordered})


def is_announced(year: int) -> bool:
    """Whether the built-in table knows the year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def built_in_days(year: int) -> list[tuple[date, DayKind]]:
    """The days of a year that the built-in table names."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    kinds = ((day, _built_in(day)) for day in days if day.year == year)
    return [(day, kind) for day, kind in kinds if kind.is_adjusted]


def _built_in(day: date) -> DayKind:
    is_weekday = day.weekday() < SATURDAY
    try:
        is_free, english = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return DayKind(is_weekday)
    if english is None:
        return DayKind(not is_free)
    holiday = chinese_calendar.Holiday(english)
    is_chinese = (get_language() or "zh").startswith("zh")
    return DayKind(not is_free, holiday.chinese if is_chinese else english)
