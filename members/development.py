"""How long each stage on the way into the Party lasts at least, and what it asks for. Pure."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

STAGES = ("applicant", "activist", "candidate", "probationary", "full")
SEEN = "V"


@dataclass(frozen=True, slots=True)
class Wait:
    """`stage` may be reached `months` after the day that stands in the field `after`."""

    stage: str
    after: str
    months: int
    since: date
    article: str
    confidence: str

    def earliest(self, begun: date) -> date:
        return add_months(begun, self.months)

    def latest_begun(self, day: date) -> date:
        """The last day on which one may have begun so that `day` is no longer too early."""
        begun = add_months(day, -self.months)
        while self.earliest(begun + timedelta(days=1)) <= day:
            begun += timedelta(days=1)
        return begun


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that the rules ask for before `stage`."""

    stage: str
    kind: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Rules:
    source: Mapping[str, str]
    waits: tuple[Wait, ...]
    steps: tuple[Asked, ...]

    def wait_for(self, stage: str, on: date) -> Wait | None:
        """What holds on `on` for reaching `stage`: the newest entry begun by then."""
        begun = [wait for wait in self.waits if wait.stage == stage and wait.since <= on]
        return max(begun, key=lambda wait: wait.since, default=None)

    def asked_for(self, stage: str) -> tuple[Asked, ...]:
        return tuple(step for step in self.steps if step.stage == stage)


@dataclass(frozen=True, slots=True)
class Next:
    """The next stage of somebody, and the first day on which it may be reached.

    `on` is None where the day of the present stage is not on record. `is_confirmed`: the number
    was seen in the public text; else it is shown as advice.
    """

    stage: str
    on: date | None
    months: int
    article: str
    is_confirmed: bool
    missing: tuple[Asked, ...]


@cache
def load_rules() -> Rules:
    """The rules as `development.toml` has them."""
    path = Path(__file__).with_name("development.toml")
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    waits = tuple(
        Wait(
            entry["stage"],
            entry["after"],
            entry["months"],
            entry["from"],
            entry["article"],
            entry["confidence"],
        )
        for entry in data["wait"]
    )
    return Rules(data["source"], waits, tuple(Asked(**entry) for entry in data["step"]))


def next_stage(
    stage: str,
    days: Mapping[str, date | None],
    *,
    today: date,
    extended_until: date | None = None,
    done: Iterable[str] = (),
) -> Next | None:
    """What comes after `stage`; None for a full member.

    `days` holds the day of each stage by its field; `extended_until` is the last day of an
    extended probation; `done` names the kinds of steps on record.
    """
    if stage not in STAGES[:-1]:
        return None
    rules, to = load_rules(), STAGES[STAGES.index(stage) + 1]
    wait = rules.wait_for(to, today)
    if wait is None:
        return None
    begun = days.get(wait.after)
    on = wait.earliest(begun) if begun else None
    if to == "full" and on and extended_until:
        on = max(on, extended_until + timedelta(days=1))
    seen = set(done)
    missing = tuple(step for step in rules.asked_for(to) if step.kind not in seen)
    return Next(to, on, wait.months, wait.article, wait.confidence == SEEN, missing)


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), or that month's last day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
