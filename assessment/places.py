"""Units as pages need them: one plain row each, from one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext

from assessment.shelf import CHOICES_KEPT, Shelf, Whole, grounds
from assessment.statements import Rows
from organizations.choices import UnitKind
from organizations.querysets import UnitQuerySet


class Place(NamedTuple):
    """A unit. `depth` is 0 for a county, 1 for a street, 2 for a community."""

    pk: int
    code: str
    name: str
    kind: str
    path: str
    contact: str = ""

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1

    @property
    def kind_name(self) -> str:
        return str(UnitKind(self.kind).label)

    @property
    def county_code(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def parent_path(self) -> str:
        return self.path.rstrip("/").rpartition("/")[0] + "/"

    @property
    def own_name(self) -> str:
        """What the unit is called where it stands among those below it."""
        return gettext("%(unit)s itself") % {"unit": self.name}


@dataclass(frozen=True, eq=False)
class Ground:
    """Units in the order of the tree, with what pages reckon of them: once, however often asked."""

    places: tuple[Place, ...]
    kept: Shelf[Any] = field(default_factory=lambda: Shelf(CHOICES_KEPT))
    """What somebody chose among them (reach_views.py)."""

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def counties(self) -> frozenset[str]:
        return frozenset(place.county_code for place in self.places)

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(place.kind for place in self.places)

    @cached_property
    def names(self) -> dict[str, str]:
        """By path."""
        return {place.path: place.name for place in self.places}

    @cached_property
    def by_path(self) -> dict[str, Place]:
        return {place.path: place for place in self.places}

    @cached_property
    def groups(self) -> dict[str, Whole]:
        """By the path of the street (county, where there are several) that they stand under."""
        members: dict[str, list[Place]] = defaultdict(list)
        depth = depth_of_groups(self.places)
        for place in self.places:
            members[head_path(place, depth)].append(place)
        return {path: Whole(tuple(places)) for path, places in members.items()}

    @cached_property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """Of each group the paths of all that its units stand directly under."""
        return {
            path: tuple(sorted({place.parent_path for place in group.parts}))
            for path, group in self.groups.items()
        }

    def only(self, top: Place | None, kind: str) -> Ground:
        """One of them and those below it, or those of one kind."""
        if top is None and not kind:
            return self
        path = top.path if top else ""
        places = (place for place in self.places if place.path.startswith(path))
        return Ground(tuple(place for place in places if kind in {"", place.kind}))


def ground_of(rows: Rows) -> Ground:
    """The units of these rows (`place_rows`); the same thing again while they say the same."""
    key = tuple(rows)
    ground = grounds.get(key)
    if ground is None:
        ground = Ground(tuple(map(Place._make, rows)))
        grounds.put(key, ground)
    return ground


def head_path(place: Place, depth: int) -> str:
    """Where the group of the place stands; `depth` 1: by county, 2: by street."""
    return "/".join(place.path.split("/", depth)[:depth]) + "/"


def depth_of_groups(places: Iterable[Place]) -> int:
    """By county where there are several counties."""
    return 1 if len({place.county_code for place in places}) > 1 else 2


def places_of(units: UnitQuerySet, *, on: date) -> list[Place]:
    """The units that exist on some day of the year up to `on`, in the order of the tree."""
    return [Place._make(row) for row in place_rows(units, on=on)]


def place_rows(units: UnitQuerySet, *, on: date) -> QuerySet:
    """The same as plain rows."""
    begun = units.on(on) | units.filter(dissolved_on__year=on.year, dissolved_on__lt=on)
    return begun.order_by("path").values_list("pk", "code", "name", "kind", "path", "contact")
