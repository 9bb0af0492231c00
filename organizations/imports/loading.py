"""A checked plan written: all of it or nothing, in bulk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from organizations.choices import BRANCH_KINDS, COMMUNITY_KINDS, UnitChange, UnitKind
from organizations.imports.checking import Plan, Stored, Wanted
from organizations.models import Area, Unit, UnitEvent
from organizations.pinyin import spell
from organizations.services import touch_ids, touch_subtree
from organizations.services.tree import rebase

RANKS = [
    {UnitKind.COUNTY_COMMITTEE},
    {UnitKind.STREET_COMMITTEE},
    COMMUNITY_KINDS,
    BRANCH_KINDS | {UnitKind.RESIDENT_UNIT},
    {UnitKind.GROUP},
]
"""Kinds in the order in which they can be written: a superior before what stands below it."""
BATCH = 500


@dataclass(slots=True)
class Loaded:
    """How many rows of the file did what."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class _Work:
    """One load under way."""

    stored: Stored
    on: date
    by: User | None
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    counties: set[str] = field(default_factory=set)
    events: list[UnitEvent] = field(default_factory=list)
    renamed_areas: dict[str, str] = field(default_factory=dict)
    """Names that areas had before, by code."""


def load(plan: Plan, *, on: date, by: User | None, dry_run: bool = False) -> Loaded:
    """Write `plan`, which has no errors; changes of units become events on `on`.

    A dry run does all of it and takes it back.
    """
    with transaction.atomic():
        work = _Work(plan.stored, on, by)
        _create(plan, work)
        _update(plan, work)
        UnitEvent.objects.bulk_create(work.events, batch_size=BATCH)
        _tell(work)
        if dry_run:
            transaction.set_rollback(True)
    return Loaded(
        rows=len(plan.wanted),
        created=len(work.created),
        updated=len(work.updated - work.created),
        unchanged=len(plan.wanted) - len(work.created | work.updated),
    )


def _create(plan: Plan, work: _Work) -> None:
    """New units, the upper ones first, so that each finds its superior; areas after streets."""
    new = [
        wanted for wanted in plan.wanted if wanted.kind and wanted.row.code not in work.stored.units
    ]
    for kinds in RANKS:
        if kinds is COMMUNITY_KINDS:
            _create_areas(plan, work)
        units = [_new_unit(wanted, work) for wanted in new if wanted.kind in kinds]
        for unit in Unit.objects.bulk_create(units, batch_size=BATCH):
            work.stored.units[unit.code] = unit
            _note_created(unit, work)


def _create_areas(plan: Plan, work: _Work) -> None:
    areas = [
        Area(
            code=wanted.row.code,
            name=wanted.row.name,
            street=work.stored.units[wanted.row.parent_code],
        )
        for wanted in plan.wanted
        if wanted.row.code not in work.stored.areas
        and (
            wanted.kind is None
            or (wanted.kind in COMMUNITY_KINDS and wanted.row.code not in work.stored.units)
        )
    ]
    for area in Area.objects.bulk_create(areas, batch_size=BATCH):
        work.stored.areas[area.code] = area
        work.created.add(area.code)
        work.touched.add(area.street_id)
        work.counties.add(area.street.county_code)


def _new_unit(wanted: Wanted, work: _Work) -> Unit:
    row = wanted.row
    parent = work.stored.units.get(row.parent_code)
    return Unit(
        code=row.code,
        name=row.name,
        pinyin=spell(row.name),
        kind=wanted.kind or "",
        parent=parent,
        path=f"{parent.path if parent else ''}{row.code}/",
        area=work.stored.areas[row.code] if wanted.kind in COMMUNITY_KINDS else None,
        established_on=wanted.established_on,
    )


def _note_created(unit: Unit, work: _Work) -> None:
    work.created.add(unit.code)
    work.touched.add(unit.pk)
    work.counties.add(unit.county_code)
    if unit.parent_id:
        work.touched.add(unit.parent_id)
    if unit.established_on:
        after = {"name": unit.name, "kind": unit.kind, "parent": unit.parent and unit.parent.code}
        work.events.append(
            UnitEvent(
                unit=unit,
                change=UnitChange.FOUNDED,
                on=unit.established_on,
                after=after,
                by=work.by,
            )
        )


