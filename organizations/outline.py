"""The tree as a page shows it: which units are drawn, and what stands below each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import User
from organizations.access import paths_for
from organizations.actions import Action
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

WHOLE_UP_TO = 300
"""A reach of so many units is drawn whole at once; of a larger one what is asked for."""
WIDE = {UnitKind.COUNTY_COMMITTEE, UnitKind.STREET_COMMITTEE}


@dataclass(slots=True)
class Node:
    """A unit in the tree. Not `is_loaded`: what stands below it is fetched when it is opened."""

    unit: Unit
    communities: int | None = None
    """How many communities with an organisation stand below; None where that says nothing."""
    is_open: bool = False
    is_loaded: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def has_children(self) -> bool:
        return self.unit.has_below  # type: ignore[attr-defined]


def outline(user: User, *, on: date, opened: str = "") -> list[Node]:
    """The tops of what `user` sees on `on`, opened down to the unit with the code `opened`."""
    units = _units(user, on)
    tops = paths_for(user, Action.VIEW)
    if units.count() <= WHOLE_UP_TO:
        shown = list(units)
        loaded = {unit.pk for unit in shown}
        at = next((unit.path for unit in shown if unit.code == opened), "")
    else:
        at = units.filter(code=opened).values_list("path", flat=True).first() or ""
        if not at and len(tops) == 1:
            at = tops[0]
        shown, loaded = _along(units, tops, at)
    nodes = _nodes(shown, loaded, units)
    for node in nodes.values():
        node.is_open = node.is_loaded and (
            at.startswith(node.unit.path) or (len(tops) == 1 and node.unit.path == tops[0])
        )
    return _hung(nodes)


def below(user: User, unit: Unit, *, on: date) -> list[Node]:
    """The nodes right below `unit`."""
    units = _units(user, on)
    nodes = _nodes(list(units.filter(parent=unit)), set(), units)
    return list(nodes.values())


def _units(user: User, on: date) -> UnitQuerySet:
    children = Unit.objects.on(on).filter(parent=OuterRef("pk"))
    return (
        Unit.objects.visible_to(user).on(on).annotate(has_below=Exists(children)).order_by("path")
    )


def _along(units: UnitQuerySet, tops: list[str], at: str) -> tuple[list[Unit], set[int]]:
    """The tops, the units on the way to `at`, and all that stand right below those."""
    codes = at.rstrip("/").split("/")
    way = {"/".join(codes[:number]) + "/" for number in range(1, len(codes) + 1)}
    loaded = list(units.filter(path__in=way).values_list("pk", flat=True))
    shown = units.filter(path__in=tops) | units.filter(parent__in=loaded)
    return list(shown), set(loaded)


def _nodes(shown: Iterable[Unit], loaded: set[int], units: UnitQuerySet) -> dict[int, Node]:
    nodes = {unit.pk: Node(unit, is_loaded=unit.pk in loaded) for unit in shown}
    wide = [node.unit for node in nodes.values() if node.unit.kind in WIDE]
    counts = _communities(wide, units) if wide else Counter()
    for unit in wide:
        nodes[unit.pk].communities = counts[unit.path]
    return nodes


def _communities(wide: list[Unit], units: UnitQuerySet) -> Counter[str]:
    """Communities with an organisation, by the path of each unit above them: one query."""
    within = units.filter(kind__in=COMMUNITY_KINDS)
    if len(wide) < 50:
        within = within.under(*(unit.path for unit in wide))
    counts: Counter[str] = Counter()
    for path in within.values_list("path", flat=True):
        codes = path.split("/")
        counts.update("/".join(codes[:number]) + "/" for number in (1, 2))
    return counts


def _hung(nodes: dict[int, Node]) -> list[Node]:
    """Each node below its own; what has no superior here is a top."""
    tops: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id or 0)
        (above.children if above else tops).append(node)
    return tops
