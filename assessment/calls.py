"""Which units need a call today, and why: the most urgent first, and no ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.columns import Column
from assessment.phrases import Mark, arithmetic
from assessment.places import Place
from assessment.terms import Level, Status
from assessment.verdict_rows import Row

FIRST_SHOWN = 5
REASONS_SHOWN = 3
LEVELS_IN_ORDER = (Level.QUOTA, Level.STANDING, Level.LEDGER, Level.ENCOURAGED)

Urgency = tuple[int, bool, date]


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule for which a unit is called."""

    column: Column
    row: Row

    @property
    def mark(self) -> Mark:
        return self.row.mark

    @property
    def arithmetic(self) -> list[str]:
        return arithmetic(self.column.rule, self.row)

    @property
    def urgency(self) -> Urgency:
        """Numbers of the document before what must exist; what is missed before what is behind."""
        level = LEVELS_IN_ORDER.index(self.column.rule.level)
        due = self.row.period.last if self.row.period else date.max
        return level, self.row.status is not Status.MISSED, due


@dataclass(frozen=True, slots=True)
class CallFor:
    """A unit to call."""

    place: Place
    reasons: tuple[Reason, ...]
    urgency: tuple[Urgency, int, str]
    """By the most urgent reason; where that is the same, who has more of them comes first."""
    above: str = ""
    """The name of the unit that it stands under."""

    @property
    def first(self) -> tuple[Reason, ...]:
        return self.reasons[:REASONS_SHOWN]

    @property
    def more(self) -> int:
        return len(self.reasons) - len(self.first)


def calls_for(
    rows: Iterable[Row],
    places: Iterable[Place],
    columns: Sequence[Column],
    names: Mapping[str, str],
) -> list[CallFor]:
    """A call for each unit of `rows`, the most urgent first; `names` of units, by path."""
    by_key = {column.key: column for column in columns}
    by_pk = {place.pk: place for place in places}
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for row in rows:
        column = by_key.get((row.rulebook, row.rule_id))
        if column and row.unit in by_pk:
            reasons[row.unit].append(Reason(column, row))
    calls = [_call(by_pk[pk], found, names) for pk, found in reasons.items()]
    return sorted(calls, key=lambda call: call.urgency)


def _call(place: Place, reasons: list[Reason], names: Mapping[str, str]) -> CallFor:
    above = place.path.rstrip("/").rpartition("/")[0] + "/"
    ordered = sorted(reasons, key=lambda reason: reason.urgency)
    urgency = ordered[0].urgency, -len(ordered), place.path
    return CallFor(place, tuple(ordered), urgency, names.get(above, ""))
