"""What a unit sets up, has and keeps: bodies, venues, funds, services, facilities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations.choices import BodyKind, FacilityKind, FundSource, ServiceKind, ServicePrice
from organizations.choices import VenueTenure as Tenure
from organizations.errors import OrganizationError
from organizations.models import Body, Facility, Fund, Service, Unit, Venue
from organizations.services.touches import touch

Asset = Body | Venue | Service | Facility
A = TypeVar("A", bound=models.Model)


def set_up_body(
    unit: Unit,
    *,
    kind: BodyKind,
    by: User | None,
    begun_on: date | None = None,
    head: str = "",
    people: str = "",
) -> Body:
    """Set up a committee, conference or group of clause 3; one of a kind at a time."""
    body = Body(unit=unit, kind=kind, begun_on=begun_on, head=head, people=people)
    return _add(body, verb="set_up_body", by=by, kind=kind)


def close_body(body: Body, *, on: date, by: User | None) -> None:
    """`on` is its last day."""
    _close(body, verb="close_body", on=on, by=by)


def add_venue(
    unit: Unit,
    *,
    name: str,
    tenure: Tenure,
    by: User | None,
    begun_on: date | None = None,
    address: str = "",
    square_metres: int | None = None,
) -> Venue:
    """A place for activities, and how it was secured (clause 16)."""
    venue = Venue(
        unit=unit,
        name=name,
        tenure=tenure,
        begun_on=begun_on,
        address=address,
        square_metres=square_metres,
    )
    return _add(venue, verb="add_venue", by=by, name=name, tenure=tenure)


def close_venue(venue: Venue, *, on: date, by: User | None) -> None:
    """`on` is its last day."""
    _close(venue, verb="close_venue", on=on, by=by)


def add_service(
    unit: Unit,
    *,
    name: str,
    kind: ServiceKind,
    price: ServicePrice,
    by: User | None,
    begun_on: date | None = None,
) -> Service:
    """A service point for residents (clause 14)."""
    service = Service(unit=unit, name=name, kind=kind, price=price, begun_on=begun_on)
    return _add(service, verb="add_service", by=by, name=name, kind=kind)


def close_service(service: Service, *, on: date, by: User | None) -> None:
    """`on` is its last day."""
    _close(service, verb="close_service", on=on, by=by)


def add_facility(
    unit: Unit,
    *,
    name: str,
    kind: FacilityKind,
    by: User | None,
    begun_on: date | None = None,
    opened_by: str = "",
) -> Facility:
    """A facility for culture and leisure, also one opened by a unit based here (clause 15)."""
    facility = Facility(unit=unit, name=name, kind=kind, opened_by=opened_by, begun_on=begun_on)
    return _add(facility, verb="add_facility", by=by, name=name, kind=kind)


def close_facility(facility: Facility, *, on: date, by: User | None) -> None:
    """`on` is its last day."""
    _close(facility, verb="close_facility", on=on, by=by)


@transaction.atomic
def record_funds(
    unit: Unit, *, year: int, source: FundSource, amount: Decimal, by: User | None
) -> Fund:
    """The money of `year` from `source`, in yuan; an amount recorded before is replaced."""
    fund = Fund.objects.filter(unit=unit, year=year, source=source).first()
    before = str(fund.amount) if fund else None
    fund = fund or Fund(unit=unit, year=year, source=source)
    fund.amount = amount
    _checked(fund).save()
    record(
        by=by,
        verb="record_funds",
        target=fund,
        unit_path=unit.path,
        year=year,
        source=source,
        before=before,
        after=str(amount),
    )
    touch(unit)
    return fund


@transaction.atomic
def _add(asset: A, *, verb: str, by: User | None, **details: Any) -> A:
    unit: Unit = asset.unit  # type: ignore[attr-defined]
    _checked(asset).save()
    record(by=by, verb=verb, target=asset, unit_path=unit.path, **details)
    touch(unit)
    return asset


@transaction.atomic
def _close(asset: Asset, *, verb: str, on: date, by: User | None) -> None:
    if asset.ended_on is not None:
        raise OrganizationError(_("This has been closed already."))
    asset.ended_on = on
    _checked(asset).save(update_fields=["ended_on"])
    record(by=by, verb=verb, target=asset, unit_path=asset.unit.path, on=on.isoformat())
    touch(asset.unit)


def _checked(row: A) -> A:
    try:
        row.full_clean()
    except ValidationError as error:
        raise OrganizationError.of(error) from None
    return row
