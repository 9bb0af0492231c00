"""What ends with a membership, and with the home in a unit: offices, posts, guests' ties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from members.choices import (
    MEMBERS_OFFICES,
    FloatingDirection,
    Nature,
    Standing,
    TransferState,
)
from members.errors import MemberError
from members.models import Affiliation, Appointment, FloatingEntry, Person, PostHolding, Transfer
from members.services.saving import require_open, save_checked, tell
from organizations.models import Unit
from organizations.services import touch

Told = list[list[Any]]
"""What was ended, as the trail keeps it: which model, which row, its last day before and now."""
CLOSED_WITH: dict[str, type[Any]] = {
    model._meta.label_lower: model
    for model in (Appointment, PostHolding, FloatingEntry, Affiliation)
}


@dataclass(frozen=True, slots=True)
class Ended:
    """What was ended: for the trail, and for whoever did it."""

    told: Told = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def held_by(people: Collection[UUID]) -> Iterator[Any]:
    """All that these people hold or are beside their home, whatever its days."""
    yield from Appointment.objects.filter(person__in=people).select_related("unit")
    yield from PostHolding.objects.filter(person__in=people).select_related("post__unit")
    yield from FloatingEntry.objects.filter(person__in=people).select_related("unit")
    guests = Affiliation.objects.filter(person__in=people).exclude(nature=Nature.HOME)
    yield from guests.select_related("unit")


def ends_with(row: Any, standing: str) -> bool:
    """Whether it is over with the membership: an office that needs none ends with death alone."""
    is_job = isinstance(row, Appointment) and row.office not in MEMBERS_OFFICES
    return standing == Standing.DECEASED or not is_job


def end_with_standing(person: Person, *, standing: Standing, on: date, by: User | None) -> Ended:
    """The membership is over: `on` is the last day of all that only a member holds.

    Of the dead every office ends; whoever left or was expelled may still be the residents'
    director or hold a job. The home stays: by it the record is found. A letter on the way is
    taken back.
    """
    rows = [row for row in held_by([person.pk]) if ends_with(row, standing)]
    for letter in Transfer.objects.on_the_way().filter(person=person):
        letter.state, letter.decided_by, letter.decided_at = (
            TransferState.WITHDRAWN,
            by,
            timezone.now(),
        )
        save_checked(letter)
        tell(person, "transfer_withdrawn", by=by, target=letter, standing=standing)
    return _end(rows, on)


def end_at_unit(person: Person, *, left: Unit | None, come_to: Unit | None, on: date) -> Ended:
    """The home is elsewhere from `on`: the day before is the last one in the unit left of what is
    its members' own, and in the unit come to of what is a guest's.
    """
    here, there = Q(unit=left), Q(unit=come_to)
    of_members = Q(office__in=sorted(MEMBERS_OFFICES))
    out, hosted = Q(direction=FloatingDirection.OUT), Q(direction=FloatingDirection.IN)
    rows: list[Any] = []
    if left is not None:
        rows += Appointment.objects.filter(here, of_members, person=person).select_related("unit")
        rows += PostHolding.objects.filter(post__unit=left, person=person).select_related(
            "post__unit"
        )
        rows += FloatingEntry.objects.filter(here, out, person=person).select_related("unit")
    if come_to is not None:
        rows += FloatingEntry.objects.filter(there, hosted, person=person).select_related("unit")
        guests = Affiliation.objects.filter(there, person=person).exclude(nature=Nature.HOME)
        rows += guests.select_related("unit")
    return _end(rows, on - timedelta(days=1))


def reopen(told: Told) -> list[str]:
    """Put back what was ended; in words. Raises MemberError for a row that somebody has changed
    since, whose unit is no more, or whose seat is taken.
    """
    again = []
    for label, key, before, after in told:
        row = CLOSED_WITH[label].objects.filter(pk=key).first()
        if row is None:
            raise MemberError(_("What ended with it has been removed since."))
        words = words_of(row)
        if row.ended_on != date.fromisoformat(after):
            raise MemberError(_("%(what)s has been changed since.") % {"what": words})
        row.ended_on = date.fromisoformat(before) if before else None
        if row.ended_on is None:
            require_open(unit_of(row))
        try:
            save_checked(row)
        except MemberError as error:
            raise MemberError(f"{words}: {error}") from error
        touch(unit_of(row))
        again.append(words)
    return again


def unit_of(row: Any) -> Unit:
    return row.post.unit if isinstance(row, PostHolding) else row.unit


def words_of(row: models.Model) -> str:
    """What a person holds, and where."""
    if isinstance(row, Appointment):
        what = row.get_office_display()
    elif isinstance(row, PostHolding):
        what = row.post.name
    elif isinstance(row, FloatingEntry):
        what = row.get_direction_display()
    else:
        assert isinstance(row, Affiliation)  # noqa: S101
        what = row.get_nature_display()
    return _("%(what)s (%(note)s)") % {"what": what, "note": unit_of(row).name}


def _end(rows: Iterable[Any], on: date) -> Ended:
    """`on` is the last day; of what began later, the day on which it began."""
    ended = Ended()
    for row in rows:
        if row.ended_on is not None and row.ended_on <= on:
            continue
        before = row.ended_on.isoformat() if row.ended_on else None
        row.ended_on = max(on, row.begun_on or on)
        save_checked(row)
        touch(unit_of(row))
        ended.told.append([row._meta.label_lower, row.pk, before, row.ended_on.isoformat()])
        ended.words.append(words_of(row))
    return ended
