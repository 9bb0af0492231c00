"""The rules as columns of the dashboard and entries of its filters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from activities.kinds import Kind
from assessment.counties import rulebooks_in_use
from assessment.periods import Cycle, Period, periods_begun
from assessment.phrases import MARK_NAMES, clause_name, period_name
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.terms import Rule, Settings
from assessment.wording import phrase


@dataclass(frozen=True, slots=True)
class Column:
    """One rule of one rulebook."""

    rulebook: str
    rule: Rule
    note: str = ""
    """That a county of the page goes by a number of its own; empty where none does."""

    @property
    def key(self) -> tuple[str, str]:
        return self.rulebook, self.rule.id

    @property
    def title(self) -> str:
        return phrase(self.rule.title)

    @property
    def clause_name(self) -> str:
        return clause_name(self.rule)

    @property
    def mark_name(self) -> str:
        """How sure the number is, in words; empty where the rulebook says nothing of it."""
        return str(MARK_NAMES[self.rule.mark]) if self.rule.mark else ""

    def newest_period(self, on: date) -> Period | None:
        """The newest calendar period begun by `on` in which the rule holds; None: it has none."""
        if not self.rule.cycle.is_calendar:
            return None
        begun = periods_begun(self.rule.cycle, on)
        return next((p for p in reversed(begun) if self.rule.is_in_force(p.first)), begun[-1])

    def newest_period_name(self, on: date) -> str:
        """Which period the column shows; of a rolling rule each unit has its own."""
        if self.rule.cycle is Cycle.ROLLING:
            return ""
        return period_name(self.rule.cycle, self.newest_period(on))


Newest = Mapping[tuple[str, str], Period | None]
"""Of each rule its newest period that has begun; None where it has no calendar periods."""


def newest_periods(columns: Iterable[Column], on: date) -> Newest:
    return {column.key: column.newest_period(on) for column in columns}


def all_columns(rulebooks: Collection[str] | None = None) -> list[Column]:
    """Every rule of the rulebooks (None: of all that the portal knows), in their own order."""
    names: Iterable[str] = rulebook_ids() if rulebooks is None else sorted(rulebooks)
    return [Column(name, rule) for name in names for rule in load_rulebook(name).rules.values()]


def columns_in_use(
    columns: Iterable[Column], kinds: Collection[str], settings: Iterable[Settings], *, on: date
) -> list[Column]:
    """Those by which a unit of one of the kinds, in one of the counties, is judged on the day."""
    kinds = set(kinds)
    used = {book.id for own in set(settings) for book in rulebooks_in_use(own, on)}
    return [column for column in columns if column.rulebook in used and kinds & column.rule.units]


def find_column(rule_id: str) -> Column | None:
    """The rule of that id, in the first rulebook that has it."""
    return next((column for column in all_columns() if column.rule.id == rule_id), None)


def columns_serving(kinds: Iterable[Kind]) -> list[Column]:
    """The rules that count records of one of these kinds, in their own order."""
    codes = {kind.code for kind in kinds}
    if "member_review" in codes:
        codes.add("review:graded")
    return [column for column in all_columns() if column.rule.counts & codes]
