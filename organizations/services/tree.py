"""Every change of the tree. Each locks the counties it concerns, so that no two cross."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Greatest, Length, Substr
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations.choices import COMMUNITY_KINDS, MAY_STAND_UNDER, UnitChange, UnitKind
from organizations.errors import OrganizationError
from organizations.models import (
    Area,
    Body,
    Facility,
    ResidentUnit,
    Service,
    Unit,
    UnitEvent,
    Venue,
)
from organizations.services.touches import touch, touch_subtree

PATH_LENGTH = Unit._meta.get_field("path").max_length or 0


@transaction.atomic
def found_unit(
    parent: Unit | None,
    *,
    code: str,
    name: str,
    kind: UnitKind,
    by: User | None,
    on: date | None = None,
    area: Area | None = None,
    contact: str = "",
    address: str = "",
) -> Unit:
    """Found a unit under `parent` (None: a county); `on` None: it has always been there.

    A community's organisation covers `area`: left out, the community of its own code, which is
    made where there is none (clause 1).
    """
    _lock(parent)
    unit = Unit(
        code=code,
        name=name.strip(),
        kind=kind,
        parent=parent,
        established_on=on,
        contact=contact,
        address=address,
    )
    if parent is not None:
        _require_open(parent)
    _checked(unit, exclude={"path", "area"})
    _require_room(parent.path if parent else "", len(code) + 1)
    if kind in COMMUNITY_KINDS and parent is not None:
        unit.area = _area_of(unit, parent, area)
    unit.save()
    after = {"name": unit.name, "kind": kind, "parent": parent.code if parent else None}
    if on is not None:
        _tell(unit, UnitChange.FOUNDED, on=on, by=by, after=after)
    record(by=by, verb="found_unit", target=unit, unit_path=unit.path, code=code, **after)
    touch(unit, parent)
    return unit


@transaction.atomic
def change_details(
    unit: Unit, *, by: User | None, established_on: date | None, contact: str, address: str
) -> None:
    """What is written of a unit beside its name and place; no event of the tree."""
    new = {"established_on": established_on, "contact": contact, "address": address}
    changed = [name for name, value in new.items() if getattr(unit, name) != value]
    for name, value in new.items():
        setattr(unit, name, value)
    _checked(unit, exclude={"path"})
    unit.save(update_fields=[*new])
    record(by=by, verb="change_details", target=unit, unit_path=unit.path, fields=changed)
    touch(unit)


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, on: date, by: User | None) -> None:
    """`unit` bears `name` from `on`; the community that it covers keeps its own."""
    _lock(unit)
    _require_open(unit)
    before, unit.name = unit.name, name.strip()
    _checked(unit, exclude={"path"})
    unit.save(update_fields=["name", "pinyin"])
    _tell_changed(
        unit, UnitChange.RENAMED, on=on, by=by, before={"name": before}, after={"name": unit.name}
    )
    touch(unit)


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, on: date, by: User | None) -> None:
    """From `on`, `unit` and all below it stand under `parent`; one UPDATE rewrites their paths."""
    _lock(unit, parent)
    _require_open(unit)
    _require_open(parent)
    if parent.path.startswith(unit.path):
        raise OrganizationError(_("A unit can't be moved below itself."))
    old = unit.parent
    if old is None or old.pk == parent.pk:
        raise OrganizationError(_("The unit stands there already."))
    rebase(unit, parent)
    _tell_changed(
        unit,
        UnitChange.MOVED,
        on=on,
        by=by,
        before={"parent": old.code},
        after={"parent": parent.code},
    )
    touch_subtree(unit.path)
    touch(old, parent)


def rebase(unit: Unit, parent: Unit) -> None:
    """Hang the subtree of `unit` under `parent`: paths alone, no event. Within a transaction."""
    old_path, old_parent = unit.path, unit.parent_id
    unit.parent = parent
    _checked(unit, exclude={"path"})
    subtree = Unit.objects.under(old_path)
    longest = subtree.aggregate(longest=models.Max(Length("path")))["longest"]
    base = old_path.removesuffix(f"{unit.code}/")
    _require_room(parent.path, longest - len(base))
    subtree.update(path=Concat(Value(parent.path), Substr("path", len(base) + 1)))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    if unit.area_id:
        Area.objects.filter(pk=unit.area_id, street_id=old_parent).update(street=parent)
    unit.path = f"{parent.path}{unit.code}/"


@transaction.atomic
def change_kind(unit: Unit, *, kind: UnitKind, on: date, by: User | None) -> None:
    """Upgrade (or change otherwise) a unit; `choices.advised_kind` says what its size suggests."""
    _lock(unit)
    _require_open(unit)
    if unit.kind == kind:
        raise OrganizationError(_("The unit is of this kind already."))
    before, unit.kind = unit.kind, kind
    _checked(unit, exclude={"path"})
    _require_fits(unit.children.filter(dissolved_on__isnull=True), under=kind)
    unit.save(update_fields=["kind"])
    _tell_changed(
        unit, UnitChange.UPGRADED, on=on, by=by, before={"kind": before}, after={"kind": kind}
    )
    touch(unit, unit.parent)


@transaction.atomic
def merge_units(unit: Unit, *, into: Unit, on: date, by: User | None) -> None:
    """`unit` is merged into `into`: it is dissolved, `on` its last day.

    What stands below it goes over to `into`, and its community becomes part of the other's.
    Its members go over by the members' own service, which this app does not know: that one calls
    this, in one transaction.
    """
    _lock(unit, into)
    _require_open(unit)
    _require_open(into)
    if into.path.startswith(unit.path):
        raise OrganizationError(_("A unit can't be merged into itself or into one below it."))
    children = list(unit.children.filter(dissolved_on__isnull=True))
    _require_fits(unit.children.filter(dissolved_on__isnull=True), under=UnitKind(into.kind))
    for child in children:
        move_unit(child, parent=into, on=on, by=by)
    if unit.area_id and into.area_id and unit.area_id != into.area_id:
        Area.objects.filter(pk=unit.area_id).update(merged_into=into.area_id, merged_on=on)
    _end(unit, on=on)
    _tell_changed(unit, UnitChange.MERGED, on=on, by=by, after={"into": into.code}, other=into)
    touch(unit, into, unit.parent)


@transaction.atomic
def dissolve_unit(unit: Unit, *, on: date, by: User | None) -> None:
    """`on` is the last day of `unit`; what still stands below it must go elsewhere first."""
    _lock(unit)
    _require_open(unit)
    below = unit.children.filter(dissolved_on__isnull=True)
    if below.exists():
        raise OrganizationError(
            _("Units still stand below it: %(units)s. Move or dissolve them first.")
            % {"units": _some(below)}
        )
    _end(unit, on=on)
    _tell_changed(unit, UnitChange.DISSOLVED, on=on, by=by)
    touch(unit, unit.parent)


def _end(unit: Unit, *, on: date) -> None:
    """Close the unit and what it had set up; records stay."""
    unit.dissolved_on = on
    _checked(unit, exclude={"path"})
    unit.save(update_fields=["dissolved_on"])
    for model in (Body, Venue, Service, Facility, ResidentUnit):
        open_rows = model.objects.filter(unit=unit, ended_on__isnull=True)
        open_rows.filter(begun_on__isnull=True).update(ended_on=on)
        open_rows.update(ended_on=Greatest(F("begun_on"), Value(on)))


def _lock(*units: Unit | None) -> None:
    """Wait for other changes of the same counties, then see the units as they are now."""
    known = [unit for unit in units if unit is not None]
    tops = sorted({f"{unit.county_code}/" for unit in known})
    list(Unit.objects.select_for_update().filter(path__in=tops).order_by("path"))
    for unit in known:
        unit.refresh_from_db()


def _require_open(unit: Unit) -> None:
    if unit.dissolved_on is not None:
        raise OrganizationError(_("%(unit)s has been dissolved.") % {"unit": unit})


def _require_room(base: str, length: int) -> None:
    if len(base) + length > PATH_LENGTH:
        raise OrganizationError(_("The codes from the county down to here are too long."))


def _require_fits(children: models.QuerySet[Unit], *, under: UnitKind) -> None:
    fits = [kind for kind, above in MAY_STAND_UNDER.items() if under in above]
    misfits = children.exclude(kind__in=fits)
    if misfits.exists():
        raise OrganizationError(
            _("These units can't stand below a unit of that kind: %(units)s.")
            % {"units": _some(misfits)}
        )


def _some(units: models.QuerySet[Unit]) -> str:
    names = list(units.values_list("name", flat=True)[:4])
    return _(", ").join(names[:3]) + (" …" if len(names) > 3 else "")


def _area_of(unit: Unit, street: Unit, area: Area | None) -> Area:
    area = area or Area.objects.filter(code=unit.code).first()
    if area is None:
        return Area.objects.create(code=unit.code, name=unit.name, street=street)
    if area.street_id != street.pk:
        raise OrganizationError(_("This community lies in another street."))
    if area.organizations.filter(dissolved_on__isnull=True).exists():
        raise OrganizationError(_("This community has its organisation already."))
    return area


def _checked(unit: Unit, *, exclude: set[str]) -> None:
    try:
        unit.full_clean(exclude=exclude)
    except ValidationError as error:
        raise OrganizationError.of(error) from None


def _tell(unit: Unit, change: UnitChange, *, on: date, by: User | None, **event: Any) -> None:
    UnitEvent.objects.create(unit=unit, change=change, on=on, by=by, **event)


def _tell_changed(
    unit: Unit,
    change: UnitChange,
    *,
    on: date,
    by: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    other: Unit | None = None,
) -> None:
    """The event in the tree's history and its line in the audit trail."""
    before, after = before or {}, after or {}
    _tell(unit, change, on=on, by=by, before=before, after=after, other=other)
    record(
        by=by,
        verb=f"unit_{change}",
        target=unit,
        unit_path=unit.path,
        on=on.isoformat(),
        before=before,
        after=after,
    )
