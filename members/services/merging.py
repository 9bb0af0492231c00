"""Merging a unit into another with the people who belong to it, and ending one without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from members.choices import GONE_STANDINGS, TransferState
from members.models import (
    Affiliation,
    Appointment,
    DutyPost,
    FloatingEntry,
    Guest,
    Pledge,
    PostHolding,
    Transfer,
    UnfitCase,
)
from members.services.saving import units_of_people
from organizations import services
from organizations.errors import OrganizationError
from organizations.models import Unit
from organizations.services import touch_ids


@dataclass(frozen=True, slots=True)
class Handed:
    """How much went over with a merger."""

    affiliations: int
    ledger_entries: int
    appointments_ended: int


@transaction.atomic
def merge_units(unit: Unit, *, into: Unit, on: date, by: User | None) -> Handed:
    """`unit` ends, `on` its last day, and its people belong to `into` from the day after.

    Whoever belongs to `into` already in the same way only ends here. What is written of a guest's
    home goes along. Entries in the ledger of floating members go on in `into` with their
    certificate and cards, as do open cases, pledges not yet reported on, and transfers on the way.
    Offices and posts end with the unit: who is to hold one in the other is for its members to
    decide. All of it, or nothing.
    """
    services.merge_units(unit, into=into, on=on, by=by)
    people = _tied_to(unit)
    handed = Handed(
        affiliations=_hand_over(Affiliation, unit, into, on, alike="nature"),
        ledger_entries=_hand_over(FloatingEntry, unit, into, on, alike="direction"),
        appointments_ended=_end(_open_rows(Appointment, unit), on),
    )
    _hand_over_guests(unit, into, on)
    _end_posts(unit, on)
    UnfitCase.objects.filter(unit=unit, settled_on__isnull=True).update(unit=into)
    Pledge.objects.filter(unit=unit, reported_on__isnull=True).update(unit=into)
    _redirect_letters(unit, into, on, by=by)
    touch_ids(units_of_people(people))
    record(
        by=by,
        verb="members_merged",
        target=unit,
        unit_path=unit.path,
        into=into.code,
        on=on.isoformat(),
        affiliations=handed.affiliations,
        ledger_entries=handed.ledger_entries,
        appointments_ended=handed.appointments_ended,
    )
    return handed


@transaction.atomic
def dissolve_unit(unit: Unit, *, on: date, by: User | None) -> int:
    """`unit` ends, `on` its last day, and with it the offices and posts in it; how many offices.

    So does what is left there of people whose membership is over: nobody can transfer the dead.
    Raises OrganizationError while people belong to it: they are to be transferred first, or the
    unit merged into another. So it does while a Party relation is on the way to it.
    """
    services.dissolve_unit(unit, on=on, by=by)
    holders = _tied_to(unit)
    rows = [_open_rows(model, unit) for model in (Affiliation, FloatingEntry)]
    gone = Q(person__membership__standing__in=sorted(GONE_STANDINGS))
    for found in rows:
        _end(
            found.model._default_manager.filter(
                pk__in=list(found.filter(gone).values_list("pk", flat=True))
            ),
            on,
        )
    people = {key for found in rows for key in found.values_list("person_id", flat=True)}
    if people:
        words = ngettext(
            "%(count)s person still belongs to it. Transfer them first, or merge it into another.",
            "%(count)s people still belong to it. Transfer them first, or merge it into another.",
            len(people),
        )
        raise OrganizationError(words % {"count": len(people)})
    if letters := Transfer.objects.on_the_way().filter(to_unit=unit).count():
        words = ngettext(
            "%(count)s Party relation is on the way to it. Receive or return it first.",
            "%(count)s Party relations are on the way to it. Receive or return them first.",
            letters,
        )
        raise OrganizationError(words % {"count": letters})
    _end_posts(unit, on)
    ended = _end(_open_rows(Appointment, unit), on)
    touch_ids(units_of_people(holders))
    return ended


def _tied_to(unit: Unit) -> set[UUID]:
    """The keys of those who belong to the unit, or hold an office or a post in it."""
    rows = [_open_rows(model, unit) for model in (Affiliation, FloatingEntry, Appointment)]
    rows.append(_open_holdings(unit))
    return {key for found in rows for key in found.values_list("person_id", flat=True)}


def _hand_over(
    model: type[Affiliation | FloatingEntry], unit: Unit, into: Unit, on: date, *, alike: str
) -> int:
    """End the open rows of `unit` and go on with each in `into`; how many go on.

    In that order, as the database lets no two of a kind be open at once.
    """
    there = set(_open_rows(model, into).values_list("person_id", alike))
    rows = [
        row for row in _open_rows(model, unit) if (row.person_id, getattr(row, alike)) not in there
    ]
    held = [row for row in rows if row.begun_on is None or row.begun_on <= on]
    # Who came after the last day was never here: that row as it is belongs to the other unit.
    late = [row.pk for row in rows if row not in held]
    model._default_manager.filter(pk__in=late).update(unit=into)
    _end(_open_rows(model, unit), on)
    successors = _successors(held, into, on + timedelta(days=1))
    model._default_manager.bulk_create(successors)
    return len(rows)


def _hand_over_guests(unit: Unit, into: Unit, on: date) -> None:
    """Write down at the new ties where each guest's home is, as it stood at the old ones."""
    first = on + timedelta(days=1)
    ties = Affiliation.objects.filter(unit=into, begun_on=first, ended_on=None, guest=None)
    new = {
        (person, nature): pk for person, nature, pk in ties.values_list("person", "nature", "pk")
    }
    known = Guest.objects.filter(affiliation__unit=unit, affiliation__ended_on=on)
    Guest.objects.bulk_create(
        Guest(affiliation_id=new[key], elsewhere=guest.elsewhere, contact=guest.contact)
        for guest in known.select_related("affiliation")
        if (key := (guest.affiliation.person_id, guest.affiliation.nature)) in new
    )


