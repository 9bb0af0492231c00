"""Days on members' records that somebody is reminded of: a probation's, a term's, a letter's end.

What each is called, where it stands and how long before one is told is data (`deadlines.toml`).
Whoever reminds (`assessment`) asks for the days; nothing here knows of reminders.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, Subquery

from members.choices import ELECTED_OFFICES
from members.development import SEEN, add_months, load_rules
from members.models import Affiliation, Appointment, DevelopmentStep, Transfer
from organizations.choices import SettingKey
from organizations.querysets import UnitQuerySet

Place = tuple[int, str, str]
"""Key, code and path of a unit."""
LONGEST_EXTENSION = timedelta(days=3 * 366)
"""A year by the rules; more leaves room for a late decision."""
DAYS_OFF = timedelta(days=3)
"""How far month arithmetic on a month's last days may be off: a wider net, then an exact look."""


@dataclass(frozen=True, slots=True)
class DeadlineKind:
    """What falls due, and on whose word."""

    id: str
    title: Mapping[str, str]
    source: Mapping[str, str]
    article: str
    confidence: str
    lead_months: int
    lead_days: int
    grace_days: int
    tells_above: bool

    @property
    def is_confirmed(self) -> bool:
        """Whether the source was seen in its public text."""
        return self.confidence == SEEN

    @property
    def setting(self) -> str:
        """The key under which a county says whether it is told of it."""
        return f"{SettingKey.RULE}:{self.id}"

    def holds(self, chosen: str | None) -> bool:
        """Whether a county that has `chosen` so is told of it.

        A number from a source that nobody has seen is off until the county confirms it.
        """
        return self.is_confirmed if chosen is None else chosen == "on"

    def last_told(self, on: date) -> date:
        """The latest day that one is told of on `on`."""
        return add_months(on, self.lead_months) + timedelta(days=self.lead_days)

    def late_after(self, day: date) -> date:
        """The last day on which what fell due on `day` is not late."""
        return day + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class MemberDate:
    """A day on which something falls due for `number` people of one unit."""

    kind: DeadlineKind
    unit: int
    code: str
    path: str
    day: date
    number: int


@cache
def load_kinds() -> Mapping[str, DeadlineKind]:
    """The kinds as `deadlines.toml` has them, by id."""
    path = Path(__file__).with_name("deadlines.toml")
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return {entry["id"]: DeadlineKind(**entry) for entry in data["deadline"]}


def find_dates(
    units: UnitQuerySet, on: date, *, back: timedelta, ids: Collection[str] | None = None
) -> list[MemberDate]:
    """What falls due in `units`: from `back` before `on` up to each kind's lead after it.

    `ids` None: of all kinds. People of one unit who fall due on the same day come together.
    """
    found = []
    for kind in load_kinds().values():
        if ids is not None and kind.id not in ids:
            continue
        first = on - back - timedelta(days=kind.grace_days)
        counted = Counter(FINDERS[kind.id](units, first, kind.last_told(on)))
        found += [
            MemberDate(kind, unit, code, path, day, number)
            for ((unit, code, path), day), number in counted.items()
        ]
    return sorted(found, key=lambda date: (date.path, date.kind.id, date.day))


def _probations(units: UnitQuerySet, first: date, last: date) -> Iterator[tuple[Place, date]]:
    """The first day on which each probationary member may become a full one, at the home."""
    wait = load_rules().wait_for("full", last)
    if wait is None:
        return
    steps = DevelopmentStep.objects.filter(person=OuterRef("person"), kind="extension")
    homes = Affiliation.objects.still_open().filter(
        nature="home",
        unit__in=units,
        person__membership__stage="probationary",
        person__membership__standing__in=["normal", "out_of_touch"],
        person__membership__joined_on__gte=add_months(first, -wait.months) - LONGEST_EXTENSION,
        person__membership__joined_on__lte=add_months(last, -wait.months) + DAYS_OFF,
    )
    rows = homes.annotate(extended=Subquery(steps.order_by("-until").values("until")[:1]))
    fields = ("unit_id", "unit__code", "unit__path", "person__membership__joined_on", "extended")
    for key, code, path, joined, extended in rows.order_by().values_list(*fields):
        day = wait.earliest(joined)
        if extended is not None:
            day = max(day, extended + timedelta(days=1))
        if first <= day <= last:
            yield (key, code, path), day


def _terms(units: UnitQuerySet, first: date, last: date) -> Iterator[tuple[Place, date]]:
    """The last day of elected people's terms, at the unit of the office.

    A committee is elected together: of the terms of one unit that end in one month the first day
    stands for all.
    """
    posts = Appointment.objects.still_open().filter(
        unit__in=units,
        office__in=sorted(ELECTED_OFFICES),
        term_ends_on__gte=first.replace(day=1),
        term_ends_on__lte=last,
    )
    fields = ("unit_id", "unit__code", "unit__path", "term_ends_on")
    ends: dict[tuple[Place, int, int], date] = {}
    for key, code, path, day in posts.order_by("term_ends_on").values_list(*fields):
        place = (key, code, path)
        day = ends.setdefault((place, day.year, day.month), day)
        if day >= first:
            yield place, day


def _letters(units: UnitQuerySet, first: date, last: date) -> Iterator[tuple[Place, date]]:
    """The last day of each letter that nobody has answered, at both its sides."""
    waiting = Transfer.objects.on_the_way().filter(valid_until__gte=first, valid_until__lte=last)
    for side in ("from_unit", "to_unit"):
        fields = (f"{side}_id", f"{side}__code", f"{side}__path", "valid_until")
        rows = waiting.filter(**{f"{side}__in": units}).order_by().values_list(*fields)
        for key, code, path, day in rows:
            yield (key, code, path), day


FINDERS: Mapping[str, Callable[[UnitQuerySet, date, date], Iterator[tuple[Place, date]]]] = {
    "probation-end": _probations,
    "term-end": _terms,
    "transfer-letter": _letters,
}
