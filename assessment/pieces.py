"""The matrix in pieces: each street is drawn once for each state of its verdicts.

What a piece shows depends on its units, the day each was judged, and the filters; as long as none
of them changes the piece is kept in this process and neither read, summed nor drawn again. A piece
holds sums and finished HTML, never anything of who asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter

from django.http import QueryDict
from django.utils.translation import get_language

from assessment.calls import CallFor, call_for
from assessment.columns import Column, Newest, newest_periods
from assessment.dashboards import (
    Board,
    Cell,
    Group,
    Line,
    sum_lines,
    together,
)
from assessment.places import Ground, Place
from assessment.shelf import Whole, shelf
from assessment.stamps import Stamper
from assessment.terms import Status
from assessment.unit_lines import Read, Said, said_by_units
from assessment.verdicts import Versions


@dataclass(frozen=True, slots=True)
class Piece:
    """A street (or county) of the matrix, drawn."""

    path: str
    html: bytes
    """Empty where the filter by status leaves nothing of it."""
    sums: tuple[Cell, ...]
    units: int
    calls: tuple[CallFor, ...]
    """Which of its units need a call, the most urgent first."""


@dataclass(frozen=True)
class Asked:
    """What the page is asked for: all that is the same for every piece."""

    columns: Sequence[Column]
    on: date
    is_today: bool
    status: Status | None
    opened: frozenset[str]
    query: QueryDict
    above: Mapping[str, str] = field(default_factory=dict)
    """The names of all units that somebody may stand under, by path."""

    @cached_property
    def key(self) -> Whole:
        return Whole((self.lines_key, self.is_today, self.query.urlencode()))

    @cached_property
    def lines_key(self) -> Whole:
        """What a unit's own line depends on beside the unit."""
        columns = tuple((*column.key, column.note) for column in self.columns)
        return Whole((get_language(), columns, self.on))

    @cached_property
    def stamper(self) -> Stamper:
        return Stamper(self.on, is_today=self.is_today)

    @cached_property
    def newest(self) -> Newest:
        return newest_periods(self.columns, self.on)


def board_in_pieces(
    ground: Ground,
    heads: Mapping[str, Place],
    asked: Asked,
    read: Read,
    versions: Versions | None,
) -> tuple[Board, list[Piece]]:
    """The matrix of the units of `ground`, and all pieces of it; `heads` by path.

    `read` is asked only for the verdicts of units that were judged anew.
    `versions` None: nothing is kept, since nobody knows whether the verdicts have changed.
    """
    groups = ground.groups
    several = len(groups) > 1
    around = (asked.key, several)
    keys = {
        path: (
            *around,
            heads.get(path),
            _above(ground, path, asked),
            group,
            _states(group, versions),
        )
        for path, group in groups.items()
    }
    pieces = {path: shelf.get(key) if versions else None for path, key in keys.items()}
    missing = {path: groups[path].parts for path, piece in pieces.items() if piece is None}
    if missing:
        said = said_by_units(
            missing, asked.columns, asked.newest, read, key=asked.lines_key, versions=versions
        )
        for path, units in said.items():
            piece = _draw(units, heads.get(path), asked, several=several)
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


def _above(ground: Ground, path: str, asked: Asked) -> Hashable:
    """What the units of a group stand under, as far as it is seen; it need not be shown itself."""
    return tuple([asked.above.get(parent) for parent in ground.parents[path]])


def _states(group: Whole, versions: Versions | None) -> Hashable:
    return tuple([versions.get(place.pk) for place in group.parts]) if versions else ()


def _draw(units: Sequence[Said], head: Place | None, asked: Asked, *, several: bool) -> Piece:
    lines = [unit.line for unit in units if unit.line]
    kept = [line for line in lines if asked.status is None or line.statuses[asked.status]]
    calls = [
        call_for(unit.place, unit.causes, asked.columns, asked.above)
        for unit in units
        if unit.causes
    ]
    sums = sum_lines(lines, asked.columns)
    shown = sums if len(kept) == len(lines) else sum_lines(kept, asked.columns)
    html = _html(kept, shown, head, asked, several=several) if kept else ""
    return Piece(
        head.path if head else units[0].place.path,
        html.encode(),
        sums,
        len(lines),
        tuple(sorted(calls, key=attrgetter("urgency"))),
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
    group = Group(place, Line(place, sums), tuple(lines), is_open, head is None)
    stamper = asked.stamper
    rows = "".join(_rows(group, stamper))
    is_filtered = asked.status is not None
    toggle = _toggle(place.code, asked)
    return stamper.group(group, rows, toggle, several=several, is_filtered=is_filtered)


def _rows(group: Group, stamper: Stamper) -> Iterable[str]:
    """The units' own lines, where the group is open or has nothing to fold."""
    if group.is_flat:
        for line in group.lines:
            yield stamper.row(line, line.place.name, "mx-group")
    elif group.is_open:
        for line in group.lines:
            is_itself = line.place.pk == group.place.pk
            name = line.place.own_name if is_itself else line.place.name
            yield stamper.row(line, name, "mx-line")


def _toggle(code: str, asked: Asked) -> str:
    """The address at which this group is open if it is closed, and closed if it is open."""
    query = asked.query.copy()
    query.setlist("open", sorted(asked.opened ^ {code}))
    return f"?{query.urlencode()}"
