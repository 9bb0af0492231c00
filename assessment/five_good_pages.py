"""The five-good score of one unit, year by year: its verdicts and its residents' answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment.columns import Column
from assessment.counties import rulebooks_in_use, settings_of
from assessment.engine import compute
from assessment.five_good import FiveGood, GoalScore, Part, Score, in_force, score
from assessment.phrases import plain
from assessment.terms import Rulebook, Status
from assessment.verdict_rows import rows_of
from assessment.wording import phrase
from organizations.models import Rating, Unit

YEARS_BEFORE = 2
"""A unit is set beside its own past years, and beside nobody else's."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """A rule's part in a goal, with the sum written out."""

    column: Column
    part: Part
    sum: str


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


@dataclass(frozen=True, slots=True)
class YearScore:
    year: int
    score: Score
    book: Rulebook
    kind: str

    @property
    def lines(self) -> list[GoalLine]:
        return [_line(goal, self.book, self.kind) for goal in self.score.goals]


def five_good_of(unit: Unit, years: Sequence[int], *, user: Any, today: date) -> list[YearScore]:
    """The score of `unit` in each of `years` in which its county goes by such goals."""
    found = []
    answers = Rating.objects.visible_to(user).under(unit.path).sums()
    for year in years:
        book = _book(unit, year)
        if book is None:
            continue
        goals = _goals(book, year)
        if goals is not None and unit.kind in goals.units:
            verdicts = _verdicts(unit, goals, book, year, today)
            reached = score(goals, verdicts, answers.get(year, {}))
            found.append(YearScore(year, reached, book, unit.kind))
    return found


def _book(unit: Unit, year: int) -> Rulebook | None:
    """The county's first rulebook that has goals in that year."""
    own = settings_of([unit.county_code])[unit.county_code]
    books = rulebooks_in_use(own, date(year, 12, 31))
    return next((book for book in books if _goals(book, year)), None)


def _goals(book: Rulebook, year: int) -> FiveGood | None:
    """A year is judged by the goals of its own last day: those that hold when it is summed up."""
    return in_force(book.five_good, date(year, 12, 31))


def _verdicts(
    unit: Unit, goals: FiveGood, book: Rulebook, year: int, today: date
) -> dict[str, list[Status]]:
    """By rule, how each period of the year stands: as of today or, once it is over, as it ended."""
    units = Unit.objects.filter(pk=unit.pk)
    statuses: dict[str, list[Status]] = defaultdict(list)
    if year == today.year:
        for row in rows_of(units, on=today, rule_ids=goals.rule_ids):
            if row.rulebook == book.id:
                statuses[row.rule_id].append(row.status)
        return statuses
    results = compute(units, date(year + 1, 1, 1), [book.id], goals.rule_ids, year=year)
    for result in results:
        statuses[result.rule.id].append(result.status)
    return statuses


def _line(goal: GoalScore, book: Rulebook, kind: str) -> GoalLine:
    lines = [
        PartLine(Column(book.id, book.rules[part.rule]), part, _sum(goal, part))
        for part in goal.parts
        if kind in book.rules[part.rule].units
    ]
    shown = tuple(line for line in lines if line.part.judged or line.part.open)
    silent = tuple(line.column for line in lines if not (line.part.judged or line.part.open))
    return GoalLine(phrase(goal.goal.title), goal, shown, silent, _sum_of_goal(goal))


def _sum(goal: GoalScore, part: Part) -> str:
    """The arithmetic of one part, as one would write it on paper."""
    if part.points is None:
        return ""
    factors = (plain(goal.goal.weight), plain(part.weight), plain(goal.of_weight))
    return f"{factors[0]} × {factors[1]}/{factors[2]} × {part.met}/{part.judged} = {part.points}"


def _sum_of_goal(goal: GoalScore) -> str:
    if goal.points is None:
        return ""
    if goal.mean is not None:
        return f"{plain(goal.goal.weight)} × {plain(goal.mean)} = {goal.points}"
    return f"{' + '.join(_points(goal))} = {goal.points}"


def _points(goal: GoalScore) -> list[str]:
    return [str(part.points) for part in goal.parts if part.points is not None]
