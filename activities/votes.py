"""What votes come to. Pure: counts in, a grade out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class _HasGrade(Protocol):
    grade: str


Graded = TypeVar("Graded", bound=_HasGrade)
GRADES = ("excellent", "qualified", "basically_qualified", "not_qualified")
"""From the best down."""
VOTERS = ("peers", "residents")
MOST = 100_000


def from_the_best(appraisals: Iterable[Graded]) -> list[Graded]:
    """The appraisals by grade, the best first; within a grade as they come."""
    return sorted(appraisals, key=lambda one: GRADES.index(one.grade))


def proposal_of(votes: Mapping[str, Mapping[str, int]]) -> str:
    """The best grade that more than half of all votes reach; empty where nobody voted.

    Peers and residents weigh alike, each vote once. It is a proposal: the branch decides.
    """
    counts = {grade: sum(votes.get(who, {}).get(grade, 0) for who in VOTERS) for grade in GRADES}
    total, reached = sum(counts.values()), 0
    for grade in GRADES:
        reached += counts[grade]
        if 2 * reached > total:
            return grade
    return ""
