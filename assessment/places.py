"""Units as pages need them: one plain row each, from one query."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext

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
    def own_name(self) -> str:
        """What the unit is called where it stands among those below it."""
        return gettext("%(unit)s itself") % {"unit": self.name}


def places_of(units: UnitQuerySet, *, on: date) -> list[Place]:
    """The units that exist on some day of the year up to `on`, in the order of the tree."""
    return [Place._make(row) for row in place_rows(units, on=on)]


def place_rows(units: UnitQuerySet, *, on: date) -> QuerySet:
    """The same as plain rows."""
    begun = units.on(on) | units.filter(dissolved_on__year=on.year, dissolved_on__lt=on)
    return begun.order_by("path").values_list("pk", "code", "name", "kind", "path", "contact")
