"""Residents' ratings: a unit opens its page, a device rates once a year, abuse is held off.

Whoever clears the device's store may rate again; what limits that is how many ratings a page takes
in a day from one network address, and in all.
"""

from __future__ import annotations

import secrets
from datetime import date
from enum import StrEnum
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.audit import record
from accounts.models import User
from organizations.choices import RatingAnswer
from organizations.models import Rating, RatingPage, RatingTally, Unit
from organizations.services.touches import touch

A_DAY = 2_000
"""Ratings that one page takes in a day: more than a community has households."""
SALT = "organizations.rating"


class Outcome(StrEnum):
    TAKEN = "taken"
    AGAIN = "again"
    CLOSED = "closed"
    TOO_MANY = "too_many"


@transaction.atomic
def open_ratings(unit: Unit, *, by: User | None) -> RatingPage:
    """Residents may rate `unit`; a page that was closed has its old code again."""
    defaults = {"token": _new_token()}
    page, _created = RatingPage.objects.get_or_create(unit=unit, defaults=defaults)
    _switch(page, is_open=True, verb="open_ratings", by=by)
    return page


@transaction.atomic
def close_ratings(page: RatingPage, *, by: User | None) -> None:
    """Nobody may rate any more; what was said stays."""
    _switch(page, is_open=False, verb="close_ratings", by=by)


@transaction.atomic
def renew_rating_code(page: RatingPage, *, by: User | None) -> None:
    """Another code: what hangs out, or was passed on, leads nowhere from now on."""
    page.token = _new_token()
    page.save(update_fields=["token"])
    record(by=by, verb="renew_rating_code", target=page, unit_path=page.unit.path)


def _switch(page: RatingPage, *, is_open: bool, verb: str, by: User | None) -> None:
    page.is_open = is_open
    page.save(update_fields=["is_open"])
    record(by=by, verb=verb, target=page, unit_path=page.unit.path)


def _new_token() -> str:
    return secrets.token_urlsafe(15)


@transaction.atomic
def rate(
    page: RatingPage, *, device: str, answer: RatingAnswer, address: str, today: date
) -> Outcome:
    """Take the answer of one device, once a year. Nothing is kept of who gave it.

    No line in the trail either: it would say when, and there is nobody to name.
    """
    if not page.is_open or page.unit.dissolved_on is not None:
        return Outcome.CLOSED
    mark = device_mark(page.unit, today.year, device)
    if Rating.objects.filter(unit=page.unit, year=today.year, device=mark).exists():
        return Outcome.AGAIN
    limits = {_source(page.unit, today, address): settings.RATINGS_PER_ADDRESS, "": A_DAY}
    if not all(_take(page.unit, today, source, most) for source, most in limits.items()):
        return Outcome.TOO_MANY
    _rating, is_new = Rating.objects.get_or_create(
        unit=page.unit, year=today.year, device=mark, defaults={"answer": answer}
    )
    if not is_new:
        return Outcome.AGAIN
    touch(page.unit, page.unit.parent)
    return Outcome.TAKEN


def forget_tallies(today: date) -> int:
    """Of days past nothing is kept of where ratings came from."""
    return RatingTally.objects.filter(day__lt=today).delete()[0]


def device_mark(unit: Unit, year: int, device: str) -> str:
    """What is kept of a device: another mark for each unit and year, and no way back."""
    return _keyed(f"device {unit.pk} {year} {device}")


def _source(unit: Unit, day: date, address: str) -> str:
    """A network address as it is counted for a day; of IPv6 the network that a household has."""
    try:
        known = ip_address(address)
        network = str(ip_network((known, 64), strict=False)) if known.version == 6 else address
    except ValueError:
        network = ""
    return _keyed(f"address {unit.pk} {day.isoformat()} {network}")


def _keyed(text: str) -> str:
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def _take(unit: Unit, day: date, source: str, most: int) -> bool:
    """Count one more, unless that would be too many: by one statement, so that no two cross."""
    RatingTally.objects.get_or_create(unit=unit, day=day, source=source)
    mine = RatingTally.objects.filter(unit=unit, day=day, source=source, number__lt=most)
    return bool(mine.update(number=F("number") + 1))
