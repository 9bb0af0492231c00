"""A month of plans and records, as the calendar page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from activities.choices import State
from activities.credit import INSTANT
from activities.kinds import Kind, kinds_of
from activities.models import Activity, Plan
from activities.plan_choices import PlanState
from activities.workdays import DayKind, DayTable, table_of
from organizations.models import Unit

IN_A_CELL = 3
ON_A_DAY = 50
"""Of a whole county there can be more: its units show theirs."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on one day: a plan, or a record that was made without one."""

    topic: str
    url: str
    starts_at: datetime
    ends_at: datetime
    place: str
    unit: str
    kinds: list[Kind]
    look: str
    """planned, overdue, held, dropped, or draft."""


@dataclass(slots=True)
class Day:
    """One square of the month."""

    day: date
    kind: DayKind
    is_in_month: bool
    is_today: bool
    items: list[Item] = field(default_factory=list)

    @property
    def in_cell(self) -> list[Item]:
        return self.items[:IN_A_CELL]

    @property
    def not_in_cell(self) -> int:
        return max(0, len(self.items) - IN_A_CELL)

    @property
    def in_list(self) -> list[Item]:
        return self.items[:ON_A_DAY]

    @property
    def not_in_list(self) -> int:
        return max(0, len(self.items) - ON_A_DAY)


@dataclass(slots=True)
class Month:
    """The weeks of a month from Monday on; the first and last days may be of others."""

    first: date
    weeks: list[list[Day]]

    @property
    def busy_days(self) -> list[Day]:
        """The days of the month on which something is, or which have a name."""
        days = [day for week in self.weeks for day in week if day.is_in_month]
        return [day for day in days if day.items or day.kind.is_adjusted or day.is_today]

    @property
    def has_items(self) -> bool:
        return any(day.items for week in self.weeks for day in week if day.is_in_month)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def month_of(first: date, unit: Unit, *, user: User, with_below: bool, now: datetime) -> Month:
    """The month that begins on `first`, of a unit or of it and all below: a fixed number of
    queries, whatever is in it.
    """
    start = first - timedelta(days=first.weekday())
    end = (first + timedelta(days=31)).replace(day=1)
    end += timedelta(days=-end.weekday() % WEEK)
    table = table_of(unit.county_code, start, end)
    month = Month(first, _weeks(start, end, first, table, timezone.localtime(now).date()))
    by_day = {day.day: day for week in month.weeks for day in week}
    for item in _items(unit, start, end, user=user, with_below=with_below, now=now):
        day = max(start, timezone.localtime(item.starts_at).date())
        last = timezone.localtime(item.ends_at - INSTANT).date()  # midnight ends the day
        while day <= last and day in by_day:
            by_day[day].items.append(item)
            day += timedelta(days=1)
    for each in by_day.values():
        each.items.sort(key=lambda item: (item.starts_at, item.topic))
    return month


def _weeks(start: date, end: date, first: date, table: DayTable, today: date) -> list[list[Day]]:
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    squares = [Day(day, table.kind_of(day), day.month == first.month, day == today) for day in days]
    return [squares[at : at + WEEK] for at in range(0, len(squares), WEEK)]


def _items(
    unit: Unit, start: date, end: date, *, user: User, with_below: bool, now: datetime
) -> list[Item]:
    begin, before = _midnight(start), _midnight(end)
    days = {"starts_at__lt": before, "ends_at__gt": begin}
    plans = Plan.objects.visible_to(user).filter(**days).select_related("unit")
    records = Activity.objects.visible_to(user).filter(plan__isnull=True, **days)
    records = records.exclude(state=State.CANCELLED).select_related("unit")
    if with_below:
        plans, records = plans.of_calendar(unit.path), records.under(unit.path)
    else:
        plans, records = plans.of_unit(unit), records.held_by(unit)
    return [
        *(_item(plan, _look(plan, now)) for plan in plans),
        *(_item(record, _look_of(record)) for record in records.defer("minutes")),
    ]


def _item(row: Plan | Activity, look: str) -> Item:
    return Item(
        row.topic,
        row.get_absolute_url(),
        row.starts_at,
        row.ends_at,
        row.place,
        row.unit.name,
        kinds_of(row.kind_mask),
        look,
    )


def _look(plan: Plan, now: datetime) -> str:
    return "overdue" if plan.is_overdue(now) else str(PlanState(plan.state))


def _look_of(record: Activity) -> str:
    return "draft" if record.state in (State.DRAFT, State.RETURNED) else "held"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
