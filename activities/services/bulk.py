"""Many records at once: one for each of many units, or last month's again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activities.choices import Mode, Presence
from activities.entries import ActivityError, Entry
from activities.models import Activity
from activities.roll import Roll, roll_of
from activities.services.records import log_activity
from organizations.models import Unit
from organizations.wording import listed

Move = Callable[[date, date], date]
"""A day and a month to the day in that month."""


@transaction.atomic
def log_for_each(
    entry: Entry,
    units: Iterable[Unit],
    roll: Roll,
    *,
    by: User,
    submit: bool = False,
    form_key: UUID | None = None,
) -> list[Activity]:
    """One record for each of `units`, alike but for the people: each has its own of `roll`.

    All or none. Raises ActivityError, naming the unit, when one can't be.
    """
    units = list(units)
    own = _by_unit(roll, units)
    made = []
    for unit in units:
        alike = replace(entry, unit=unit, co_hosts=(), presences=own[unit.pk], grades={})
        key = uuid5(form_key, unit.code) if form_key else None
        with _named(unit):
            made.append(log_activity(alike, by=by, submit=submit, form_key=key))
    return made


def _by_unit(roll: Roll, units: list[Unit]) -> dict[int, dict[UUID, Presence]]:
    """The people of the list under the unit whose they are: the nearest at or above theirs."""
    nearest = sorted(units, key=lambda unit: -len(unit.path))
    own: dict[int, dict[UUID, Presence]] = {unit.pk: {} for unit in units}
    strangers = []
    for key, presence in roll.presences().items():
        row = roll.rows[key]
        home = next((unit for unit in nearest if row.path.startswith(unit.path)), None)
        if home is None:
            strangers.append(row.name)
        else:
            own[home.pk][key] = presence
    if strangers:
        message = _(
            "%(names)s belong to none of the units that you chose: enter them in the record of "
            "one unit by itself."
        )
        raise ActivityError(message % {"names": listed(strangers)}, field="roll")
    return own


@contextmanager
def _named(unit: Unit) -> Iterator[None]:
    """Say of which of many units a complaint is."""
    try:
        yield
    except ActivityError as error:
        told = _("%(unit)s: %(what)s") % {"unit": unit, "what": error}
        raise ActivityError(told, field=error.field) from None


@transaction.atomic
def copy_records(
    records: Iterable[Activity], month: date, move: Move, *, by: User, form_key: UUID
) -> list[Activity]:
    """Drafts in `month` like these records: everything but minutes, grades and who was away.

    All or none. The same `form_key` again makes nothing new.
    """
    made = []
    for record in records:
        with _named(record.unit):
            made.append(_copy(record, month, move, by, form_key))
    return made


def _copy(record: Activity, month: date, move: Move, by: User, form_key: UUID) -> Activity:
    begun, ended = timezone.localtime(record.starts_at), timezone.localtime(record.ends_at)
    shift = move(begun.date(), month) - begun.date()
    co_hosts = tuple(record.co_hosts.all())
    roll = roll_of([record.unit, *co_hosts], user=by)
    entry = Entry(
        unit=record.unit,
        kinds=frozenset(kind.code for kind in record.kinds),
        topic=record.topic,
        starts_at=begun + timedelta(days=shift.days),
        ends_at=ended + timedelta(days=shift.days),
        co_hosts=co_hosts,
        mode=Mode(record.mode),
        place=record.place,
        chair=record.chair,
        recorder=record.recorder,
        lecturer=record.lecturer,
        school_level=record.school_level,
        credit=record.credit if record.credit_is_set else None,
        presences=roll.presences(),
    )
    return log_activity(entry, by=by, form_key=uuid5(form_key, str(record.pk)))
