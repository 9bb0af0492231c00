"""Days off that somebody enters, and the secret addresses of calendars."""

from __future__ import annotations

import secrets
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.entries import ActivityError
from activities.models import CalendarFeed, Holiday
from organizations.models import Unit

SECRET_BYTES = 32


def fingerprint_of(secret: str) -> str:
    """What is kept of a feed's secret. It is as long as a key, so a plain digest can't be tried."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def open_feed(
    unit: Unit, *, with_below: bool, by: User | None, with_deadlines: bool = False
) -> str:
    """Give the unit's calendar a new secret address; the one before ends. The secret is returned
    and can't be had again.
    """
    _revoke(unit)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        unit=unit,
        fingerprint=fingerprint_of(secret),
        with_below=with_below,
        with_deadlines=with_deadlines,
        made_by=by,
    )
    told = {"with_below": with_below, "with_deadlines": with_deadlines}
    record(by=by, verb="open_feed", target=feed, unit_path=unit.path, **told)
    return secret


@transaction.atomic
def revoke_feed(unit: Unit, *, by: User | None) -> bool:
    """End the unit's secret address; False if there is none."""
    feed = CalendarFeed.objects.filter(unit=unit, revoked_at=None).first()
    if feed is None:
        return False
    _revoke(unit)
    record(by=by, verb="revoke_feed", target=feed, unit_path=unit.path)
    return True


def _revoke(unit: Unit) -> None:
    CalendarFeed.objects.filter(unit=unit, revoked_at=None).update(revoked_at=timezone.now())


def set_holiday(
    county: Unit | None, *, day: date, is_workday: bool, name: str, by: User | None
) -> Holiday:
    """Enter what sort of day it is, for a county or for everywhere; an entry for the very day is
    replaced.
    """
    said = {"is_workday": is_workday, "name": name.strip()}
    try:
        with transaction.atomic():
            holiday, _created = Holiday.objects.update_or_create(
                unit=county, day=day, defaults=said
            )
            _audit(holiday, "set_holiday", by=by)
    except IntegrityError:
        raise ActivityError(_("This day is already in the table."), field="day") from None
    return holiday


@transaction.atomic
def forget_holiday(holiday: Holiday, *, by: User | None) -> None:
    """Take an entry away: the day is again what the built-in table says."""
    _audit(holiday, "forget_holiday", by=by)
    holiday.delete()


def _audit(holiday: Holiday, verb: str, *, by: User | None) -> None:
    path = holiday.unit.path if holiday.unit else ""
    details = {"day": holiday.day.isoformat(), "name": holiday.name}
    record(by=by, verb=verb, target=holiday, unit_path=path, **details)
