"""What is asked of the database: which units, which rules, which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from activities.kinds import all_kinds, kinds_of
from assessment.periods import Period
from assessment.terms import Measure, Rule, Who

LOOKS_BACK = frozenset({Measure.LAST_DONE, Measure.INDUCTED})
"""Measures that ask for records of all time."""


class UnitRow(NamedTuple):
    """What of a unit is needed to judge it; the names are those of the model's fields."""

    id: int
    code: str
    name: str
    kind: str
    path: str
    established_on: date | None
    dissolved_on: date | None

    @property
    def county(self) -> str:
        return self.path.split("/", 1)[0]


@dataclass(frozen=True)
class Question:
    """Some units judged by some rules, for the periods of `year`, as seen on `as_of`.

    `with_evidence` reads every single attendance rather than sums; `by_state` reads which records
    are confirmed, where a county counts only those.
    """

    units: Mapping[int, UnitRow]
    rules: tuple[Rule, ...]
    as_of: date
    year: int
    with_evidence: bool = False
    by_state: bool = False

    @property
    def ids(self) -> list[int]:
        return list(self.units)

    @property
    def span(self) -> Period:
        """From the year's first day to the day asked about."""
        return Period(date(self.year, 1, 1), self.as_of)

    @property
    def year_so_far(self) -> Period:
        return Period(date(self.year, 1, 1), min(date(self.year, 12, 31), self.as_of))

    @property
    def asks_for_members(self) -> bool:
        return any(rule.with_members for rule in self.rules) or self.asks(
            Who.MEMBER, Who.FULL_MEMBER
        )

    @property
    def offices(self) -> list[str]:
        """The offices whose holders are asked."""
        return sorted({office for rule in self.rules for office in rule.offices})

    def asks(self, *who: Who) -> bool:
        return any(rule.who in who for rule in self.rules)

    def counts(self, prefix: str) -> list[str]:
        """What counts of the things with that prefix: `body:` gives the kinds of body."""
        codes = {code for rule in self.rules for code in rule.codes}
        return sorted(code.removeprefix(prefix) for code in codes if code.startswith(prefix))

    def kinds(self, *who: Who, back: bool) -> list[str]:
        """The kinds of activity that rules on `who` count, in the year or (`back`) ever."""
        rules = (rule for rule in self.rules if rule.who in who)
        codes = {
            code for rule in rules if (rule.measure in LOOKS_BACK) is back for code in rule.counts
        }
        return sorted(codes & all_kinds().keys())


@lru_cache(maxsize=4096)
def codes_of(mask: int) -> frozenset[str]:
    """The codes of the kinds in a mask; records of the same kinds share one set."""
    return frozenset(kind.code for kind in kinds_of(mask))


def in_chunks(rows: list[UnitRow], size: int) -> Iterator[dict[int, UnitRow]]:
    """The rows by key, at most `size` at a time, so that a province fits into memory."""
    for start in range(0, len(rows), size):
        yield {row.id: row for row in rows[start : start + size]}