def _redirect_letters(unit: Unit, into: Unit, on: date, *, by: User | None) -> None:
    """Letters on the way go on with `into` in the place of `unit`. Of those between the two, what
    was going to `into` has arrived by the merger; what was to come from there need not go.
    """
    waiting = Transfer.objects.on_the_way()
    answered = {"decided_by": by, "decided_at": timezone.now()}
    waiting.filter(from_unit=unit, to_unit=into).update(
        state=TransferState.ACCEPTED, arrived_on=on + timedelta(days=1), **answered
    )
    waiting.filter(from_unit=into, to_unit=unit).update(state=TransferState.WITHDRAWN, **answered)
    waiting.filter(from_unit=unit).update(from_unit=into)
    waiting.filter(to_unit=unit).update(to_unit=into)


def _end_posts(unit: Unit, on: date) -> None:
    """The unit's posts end with it, and nobody holds them any longer."""
    _end(_open_holdings(unit), on)
    _end(_open_rows(DutyPost, unit), on)


def _open_holdings(unit: Unit) -> models.QuerySet:
    return PostHolding.objects.filter(post__unit=unit, ended_on__isnull=True)


def _successors(rows: list[Affiliation | FloatingEntry], into: Unit, first: date) -> Iterator[Any]:
    """The same rows in `into` from `first`."""
    for row in rows:
        kept = {
            column.attname: getattr(row, column.attname)
            for column in row._meta.concrete_fields
            if not column.primary_key
        }
        yield type(row)(**kept | {"unit_id": into.pk, "begun_on": first})


def _open_rows(model: type[models.Model], unit: Unit) -> models.QuerySet:
    return model._default_manager.filter(unit=unit, ended_on__isnull=True)


def _end(rows: models.QuerySet, on: date) -> int:
    """`on` is the last day; of what began later, the day on which it began."""
    last = Case(When(begun_on__gt=on, then=F("begun_on")), default=Value(on))
    return rows.update(ended_on=last)
