"""The month as a calendar, and the year as a strip of months: plain rows for the home page."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.choices import State
from assessment.columns import Column
from assessment.dashboards import CALLING, URGENT_FIRST
from assessment.periods import MONTHS_A_YEAR, Cycle, Period, period_of
from assessment.phrases import MARKS, Mark, short_period_name
from assessment.places import Place
from assessment.terms import Status
from assessment.verdict_rows import Row

OPEN = (*CALLING, Status.ON_TRACK)
"""The statuses of what is still to be done by a day."""


@dataclass(frozen=True, slots=True)
class Held:
    """An activity of the month."""

    pk: UUID
    topic: str
    day: date
    state: State

    @property
    def is_draft(self) -> bool:
        return self.state in {State.DRAFT, State.RETURNED}


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that is meant to be held, and of which nobody has said yet whether it was."""

    pk: UUID
    topic: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which a unit has to have done something that it has not done yet."""

    place: Place
    column: Column
    row: Row


@dataclass
class Day:
    """One day of the calendar."""

    day: date
    is_today: bool
    held: list[Held] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return bool(self.held or self.planned or self.deadlines)


@dataclass(frozen=True, slots=True)
class Month:
    """The calendar of a month; a week has None where its days are of another month."""

    first: date
    weeks: Sequence[Sequence[Day | None]]

    @property
    def busy(self) -> list[Day]:
        """The days with something on them, in order."""
        return [day for week in self.weeks for day in week if day and day.is_busy]

    @property
    def weekdays(self) -> list[date]:
        """Seven days from a Monday, for their names."""
        return [date(2024, 1, number) for number in range(1, 8)]


def start_of(day: date) -> datetime:
    """The first moment of a day, here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_of(
    today: date,
    places: Iterable[Place],
    rows: Iterable[Row],
    columns: Iterable[Column],
    held: Iterable[Mapping[str, Any]],
    planned: Iterable[Mapping[str, Any]] = (),
) -> Month:
    """The month of `today`: what was held or noted, what is planned, what is to be done by when."""
    span = period_of(today, Cycle.MONTH)
    number_of_days = calendar.monthrange(today.year, today.month)[1]
    days = {
        day: Day(day, day == today)
        for day in (today.replace(day=number) for number in range(1, number_of_days + 1))
    }
    for row in held:
        days[row["first_day"]].held.append(
            Held(row["pk"], row["topic"], row["first_day"], State(row["state"]))
        )
    for row in planned:
        starts_at = timezone.localtime(row["starts_at"])
        days[starts_at.date()].planned.append(Planned(row["pk"], row["topic"], starts_at))
    by_pk = {place.pk: place for place in places}
    by_key = {column.key: column for column in columns}
    for row in rows:
        column = by_key.get((row.rulebook, row.rule_id))
        place = by_pk.get(row.unit)
        if column and place and row.period and row.period.last in span and row.status in OPEN:
            days[row.period.last].deadlines.append(Deadline(place, column, row))
    weeks = calendar.Calendar().monthdatescalendar(today.year, today.month)
    return Month(span.first, [[days.get(day) for day in week] for week in weeks])


@dataclass(frozen=True, slots=True)
class MonthBox:
    """One month of a unit's year: what was held, and how the periods that ended in it came out."""

    period: Period
    name: str
    held: int
    status: Status | None
    """The most urgent of the periods that end in the month; None: none has begun."""
    is_now: bool
    is_to_come: bool

    @property
    def mark(self) -> Mark | None:
        return MARKS[self.status] if self.status else None


def year_strip(
    today: date, place: Place, rows: Iterable[Row], held: Mapping[date, int]
) -> list[MonthBox]:
    """The twelve months of the year; `held` counts the unit's records by first day of a month."""
    ending: dict[date, Counter[Status]] = defaultdict(Counter)
    for row in rows:
        if row.unit == place.pk and row.period and row.rule.cycle.is_calendar:
            ending[row.period.last.replace(day=1)][row.status] += 1
    boxes = []
    for number in range(1, MONTHS_A_YEAR + 1):
        period = period_of(date(today.year, number, 1), Cycle.MONTH)
        counted = ending[period.first]
        found = (status for status in URGENT_FIRST if counted[status])
        status = next(found, None)
        boxes.append(
            MonthBox(
                period,
                short_period_name(Cycle.MONTH, period),
                held.get(period.first, 0),
                None if status is Status.NOT_APPLICABLE else status,
                today in period,
                period.first > today,
            )
        )
    return boxes
