"""In-service members who report here, and retirees whose relation is elsewhere (clause 10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from members.choices import GuestNoteKind, Nature
from members.errors import MemberError
from members.models import Affiliation, Guest, GuestNote, Membership, Person
from members.services.people import is_recorded, set_identifiers
from members.services.saving import save_checked, tell, touch_units_of
from members.services.ties import affiliate
from organizations.models import Unit

GUESTS = frozenset({Nature.IN_SERVICE, Nature.RETIRED_RESIDENT})


@transaction.atomic
def receive_guest(
    person: Person,
    *,
    unit: Unit,
    nature: Nature,
    by: User | None,
    begun_on: date | None = None,
    elsewhere: str = "",
    contact: str = "",
) -> Affiliation:
    """`person` belongs to `unit` as well from `begun_on`; the home stays where it is."""
    if nature not in GUESTS:
        raise MemberError(_("Choose how the person belongs here."))
    tie = affiliate(person, unit=unit, nature=nature, begun_on=begun_on, by=by)
    save_checked(Guest(affiliation=tie, elsewhere=elsewhere, contact=contact))
    return tie


@transaction.atomic
def register_guest(
    unit: Unit,
    *,
    nature: Nature,
    by: User | None,
    details: dict[str, Any],
    membership: dict[str, Any],
    id_number: str = "",
    phone: str = "",
    **tie: Any,
) -> Affiliation:
    """Put somebody on record whose home unit is outside the portal, or beyond reach in it.

    `tie` as `receive_guest`. Raises MemberError for an ID number that is on record: with what
    another unit keeps of that person nothing is joined.
    """
    person = Person(**details)
    save_checked(person)
    save_checked(Membership(person=person, **membership))
    if id_number and is_recorded(id_number):
        raise MemberError(
            _(
                "A person with this ID number is already recorded elsewhere. Leave the number "
                "empty to write down the guest."
            )
        )
    set_identifiers(person, by=by, id_number=id_number, phone=phone)
    tell(person, "registered", by=by, unit=unit.code)
    return receive_guest(person, unit=unit, nature=nature, by=by, **tie)


@transaction.atomic
def change_guest(tie: Affiliation, *, elsewhere: str, contact: str, by: User | None) -> None:
    """Correct where the home unit is and whom to reach there."""
    guest = Guest.objects.filter(affiliation=tie).first() or Guest(affiliation=tie)
    guest.elsewhere, guest.contact = elsewhere, contact
    save_checked(guest)
    tell(tie.person, "guest_changed", by=by, target=tie)


@transaction.atomic
def note_guest(
    tie: Affiliation,
    *,
    kind: GuestNoteKind,
    on: date,
    text: str,
    by: User | None,
    done_on: date | None = None,
    result: str = "",
) -> GuestNote:
    """Note work that was claimed, feedback, or how a transfer is followed up."""
    note = GuestNote(
        affiliation=tie, kind=kind, on=on, text=text, done_on=done_on, result=result, by=by
    )
    save_checked(note)
    touch_units_of(tie.person, tie.unit)
    tell(tie.person, "guest_noted", by=by, target=note, kind=kind)
    return note


@transaction.atomic
def settle_note(note: GuestNote, *, done_on: date, result: str, by: User | None) -> None:
    """The claimed work is done, or the matter closed."""
    note.done_on, note.result = done_on, result
    save_checked(note)
    tell(note.affiliation.person, "guest_note_settled", by=by, target=note)
