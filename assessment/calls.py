"""Which units need a call today, and why: the most urgent first, and no ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import NamedTuple

from assessment.columns import Column, Newest
from assessment.months import NEEDS_A_CALL
from assessment.phrases import Mark, arithmetic
from assessment.places import Place
from assessment.terms import Level, Status
from assessment.verdict_rows import Row, Told, row_of

FIRST_SHOWN = 5
REASONS_SHOWN = 3
LEVELS_IN_ORDER = (Level.QUOTA, Level.STANDING, Level.LEDGER, Level.ENCOURAGED)

CALLING = frozenset(status.value for status in NEEDS_A_CALL)

Urgency = tuple[int, bool, date]


class Cause(NamedTuple):
    """Why a unit is called, as it is read: of hundreds of units a page shows five."""

    urgency: Urgency
    position: int
    """Of the rule among the columns."""
    told: Told


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


@dataclass(frozen=True, slots=True)
class CallFor:
    """A unit to call."""

    place: Place
    causes: Sequence[Cause]
    columns: Sequence[Column]
    urgency: tuple[Urgency, int, str]
    """By the most urgent reason; where that is the same, who has more of them comes first."""
    above: str = ""
    """The name of the unit that it stands under."""

    @property
    def first(self) -> list[Reason]:
        """The most urgent reasons, in an order that doesn't depend on how they were read."""
        return [Reason(self.columns[cause.position], row_of(*cause.told)) for cause in self._first]

    @property
    def more(self) -> int:
        return max(0, len(self.causes) - REASONS_SHOWN)

    @property
    def says(self) -> Hashable:
        """All that is told of it but for the language and the day."""
        return self.place, self.above, self.more, tuple(cause.told for cause in self._first)

    @property
    def _first(self) -> list[Cause]:
        return nsmallest(REASONS_SHOWN, self.causes)


def causes_of(
    verdicts: Iterable[Told], columns: Sequence[Column], newest: Newest
) -> dict[int, list[Cause]]:
    """Of each unit why it needs a call, if it does."""
    asked = {
        column.key: (place, LEVELS_IN_ORDER.index(column.rule.level), newest[column.key])
        for place, column in enumerate(columns)
    }
    causes: dict[int, list[Cause]] = defaultdict(list)
    for told in verdicts:
        unit, _subject, book, rule, first, last, _value, _target, status = told
        if status not in CALLING or (book, rule) not in asked:
            continue
        place, level, period = asked[book, rule]
        if period is None or period.first == first:
            # Numbers of the document before what must exist; what is missed before what is behind.
            urgency = level, status != Status.MISSED, last or date.max
            causes[unit].append(Cause(urgency, place, told))
    return causes


def call_for(
    place: Place, causes: Sequence[Cause], columns: Sequence[Column], names: Mapping[str, str]
) -> CallFor:
    """The call of a unit that has some cause; `names` of units, by path."""
    most = min(causes).urgency
    urgency = most, -len(causes), place.path
    return CallFor(place, causes, columns, urgency, names.get(place.parent_path, ""))
