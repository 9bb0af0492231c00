"""What a unit usually does: its last record of each kind, for a new form to begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from activities.choices import State
from activities.kinds import kinds_of
from activities.models import Activity
from organizations.models import Unit

LOOKED_AT = 150
"""How many of the newest records are read: two or three years of most units."""
TOPICS = 8
LAST = "last"
"""In place of a kind: the last record of all."""
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MORNING = time(8)
"""Before it nothing is held: what would begin earlier is proposed for the day before."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One record as far as the next one may be like it."""

    activity: UUID
    topic: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    chair: str
    recorder: str
    lecturer: str

    def usual_day(self, now: datetime) -> date:
        """The last day up to `now` with the weekday and hours of last time; today if there is none
        since then.
        """
        today, last = now.date(), self.starts_at.date()
        day = today - timedelta(days=(today.weekday() - last.weekday()) % WEEK.days)
        if day == today and not self._is_over(day, now):
            day -= WEEK
        return day if day > last else today

    def when(self, now: datetime, day: date | None = None) -> dict[str, Any]:
        """Day and hours that a new record begins with, never such as are still to come.

        The usual hours; if those of today are not over yet, the last full hours that are; early
        in the morning yesterday's. `day`: the day is settled, and only hours are proposed.
        """
        wanted = day or now.date()
        if wanted != now.date() or self._is_over(wanted, now):
            return self.hours() | {"day": wanted}
        until = now.replace(minute=0, second=0, microsecond=0)
        begun = until - self._length
        if begun.date() == wanted and (day or begun.time() >= MORNING):
            return {"day": wanted, "begins": begun.time(), "ends": until.time()}
        if day:
            return {"day": wanted}
        return self.hours() | {"day": wanted - DAY}

    def hours(self) -> dict[str, Any]:
        """From when to when it was, whatever the day."""
        return {"begins": self.starts_at.time(), "ends": self.ends_at.time()}

    @property
    def _length(self) -> timedelta:
        """From one time of day to the other; a course of several days is as long as its day."""
        between = (self.ends_at - self.starts_at) % DAY
        return between or HOUR

    def _is_over(self, day: date, now: datetime) -> bool:
        begun = datetime.combine(day, self.starts_at.time(), tzinfo=now.tzinfo)
        return begun + self._length <= now

    def values(self) -> dict[str, Any]:
        """What the fields of a new form begin with, but for the topic and when it was."""
        names = ("mode", "place", "chair", "recorder", "lecturer")
        return {name: getattr(self, name) for name in names}

    def as_data(self, now: datetime) -> dict[str, str]:
        """The same, and the rest, as plain text for the page's script."""
        day = self.usual_day(now)
        when = self.when(now, day if day != now.date() else None)
        return self.values() | {
            "begins": f"{when['begins']:%H:%M}",
            "ends": f"{when['ends']:%H:%M}",
            "day": when["day"].isoformat(),
            "held": self.starts_at.isoformat(),
            "topic": self.topic,
        }


@dataclass(slots=True)
class Memories:
    """The last record of each kind by the kind's code, and the topics of late."""

    by_kind: dict[str, Memory] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)

    def of(self, kinds: Iterable[str]) -> Memory | None:
        """The newest record of one of the kinds; None where there was none."""
        found = [self.by_kind[code] for code in kinds if code in self.by_kind]
        return max(found, key=lambda memory: memory.starts_at, default=None)

    def as_data(self, now: datetime) -> dict[str, dict[str, str]]:
        return {code: memory.as_data(now) for code, memory in self.by_kind.items()}


COLUMNS = (
    "pk",
    "topic",
    "starts_at",
    "ends_at",
    "mode",
    "place",
    "chair",
    "recorder",
    "lecturer",
)


def memories_of(host: Unit | None) -> Memories:
    """What is remembered of the host's records up to now; one query."""
    found = Memories()
    if host is None:
        return found
    held = Activity.objects.filter(unit=host, starts_at__lte=timezone.now())
    held = held.exclude(state=State.CANCELLED).order_by("-starts_at", "-pk")
    for mask, *row in held.values_list("kind_mask", *COLUMNS)[:LOOKED_AT]:
        pk, topic, starts_at, ends_at, *rest = row
        begun, ended = timezone.localtime(starts_at), timezone.localtime(ends_at)
        memory = Memory(pk, topic, begun, ended, *rest)
        for code in (LAST, *(kind.code for kind in kinds_of(mask))):
            found.by_kind.setdefault(code, memory)
        if topic not in found.topics and len(found.topics) < TOPICS:
            found.topics.append(topic)
    return found
