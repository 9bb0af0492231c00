"""The transfer of the Party relation: requested by letter, then received or returned."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from members.choices import Nature, TransferState
from members.errors import MemberError
from members.models import Affiliation, Person, Transfer
from members.services.closing import end_at_unit
from members.services.people import register_person
from members.services.saving import (
    refuse_future,
    refuse_gone,
    save_checked,
    tell,
    touch_units_of,
)
from members.services.ties import transfer_home
from organizations.models import Unit


@transaction.atomic
def request_transfer(
    person: Person,
    *,
    issued_on: date,
    by: User | None,
    to_unit: Unit | None = None,
    to_name: str = "",
    to_code: str = "",
    letter_number: str = "",
    valid_until: date | None = None,
    reason: str = "",
) -> Transfer:
    """Send the relation of `person` from the home unit on its way; the home stays until received.

    `to_unit` None is for the outside, which `to_name` then names; with `to_code` the unit of that
    code, if there is one, finds the letter.
    """
    refuse_gone(person)
    home = _home_of(person)
    if home is None:
        raise MemberError(_("This person is at home in no unit of the portal."))
    if to_unit is None and to_code:
        open_units = Unit.objects.taking_in(timezone.localdate())
        to_unit = open_units.filter(code=to_code).first()
    if to_unit is None and not to_name:
        raise MemberError(_("Say where the relation goes."))
    if to_unit is not None and to_unit.pk == home.unit_id:
        raise MemberError(_("The person is at home there already."))
    transfer = Transfer(
        person=person,
        from_unit=home.unit,
        to_unit=to_unit,
        to_name=to_name,
        to_code=to_code,
        letter_number=letter_number,
        issued_on=issued_on,
        valid_until=valid_until,
        reason=reason,
        requested_by=by,
    )
    save_checked(transfer)
    there = to_code or (to_unit.code if to_unit else "")
    tell(person, "transfer_requested", by=by, target=transfer, to=there)
    return transfer


@transaction.atomic
def accept_transfer(transfer: Transfer, *, on: date, by: User | None, answer: str = "") -> None:
    """The receiver has the relation: at home there from `on`.

    For a receiver outside the portal this notes the slip that came back, and the home ends the
    day before, with what ends as in `transfer_home`. Raises MemberError when somebody has answered
    already, for a day to come, or when the person is no longer at home with the sender.
    """
    refuse_future(on)
    _decide(transfer, TransferState.ACCEPTED, by=by, answer=answer, arrived_on=on)
    person, home = transfer.person, _home_of(transfer.person)
    if home is None or home.unit_id != transfer.from_unit_id:
        raise MemberError(_("The person is no longer at home with the sender."))
    if transfer.to_unit is not None:
        transfer_home(person, to=transfer.to_unit, on=on, by=by)
    else:
        refuse_gone(person)
        if home.begun_on is not None and home.begun_on >= on:
            raise MemberError(_("The person came to the present unit later than that day."))
        home.ended_on = on - timedelta(days=1)
        save_checked(home)
        ended = end_at_unit(person, left=home.unit, come_to=None, on=on)
        touch_units_of(person, home.unit)
        tell(person, "left_the_portal", by=by, target=home, on=on.isoformat(), ended=ended.told)
    tell(person, "transfer_accepted", by=by, target=transfer, on=on.isoformat())


@transaction.atomic
def return_transfer(transfer: Transfer, *, answer: str, by: User | None) -> None:
    """The receiver sends the letter back and says why; the home stays where it was."""
    if not answer.strip():
        raise MemberError(_("Say why it goes back."))
    _decide(transfer, TransferState.RETURNED, by=by, answer=answer.strip())
    tell(transfer.person, "transfer_returned", by=by, target=transfer)


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: User | None) -> None:
    """The sender takes the letter back before it is answered."""
    _decide(transfer, TransferState.WITHDRAWN, by=by)
    tell(transfer.person, "transfer_withdrawn", by=by, target=transfer)


@transaction.atomic
def receive_from_outside(
    unit: Unit,
    *,
    from_name: str,
    arrived_on: date,
    by: User | None,
    letter_number: str = "",
    issued_on: date | None = None,
    **person: Any,
) -> Transfer:
    """Put a member on the roster of `unit` who comes with a letter from outside the portal.

    `person` is what `register_person` takes. Raises MemberError for somebody on record already.
    """
    refuse_future(arrived_on)
    newcomer = register_person(unit, by=by, begun_on=arrived_on, **person)
    transfer = Transfer(
        person=newcomer,
        from_name=from_name,
        to_unit=unit,
        letter_number=letter_number,
        issued_on=issued_on or arrived_on,
        state=TransferState.ACCEPTED,
        arrived_on=arrived_on,
        requested_by=by,
        decided_by=by,
        decided_at=timezone.now(),
    )
    save_checked(transfer)
    tell(newcomer, "transfer_accepted", by=by, target=transfer, on=arrived_on.isoformat())
    return transfer


def _decide(
    transfer: Transfer,
    state: TransferState,
    *,
    by: User | None,
    answer: str = "",
    arrived_on: date | None = None,
) -> None:
    """Answer once: of two who answer at the same time the first one does."""
    waiting = Transfer.objects.on_the_way().filter(pk=transfer.pk)
    decided = waiting.update(
        state=state,
        answer=answer,
        arrived_on=arrived_on,
        decided_by=by,
        decided_at=timezone.now(),
    )
    if not decided:
        raise MemberError(_("This transfer has been answered already."))
    transfer.refresh_from_db()


def _home_of(person: Person) -> Affiliation | None:
    homes = Affiliation.objects.filter(person=person, nature=Nature.HOME, ended_on__isnull=True)
    return homes.select_related("unit").first()
