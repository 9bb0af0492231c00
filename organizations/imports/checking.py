"""The rows of a units file against each other and the database: a plan, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from organizations.choices import COMMUNITY_KINDS, MAY_STAND_UNDER, UnitKind
from organizations.imports.sheet import Row
from organizations.models import Area, Unit
from organizations.models.tree import code_is_plain

AREA = "area"
LEVELS = {
    "county": UnitKind.COUNTY_COMMITTEE,
    "street": UnitKind.STREET_COMMITTEE,
    "town": UnitKind.STREET_COMMITTEE,
    "community": UnitKind.COMMUNITY_BRANCH,
}
"""The levels of a table of places; any kind of unit may be named as well."""
NAME_LENGTH = 100
CHUNK = 500
"""Keys per query: SQLite takes about a thousand."""

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell, in words."""

    row: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row asks for; `kind` None: an area without an organisation."""

    row: Row
    kind: UnitKind | None
    established_on: date | None

    @property
    def is_any_community(self) -> bool:
        """Whether the row says `community`: then an upgraded organisation fits as well."""
        return self.row.level == "community"


@dataclass(slots=True)
class Stored:
    """What the database holds of the codes that the file names."""

    units: dict[str, Unit]
    areas: dict[str, Area]

    def is_closed(self, code: str) -> bool:
        """Whether the unit of that code has been dissolved: the file no longer changes it."""
        return code in self.units and self.units[code].dissolved_on is not None

    def parent_code(self, code: str) -> str:
        """The code of the stored unit's superior, from its path; empty for a county."""
        codes = self.units[code].path.rstrip("/").split("/")
        return codes[-2] if len(codes) > 1 else ""


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    wanted: list[Wanted] = field(default_factory=list)
    stored: Stored = field(default_factory=lambda: Stored({}, {}))
    errors: list[RowError] = field(default_factory=list)


def check(rows: list[Row]) -> Plan:
    """The plan of `rows`; nothing may be written when it has errors."""
    plan = Plan(stored=_stored(rows))
    seen: dict[str, int] = {}
    for row in rows:
        kind, established_on, errors = _read(row, seen)
        plan.errors += errors
        if not errors:
            plan.wanted.append(Wanted(row, kind, established_on))
    kinds = _kinds_to_be(plan)
    broken = {row.code for row in rows} - {wanted.row.code for wanted in plan.wanted}
    for wanted in plan.wanted:
        if not plan.stored.is_closed(wanted.row.code):
            plan.errors += _misplaced(wanted, kinds, broken, plan.stored)
            plan.errors += _unlike(wanted, kinds, plan.stored)
    if not plan.errors:
        plan.errors += _misfits(plan, kinds)
    plan.errors.sort(key=lambda error: error.row)
    return plan


def _stored(rows: list[Row]) -> Stored:
    codes = {row.code for row in rows} | {row.parent_code for row in rows}
    own = {row.code for row in rows}
    covered = Exists(Unit.objects.filter(area=OuterRef("pk"), dissolved_on__isnull=True))
    return Stored(
        {unit.code: unit for unit in _by_code(Unit.objects.select_related("area"), codes)},
        {
            area.code: area
            for area in _by_code(
                Area.objects.select_related("street").annotate(is_covered=covered), own
            )
        },
    )


def _by_code(queryset: models.QuerySet[M], codes: set[str]) -> Iterator[M]:
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        yield from queryset.filter(code__in=ordered[start : start + CHUNK])


def _read(row: Row, seen: dict[str, int]) -> tuple[UnitKind | None, date | None, list[RowError]]:
    """The row's cells, each by itself."""
    kind = None if row.level == AREA else _kind_of(row.level)
    established_on = _date_of(row.established_on)
    wrong = {
        "code": _wrong_code(row, seen),
        "name": _wrong_name(row.name),
        "level": _wrong_level(row.level, kind),
        "parent_code": _wrong_parent(row.parent_code, kind),
        "established_on": (
            _("This is not a date like 2008-08-07.")
            if row.established_on and established_on is None
            else ""
        ),
    }
    errors = [
        RowError(row.number, column, getattr(row, column), message)
        for column, message in wrong.items()
        if message
    ]
    return kind, established_on, errors


def _kind_of(level: str) -> UnitKind | None:
    if level in LEVELS:
        return LEVELS[level]
    return UnitKind(level) if level in UnitKind.values else None


def _date_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _wrong_code(row: Row, seen: dict[str, int]) -> str:
    if not row.code:
        return _("The code is missing.")
    if len(row.code) > 30:
        return _("A code has at most 30 characters.")
    try:
        code_is_plain(row.code)
    except ValidationError as error:
        return " ".join(error.messages)
    first = seen.setdefault(row.code, row.number)
    if first != row.number:
        return _("This code stands in row %(row)s already.") % {"row": first}
    return ""


