"""The units: real place names, with a few invented branches below."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from assessment.demo.habits import EXEMPLARY, LATE, STEADY, draw
from assessment.demo.scene import Scene
from assessment.demo.sizes import Size
from organizations.choices import BRANCH_KINDS, UnitChange, UnitKind
from organizations.models import Area, Unit, UnitEvent
from organizations.pinyin import spell

FOLDER = Path(settings.BASE_DIR) / "organizations" / "data"


@dataclass
class CountyRows:
    """The rows of one county in the file of units."""

    code: str
    name: str
    streets: list[tuple[str, str]] = field(default_factory=list)
    communities: list[tuple[str, str, str]] = field(default_factory=list)
    """Code, name, code of the street."""


def read(size: Size) -> list[CountyRows]:
    """The counties of the file, with no more streets each than the size allows."""
    counties: dict[str, CountyRows] = {}
    with (FOLDER / size.file).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["level"] == "county":
                counties[row["code"]] = CountyRows(row["code"], row["name"])
                continue
            county = counties[row["code"][:6]]
            if row["level"] == "street":
                if size.streets is None or len(county.streets) < size.streets:
                    county.streets.append((row["code"], row["name"]))
            elif any(row["parent_code"] == code for code, _name in county.streets):
                county.communities.append((row["code"], row["name"], row["parent_code"]))
    return list(counties.values())


def found(scene: Scene, rows: CountyRows) -> list[Unit]:
    """Write the units of the county, from the top down, each with its habits; all of them."""
    (county,) = _write([_unit(rows.code, rows.name, UnitKind.COUNTY_COMMITTEE, None)])
    streets = _write(
        _unit(code, name, UnitKind.STREET_COMMITTEE, county) for code, name in rows.streets
    )
    street_of = {street.code: street for street in streets}
    communities = _write(_communities(scene, rows, street_of))
    branches = _write(_branches(scene, communities))
    for unit in communities:
        if unit.kind == UnitKind.COMMUNITY_GENERAL_BRANCH:
            scene.batch.add(_upgrade(scene, unit))
    units = [county, *streets, *communities, *branches]
    for number, unit in enumerate(units):
        scene.habits[unit.code] = draw(scene.dice)
        if unit in streets:
            scene.habits[unit.code] = (EXEMPLARY, STEADY, LATE)[number % 3]
    if communities:
        scene.habits[communities[0].code] = STEADY  # the demo secretary's: something is left to do
    return units


def _communities(scene: Scene, rows: CountyRows, street_of: dict[str, Unit]) -> list[Unit]:
    areas = Area.objects.bulk_create(
        Area(code=code, name=name, street=street_of[street])
        for code, name, street in rows.communities
    )
    made = []
    for number, area in enumerate(areas):
        kind = UnitKind.COMMUNITY_BRANCH
        if number % 12 == 5:
            kind = UnitKind.COMMUNITY_GENERAL_BRANCH
        unit = _unit(area.code, area.name, kind, street_of[area.street.code], area=area)
        unit.address = f"{rows.name}{area.street.name}{scene.dice.randrange(1, 300)}号"
        if scene.chance(0.1):
            unit.established_on = scene.day_between(scene.start, scene.today)
        elif scene.chance(0.3):
            unit.established_on = scene.start.replace(
                year=scene.start.year - scene.dice.randrange(1, 15)
            )
        made.append(unit)
    if made:
        made[0].established_on = None
        # A new quarter that no organisation covers yet: its name is invented.
        last = street_of[rows.streets[-1][0]]
        Area.objects.create(code=f"{last.code}990", name="新苑社区（筹建）", street=last)
    return made


def _branches(scene: Scene, communities: list[Unit]) -> list[Unit]:
    made = []
    for number, unit in enumerate(communities):
        if unit.kind == UnitKind.COMMUNITY_GENERAL_BRANCH:
            stem = unit.name.removesuffix("居民委员会")
            made += [
                _unit(f"{unit.code}0{part}", f"{stem}{name}党支部", UnitKind.BRANCH, unit)
                for part, name in enumerate(("第一", "第二", "第三"), start=1)
            ]
        elif number % 10 == 3:
            made.append(
                _unit(f"{unit.code}11", "兴达商贸公司党支部", UnitKind.ENTERPRISE_BRANCH, unit)
            )
        elif number % 18 == 7:
            made.append(
                _unit(f"{unit.code}21", "夕阳红志愿者协会党支部", UnitKind.SOCIAL_BRANCH, unit)
            )
    if made:
        gone = made[-1]
        gone.established_on = scene.start
        gone.dissolved_on = scene.day_between(scene.start, scene.today)
    return made


def _upgrade(scene: Scene, unit: Unit) -> UnitEvent:
    on = unit.established_on or scene.start
    return UnitEvent(
        unit=unit,
        change=UnitChange.UPGRADED,
        on=scene.day_between(on, scene.today),
        before={"kind": UnitKind.COMMUNITY_BRANCH.value},
        after={"kind": UnitKind.COMMUNITY_GENERAL_BRANCH.value},
    )


def _unit(
    code: str, name: str, kind: UnitKind, parent: Unit | None, *, area: Area | None = None
) -> Unit:
    above = parent.path if parent else ""
    return Unit(
        code=code,
        name=name,
        pinyin=spell(name),
        kind=kind,
        parent=parent,
        path=f"{above}{code}/",
        area=area,
    )


def _write(units: Iterable[Unit]) -> list[Unit]:
    return Unit.objects.bulk_create(units)


def has_own_members(unit: Unit) -> bool:
    """Not the county; nor a general branch, whose members belong to the branches below it."""
    return unit.kind in {
        UnitKind.STREET_COMMITTEE,
        UnitKind.COMMUNITY_BRANCH,
        *BRANCH_KINDS,
    }
