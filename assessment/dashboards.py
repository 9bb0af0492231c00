"""Units and rules as a matrix: plain rows for the dashboard, its rule pages and its download."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from assessment.columns import Column
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, clause_name
from assessment.places import Place
from assessment.rollup import URGENT_FIRST, Tally, added, rollup, tally_of
from assessment.terms import Status
from assessment.verdict_rows import Row

CALLING = (Status.MISSED, Status.DUE, Status.BEHIND, Status.UNKNOWN)
"""The statuses in which somebody has to do something."""

NOBODY = Tally()

Newest = Mapping[tuple[str, str], Period | None]
"""Of each rule its newest period that has begun; None where it has no calendar periods."""


class Cell(NamedTuple):
    """What a unit, or several together, show for one rule: the newest begun period of each."""

    column: Column
    tally: Tally = NOBODY
    row: Row | None = None
    """The verdict, where the cell is of one alone; `place` is whose it is."""
    place: Place | None = None
    missed_before: int = 0
    """Earlier periods of the year that were missed."""

    @property
    def status(self) -> Status:
        """The most urgent that occurs; not applicable where nothing does."""
        return self.tally.status

    @property
    def mark(self) -> Mark:
        return MARKS[self.status]

    @property
    def calling(self) -> list[tuple[Mark, int]]:
        """What calls for somebody, the most urgent first."""
        counts = self.tally.by_status
        return [(MARKS[status], counts[status]) for status in CALLING if counts[status]]

    @property
    def is_calm(self) -> bool:
        return self.status not in CALLING and not self.missed_before

    @property
    def is_empty(self) -> bool:
        """The rule asks nobody here."""
        return self.tally.asks_nobody

    @property
    def says_nothing(self) -> bool:
        return self.tally.asks_nobody and not self.missed_before


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the matrix: a unit alone, or with all below it."""

    place: Place
    cells: tuple[Cell, ...]

    @property
    def statuses(self) -> Counter[Status]:
        """How many verdicts have which status."""
        return _count(self.cells)

    @property
    def calling(self) -> list[tuple[Mark, int]]:
        """What calls for somebody, the most urgent first."""
        counts = self.statuses
        return [(MARKS[status], counts[status]) for status in CALLING if counts[status]]

    @property
    def missed_before(self) -> int:
        return sum(cell.missed_before for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Group:
    """A street (or county) with what is below it. `lines` are the units alone, itself first."""

    place: Place
    whole: Line
    lines: tuple[Line, ...]
    is_open: bool
    is_headless: bool
    """The reader doesn't see what these units stand under: they are shown without a head."""

    @property
    def is_flat(self) -> bool:
        """Nothing to fold: a unit that nothing stands under, or units without a head."""
        return self.is_headless or [line.place for line in self.lines] == [self.place]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole matrix; `total` sums the units shown, whatever their statuses."""

    columns: tuple[Column, ...]
    groups: Sequence[Any]
    """Each a Group, or a piece made of one."""
    total: tuple[Cell, ...]
    units: int
    """How many units are judged, before the filter by status."""

    @property
    def statuses(self) -> Counter[Status]:
        return _count(self.total)

    @property
    def counts(self) -> list[tuple[Mark, int]]:
        """How many verdicts have each status, the most urgent first; none where nothing applies."""
        counts = self.statuses
        shown = (status for status in URGENT_FIRST if status is not Status.NOT_APPLICABLE)
        return [(MARKS[status], counts[status]) for status in shown if counts[status]]

    @property
    def clauses(self) -> list[tuple[str, int]]:
        """The clauses in order, each with how many columns it has."""

        def place(column: Column) -> tuple[str, str]:
            return column.rulebook, clause_name(column.rule, short=True)

        groups = groupby(self.columns, key=place)
        return [(clause, len(list(columns))) for (_book, clause), columns in groups]


@dataclass
class _Gathered:
    """Verdicts for one rule, by unit."""

    period: Period | None
    """The newest one; None where the rule has no calendar periods."""
    newest: dict[int, list[Row]] = field(default_factory=dict)
    missed_before: Counter[int] = field(default_factory=Counter)


def build_board(
    places: Sequence[Place],
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    on: date,
    opened: Collection[str] = (),
    status: Status | None = None,
    heads: Sequence[Place] = (),
) -> Board:
    """The matrix of `places` (in the order of the tree); `status` keeps the units that have it.

    `heads` may name what they stand under, where that is not itself shown.
    """
    lines = lines_of(places, rows, columns, newest_periods(columns, on))
    kept = [line for line in lines if status is None or line.statuses[status]]
    return Board(
        tuple(columns),
        tuple(_groups(kept, heads or places, opened, is_open=status is not None)),
        sum_lines(lines, columns),
        len(lines),
    )


def lines_of(
    places: Sequence[Place], rows: Iterable[Row], columns: Sequence[Column], newest: Newest
) -> list[Line]:
    """A line for each unit of which some rule says something."""
    gathered = _gather(rows, newest)
    across = [_cells(places, Cell(column), gathered[column.key]) for column in columns]
    by_unit = zip(*across, strict=True) if across else [()] * len(places)
    lines = (Line(place, cells) for place, cells in zip(places, by_unit, strict=True))
    return [line for line in lines if not all(cell.says_nothing for cell in line.cells)]


def newest_periods(columns: Iterable[Column], on: date) -> Newest:
    return {column.key: column.newest_period(on) for column in columns}


def _gather(rows: Iterable[Row], newest: Newest) -> dict[tuple[str, str], _Gathered]:
    gathered = {key: _Gathered(period) for key, period in newest.items()}
    for row in rows:
        found = gathered.get((row.rulebook, row.rule_id))
        if found is None:
            continue
        if found.period is None or row.period == found.period:
            found.newest.setdefault(row.unit, []).append(row)
        elif row.status is Status.MISSED:
            found.missed_before[row.unit] += 1
    return gathered


def _cells(places: Sequence[Place], blank: Cell, found: _Gathered) -> list[Cell]:
    """A column of cells; `blank` itself stands where there is no verdict."""
    column, newest, missed = blank.column, found.newest, found.missed_before
    cells = []
    for place in places:
        rows = newest.get(place.pk)
        if rows is None:
            before = missed.get(place.pk, 0)
            cells.append(Cell(column, NOBODY, None, place, before) if before else blank)
        elif len(rows) == 1:
            row = rows[0]
            tally = tally_of(row.status, row.value, row.target)
            cells.append(Cell(column, tally, row, place, missed.get(place.pk, 0)))
        else:
            cells.append(Cell(column, rollup(rows), None, place, missed.get(place.pk, 0)))
    return cells


def sum_lines(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Cell, ...]:
    """For each rule the lines' cells as one."""
    return tuple(
        together(column, [line.cells[index] for line in lines])
        for index, column in enumerate(columns)
    )


def together(column: Column, cells: Iterable[Cell]) -> Cell:
    """Several units' cells as one; the cell itself where only one of them is asked."""
    said = [cell for cell in cells if cell.tally is not NOBODY or cell.missed_before]
    asked = [cell for cell in said if not cell.tally.asks_nobody]
    only = asked[0] if len(asked) == 1 else None
    return Cell(
        column,
        added(cell.tally for cell in said),
        only and only.row,
        only and only.place,
        sum(cell.missed_before for cell in said),
    )


def _count(cells: Iterable[Cell]) -> Counter[Status]:
    return added(cell.tally for cell in cells).by_status


def head_path(place: Place, depth: int) -> str:
    """Where the group of the place stands; `depth` 1: by county, 2: by street."""
    return "/".join(place.path.rstrip("/").split("/")[:depth]) + "/"


def depth_of_groups(places: Iterable[Place]) -> int:
    """By county where there are several counties."""
    return 1 if len({place.county_code for place in places}) > 1 else 2


def _groups(
    lines: Sequence[Line], places: Sequence[Place], opened: Collection[str], *, is_open: bool
) -> Iterable[Group]:
    """The lines by the unit that they stand under."""
    heads = {place.path: place for place in places}
    depth = depth_of_groups(places)
    members: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        members[head_path(line.place, depth)].append(line)
    for path, group in members.items():
        head = heads.get(path, group[0].place)
        whole = Line(head, sum_lines(group, [cell.column for cell in group[0].cells]))
        shown = is_open or len(members) == 1 or head.code in opened
        yield Group(head, whole, tuple(group), shown, path not in heads)
