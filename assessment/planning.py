"""From verdicts to reminders wanted: which deadline, at which stage, for whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from assessment.periods import Period
from assessment.terms import PersonVerdict, Status, Verdict

LOOK_BACK = timedelta(days=60)
"""How long after its end a missed deadline is still told of: a run that comes late catches up."""
TOLD_WHEN_DUE = frozenset({"secretary"})
TOLD_WHEN_MISSED = frozenset({"secretary", "reviewer", "organizer"})

Key = tuple[str, str, str, date]
"""What a deadline is known by: code of the unit, rulebook, rule, last day of the period."""
Posts = Mapping[str, frozenset[tuple[str, int]]]
"""Who acts where: by path of the unit, each a role and the key of a user."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that a unit owes, shortly before its end (`due`) or after it (`missed`)."""

    unit: int
    path: str
    subject: str
    rulebook: str
    rule: str
    period: Period
    stage: Status
    value: Decimal
    target: Decimal
    tells_above: bool = False
    """Whether the unit above is told beforehand as well."""

    @property
    def key(self) -> Key:
        return self.subject, self.rulebook, self.rule, self.period.last


@dataclass(frozen=True, slots=True)
class Open:
    """The part of a verdict that is to be told of."""

    period: Period
    stage: Status
    value: Decimal
    target: Decimal


def open_in(verdict: Verdict, *, on: date, live: date) -> tuple[Open, ...]:
    """What of `verdict` is to be told of on `on`, with nothing that ended before the day `live`.

    A rolling rule of persons is told of once for each day on which some of them fall due: the
    unit's own verdict names only the first of these days.
    """
    found = _parts(verdict)
    return tuple(part for part in found if is_to_be_told(part.stage, part.period, on, live))


def _parts(verdict: Verdict) -> Iterator[Open]:
    if verdict.rule.cycle.is_calendar or not verdict.persons:
        if verdict.period is not None:
            yield Open(verdict.period, verdict.status, verdict.value, verdict.target)
        return
    by_period: dict[Period, list[PersonVerdict]] = {}
    for person in verdict.persons:
        if person.period is not None:
            by_period.setdefault(person.period, []).append(person)
    for last, persons in _by_last_day(by_period):
        done = sum((person.value for person in persons), Decimal(0))
        yield Open(last, _worst(persons), done, Decimal(len(persons)))


def _by_last_day(
    by_period: Mapping[Period, list[PersonVerdict]],
) -> Iterator[tuple[Period, list[PersonVerdict]]]:
    """The persons who fall due on the same day together, from whenever the first of them ran."""
    by_day: dict[date, tuple[Period, list[PersonVerdict]]] = {}
    for period, persons in sorted(by_period.items()):
        by_day.setdefault(period.last, (period, []))[1].extend(persons)
    yield from by_day.values()


def _worst(persons: Iterable[PersonVerdict]) -> Status:
    found = {person.status for person in persons}
    return next((stage for stage in (Status.MISSED, Status.DUE) if stage in found), Status.MET)


def is_to_be_told(stage: Status, period: Period, on: date, live: date) -> bool:
    """Whether what stands at `stage` is worth a word on `on`."""
    if stage is Status.DUE:
        return period.last >= on
    return stage is Status.MISSED and max(live, on - LOOK_BACK) <= period.last < on


def told_of(deadline: Deadline, posts: Posts) -> frozenset[int]:
    """Who is told of `deadline`."""
    found = recipients(deadline.path, deadline.stage, posts)
    if deadline.tells_above:
        found |= recipients(deadline.path, Status.MISSED, posts)
    return found


def recipients(path: str, stage: Status, posts: Posts) -> frozenset[int]:
    """Who is told: of what is due the unit's secretaries, of what was missed the unit above.

    Where nobody is there, the nearest unit above that has somebody. The top is above itself, and
    its organisers keep its records where no secretary does.
    """
    if stage is Status.MISSED:
        return _nearest(_above(path) or path, TOLD_WHEN_MISSED, posts)
    if found := _nearest(path, TOLD_WHEN_DUE, posts):
        return found
    return _nearest(path, TOLD_WHEN_MISSED, posts) if not _above(path) else frozenset()


def _nearest(path: str, roles: frozenset[str], posts: Posts) -> frozenset[int]:
    while path:
        if found := frozenset(user for role, user in posts.get(path, ()) if role in roles):
            return found
        path = _above(path)
    return frozenset()


def _above(path: str) -> str:
    """The path of the unit above; empty at the top."""
    codes = path.rstrip("/").split("/")[:-1]
    return "/".join(codes) + "/" if codes else ""
