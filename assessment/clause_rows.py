"""The documents' clauses in order, each with how the units of a page stand: rows for pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.columns import Column
from assessment.dashboards import URGENT_FIRST
from assessment.numbers import InForce, OwnNumber, in_force
from assessment.phrases import LEVELS, MARKS, Mark, arithmetic, plain
from assessment.places import Place
from assessment.rollup import Tally, rollup
from assessment.terms import ZERO, Status
from assessment.verdict_rows import Row
from assessment.wording import name_of, phrase
from organizations.wording import listed

NAMED_MOST = 24
"""Units named under one status; how many more there are is said with a link to all."""


@dataclass(frozen=True, slots=True)
class Said:
    """One unit and what its verdict says."""

    place: Place
    row: Row

    @property
    def name(self) -> str:
        if self.row.subject != self.place.code:  # a community that no organisation covers
            return f"{self.place.name} · {self.row.subject}"
        return self.place.name

    @property
    def figures(self) -> str:
        """What was done; of what, where there is something to be of."""
        return self.row.figures


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one status, by name, in the order of the tree."""

    mark: Mark
    number: int
    said: tuple[Said, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.said)


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: what it asks, the number in force, and who stands how."""

    column: Column
    in_force: InForce | None
    tally: Tally
    groups: tuple[Group, ...]
    alone: Row | None
    """The verdict, where one unit alone is asked."""
    sums: tuple[Decimal, Decimal]
    """Values and targets of all who are asked."""

    @property
    def asks(self) -> str:
        return phrase(self.column.rule.asks)

    @property
    def level(self) -> str:
        return str(LEVELS[self.column.rule.level])

    @property
    def counts(self) -> str:
        return listed(name_of(code) for code in sorted(self.column.rule.counts))

    @property
    def is_shown_only(self) -> bool:
        return self.column.rule.is_shown_only

    @property
    def asked(self) -> int:
        """How many verdicts there are, besides those to which it does not apply."""
        return sum(group.number for group in self.groups)

    @property
    def words(self) -> list[str]:
        return arithmetic(self.column.rule, self.alone) if self.alone else []

    @property
    def shown(self) -> str:
        """Of a rule that is merely shown: what there is in all, and of what if of anything."""
        value, target = plain(self.sums[0]), plain(self.sums[1])
        return f"{value}/{target}" if self.sums[1] else value


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of one document with its rules."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def mark(self) -> Mark | None:
        """Of all that its rules say the most urgent; None: nobody is asked."""
        found = {group.mark.status: group.mark for entry in self.entries for group in entry.groups}
        return next((found[status] for status in URGENT_FIRST if status in found), None)


def clauses_of(
    columns: Sequence[Column],
    rows: Iterable[Row],
    places: Sequence[Place],
    own: Iterable[OwnNumber],
    *,
    on: date,
) -> list[Clause]:
    """The rules by clause, in the document's order; of each unit the newest period begun."""
    by_key = {place.pk: place for place in places}
    own = list(own)
    newest = {column.key: column.newest_period(on) for column in columns}
    found: dict[tuple[str, str], list[Said]] = {column.key: [] for column in columns}
    for row in rows:
        key = (row.rulebook, row.rule_id)
        if key in found and row.unit in by_key and newest[key] in {None, row.period}:
            found[key].append(Said(by_key[row.unit], row))
    clauses: dict[str, list[Entry]] = {}
    for column in columns:
        entry = _entry(column, found[column.key], own, on)
        clauses.setdefault(column.clause_name, []).append(entry)
    return [Clause(name, tuple(entries)) for name, entries in clauses.items()]


def _entry(column: Column, said: list[Said], own: list[OwnNumber], on: date) -> Entry:
    period = column.newest_period(on)
    asked = [one for one in said if one.row.status is not Status.NOT_APPLICABLE]
    return Entry(
        column,
        in_force(column.rule, own, period.first if period else on),
        rollup(one.row for one in said),
        tuple(_groups(sorted(asked, key=lambda one: one.place.path))),
        asked[0].row if len(asked) == 1 else None,
        (_sum(one.row.value for one in asked), _sum(one.row.target for one in asked)),
    )


def _groups(said: list[Said]) -> Iterator[Group]:
    for status in URGENT_FIRST:
        mine = [one for one in said if one.row.status is status]
        if mine:
            yield Group(MARKS[status], len(mine), tuple(mine[:NAMED_MOST]))


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, ZERO)
