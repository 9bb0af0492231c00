"""What a unit sets up, has and keeps: bodies, venues, funds, services, facilities, neighbours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations.choices import (
    BodyKind,
    FacilityKind,
    FundSource,
    ResidentKind,
    ServiceKind,
    ServicePrice,
)
from organizations.choices import VenueTenure as Tenure
from organizations.errors import OrganizationError
from organizations.models import Body, Facility, Fund, ResidentUnit, Service, Unit, Venue
from organizations.services.keeping import say_still_so
from organizations.services.touches import touch

Asset = Body | Venue | Service | Facility | ResidentUnit
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


def add_resident_unit(
    unit: Unit,
    *,
    name: str,
    kind: ResidentKind,
    by: User | None,
    begun_on: date | None = None,
    has_organization: bool = False,
    is_in_conference: bool = False,
    contributes: str = "",
) -> ResidentUnit:
    """An organisation that is based in the community, and what it does for it."""
    resident = ResidentUnit(
        unit=unit,
        name=name,
        kind=kind,
        begun_on=begun_on,
        has_organization=has_organization,
        is_in_conference=is_in_conference,
        contributes=contributes,
    )
    return _add(resident, verb="add_resident_unit", by=by, name=name, kind=kind)


def close_resident_unit(resident: ResidentUnit, *, on: date, by: User | None) -> None:
    """`on` is the last day on which it was based here."""
    _close(resident, verb="close_resident_unit", on=on, by=by)


@transaction.atomic
def change_asset(asset: Asset, *, by: User | None, **new: Any) -> None:
    """Put right what is written of a thing. What was written before is in the trail.

    Whoever changes it has looked at it: it is confirmed for the year as well.
    """
    _require_open(asset.unit)
    changes = {
        name: [_plain(getattr(asset, name)), _plain(value)]
        for name, value in new.items()
        if getattr(asset, name) != value
    }
    for name, value in new.items():
        setattr(asset, name, value)
    _save(asset, update_fields=[*new])
    if changes:
        path = asset.unit.path
        record(by=by, verb="change_asset", target=asset, unit_path=path, changes=changes)
        touch(asset.unit)
    say_still_so(asset, by=by)


def _plain(value: Any) -> Any:
    """As the trail can hold it."""
    return value if isinstance(value, bool | int | str | None) else str(value)


def change_funds(fund: Fund, *, amount: Decimal, by: User | None) -> None:
    """Put right the amount of a year and source."""
    record_funds(fund.unit, year=fund.year, source=FundSource(fund.source), amount=amount, by=by)


@transaction.atomic
def record_funds(
    unit: Unit, *, year: int, source: FundSource, amount: Decimal, by: User | None
) -> Fund:
    """The money of `year` from `source`, in yuan; an amount recorded before is replaced."""
    _require_open(unit)
    fund = Fund.objects.filter(unit=unit, year=year, source=source).first()
    before = str(fund.amount) if fund else None
    fund = fund or Fund(unit=unit, year=year, source=source)
    fund.amount = amount
    _save(fund)
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
    _require_open(unit)
    _save(asset)
    record(by=by, verb=verb, target=asset, unit_path=unit.path, **details)
    say_still_so(asset, by=by)
    touch(unit)
    return asset


@transaction.atomic
def _close(asset: Asset, *, verb: str, on: date, by: User | None) -> None:
    if asset.ended_on is not None:
        raise OrganizationError(_("This has been closed already."))
    asset.ended_on = on
    _save(asset, update_fields=["ended_on"])
    record(by=by, verb=verb, target=asset, unit_path=asset.unit.path, on=on.isoformat())
    touch(asset.unit)


def _require_open(unit: Unit) -> None:
    """What a dissolved unit had stays as it was written down."""
    if not unit.is_open:
        raise OrganizationError(_("%(unit)s has been dissolved.") % {"unit": unit})


def _save(row: models.Model, *, update_fields: list[str] | None = None) -> None:
    try:
        row.full_clean()
        row.save(update_fields=update_fields)
    except ValidationError as error:
        raise OrganizationError.of(error) from None
    except IntegrityError:  # somebody else was quicker, between the check and the database
        raise OrganizationError(_("Somebody else changed the same records. Try again.")) from None
