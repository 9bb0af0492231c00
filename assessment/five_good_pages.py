"""The five-good score of one unit in words and sums: one for its own page and for the rule's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessment.columns import Column, all_columns
from assessment.engine import compute
from assessment.five_good import GoalScore, Part, Score
from assessment.phrases import plain
from assessment.rulebook import load_rulebook
from assessment.terms import ZERO, Measure
from assessment.wording import phrase
from organizations.models import Unit

YEARS_BEFORE = 2
"""A unit is set beside its own past years, and beside nobody else's."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """A rule's part in a goal, with the sum written out."""

    column: Column
    part: Part
    sum: str

    @property
    def figures(self) -> str:
        return f"{plain(self.part.met)} / {plain(self.part.judged)}" if self.part.judged else "—"


@dataclass(frozen=True, slots=True)
class GoalLine:
    title: str
    score: GoalScore
    parts: tuple[PartLine, ...]
    silent: tuple[Column, ...]
    """Rules that do not ask the unit, or of which nothing can be said."""
    sum: str

    @property
    def mean(self) -> str:
        """What the residents' answers are worth on average; empty where they are too few."""
        return "" if self.score.mean is None else plain(self.score.mean)

    @property
    def reached_from(self) -> str:
        return plain(self.score.goal.reached_from)


@dataclass(frozen=True, slots=True)
class YearScore:
    """One year of a unit: its column, what it comes to, and as of which day."""

    year: int
    as_of: date
    column: Column
    kind: str
    score: Score

    @property
    def lines(self) -> list[GoalLine]:
        return goal_lines(self.score, self.column.rulebook, self.kind)


def five_good_of(unit: Unit, years: Sequence[int], *, today: date) -> list[YearScore]:
    """The score of `unit` in each of `years` in which its county goes by such goals.

    It is the rule's own verdict: this year's as of today, a past one's as it ended.
    """
    found = (_of_year(unit, year, today) for year in years)
    return [score for score in found if score]


def _of_year(unit: Unit, year: int, today: date) -> YearScore | None:
    """By the first of the county's rulebooks that has goals."""
    as_of = min(today, date(year, 12, 31) + timedelta(days=1))
    asked = [column.rule.id for column in all_columns() if column.rule.measure is Measure.SCORE]
    for result in compute(Unit.objects.filter(pk=unit.pk), as_of, None, asked, year=year):
        if result.verdict.score is not None:
            column = Column(result.rulebook, result.rule)
            return YearScore(year, as_of, column, unit.kind, result.verdict.score)
    return None


def goal_lines(score: Score, rulebook: str, kind: str) -> list[GoalLine]:
    """Each goal of a score, for a unit of that kind."""
    return [_line(goal, rulebook, kind) for goal in score.goals]


def _line(goal: GoalScore, rulebook: str, kind: str) -> GoalLine:
    rules = load_rulebook(rulebook).rules
    lines = [
        PartLine(Column(rulebook, rules[part.rule]), part, _sum(goal, part))
        for part in goal.parts
        if kind in rules[part.rule].units
    ]
    shown = tuple(line for line in lines if line.part.is_asked)
    silent = tuple(line.column for line in lines if not line.part.is_asked)
    return GoalLine(phrase(goal.goal.title), goal, shown, silent, _sum_of_goal(goal))


def _sum(goal: GoalScore, part: Part) -> str:
    """The arithmetic of one part, as one would write it on paper."""
    if part.points is None:
        return ""
    weights = f"{plain(goal.goal.weight)} × {plain(part.weight)}/{plain(goal.of_weight)}"
    return f"{weights} × {plain(part.met)}/{plain(part.judged)} = {part.points}"


def _sum_of_goal(goal: GoalScore) -> str:
    if goal.points is None:
        return ""
    if goal.mean is not None:
        return f"{plain(goal.goal.weight)} × {plain(goal.mean)} = {goal.points}"
    parts = [part.points for part in goal.parts if part.points is not None]
    if len(parts) < 2:
        return ""  # the one part's own sum says it
    # The goal is the sum of what was not rounded: by a cent it may be another.
    sign = "=" if sum(parts, ZERO) == goal.points else "≈"
    return f"{' + '.join(map(str, parts))} {sign} {goal.points}"
