"""A tree map: each unit a tile as large as its membership, marked by how it stands.

The tiles lie in the order of the tree, in rows from left to right, never by size: nobody is first.
Laid out here in whole numbers and drawn as SVG by the page itself, so that it needs no script and
prints; what it shows stands in the table behind it as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext

from assessment.charts import Chart, Series
from assessment.phrases import MARKS, Mark
from assessment.places import Place
from assessment.rollup import URGENT_FIRST
from assessment.terms import Status
from members.choices import MEMBER_STAGES, Nature
from members.models import Affiliation
from organizations.querysets import UnitQuerySet

WIDE, HIGH = 1_000, 340
"""Of the picture: thousandths of its width, and pixels."""
TYPICAL_WIDTH = 1_100
"""Pixels for which the tiles are made as square as can be."""
LEAST_HIGH = 24
"""A last row lower than that is drawn in the one before it."""
MOST_TILES = 400


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit. `x` and `width` in thousandths of the picture's width, `y` and `height` pixels."""

    name: str
    number: int
    mark: Mark
    x: int
    y: int
    width: int
    height: int

    @property
    def left(self) -> str:
        return _per_cent(self.x)

    @property
    def across(self) -> str:
        return _per_cent(self.width)


@dataclass(frozen=True, slots=True)
class TreeChart(Chart):
    """A chart whose picture the page draws itself."""

    tiles: Sequence[Tile] = ()
    marks: Sequence[Mark] = ()
    """The statuses that occur, the most urgent first."""

    @property
    def table(self) -> list[list[str]]:
        head, *lines = Chart.table.fget(self)  # type: ignore[attr-defined]
        said = [str(tile.mark.words) for tile in self.tiles]
        return [
            [*head, gettext("Status")],
            *([*line, word] for line, word in zip(lines, said, strict=True)),
        ]


def tree_chart(
    units: UnitQuerySet, places: Iterable[Place], worst: Mapping[int, Status]
) -> TreeChart:
    """The units that have members, with the most urgent status of their newest verdicts."""
    numbers = members_by_unit(units)
    shown = [place for place in places if numbers.get(place.pk)]
    shown = shown if len(shown) <= MOST_TILES else []
    counted = [(place, numbers[place.pk]) for place in shown]
    statuses = [worst.get(place.pk, Status.NOT_APPLICABLE) for place in shown]
    tiles = [
        Tile(place.name, number, MARKS[status], *box)
        for (place, number), status, box in zip(
            counted, statuses, boxes_of([number for _place, number in counted]), strict=True
        )
    ]
    return TreeChart(
        "members",
        gettext("Members by unit, and how the units stand"),
        gettext(
            "Each tile is a unit, as large as its membership, in the order of the tree. Its mark "
            "is the most urgent of its verdicts of today."
        ),
        "tree",
        gettext("Organisation"),
        [place.name for place in shown],
        [Series(gettext("Members"), [number for _place, number in counted], "here")],
        tiles=tiles,
        marks=[MARKS[status] for status in URGENT_FIRST if status in statuses],
    )


def members_by_unit(units: UnitQuerySet) -> dict[int, int]:
    """Probationary and full members with an open home affiliation: one query."""
    homes = Affiliation.objects.filter(
        unit__in=units.order_by().values("pk"),
        nature=Nature.HOME,
        ended_on__isnull=True,
        person__membership__stage__in=MEMBER_STAGES,
    )
    rows = homes.order_by().values_list("unit_id").annotate(number=Count("person", distinct=True))
    return dict(rows)


def boxes_of(numbers: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of a tile for each number above 0, in their own order.

    A row takes in one more as long as its tiles become more like squares on the average. Edges are
    rounded, not sizes: tiles touch and fill the picture exactly.
    """
    boxes: list[tuple[int, int, int, int]] = []
    whole, before = sum(numbers), 0
    rest = list(numbers)
    while rest:
        row = _row(rest, whole)
        if HIGH * (sum(rest) - sum(row)) // whole < LEAST_HIGH:
            row = rest
        above, below = (HIGH * edge // whole for edge in (before, before + sum(row)))
        done = 0
        for number in row:
            left, right = (WIDE * edge // sum(row) for edge in (done, done + number))
            boxes.append((left, above, right - left, below - above))
            done += number
        before += sum(row)
        rest = rest[len(row) :]
    return boxes


def _row(numbers: Sequence[int], whole: int) -> Sequence[int]:
    for many in range(1, len(numbers)):
        if _lean(numbers[: many + 1], whole) > _lean(numbers[:many], whole):
            return numbers[:many]
    return numbers


def _lean(row: Sequence[int], whole: int) -> int:
    """How far from square the tiles of a row are on the average: 100 is square."""
    total = sum(row)
    high = max(HIGH * total // whole, 1)
    leans = []
    for number in row:
        wide = max(TYPICAL_WIDTH * number // total, 1)
        leans.append(100 * max(wide, high) // min(wide, high))
    return sum(leans) // len(leans)


def _per_cent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"


def worst_of(counted: Mapping[int, Mapping[Status, int]]) -> dict[int, Status]:
    """Of each unit the most urgent status that occurs."""
    return {
        unit: next(status for status in URGENT_FIRST if counts.get(status))
        for unit, counts in counted.items()
        if any(counts.values())
    }
