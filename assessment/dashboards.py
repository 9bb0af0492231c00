"""Units and rules as a matrix: plain rows for the dashboard, its rule pages and its download."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from assessment.columns import Column
from assessment.phrases import MARKS, Mark
from assessment.places import Place
from assessment.rollup import Tally, rollup
from assessment.terms import ZERO, Status
from assessment.verdict_rows import Row

URGENT_FIRST = (
    Status.MISSED,
    Status.DUE,
    Status.BEHIND,
    Status.UNKNOWN,
    Status.ON_TRACK,
    Status.MET,
    Status.SHOWN,
    Status.NOT_APPLICABLE,
)
CALLING = (Status.MISSED, Status.DUE, Status.BEHIND, Status.UNKNOWN)
"""The statuses in which somebody has to do something."""

NOBODY = Tally()


@dataclass(frozen=True, slots=True)
class Cell:
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
        found = (status for status in URGENT_FIRST if self.tally.by_status[status])
        return next(found, Status.NOT_APPLICABLE)

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
        return self.tally.by_status.keys() <= {Status.NOT_APPLICABLE}

    @property
    def says_nothing(self) -> bool:
        return self.is_empty and not self.missed_before


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
        groups = groupby(self.columns, key=lambda column: (column.rulebook, column.rule.clause))
        return [(clause, len(list(columns))) for (_book, clause), columns in groups]


@dataclass
class _Gathered:
    """Verdicts of one unit for one rule."""

    newest: list[Row] = field(default_factory=list)
    missed_before: int = 0


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
    lines = lines_of(places, rows, columns, on=on)
    kept = [line for line in lines if status is None or line.statuses[status]]
    return Board(
        tuple(columns),
        tuple(_groups(kept, heads or places, opened, is_open=status is not None)),
        sum_lines(lines, columns),
        len(lines),
    )


def lines_of(
    places: Iterable[Place], rows: Iterable[Row], columns: Sequence[Column], *, on: date
) -> list[Line]:
    """A line for each unit of which some rule says something."""
    gathered = _gather(rows, columns, on)
    blanks = [Cell(column) for column in columns]
    lines = (
        Line(place, tuple(_cell(place, blank, gathered) for blank in blanks)) for place in places
    )
    return [line for line in lines if not all(cell.says_nothing for cell in line.cells)]


def _gather(
    rows: Iterable[Row], columns: Sequence[Column], on: date
) -> dict[tuple[int, tuple[str, str]], _Gathered]:
    newest = {column.key: column.newest_period(on) for column in columns}
    gathered: dict[tuple[int, tuple[str, str]], _Gathered] = defaultdict(_Gathered)
    for row in rows:
        key = (row.rulebook, row.rule_id)
        if key not in newest:
            continue
        found = gathered[row.unit, key]
        if newest[key] is None or row.period == newest[key]:
            found.newest.append(row)
        elif row.status is Status.MISSED:
            found.missed_before += 1
    return gathered


def _cell(
    place: Place, blank: Cell, gathered: dict[tuple[int, tuple[str, str]], _Gathered]
) -> Cell:
    """The unit's cell in the column of `blank`, which itself stands where there is no verdict."""
    found = gathered.get((place.pk, blank.column.key))
    if found is None:
        return blank
    only = found.newest[0] if len(found.newest) == 1 else None
    return Cell(blank.column, rollup(found.newest), only, place, found.missed_before)


def sum_lines(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Cell, ...]:
    """For each rule the lines' cells as one."""
    return tuple(
        together(column, [line.cells[index] for line in lines])
        for index, column in enumerate(columns)
    )


def together(column: Column, cells: Iterable[Cell]) -> Cell:
    """Several units' cells as one; the cell itself where only one of them is asked."""
    said = [cell for cell in cells if cell.tally.by_status or cell.missed_before]
    asked = [cell for cell in said if not cell.is_empty]
    only = asked[0] if len(asked) == 1 else None
    return Cell(
        column,
        Tally(
            _count(said),
            sum((cell.tally.done for cell in said), ZERO),
            sum((cell.tally.target for cell in said), ZERO),
        ),
        only and only.row,
        only and only.place,
        sum(cell.missed_before for cell in said),
    )


def _count(cells: Iterable[Cell]) -> Counter[Status]:
    counts: Counter[Status] = Counter()
    for cell in cells:
        counts.update(cell.tally.by_status)
    return counts


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
