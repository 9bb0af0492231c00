"""The way into the Party: steps, the next stage, and the probation's extension or end."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from members.choices import Stage, Standing, StepKind
from members.development import STAGES
from members.errors import MemberError
from members.models import DevelopmentStep, Membership, Person
from members.services.people import STAGE_DAYS, change_membership
from members.services.saving import refuse_future, save_checked, tell
from members.services.standing import change_standing


@transaction.atomic
def record_step(
    person: Person,
    *,
    kind: StepKind,
    on: date,
    by: User | None,
    note: str = "",
    until: date | None = None,
) -> DevelopmentStep:
    """Note what happened on the way into the Party."""
    step = DevelopmentStep(person=person, kind=kind, on=on, until=until, note=note, by=by)
    save_checked(step)
    tell(person, "step_recorded", by=by, target=step, kind=kind, on=on.isoformat())
    return step


@transaction.atomic
def advance(membership: Membership, *, on: date, by: User | None) -> None:
    """Reach the next stage on `on`. The minimum times are shown, not enforced: see
    `development.toml` for how sure each of them is. A day to come is refused: the stage is
    today's at once.
    """
    if membership.stage == Stage.FULL:
        raise MemberError(_("A full member has reached the last stage."))
    refuse_future(on)
    place = STAGES.index(membership.stage) + 1
    before = [getattr(membership, name) for name in STAGE_DAYS[:place]]
    if any(day and day > on for day in before):
        raise MemberError(_("An earlier stage was reached later than that day."))
    change_membership(membership, by=by, **{"stage": STAGES[place], STAGE_DAYS[place]: on})


@transaction.atomic
def extend_probation(
    membership: Membership, *, on: date, until: date, by: User | None, note: str = ""
) -> DevelopmentStep:
    """By decision of `on` the probation lasts up to and on `until`."""
    _require_probation(membership)
    if membership.joined_on and until <= membership.joined_on:
        raise MemberError(_("The extension ends before the probation began."))
    return record_step(
        membership.person, kind=StepKind.EXTENSION, on=on, until=until, note=note, by=by
    )


@transaction.atomic
def cancel_probation(membership: Membership, *, on: date, by: User | None, note: str = "") -> None:
    """By decision of `on` a probationary member does not become a member."""
    _require_probation(membership)
    record_step(membership.person, kind=StepKind.CANCELLATION, on=on, note=note, by=by)
    change_standing(membership, standing=Standing.LEFT, on=on, note=note[:200], by=by)


def _require_probation(membership: Membership) -> None:
    if membership.stage != Stage.PROBATIONARY:
        raise MemberError(_("This person is not on probation."))
