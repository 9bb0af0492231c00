"""Verdicts summed for a unit with units below it: children add up to their parent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property, lru_cache
from typing import Protocol

from assessment.terms import ZERO, Status

JUDGED = (Status.MET, Status.MISSED, Status.DUE, Status.BEHIND, Status.ON_TRACK)
"""The statuses of those who owe a rule. Unknown is a question, not yet a judgement."""

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


BITS = 32
MOST = (1 << BITS) - 1
"""The highest count that fits; no portal has so many verdicts."""
_PLACES = {status: BITS * place for place, status in enumerate(URGENT_FIRST)}


class Judged(Protocol):
    """A verdict, computed or stored."""

    @property
    def status(self) -> Status | str: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def target(self) -> Decimal: ...


@dataclass(frozen=True)
class Tally:
    """How many verdicts have which status, and what was done of what is owed.

    `done` takes of each verdict no more than its target, so that one unit's surplus never hides
    what another lacks. Tallies are shared: never change `by_status`.
    """

    by_status: Counter[Status] = field(default_factory=Counter)
    done: Decimal = ZERO
    target: Decimal = ZERO

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.by_status + other.by_status, self.done + other.done, self.target + other.target
        )

    @cached_property
    def packed(self) -> int:
        """The counts side by side in one whole number: to add those of thousands is one sum."""
        return sum(number << _PLACES[status] for status, number in self.by_status.items())

    @property
    def met(self) -> int:
        return self.by_status[Status.MET]

    @cached_property
    def judged(self) -> int:
        """How many owe it; where nobody does there is no rate."""
        return sum(self.by_status[status] for status in JUDGED)

    @cached_property
    def status(self) -> Status:
        """The most urgent that occurs; not applicable where nothing does."""
        found = (status for status in URGENT_FIRST if self.by_status[status])
        return next(found, Status.NOT_APPLICABLE)

    @cached_property
    def asks_nobody(self) -> bool:
        return self.by_status.keys() <= {Status.NOT_APPLICABLE}

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
    return added(
        tally_of(Status(verdict.status), verdict.value, verdict.target) for verdict in verdicts
    )


@lru_cache(maxsize=4096)
def tally_of(status: Status, value: Decimal, target: Decimal) -> Tally:
    """The tally of one verdict; thousands of verdicts say one of a few dozen things."""
    owes = status in JUDGED
    return Tally(
        Counter({status: 1}), min(value, target) if owes else ZERO, target if owes else ZERO
    )


def added(tallies: Iterable[Tally]) -> Tally:
    """Their sum."""
    found = list(tallies)
    if len(found) == 1:
        return found[0]
    packed = sum([tally.packed for tally in found])
    return Tally(
        _unpacked(packed),
        sum([tally.done for tally in found], ZERO),
        sum([tally.target for tally in found], ZERO),
    )


def _unpacked(packed: int) -> Counter[Status]:
    counts = ((status, packed >> place & MOST) for status, place in _PLACES.items())
    return Counter({status: number for status, number in counts if number})
