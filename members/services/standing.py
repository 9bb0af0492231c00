"""The standing of a member: changed, with what that ends, and taken back when it was a mistake."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from members.choices import GONE_STANDINGS, Standing
from members.errors import MemberError
from members.models import Membership, Person, StandingSpell
from members.services.closing import Ended, end_with_standing, reopen
from members.services.saving import refuse_future, save_checked, tell, touch_units_of

CHANGED = "standing_changed"
TAKEN_BACK = "standing_taken_back"


@transaction.atomic
def change_standing(
    membership: Membership, *, standing: Standing, on: date, by: User | None, note: str = ""
) -> list[str]:
    """Let a standing hold from `on`: what held until then ends the day before.

    A day to come is refused: the standing is today's at once. With a membership that is over ends
    what only a member holds, `on` its last day: told in words.
    """
    refuse_future(on)
    if standing == membership.standing:
        raise MemberError(_("That is the standing already."))
    person = membership.person
    running = _running(person)
    if running is not None:
        if running.begun_on is not None and running.begun_on >= on:
            raise MemberError(_("The standing of today began later than that day."))
        running.ended_on = on - timedelta(days=1)
        save_checked(running)
    if standing != Standing.NORMAL:
        save_checked(StandingSpell(person=person, standing=standing, begun_on=on, note=note))
    before, membership.standing = membership.standing, standing
    save_checked(membership)
    touch_units_of(person)
    ended = Ended()
    if standing in GONE_STANDINGS:
        ended = end_with_standing(person, standing=standing, on=on, by=by)
    tell(
        person,
        CHANGED,
        by=by,
        before=before,
        after=standing,
        on=on.isoformat(),
        ended=ended.told,
    )
    return ended.words


@transaction.atomic
def take_back_standing(membership: Membership, *, by: User | None) -> list[str]:
    """The standing of today was entered by mistake: what held before holds again, and what ended
    with it goes on; told in words.

    Raises MemberError where that can't be: for a standing that came with a roster (its import is
    undone as a whole), or when somebody has changed since what would go on. A letter that was
    taken back stays so.
    """
    person = membership.person
    spell, told = _running(person), _told_of(person)
    if spell is None or spell.begun_on is None or told is None:
        raise MemberError(
            _("This standing was not entered on this page. Undo the import it came with.")
        )
    day_before = spell.begun_on - timedelta(days=1)
    spell.delete()
    if told["before"] != Standing.NORMAL:
        earlier = StandingSpell.objects.filter(person=person, standing=told["before"])
        for one in earlier.filter(ended_on=day_before):
            one.ended_on = None
            save_checked(one)
    membership.standing = told["before"]
    save_checked(membership)
    again = reopen(told.get("ended", []))
    touch_units_of(person)
    tell(person, TAKEN_BACK, by=by, before=told["after"], after=told["before"])
    return again


def may_take_back(person: Person) -> bool:
    """Whether the standing of today was entered by itself, so that it can be taken back."""
    return _told_of(person) is not None


def _running(person: Person) -> StandingSpell | None:
    return StandingSpell.objects.filter(person=person, ended_on__isnull=True).first()


def _told_of(person: Person) -> dict[str, Any] | None:
    """What the trail says of how the standing of today came to be, if this page made it."""
    spell = _running(person)
    if spell is None or spell.begun_on is None:
        return None
    lines = AuditEvent.objects.filter(
        target_type=person._meta.label_lower,
        target_id=str(person.pk),
        verb__in=(CHANGED, TAKEN_BACK),
    )
    last = lines.order_by("-at").first()
    if last is None or last.verb != CHANGED:
        return None
    is_this = (last.details["after"], last.details["on"]) == (
        spell.standing,
        spell.begun_on.isoformat(),
    )
    return last.details if is_this else None
