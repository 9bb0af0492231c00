"""Verdicts summed for a unit with units below it: children add up to their parent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Protocol

from assessment.terms import ZERO, Status

JUDGED = (Status.MET, Status.MISSED, Status.DUE, Status.BEHIND, Status.ON_TRACK)
"""The statuses of those who owe a rule. Unknown is a question, not yet a judgement."""


class Judged(Protocol):
    """A verdict, computed or stored."""

    @property
    def status(self) -> Status | str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def target(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts have which status, and what was done of what is owed.

    `done` takes of each verdict no more than its target, so that one unit's surplus never hides
    what another lacks.
    """

    by_status: Counter[Status] = field(default_factory=Counter)
    done: Decimal = ZERO
    target: Decimal = ZERO

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.by_status + other.by_status, self.done + other.done, self.target + other.target
        )

    @property
    def met(self) -> int:
        return self.by_status[Status.MET]

    @property
    def judged(self) -> int:
        """How many owe it; where nobody does there is no rate."""
        return sum(self.by_status[status] for status in JUDGED)

    @property
    def rate(self) -> int | None:
        """Whole per cent of those judged that have met it, rounded down: 100 only when all have."""
        return self.met * 100 // self.judged if self.judged else None

    @property
    def progress(self) -> int | None:
        """Whole per cent done of what is owed in all, rounded down; None where nothing is owed."""
        if not self.target:
            return None
        return int((self.done * 100 / self.target).to_integral_value(ROUND_FLOOR))


def rollup(verdicts: Iterable[Judged]) -> Tally:
    """The tally of some verdicts; that of several groups is the sum of their tallies."""
    by_status: Counter[Status] = Counter()
    done = target = ZERO
    for verdict in verdicts:
        status = Status(verdict.status)
        by_status[status] += 1
        if status in JUDGED:
            done += min(verdict.value, verdict.target)
            target += verdict.target
    return Tally(by_status, done, target)
