"""One county while it is being made up: its days and dice, its units, what is to be written."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from django.db import models

from activities.models import (
    Activity,
    Appraisal,
    Attendance,
    CoHost,
    Issue,
    Plan,
    PlanInvitation,
    PlanSeries,
    ReviewEntry,
    ReviewRun,
    SignInOffer,
)
from assessment.demo.bulk import AttendanceRow, insert
from assessment.demo.habits import Habits
from assessment.models import Baseline
from members.models import (
    Affiliation,
    Appointment,
    DevelopmentPlan,
    DevelopmentStep,
    DutyPost,
    Exemption,
    FloatingCheck,
    FloatingEntry,
    Guest,
    GuestNote,
    Membership,
    Person,
    Pledge,
    PostHolding,
    StandingSpell,
    Transfer,
    UnfitCase,
)
from organizations.models import Body, Facility, Fund, Service, Unit, UnitEvent, Venue
from organizations.planner import tell_planner

WRITTEN_IN_ORDER: tuple[type[models.Model], ...] = (
    UnitEvent,
    Body,
    Venue,
    Fund,
    Service,
    Facility,
    Person,
    Membership,
    StandingSpell,
    Affiliation,
    Appointment,
    Exemption,
    FloatingEntry,
    FloatingCheck,
    DevelopmentPlan,
    DutyPost,
    PostHolding,
    Pledge,
    UnfitCase,
    GuestNote,
    Transfer,
    DevelopmentStep,
    Guest,
    GuestNote,
    UnfitCase,
    Baseline,
    Activity,
    CoHost,
    Appraisal,
    Issue,
    ReviewRun,
    ReviewEntry,
    PlanSeries,
    Plan,
    PlanInvitation,
    SignInOffer,
)
Row = TypeVar("Row", bound=models.Model)
ROWS_AT_ONCE = 5_000
FULL_AT = 50_000


class Batch:
    """Rows waiting to be written, many at once."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[models.Model]] = {}
        self.attendances: list[AttendanceRow] = []
        self.written: Counter[str] = Counter()

    def add(self, row: Row) -> Row:
        self.rows.setdefault(type(row), []).append(row)
        return row

    @property
    def is_full(self) -> bool:
        return len(self.attendances) > FULL_AT

    def write(self) -> None:
        """Write what waits, each model after those that it points to."""
        for model in WRITTEN_IN_ORDER:
            rows = self.rows.pop(model, [])
            model._default_manager.bulk_create(rows, batch_size=ROWS_AT_ONCE)
            self.written[model._meta.label] += len(rows)
        insert(self.attendances)
        self.written[Attendance._meta.label] += len(self.attendances)
        self.attendances = []
        everything = (*WRITTEN_IN_ORDER, Attendance)
        tell_planner({model: self.written[model._meta.label] for model in everything})


@dataclass(eq=False, slots=True)
class Local:
    """A person as far as the rest of the demo must know: where, since when, how keen."""

    person: Person
    unit: Unit
    keen: float
    """Share of the activities that the person comes to, given that the unit does its part."""
    stage: str = ""
    home: Affiliation | None = None
    membership: Membership | None = None
    is_exempt: bool = False

    def is_member_on(self, day: date) -> bool:
        if self.home is None or self.stage not in {"full", "probationary"}:
            return False
        since, until = self.home.begun_on or date.min, self.home.ended_on or date.max
        return since <= day <= until


@dataclass
class Scene:
    """What is known of the county so far."""

    dice: Random
    start: date
    today: date
    people_each: int
    number: int = 0
    """Persons made so far, over all counties: what makes numbers unique."""
    batch: Batch = field(default_factory=Batch)
    habits: dict[str, Habits] = field(default_factory=dict)
    locals: dict[str, list[Local]] = field(default_factory=dict)
    """People by the code of their unit."""
    officers: list[tuple[Local, Appointment]] = field(default_factory=list)
    """Secretaries and residents'-committee directors of communities, once each."""
    writers: dict[str, int] = field(default_factory=dict)
    """Keys of the users who keep the records, by path of the unit."""
    taken: dict[str, set[date]] = field(default_factory=dict)
    """Days on which a unit holds something already, by its code."""
    busy: dict[uuid.UUID, set[date]] = field(default_factory=dict)
    """Days on which a person is somewhere already."""
    staff: dict[str, list[Local]] = field(default_factory=dict)
    """Street cadres and community workers by the code of their street."""

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def writer(self, path: str) -> int | None:
        """Who keeps the records at `path`, or else at the nearest unit above."""
        while path and path not in self.writers:
            path = path[: path.rstrip("/").rfind("/") + 1]
        return self.writers.get(path)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def day_between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randrange((last - first).days + 1))

    def months(self) -> Iterator[date]:
        """The first day of each month from the start to today."""
        day = self.start
        while day <= self.today:
            yield day
            day = next_month(day)

    def years(self) -> range:
        return range(self.start.year, self.today.year + 1)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def workday(day: date) -> date:
    """`day`, or the Friday before it at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
