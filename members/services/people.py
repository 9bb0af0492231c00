"""Changes of a person and of the membership."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from members.choices import Nature, Office
from members.crypto import blind_index
from members.errors import MemberError
from members.models import Affiliation, Membership, Person
from members.models.person import ID_NUMBER
from members.privacy import mask_digits
from members.services.saving import require_open, save_checked, tell, touch_units_of
from members.services.ties import appoint
from organizations.models import Unit

STAGE_DAYS = ("applied_on", "activist_on", "candidate_on", "joined_on", "full_on")


@transaction.atomic
def register_person(
    unit: Unit,
    *,
    by: User | None,
    details: dict[str, Any],
    membership: dict[str, Any] | None = None,
    id_number: str = "",
    phone: str = "",
    begun_on: date | None = None,
    office: Office | None = None,
) -> Person:
    """Put somebody new on the roster of `unit`, at home there since `begun_on`.

    `membership` None is for a worker who is on no way into the Party, and has an `office` alone.
    Raises MemberError when the ID number is on record already: that person is to be transferred,
    not made twice.
    """
    require_open(unit)
    person = Person(**details)
    _seal(person, id_number=id_number, phone=phone)
    save_checked(person)
    if membership is not None:
        save_checked(Membership(person=person, **membership))
        save_checked(Affiliation(person=person, unit=unit, nature=Nature.HOME, begun_on=begun_on))
    if office is not None:
        appoint(person, unit=unit, office=office, begun_on=begun_on, by=by)
    touch_units_of(person, unit)
    tell(person, "registered", by=by, unit=unit.code)
    return person


@transaction.atomic
def edit_person(
    person: Person,
    *,
    by: User | None,
    details: dict[str, Any],
    membership: dict[str, Any] | None = None,
    id_number: str = "",
    phone: str = "",
) -> None:
    """All that the edit page holds, as one change; an empty identifier stays as it is.

    `membership` for somebody without one begins it; None leaves what there is.
    """
    change_details(person, by=by, **details)
    set_identifiers(person, by=by, id_number=id_number or None, phone=phone or None)
    if membership is None:
        return
    stored = Membership.objects.filter(person=person).first()
    if stored is not None:
        change_membership(stored, by=by, **membership)
        return
    save_checked(Membership(person=person, **membership))
    touch_units_of(person)
    tell(person, "membership_begun", by=by, stage=membership["stage"])


@transaction.atomic
def change_details(person: Person, *, by: User | None, **details: Any) -> None:
    """Correct what is on record of somebody; the trail names the fields, not the values."""
    changed = [name for name, value in details.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, details[name])
    if not changed:
        return
    save_checked(person)
    if "name" in changed:  # verdicts are kept with the names in them
        touch_units_of(person)
    tell(person, "details_changed", by=by, fields=changed)


@transaction.atomic
def set_identifiers(
    person: Person, *, by: User | None, id_number: str | None = None, phone: str | None = None
) -> None:
    """Store an ID number or phone anew; None leaves it, empty takes it away."""
    changed = [
        name
        for name, value in (("id_number", id_number), ("phone", phone))
        if value is not None and value != getattr(person, f"reveal_{name}")()
    ]
    if not changed:
        return
    _seal(
        person,
        id_number=id_number if "id_number" in changed else None,
        phone=phone if "phone" in changed else None,
    )
    save_checked(person)
    tell(person, "identifiers_changed", by=by, fields=changed)


def is_recorded(id_number: str) -> bool:
    """Whether somebody of this ID number is on record, wherever."""
    return Person.objects.filter(id_number_index=blind_index(ID_NUMBER, id_number)).exists()


def reveal_identifiers(person: Person, *, by: User, reason: str) -> dict[str, str]:
    """ID number and phone in the clear; who looked, and why, is written down first.

    Raises MemberError beyond REVEALS_A_DAY looks in a day. No transaction: the line about a
    refusal stays.
    """
    reason = mask_digits(reason.strip())  # people type the very number that they look for
    if not reason:
        raise MemberError(_("Say why you need to see it."))
    looks = AuditEvent.objects.filter(by=by, verb="identifiers_seen", at__gte=_midnight())
    if looks.count() >= settings.REVEALS_A_DAY:
        tell(person, "identifiers_refused", by=by, reason=reason)
        raise MemberError(
            _("You have looked at %(count)s people's identifiers today. No more can be shown.")
            % {"count": settings.REVEALS_A_DAY}
        )
    tell(person, "identifiers_seen", by=by, reason=reason)
    return {"id_number": person.reveal_id_number(), "phone": person.reveal_phone()}


@transaction.atomic
def change_membership(membership: Membership, *, by: User | None, **values: Any) -> None:
    """Record a stage or a stage's day; the units' verdicts hang on both."""
    before = {name: getattr(membership, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(membership, name, value)
    save_checked(membership)
    touch_units_of(membership.person)
    tell(
        membership.person,
        "membership_changed",
        by=by,
        before={name: str(before[name] or "") for name in changed},
        after={name: str(value or "") for name, value in changed.items()},
    )


def _midnight() -> datetime:
    """When today began, by local time."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _seal(person: Person, *, id_number: str | None, phone: str | None) -> None:
    if id_number is not None:
        person.set_id_number(id_number)
    if phone is not None:
        person.set_phone(phone)
