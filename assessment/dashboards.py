"""Units and rules as a matrix: plain rows for the dashboard, its rule pages and its download."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from assessment.columns import Column, Newest, newest_periods
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, clause_name, fraction
from assessment.places import Place, depth_of_groups, head_path
from assessment.rollup import URGENT_FIRST, Tally, added, tally_of
from assessment.terms import Status
from assessment.verdict_rows import Row, Told

CALLING = (Status.MISSED, Status.DUE, Status.BEHIND, Status.UNKNOWN)
"""The statuses in which somebody has to do something."""

NOBODY = Tally()


class Alone(NamedTuple):
    """What one verdict says, whoever it is of."""

    period: Period | None
    value: Decimal
    target: Decimal

    @property
    def figures(self) -> str:
        """Value of target, as short as can be."""
        return fraction(self.value, self.target)


class Cell(NamedTuple):
    """What a unit, or several together, show for one rule: the newest begun period of each.

    Units of which the same is to be said share a cell.
    """

    column: Column
    tally: Tally = NOBODY
    row: Alone | None = None
    """The verdict, where the cell is of one alone."""
    place: Place | None = None
    """Whose that is, where several were asked together; else the line tells."""
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

    first: date | None
    """With which its newest period begins; None where the rule has no calendar periods."""
    newest: dict[int, Told] = field(default_factory=dict)
    more: dict[int, list[Told]] = field(default_factory=dict)
    """Of units with several (one for each community that nobody covers) those besides."""
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
    told = [row.told for row in rows]
    lines = lines_of(places, told, columns, newest_periods(columns, on))
    kept = [line for line in lines if status is None or line.statuses[status]]
    return Board(
        tuple(columns),
        tuple(_groups(kept, heads or places, opened, is_open=status is not None)),
        sum_lines(lines, columns),
        len(lines),
    )


def lines_of(
    places: Sequence[Place], verdicts: Iterable[Told], columns: Sequence[Column], newest: Newest
) -> list[Line]:
    """A line for each unit of which some rule says something."""
    gathered = _gather(verdicts, newest)
    across = [_cells(places, Cell(column), gathered[column.key]) for column in columns]
    by_unit = zip(*across, strict=True) if across else [()] * len(places)
    lines = (Line(place, cells) for place, cells in zip(places, by_unit, strict=True))
    return [line for line in lines if not all(cell.says_nothing for cell in line.cells)]


def _gather(verdicts: Iterable[Told], newest: Newest) -> dict[tuple[str, str], _Gathered]:
    gathered = {key: _Gathered(period.first if period else None) for key, period in newest.items()}
    for told in verdicts:
        unit, _subject, book, rule, first, _last, _value, _target, status = told
        found = gathered.get((book, rule))
        if found is None:
            continue
        if found.first is None or first == found.first:
            if found.newest.setdefault(unit, told) is not told:
                found.more.setdefault(unit, []).append(told)
        elif status == Status.MISSED:
            found.missed_before[unit] += 1
    return gathered


def _cells(places: Sequence[Place], blank: Cell, found: _Gathered) -> list[Cell]:
    """A column of cells; `blank` itself stands where there is no verdict."""
    column, newest, missed = blank.column, found.newest, found.missed_before
    says = 6 if found.first else 4  # the newest period is the same for all: it needs no comparing
    shared: dict[Any, Cell] = {}
    cells = []
    for place in places:
        told, before = newest.get(place.pk), missed.get(place.pk, 0)
        key = told and told[says:], before
        cell = shared.get(key)
        if cell is None:
            cell = shared[key] = _cell(column, told, before) if told or before else blank
        cells.append(cell)
    if found.more:
        for at, place in enumerate(places):
            if place.pk in found.more:
                tallies = map(_tally, [newest[place.pk], *found.more[place.pk]])
                cells[at] = Cell(column, added(tallies), None, None, cells[at].missed_before)
    return cells


def _cell(column: Column, told: Told | None, before: int) -> Cell:
    if told is None:
        return Cell(column, NOBODY, None, None, before)
    first, last, value, target, _status = told[4:]
    period = Period(first, last) if first and last else None
    return Cell(column, _tally(told), Alone(period, value, target), None, before)


def _tally(told: Told) -> Tally:
    *_about, value, target, status = told
    return tally_of(Status(status), value, target)


def sum_lines(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[Cell, ...]:
    """For each rule the lines' cells as one."""
    places = [line.place for line in lines]
    across = zip(*(line.cells for line in lines), strict=True) if lines else [()] * len(columns)
    return tuple(
        together(column, cells, places) for column, cells in zip(columns, across, strict=True)
    )


def together(column: Column, cells: Sequence[Cell], places: Sequence[Place] | None = None) -> Cell:
    """Several units' cells as one; the cell itself where only one of them is asked.

    `places`: whose they are, where they do not tell it.
    """
    said = [at for at, cell in enumerate(cells) if not cell.tally.asks_nobody]
    only = cells[said[0]] if len(said) == 1 else None
    place = only and only.row and (places[said[0]] if places else only.place)
    tally = added(cell.tally for cell in cells if cell.tally is not NOBODY)
    before = sum([cell.missed_before for cell in cells])
    return Cell(column, tally, only and only.row, place, before)


def _count(cells: Iterable[Cell]) -> Counter[Status]:
    return added(cell.tally for cell in cells).by_status


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
