"""What a look takes in: a county's counting records since it wants hints, or one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent
from activities.choices import HintKind
from activities.models import Activity
from organizations.choices import SettingKey
from organizations.models import Unit
from organizations.settings import CountySettings

LOOK_BACK = timedelta(days=400)
"""How far back a look goes: a year with its neighbours."""
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """The county's subtree, the first day, and the one record that is in question, if it is one."""

    path: str
    since: date
    focus: UUID | None = None

    def records(self) -> QuerySet[Activity]:
        """The counting records of the county."""
        rows = Activity.objects.counted().hosted_under(self.path)
        return rows.filter(first_day__gte=self.since)

    def in_question(self) -> QuerySet[Activity]:
        """Those of them that are looked at now."""
        rows = self.records()
        return rows.filter(pk=self.focus) if self.focus else rows

    def concerns(self, *keys: UUID) -> bool:
        return self.focus is None or self.focus in keys


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something seen about records, newest last."""

    kind: HintKind
    key: str
    records: tuple[UUID, ...]
    day: date
    facts: dict[str, Any] = field(default_factory=dict)


def scope_of(
    county: Unit, settings: CountySettings, *, today: date, focus: UUID | None = None
) -> Scope | None:
    """What to look at in the county; None when it wants no hints today."""
    if not settings.shows_hints(today):
        return None
    steps = [
        (since, value)
        for key, since, value in settings.steps
        if key == SettingKey.HINTS and since <= today
    ]
    offs = [since for since, value in steps if value != "on"]
    last_off = max(offs, default=date.min)
    begun = min(since for since, value in steps if value == "on" and since >= last_off)
    return Scope(county.path, max(begun, today - LOOK_BACK), focus)


def pair_key(first: UUID, second: UUID) -> str:
    """The same for both orders."""
    return ":".join(sorted((str(first), str(second))))


def entered_on(created_at: datetime, submitted_at: datetime | None) -> date:
    """The local day on which a record was first entered; handing it in again makes it no later."""
    first = min(created_at, submitted_at) if submitted_at else created_at
    return timezone.localtime(first).date()


def imported_of(keys: Sequence[UUID]) -> set[UUID]:
    """Which of the records came out of a file of past records: entering those late is the point."""
    found: set[UUID] = set()
    for chunk in chunks(keys):
        events = AuditEvent.objects.filter(
            target_type=Activity._meta.label_lower,
            target_id__in=[str(key) for key in chunk],
            details__imported=True,
        )
        found.update(UUID(key) for key in events.values_list("target_id", flat=True))
    return found


def chunks(keys: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