def _wrong_name(name: str) -> str:
    if not name:
        return _("The name is missing.")
    if len(name) > NAME_LENGTH:
        return _("A name has at most %(number)s characters.") % {"number": NAME_LENGTH}
    return ""


def _wrong_level(level: str, kind: UnitKind | None) -> str:
    if kind is not None or level == AREA:
        return ""
    if not level:
        return _("The level is missing.")
    known = ", ".join([*LEVELS, AREA, *UnitKind.values])
    return _("There is no such level; known are: %(levels)s.") % {"levels": known}


def _wrong_parent(code: str, kind: UnitKind | None) -> str:
    if kind == UnitKind.COUNTY_COMMITTEE and code:
        return _("A county committee stands at the top: it has no superior.")
    if kind != UnitKind.COUNTY_COMMITTEE and not code:
        return _("The code of the superior is missing.")
    return ""


def _kinds_to_be(plan: Plan) -> dict[str, UnitKind]:
    """The kind that each unit has once the file is loaded; superiors outside it included."""
    kinds = {code: UnitKind(unit.kind) for code, unit in plan.stored.units.items()}
    for wanted in plan.wanted:
        known = kinds.get(wanted.row.code)
        if wanted.kind and not (wanted.is_any_community and known in COMMUNITY_KINDS):
            kinds[wanted.row.code] = wanted.kind
    return kinds


def _misplaced(
    wanted: Wanted, kinds: dict[str, UnitKind], broken: set[str], stored: Stored
) -> list[RowError]:
    """Whether the row's superior exists, still stands, and may have such a unit below it."""
    row = wanted.row
    parent = row.parent_code
    if not parent or parent in broken:
        return []  # a county; or a superior whose own row says what is wrong
    message = ""
    above = kinds.get(parent)
    if above is None:
        message = _("No unit has this code, neither in the file nor in the portal.")
    elif stored.is_closed(parent):
        message = _("%(unit)s has been dissolved.") % {"unit": stored.units[parent]}
    elif wanted.kind is None:
        if above != UnitKind.STREET_COMMITTEE:
            message = _("A community lies in a street or a town.")
    elif above not in MAY_STAND_UNDER[kinds[row.code]]:
        message = _("A unit of the kind “%(kind)s” can't stand below “%(above)s”.") % {
            "kind": kinds[row.code].label,
            "above": above.label,
        }
    return [RowError(row.number, "parent_code", parent, message)] if message else []


def _unlike(wanted: Wanted, kinds: dict[str, UnitKind], stored: Stored) -> list[RowError]:
    """Whether the row would make something else of a unit, or cover a community twice."""
    row = wanted.row
    message = ""
    if wanted.kind and row.code in stored.units:
        old, new = UnitKind(stored.units[row.code].kind), kinds[row.code]
        if MAY_STAND_UNDER[old] != MAY_STAND_UNDER[new]:
            message = _("This unit is of the kind “%(old)s”; it can't become “%(new)s”.") % {
                "old": old.label,
                "new": new.label,
            }
    elif wanted.kind in COMMUNITY_KINDS and getattr(
        stored.areas.get(row.code), "is_covered", False
    ):
        message = _("This community has its organisation already, under another code.")
    return [RowError(row.number, "level", row.level, message)] if message else []


def _misfits(plan: Plan, kinds: dict[str, UnitKind]) -> list[RowError]:
    """Units whose kind the file changes though what stands below them could not stay."""
    stored = plan.stored
    own = [wanted for wanted in plan.wanted if wanted.kind and wanted.row.code in stored.units]
    changed = {
        stored.units[wanted.row.code].pk: wanted.row
        for wanted in own
        if stored.units[wanted.row.code].kind != kinds[wanted.row.code]
    }
    moving = {
        wanted.row.code
        for wanted in own
        if wanted.row.parent_code != stored.parent_code(wanted.row.code)
    }
    misfit: set[int] = set()
    for parent, code, kind in _below(sorted(changed)):
        above = kinds[changed[parent].code]
        if code not in moving and above not in MAY_STAND_UNDER[kinds.get(code, UnitKind(kind))]:
            misfit.add(parent)
    message = _("Units stand below it that can't stand below a unit of that kind.")
    return [
        RowError(changed[parent].number, "level", changed[parent].level, message)
        for parent in sorted(misfit)
    ]


def _below(parents: list[int]) -> Iterator[tuple[int, str, str]]:
    for start in range(0, len(parents), CHUNK):
        below = Unit.objects.filter(
            parent__in=parents[start : start + CHUNK], dissolved_on__isnull=True
        )
        for unit in below.only("parent_id", "code", "kind"):
            yield unit.parent_id or 0, unit.code, unit.kind