def _update(plan: Plan, work: _Work) -> None:
    known = [
        wanted
        for wanted in plan.wanted
        if wanted.row.code not in work.created and not work.stored.is_closed(wanted.row.code)
    ]
    areas = [area for wanted in known if (area := _changed_area(wanted, work))]
    Area.objects.bulk_update(areas, ["name", "street"], batch_size=BATCH)
    with_unit = [wanted for wanted in known if wanted.kind]
    units = [unit for wanted in with_unit if (unit := _changed_unit(wanted, work))]
    Unit.objects.bulk_update(units, ["name", "pinyin", "kind", "established_on"], batch_size=BATCH)
    for wanted in with_unit:
        _move(wanted, work)


def _changed_area(wanted: Wanted, work: _Work) -> Area | None:
    """The row's area where the file says otherwise."""
    row = wanted.row
    area = work.stored.areas.get(row.code)
    if area is None:
        return None
    was = (area.name, area.street_id)
    area.name = row.name
    if wanted.kind is None:  # else it goes where its organisation goes
        area.street = work.stored.units[row.parent_code]
    if was == (area.name, area.street_id):
        return None
    work.renamed_areas[area.code] = was[0]
    work.touched |= {was[1], area.street_id}
    work.counties.add(area.street.county_code)
    work.updated.add(row.code)
    return area


def _new_name(wanted: Wanted, unit: Unit, work: _Work) -> str:
    """The name that the row gives the unit.

    The row of a community names the place: an organisation that was given a name of its own
    keeps it.
    """
    if unit.area_id and wanted.row.code in work.stored.areas:
        place_was = work.renamed_areas.get(unit.code, wanted.row.name)
        return wanted.row.name if unit.name == place_was else unit.name
    return wanted.row.name


def _changed_unit(wanted: Wanted, work: _Work) -> Unit | None:
    """The stored unit with the row's name, kind and founding day, if any of them is new."""
    unit = work.stored.units[wanted.row.code]
    is_changed = False
    name = _new_name(wanted, unit, work)
    if unit.name != name:
        _note(unit, UnitChange.RENAMED, {"name": unit.name}, {"name": name}, work)
        unit.name, unit.pinyin, is_changed = name, spell(name), True
    is_same_kind = wanted.is_any_community and unit.kind in COMMUNITY_KINDS
    if not is_same_kind and unit.kind != wanted.kind:
        _note(unit, UnitChange.UPGRADED, {"kind": unit.kind}, {"kind": wanted.kind}, work)
        unit.kind, is_changed = wanted.kind or unit.kind, True
    if wanted.established_on and unit.established_on != wanted.established_on:
        unit.established_on, is_changed = wanted.established_on, True
    if not is_changed:
        return None
    work.updated.add(unit.code)
    work.touched.add(unit.pk)
    work.counties.add(unit.county_code)
    return unit


def _move(wanted: Wanted, work: _Work) -> None:
    """Rare, so one by one; the paths of today are read anew, as another row may have moved them."""
    row = wanted.row
    before = work.stored.parent_code(row.code)
    if row.parent_code == before:
        return
    unit = Unit.objects.select_related("parent").get(code=row.code)
    parent = Unit.objects.get(code=row.parent_code)
    touch_ids([unit.parent_id] if unit.parent_id else [])
    work.counties |= {unit.county_code, parent.county_code}
    rebase(unit, parent)
    _note(unit, UnitChange.MOVED, {"parent": before}, {"parent": row.parent_code}, work)
    touch_subtree(parent.path)
    work.updated.add(row.code)


def _note(
    unit: Unit, change: UnitChange, before: dict[str, Any], after: dict[str, Any], work: _Work
) -> None:
    work.events.append(
        UnitEvent(unit=unit, change=change, on=work.on, before=before, after=after, by=work.by)
    )


def _tell(work: _Work) -> None:
    """One line in the audit trail for each county that the file changed."""
    touch_ids(work.touched)
    counties = Unit.objects.filter(code__in=work.counties, parent__isnull=True)
    for county in counties:
        record(
            by=work.by,
            verb="import_units",
            target=county,
            unit_path=county.path,
            created=len(work.created),
            updated=len(work.updated),
        )
