"""Changes of what ties a person to units: homes, offices, exemptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import (
    SINGLE_SEATS,
    Election,
    ExemptionReason,
    ExemptionState,
    Nature,
    Office,
)
from members.errors import MemberError
from members.models import Affiliation, Appointment, DevelopmentPlan, Exemption, Person
from members.models.ties import overlapping
from members.services.closing import end_at_unit
from members.services.saving import (
    refuse_future,
    refuse_gone,
    require_open,
    save_checked,
    tell,
    touch_units_of,
)
from organizations.models import Unit
from organizations.services import touch


@transaction.atomic
def affiliate(
    person: Person,
    *,
    unit: Unit,
    by: User | None,
    nature: Nature = Nature.HOME,
    begun_on: date | None = None,
) -> Affiliation:
    """Tie a person to a unit; MemberError when a home is open already."""
    require_open(unit)
    refuse_gone(person)
    tie = Affiliation(person=person, unit=unit, nature=nature, begun_on=begun_on)
    save_checked(tie)
    touch_units_of(person, unit)
    tell(person, "affiliated", by=by, target=tie, unit=unit.code, nature=nature)
    return tie


@transaction.atomic
def end_affiliation(tie: Affiliation, *, on: date, by: User | None) -> None:
    """`on` is the last day."""
    tie.ended_on = on
    save_checked(tie)
    touch_units_of(tie.person, tie.unit)
    tell(tie.person, "affiliation_ended", by=by, target=tie, on=on.isoformat())


@transaction.atomic
def transfer_home(person: Person, *, to: Unit, on: date, by: User | None) -> Affiliation:
    """Move the home to another unit: there from `on`, until the day before where it was.

    A day to come is refused: a member belongs where the member is today. With the home end the
    offices and posts that only a member of the unit left holds, and entries in its ledger of
    those who float out; where the person is at home now the guest's tie is over.
    """
    refuse_future(on)
    refuse_gone(person)
    require_open(to)
    home = Affiliation.objects.filter(
        person=person, nature=Nature.HOME, ended_on__isnull=True
    ).first()
    if home is not None:
        if home.unit_id == to.pk:
            raise MemberError(_("The person is at home there already."))
        if home.begun_on is not None and home.begun_on >= on:
            raise MemberError(_("The person came to the present unit later than that day."))
        home.ended_on = on - timedelta(days=1)
        save_checked(home)
    ended = end_at_unit(person, left=home.unit if home else None, come_to=to, on=on)
    tie = Affiliation(person=person, unit=to, nature=Nature.HOME, begun_on=on)
    save_checked(tie)
    touch_units_of(person, to, *([home.unit] if home else []))
    tell(person, "transferred", by=by, target=tie, to=to.code, on=on.isoformat(), ended=ended.told)
    return tie


@transaction.atomic
def appoint(
    person: Person,
    *,
    unit: Unit,
    office: Office,
    by: User | None,
    begun_on: date | None,
    election: Election | str = "",
    ended_on: date | None = None,
    term_ends_on: date | None = None,
) -> Appointment:
    """Put a person into an office; MemberError when a single seat is taken."""
    post = Appointment(
        person=person,
        unit=unit,
        office=office,
        election=election,
        begun_on=begun_on,
        ended_on=ended_on,
        term_ends_on=term_ends_on,
    )
    if ended_on is None:
        require_open(unit)
        refuse_gone(person, office=office)
    if other := overlapping(post, Appointment.objects.filter(unit=unit, office=office)):
        raise MemberError(
            _("%(person)s held this office there at the same time.") % {"person": other.person.name}
        )
    save_checked(post)
    touch_units_of(person, unit)
    tell(person, "appointed", by=by, target=post, unit=unit.code, office=office)
    return post


@transaction.atomic
def end_appointment(post: Appointment, *, on: date, by: User | None) -> None:
    """`on` is the last day in office."""
    if post.ended_on is not None:
        raise MemberError(_("This office has ended already."))
    post.ended_on = on
    save_checked(post)
    touch_units_of(post.person, post.unit)
    tell(post.person, "appointment_ended", by=by, target=post, on=on.isoformat())


def holder_of(unit: Unit, office: Office) -> Appointment | None:
    """Who sits on a single seat today."""
    if office not in SINGLE_SEATS:
        return None
    seats = Appointment.objects.filter(unit=unit, office=office, ended_on__isnull=True)
    return seats.select_related("person").first()


@transaction.atomic
def request_exemption(
    person: Person,
    *,
    reason: ExemptionReason,
    begun_on: date,
    by: User | None,
    ended_on: date | None = None,
    note: str = "",
) -> Exemption:
    """Ask the unit above to exempt a person; it counts once approved."""
    asked = Exemption(
        person=person,
        reason=reason,
        begun_on=begun_on,
        ended_on=ended_on,
        note=note,
        requested_by=by,
    )
    save_checked(asked)
    tell(person, "exemption_requested", by=by, target=asked, reason=reason)
    return asked


@transaction.atomic
def decide_exemption(exemption: Exemption, *, approve: bool, by: User | None) -> None:
    """Approve or refuse, once: of two who decide at the same time the first one does.

    Raises MemberError for whoever asked for it.
    """
    if by is not None and by.pk == exemption.requested_by_id:
        raise MemberError(_("Whoever asked for an exemption does not decide on it."))
    state = ExemptionState.APPROVED if approve else ExemptionState.REFUSED
    open_still = Exemption.objects.filter(pk=exemption.pk, state=ExemptionState.REQUESTED)
    if not open_still.update(state=state, decided_by=by, decided_at=timezone.now()):
        raise MemberError(_("This request has been decided already."))
    exemption.refresh_from_db()
    touch_units_of(exemption.person)
    tell(exemption.person, f"exemption_{state}", by=by, target=exemption)


@transaction.atomic
def adopt_plan(
    unit: Unit, *, year: int, adopted_on: date, by: User | None, text: str = ""
) -> DevelopmentPlan:
    """Record a street's plan of a year for developing members (clause 10)."""
    plan = DevelopmentPlan(unit=unit, year=year, adopted_on=adopted_on, text=text)
    save_checked(plan)
    touch(unit)
    details: dict[str, Any] = {"year": year}
    record(by=by, verb="plan_adopted", target=plan, unit_path=unit.path, **details)
    return plan
