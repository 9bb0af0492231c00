"""Changes of the ledger of floating members (clause 12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from members.choices import FloatingCheckKind, FloatingDirection
from members.errors import MemberError
from members.models import FloatingCheck, FloatingEntry, Person
from members.services.saving import refuse_gone, require_open, save_checked, tell, touch_units_of
from organizations.models import Unit


@transaction.atomic
def register_floating(
    person: Person,
    *,
    unit: Unit,
    direction: FloatingDirection,
    by: User | None,
    begun_on: date | None = None,
    **details: Any,
) -> FloatingEntry:
    """Enter a member into the ledger that `unit` keeps."""
    require_open(unit)
    refuse_gone(person)
    entry = FloatingEntry(
        person=person, unit=unit, direction=direction, begun_on=begun_on, **details
    )
    save_checked(entry)
    touch_units_of(person, unit)
    tell(person, "floating_registered", by=by, target=entry, direction=direction)
    return entry


@transaction.atomic
def change_floating(entry: FloatingEntry, *, by: User | None, **details: Any) -> None:
    """Correct an entry, or note the certificate and the cards as they are issued."""
    changed = [name for name, value in details.items() if getattr(entry, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(entry, name, details[name])
    save_checked(entry)
    touch_units_of(entry.person, entry.unit)
    tell(entry.person, "floating_changed", by=by, target=entry, fields=changed)


@transaction.atomic
def end_floating(entry: FloatingEntry, *, on: date, by: User | None) -> None:
    """The member is back, or has moved the Party relation; `on` is the last day."""
    if entry.ended_on is not None:
        raise MemberError(_("This entry has ended already."))
    entry.ended_on = on
    save_checked(entry)
    touch_units_of(entry.person, entry.unit)
    tell(entry.person, "floating_ended", by=by, target=entry, on=on.isoformat())


@transaction.atomic
def record_check(
    entry: FloatingEntry,
    *,
    kind: FloatingCheckKind,
    done_on: date,
    by: User | None,
    note: str = "",
) -> FloatingCheck:
    """Note the yearly review of the cards, or the yearly look into the member's situation."""
    check = FloatingCheck(entry=entry, kind=kind, done_on=done_on, note=note, by=by)
    save_checked(check)
    touch_units_of(entry.person, entry.unit)
    tell(entry.person, "floating_checked", by=by, target=check, kind=kind)
    return check


@transaction.atomic
def record_checks(
    entries: Iterable[FloatingEntry],
    *,
    kind: FloatingCheckKind,
    done_on: date,
    by: User | None,
    note: str = "",
) -> int:
    """Note the same for several at once; how many. All of them, or none."""
    checks = [
        record_check(entry, kind=kind, done_on=done_on, by=by, note=note) for entry in entries
    ]
    return len(checks)
