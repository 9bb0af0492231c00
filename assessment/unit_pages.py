"""One unit's rules with their periods, and what its people have to do next: rows for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.columns import Column
from assessment.dashboards import CALLING, URGENT_FIRST
from assessment.periods import Period
from assessment.phrases import arithmetic, period_name, plain, short_period_name
from assessment.places import Place
from assessment.remedies import Remedy, remedy_for
from assessment.rollup import Tally, rollup
from assessment.terms import Status
from assessment.verdict_rows import Row
from assessment.wording import phrase
from organizations.wording import listed


@dataclass(frozen=True, slots=True)
class Box:
    """One period on the strip of a year."""

    name: str
    row: Row


@dataclass(frozen=True, slots=True)
class Card:
    """A rule as it stands at one unit."""

    column: Column
    row: Row
    """The newest period."""
    boxes: tuple[Box, ...]
    missed: tuple[Row, ...]
    """Earlier periods of the year that were missed."""
    below: Tally
    """The same rule at the branches below."""

    @property
    def asks(self) -> str:
        return phrase(self.column.rule.asks)

    @property
    def period_name(self) -> str:
        return period_name(self.column.rule.cycle, self.row.period)

    @property
    def arithmetic(self) -> list[str]:
        return arithmetic(self.column.rule, self.row)

    @property
    def shows_bar(self) -> bool:
        """Whether there is more than yes and no to show."""
        return self.row.target > 1

    @property
    def value(self) -> str:
        return plain(self.row.value)

    @property
    def target(self) -> str:
        return plain(self.row.target)

    @property
    def is_strip(self) -> bool:
        return len(self.boxes) > 1


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a unit has to do, or will have to next."""

    place: Place
    column: Column
    status: Status
    rows: tuple[Row, ...]
    remedy: Remedy

    @property
    def row(self) -> Row:
        return self.rows[-1]

    @property
    def periods(self) -> str:
        cycle = self.column.rule.cycle
        if len(self.rows) == 1:
            return period_name(cycle, self.row.period)
        return listed(short_period_name(cycle, row.period) for row in self.rows)

    @property
    def arithmetic(self) -> list[str]:
        return arithmetic(self.column.rule, self.row) if len(self.rows) == 1 else []

    @property
    def urgency(self) -> tuple[int, date, str]:
        """Sorts the most urgent first."""
        due = self.row.period.last if self.row.period else date.max
        return (URGENT_FIRST.index(self.status), due, self.place.path)


def cards_of(
    place: Place,
    rows: Iterable[Row],
    columns: Sequence[Column],
    *,
    on: date,
    below: frozenset[int] = frozenset(),
) -> list[Card]:
    """The rules that ask the unit, in the document's order; `below`: the keys of its branches."""
    own: dict[tuple[str, str], list[Row]] = defaultdict(list)
    under: dict[tuple[str, str], list[Row]] = defaultdict(list)
    newest = {column.key: column.newest_period(on) for column in columns}
    for row in rows:
        key = (row.rulebook, row.rule_id)
        if row.unit == place.pk:
            own[key].append(row)
        elif row.unit in below and newest.get(key) in {None, row.period}:
            under[key].append(row)
    return [
        _card(column, own[column.key], rollup(under[column.key]))
        for column in columns
        if own[column.key]
    ]


def _card(column: Column, rows: list[Row], below: Tally) -> Card:
    rows = sorted(rows, key=_by_period)
    newest = rows[-1]
    missed = [row for row in rows[:-1] if row.status is Status.MISSED and row.period]
    cycle = column.rule.cycle
    boxes = [Box(short_period_name(cycle, row.period), row) for row in rows]
    return Card(column, newest, tuple(boxes), tuple(missed), below)


def _by_period(row: Row) -> tuple[date, str]:
    return (row.period.first if row.period else date.min, row.subject)


def tasks_of(
    place: Place, rows: Iterable[Row], columns: Sequence[Column], *, on: date
) -> list[Task]:
    """What the unit has missed this year, and what is open, the most urgent first.

    Periods of one rule that were missed are one task; what does not apply, or is done, is none.
    """
    own: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.unit == place.pk:
            own[row.rulebook, row.rule_id].append(row)
    tasks = []
    for column in columns:
        found = sorted(own[column.key], key=_by_period)
        missed = [row for row in found if row.status is Status.MISSED]
        if missed:
            tasks.append(_task(place, column, Status.MISSED, missed, on))
        tasks.extend(
            _task(place, column, row.status, [row], on)
            for row in found
            if row.status in {*CALLING, Status.ON_TRACK} and row.status is not Status.MISSED
        )
    return sorted(tasks, key=lambda task: task.urgency)


def _task(place: Place, column: Column, status: Status, rows: list[Row], on: date) -> Task:
    last = rows[-1]
    past = _ended(last.period, on)
    remedy = remedy_for(column.rule, place.code, day=past, short=last.short)
    return Task(place, column, status, tuple(rows), remedy)


def _ended(period: Period | None, on: date) -> date | None:
    """The last day of a period of which `on` is no longer one."""
    return period.last if period and period.last < on else None
