"""What every write of this app does besides the write: check, touch the units, leave a trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import GONE_STANDINGS, MEMBERS_OFFICES, BatchFailure, Office, Standing
from members.errors import MemberError
from members.models import Affiliation, Appointment, FloatingEntry, Membership, Person
from members.roster.register import chunked
from organizations.models import Unit
from organizations.services import touch_ids


def save_checked(row: models.Model) -> None:
    """Save what passes the model's own checks, constraints included; else raise MemberError.

    So it is when somebody else was quicker between the check and the database: the caller's
    transaction ends with it.
    """
    unknown = {
        column.name
        for column in row._meta.concrete_fields
        if column.null and getattr(row, column.attname) is None
    }
    try:
        row.clean_fields(exclude=unknown)
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        raise MemberError.of(error) from error
    try:
        row.save()
    except IntegrityError as error:
        raise MemberError(str(BatchFailure.CLASH.label)) from error


def require_open(unit: Unit) -> None:
    """Raise MemberError if the unit has been dissolved; it is not before the transaction ends.

    Whoever comes to a unit waits for a merger that is under way, and a merger for whoever comes:
    else somebody would be left in a unit that is no more.
    """
    standing = Unit.objects.select_for_update(no_key=True).filter(dissolved_on__isnull=True)
    if not list(standing.filter(pk=unit.pk).values_list("pk", flat=True)):
        raise MemberError(_("%(unit)s has been dissolved.") % {"unit": unit})


def refuse_future(day: date) -> None:
    """Raise MemberError for a day that has not come."""
    if day > timezone.localdate():
        raise MemberError(_("This day is still to come."))


def refuse_gone(person: Person, *, office: Office | str = "") -> None:
    """Raise MemberError for whoever has died, left or been expelled: nothing of a member's begins
    any more. With an `office`, one that needs no membership is refused the dead alone.
    """
    membership = Membership.objects.filter(person=person, standing__in=sorted(GONE_STANDINGS))
    gone = membership.first()
    if gone is None or (
        office and office not in MEMBERS_OFFICES and gone.standing != Standing.DECEASED
    ):
        return
    words = {"person": person.name, "standing": gone.get_standing_display()}
    raise MemberError(_("%(person)s is on record as: %(standing)s. Correct that first.") % words)


def touch_units_of(person: Person, *also: Unit) -> None:
    """Leave word at every unit in which the person counts today or will, and at `also`."""
    touch_ids({unit.pk for unit in also} | units_of_people([person.pk]))


def units_of_people(keys: Iterable[UUID]) -> set[int]:
    """The keys of the units to which one of these people is tied by anything not yet over."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gte=timezone.localdate())
    units: set[int] = set()
    for chunk in chunked(keys):
        for ties in (Affiliation, Appointment, FloatingEntry):
            found = ties.objects.filter(still, person__in=chunk)
            units.update(found.order_by().values_list("unit_id", flat=True).distinct())
    return units


def path_of(person: Person) -> str:
    """Where the person is at home, for the audit trail; empty for none."""
    homes = Affiliation.objects.filter(person=person, ended_on__isnull=True)
    return homes.order_by("nature").values_list("unit__path", flat=True).first() or ""


def tell(
    person: Person,
    verb: str,
    *,
    by: User | None,
    target: models.Model | None = None,
    **details: Any,
) -> None:
    """One line in the audit trail; `details` never holds an identifier."""
    record(by=by, verb=verb, target=target or person, unit_path=path_of(person), **details)
