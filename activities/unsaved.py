"""What the log form says before it is saved: for a look at what the record would serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from activities.choices import ATTENDED, Grade, Presence
from activities.entries import Entry, fields_of
from activities.forms import ActivityForm
from activities.models import Activity
from activities.roll import sent_roll
from organizations.actions import Action
from organizations.models import Unit
from organizations.settings import settings_for

UNTITLED = "—"
"""In place of the topic, which no rule asks for."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A record as it would be. `hosts` are the host and the co-hosts that the user may see."""

    hosts: tuple[Unit, ...]
    kinds: frozenset[str]
    day: date
    credit: Decimal
    school_level: str
    presences: Mapping[UUID, Presence]
    grades: Mapping[UUID, Grade]
    instead_of: UUID | None = None

    @property
    def attended(self) -> frozenset[UUID]:
        return frozenset(key for key, word in self.presences.items() if word in ATTENDED)


def hosts_sent(data: QueryDict, *, user: User) -> list[Unit]:
    """The host and the co-hosts that were sent with a form, as far as `user` may use them.

    Where each unit has a record of its own (`way`), whoever organises it is none of them.
    """
    kept = Unit.objects.visible_to(user, action=Action.RECORD)
    if data.get("way") == "each":
        return list(kept.filter(code__in=data.getlist("co_hosts")).order_by("path"))
    host = kept.filter(code=data.get("unit", "")).first()
    if host is None:
        return []
    near = Unit.objects.visible_to(user).filter(code__in=data.getlist("co_hosts"))
    return [host, *near.exclude(pk=host.pk).order_by("path")]


def read_unsaved(
    data: QueryDict, *, user: User, activity: Activity | None = None
) -> Unsaved | None:
    """The record that the form would make; None while kind, day or time are not given.

    Raises ActivityError when what is typed can't be.
    """
    data = data.copy()
    if not data.get("topic", "").strip():
        data["topic"] = UNTITLED
    hosts = hosts_sent(data, user=user)
    if hosts and data.get("way") == "each":
        data["unit"] = hosts[0].code
        data.setlist("co_hosts", [unit.code for unit in hosts[1:]])
    form = ActivityForm(data, user=user, activity=activity)
    if not hosts or not form.is_valid():
        return None
    roll = sent_roll(data, hosts, user=user, activity=activity)
    entry = form.entry(roll)
    columns = _columns(entry)
    return Unsaved(
        hosts=tuple(hosts),
        kinds=entry.kinds,
        day=columns["first_day"],
        credit=columns["credit"],
        school_level=entry.school_level,
        presences=entry.presences,
        grades=entry.grades if "member_review" in entry.kinds else {},
        instead_of=activity.pk if activity else None,
    )


def _columns(entry: Entry) -> dict[str, Any]:
    day = timezone.localtime(entry.starts_at).date()
    return fields_of(entry, hours_per_day=settings_for(entry.unit).hours_per_day(day))
