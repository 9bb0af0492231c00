"""The matrix in pieces: each street is drawn once for each state of its verdicts.

What a piece shows depends on its units, the day each was judged, and the filters; as long as none
of them changes the piece is kept in this process and neither read, summed nor drawn again. A piece
holds sums and finished HTML, never anything of who asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import get_language

from assessment.columns import Column
from assessment.dashboards import (
    Board,
    Cell,
    Group,
    Line,
    depth_of_groups,
    head_path,
    lines_of,
    sum_lines,
    together,
)
from assessment.models import UnitAssessment
from assessment.months import NEEDS_A_CALL
from assessment.places import Place
from assessment.shelf import shelf
from assessment.terms import Status
from assessment.verdict_rows import Row
from organizations.querysets import UnitQuerySet


@dataclass(frozen=True, slots=True)
class Piece:
    """A street (or county) of the matrix, drawn."""

    path: str
    html: str
    """Empty where the filter by status leaves nothing of it."""
    sums: tuple[Cell, ...]
    units: int
    calling: tuple[Row, ...]
    """The verdicts for which somebody should be called, of the newest periods."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked for: all that is the same for every piece."""

    columns: Sequence[Column]
    on: date
    is_today: bool
    status: Status | None
    opened: frozenset[str]
    query: QueryDict

    @property
    def key(self) -> Hashable:
        columns = tuple(column.key for column in self.columns)
        return get_language(), columns, self.on, self.is_today, self.query.urlencode()


Versions = Mapping[int, tuple[int, datetime]]


def versions_of(units: UnitQuerySet) -> Versions:
    """The judgement that each unit has: another one whenever a verdict of it may have changed."""
    judged = UnitAssessment.objects.filter(unit__in=units.order_by().values("pk"))
    rows = judged.order_by("unit_id").values_list("unit_id", "pk", "computed_at")
    return {unit: (pk, judged_at) for unit, pk, judged_at in rows}


def board_in_pieces(
    places: Sequence[Place],
    heads: Sequence[Place],
    asked: Asked,
    read: Callable[[list[Place]], Iterable[Row]],
    versions: Versions | None,
) -> tuple[Board, list[Piece]]:
    """The matrix of `places`, and all pieces of it.

    `read` is asked only for the verdicts of pieces that have to be drawn.
    `versions` None: nothing is kept, since nobody knows whether the verdicts have changed.
    """
    members: dict[str, list[Place]] = defaultdict(list)
    depth = depth_of_groups(places)
    for place in places:
        members[head_path(place, depth)].append(place)
    several = len(members) > 1
    keys = {path: _key(group, asked, several, versions) for path, group in members.items()}
    pieces = {path: shelf.get(key) if versions else None for path, key in keys.items()}
    missing = [path for path, piece in pieces.items() if piece is None]
    if missing:
        by_path = {head.path: head for head in heads}
        rows = _by_group(read, members, missing)
        for path in missing:
            piece = _draw(members[path], by_path.get(path), rows[path], asked, several=several)
            pieces[path] = piece
            if versions:
                shelf.put(keys[path], piece)
    drawn = [piece for piece in pieces.values() if piece is not None]
    total = tuple(
        together(column, [piece.sums[index] for piece in drawn])
        for index, column in enumerate(asked.columns)
    )
    shown = [piece for piece in drawn if piece.html]
    units = sum(piece.units for piece in drawn)
    return Board(tuple(asked.columns), shown, total, units), drawn


def _key(
    group: Sequence[Place], asked: Asked, several: bool, versions: Versions | None
) -> Hashable:
    states = tuple((place, versions.get(place.pk)) for place in group) if versions else ()
    return asked.key, several, states


def _by_group(
    read: Callable[[list[Place]], Iterable[Row]],
    members: Mapping[str, list[Place]],
    missing: Collection[str],
) -> dict[str, list[Row]]:
    group_of = {place.pk: path for path in missing for place in members[path]}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in read([place for path in missing for place in members[path]]):
        if row.unit in group_of:
            rows[group_of[row.unit]].append(row)
    return rows


def _draw(
    places: Sequence[Place],
    head: Place | None,
    rows: Sequence[Row],
    asked: Asked,
    *,
    several: bool,
) -> Piece:
    lines = lines_of(places, rows, asked.columns, on=asked.on)
    kept = [line for line in lines if asked.status is None or line.statuses[asked.status]]
    sums = sum_lines(lines, asked.columns)
    shown = sums if len(kept) == len(lines) else sum_lines(kept, asked.columns)
    return Piece(
        head.path if head else places[0].path,
        _html(kept, shown, head, asked, several=several) if kept else "",
        sums,
        len(lines),
        tuple(_calling(rows, asked)),
    )


def _html(
    lines: Sequence[Line],
    sums: tuple[Cell, ...],
    head: Place | None,
    asked: Asked,
    *,
    several: bool,
) -> str:
    place = head or lines[0].place
    is_open = asked.status is not None or not several or place.code in asked.opened
    context: dict[str, Any] = {
        "group": Group(place, Line(place, sums), tuple(lines), is_open, head is None),
        "several": several,
        "status": asked.status,
        "on": asked.on,
        "is_today": asked.is_today,
        "toggle": _toggle(place.code, asked),
    }
    return render_to_string("assessment/matrix_group.html", context)


def _toggle(code: str, asked: Asked) -> str:
    """The address at which this group is open if it is closed, and closed if it is open."""
    query = asked.query.copy()
    query.setlist("open", sorted(asked.opened ^ {code}))
    return f"?{query.urlencode()}"


def _calling(rows: Iterable[Row], asked: Asked) -> Iterable[Row]:
    newest = {column.key: column.newest_period(asked.on) for column in asked.columns}
    for row in rows:
        key = (row.rulebook, row.rule_id)
        if row.status in NEEDS_A_CALL and newest.get(key, row) in {None, row.period}:
            yield row
