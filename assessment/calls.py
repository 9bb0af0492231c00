"""Which units need a call today, and why: the most urgent first, and no ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from assessment.columns import Column
from assessment.months import NEEDS_A_CALL
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
    urgency: Urgency
    position: int
    """Of the rule among the rules: so that the order never depends on how rows were read."""

    @property
    def order(self) -> tuple[Urgency, int, str]:
        return self.urgency, self.position, self.row.subject

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
    reasons: Sequence[Reason]
    urgency: tuple[Urgency, int, str]
    """By the most urgent reason; where that is the same, who has more of them comes first."""
    above: str = ""
    """The name of the unit that it stands under."""

    @property
    def first(self) -> list[Reason]:
        """Put in order here: of hundreds of calls a page shows five."""
        return sorted(self.reasons, key=attrgetter("order"))[:REASONS_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.reasons) - REASONS_SHOWN)

    @property
    def says(self) -> Hashable:
        """All that is told of it but for the language and the day."""
        rows = tuple(reason.row._replace(short=()) for reason in self.first)
        return self.place, self.above, self.more, rows


def reasons_of(rows: Iterable[Row], columns: Sequence[Column]) -> dict[int, list[Reason]]:
    """Of each unit of `rows` why it needs a call, if it does; `rows` are of the newest periods."""
    places = {column.key: place for place, column in enumerate(columns)}
    levels = [LEVELS_IN_ORDER.index(column.rule.level) for column in columns]
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for row in rows:
        if row.status in NEEDS_A_CALL:
            place = places[row.rulebook, row.rule_id]
            # Numbers of the document before what must exist; what is missed before what is behind.
            due = row.period.last if row.period else date.max
            urgency = levels[place], row.status is not Status.MISSED, due
            reasons[row.unit].append(Reason(columns[place], row, urgency, place))
    return reasons


def call_for(place: Place, reasons: Sequence[Reason], names: Mapping[str, str]) -> CallFor:
    """The call of a unit that has some reason; `names` of units, by path."""
    above = place.path.rstrip("/").rpartition("/")[0] + "/"
    most = min(reason.urgency for reason in reasons)
    return CallFor(place, reasons, (most, -len(reasons), place.path), names.get(above, ""))
