"""The five-good score: what a rulebook says it is made of, and what a unit's year comes to. Pure.

Each goal has a weight in points. A goal drawn from rules splits its points by the rules' weights;
of each rule it takes the share of the year's decided periods that were met; of what is merely
shown, the share that is there. The goal of residents' opinion takes what their answers are worth on
average. What is not decided yet takes no part, neither for nor against: the score says of how many
points it speaks. A goal is reached when all that it is drawn from is met and nothing is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from types import MappingProxyType
from typing import Any

from assessment.places_in_text import Spot
from assessment.terms import ONE, ZERO, Measure, Rule, Text

CENT = Decimal("0.01")
FOUR_PLACES = Decimal("0.0001")
WHOLE = Decimal(100)
ANSWERS = frozenset({"1", "2", "3", "4", "5"})
GOAL_KEYS = (
    {"title", "weight", "rules"},
    {"title", "weight", "answers", "at_least", "reached_from"},
)


class FiveGoodError(ValueError):
    """A rulebook's five-good table that makes no sense; the text says where."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the five. Drawn from `rules` (weights by rule) or from `answers` (worth by answer)."""

    id: str
    title: Text
    weight: Decimal
    rules: Mapping[str, Decimal]
    answers: Mapping[int, Decimal]
    at_least: int = 0
    """So many answers there must be for the opinion to count."""
    reached_from: Decimal = ONE
    """What the answers must be worth on average for the goal to be reached."""


@dataclass(frozen=True, slots=True)
class FiveGood:
    """The goals as they hold from a day on."""

    since: date
    goals: tuple[Goal, ...]

    @property
    def rule_ids(self) -> frozenset[str]:
        return frozenset(rule for goal in self.goals for rule in goal.rules)


@dataclass(frozen=True, slots=True)
class Stood:
    """How one period of a rule stands: so much is there of what is decided, or it is open."""

    met: Decimal = ZERO
    judged: Decimal = ZERO
    open: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One rule's part in a goal; `points` None: nothing of it is decided yet."""

    rule: str
    weight: Decimal
    met: Decimal
    judged: Decimal
    open: int
    points: Decimal | None = None

    @property
    def is_asked(self) -> bool:
        return bool(self.judged or self.open)


@dataclass(frozen=True, slots=True)
class GoalScore:
    goal: Goal
    points: Decimal | None
    is_reached: bool
    parts: tuple[Part, ...] = ()
    of_weight: Decimal = ZERO
    """The weights of the parts that are decided, by which the points are split."""
    answers: int = 0
    mean: Decimal | None = None
    """What the answers are worth on average; None: too few."""


def in_force(steps: Sequence[FiveGood], day: date) -> FiveGood | None:
    """The goals that hold on `day`; None: none yet."""
    held = [step for step in steps if step.since <= day]
    return held[-1] if held else None


@dataclass(frozen=True)
class Score:
    """What a unit's year comes to: `points` of `decided`, the rest of the hundred being open.

    `stood`: by rule, each period; `answers`: how many residents gave each. The points are worked
    out when a page asks for them: a province's verdicts are about what is reached.
    """

    book: FiveGood
    stood: Mapping[str, Sequence[Stood]]
    answers: Mapping[int, int]

    @property
    def reached(self) -> int:
        return sum(map(self._is_reached, self.book.goals))

    @property
    def is_asked(self) -> bool:
        """Whether anything of it is decided or open."""
        return any(self._is_asked(goal) for goal in self.book.goals)

    @cached_property
    def goals(self) -> tuple[GoalScore, ...]:
        return tuple(
            self._of_rules(goal) if goal.rules else self._of_answers(goal)
            for goal in self.book.goals
        )

    @property
    def points(self) -> Decimal:
        return sum((goal.points for goal in self.goals if goal.points is not None), ZERO)

    @property
    def decided(self) -> Decimal:
        return sum((g.goal.weight for g in self.goals if g.points is not None), ZERO)

    @property
    def undecided(self) -> Decimal:
        return sum((g.goal.weight for g in self.goals if g.points is None), ZERO)

    def _is_asked(self, goal: Goal) -> bool:
        if not goal.rules:
            return self._mean(goal) is not None
        return any(
            period.judged or period.open
            for rule in goal.rules
            for period in self.stood.get(rule, ())
        )

    def _is_reached(self, goal: Goal) -> bool:
        """All that it is drawn from is met, and nothing is open."""
        if not goal.rules:
            mean = self._mean(goal)
            return mean is not None and mean >= goal.reached_from
        periods = [period for rule in goal.rules for period in self.stood.get(rule, ())]
        is_full = all(period.met == period.judged and not period.open for period in periods)
        return is_full and any(period.judged for period in periods)

    def _of_rules(self, goal: Goal) -> GoalScore:
        drawn = goal.rules.items()
        parts = [_part(rule, weight, self.stood.get(rule, ())) for rule, weight in drawn]
        decided = sum((part.weight for part in parts if part.judged), ZERO)
        exact = {part.rule: _points(part, goal.weight, decided) for part in parts if part.judged}
        pointed = tuple(
            replace(part, points=_rounded(exact[part.rule])) if part.rule in exact else part
            for part in parts
        )
        points = _rounded(sum(exact.values(), ZERO)) if exact else None
        return GoalScore(goal, points, self._is_reached(goal), pointed, decided)

    def _of_answers(self, goal: Goal) -> GoalScore:
        number, mean = sum(self.answers.values()), self._mean(goal)
        points = None if mean is None else _rounded(goal.weight * mean)
        told = None if mean is None else mean.quantize(FOUR_PLACES)
        return GoalScore(goal, points, self._is_reached(goal), answers=number, mean=told)

    def _mean(self, goal: Goal) -> Decimal | None:
        """What the answers are worth on average, once there are enough."""
        number = sum(self.answers.values())
        if number < max(1, goal.at_least):
            return None
        worth = (goal.answers[answer] * count for answer, count in self.answers.items())
        return sum(worth, ZERO) / number


def _part(rule: str, weight: Decimal, periods: Sequence[Stood]) -> Part:
    met = sum((period.met for period in periods), ZERO)
    judged = sum((period.judged for period in periods), ZERO)
    return Part(rule, weight, met, judged, sum(period.open for period in periods))


def _points(part: Part, of: Decimal, decided: Decimal) -> Decimal:
    """Not rounded, so that three thirds of twenty points are twenty."""
    return of * part.weight * part.met / (decided * part.judged)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(CENT, ROUND_HALF_UP)


def read_five_good(where: Spot, body: object, rules: Mapping[str, Rule]) -> tuple[FiveGood, ...]:
    """The `scores` tables of a rule, in order of time. Raises FiveGoodError."""
    if not isinstance(body, list) or not all(isinstance(step, dict) for step in body):
        raise FiveGoodError(f"{where}: not a list of tables")
    steps = tuple(_step(where, step, rules) for step in body)
    days = [step.since for step in steps]
    if days != sorted(set(days)):
        raise FiveGoodError(f"{where}: the steps are not in order of time")
    return steps


def _step(where: Spot, body: dict[str, Any], rules: Mapping[str, Rule]) -> FiveGood:
    _keys(where, body, {"since", "goals"})
    if type(body["since"]) is not date:
        raise FiveGoodError(f"{where}: since: not a date")
    if not isinstance(body["goals"], dict):
        raise FiveGoodError(f"{where}: goals: not a table")
    goals = tuple(
        _goal(where.at("goals", name), name, goal, rules) for name, goal in body["goals"].items()
    )
    if sum((goal.weight for goal in goals), ZERO) != WHOLE:
        raise FiveGoodError(f"{where}: the weights of the goals do not add up to 100")
    return FiveGood(body["since"], goals)


def _goal(where: Spot, name: str, body: object, rules: Mapping[str, Rule]) -> Goal:
    if not isinstance(body, dict) or body.keys() not in GOAL_KEYS:
        raise FiveGoodError(f"{where}: has not title and weight with either rules or answers")
    title = body["title"]
    if not isinstance(title, dict) or title.keys() != {"en", "zh"}:
        raise FiveGoodError(f"{where}: title: not in both languages")
    weight = _number(where.at("weight"), body["weight"])
    spot = where.at("rules")
    drawn = {rule: _number(spot.at(rule), n) for rule, n in body.get("rules", {}).items()}
    _check_rules(spot, drawn, rules)
    said = {answer: _number(where.at("answers"), n) for answer, n in _answers(where, body)}
    reached_from = _number(where.at("reached_from"), body.get("reached_from", "1"))
    at_least = body.get("at_least", 0)
    if type(at_least) is not int or at_least < 0:
        raise FiveGoodError(f"{where}: at_least: not a whole number")
    if weight <= 0 or any(number <= 0 for number in drawn.values()):
        raise FiveGoodError(f"{where}: a weight is not above zero")
    worth = [said[answer] for answer in sorted(said)]
    if worth != sorted(worth) or any(not ZERO <= number <= ONE for number in worth):
        raise FiveGoodError(f"{where}: answers are not worth from 0 to 1, the better the more")
    if not ZERO < reached_from <= ONE:
        raise FiveGoodError(f"{where}: reached_from: not above 0 and up to 1")
    text = Text(en=title["en"], zh=title["zh"])
    proxies = MappingProxyType(drawn), MappingProxyType(said)
    return Goal(name, text, weight, *proxies, at_least, reached_from)


def _answers(where: Spot, body: Mapping[str, Any]) -> Iterable[tuple[int, object]]:
    said = body.get("answers")
    if said is not None and set(said) != ANSWERS:
        raise FiveGoodError(f"{where}: answers: not those from 1 to 5")
    return [(int(answer), number) for answer, number in (said or {}).items()]


def _check_rules(where: Spot, drawn: Mapping[str, Decimal], rules: Mapping[str, Rule]) -> None:
    """A score is drawn from the other verdicts, never from itself or from another score."""
    for rule in drawn:
        if rule not in rules:
            raise FiveGoodError(f"{where.at(rule)}: no rule {rule}")
        if rules[rule].measure is Measure.SCORE:
            raise FiveGoodError(f"{where.at(rule)}: itself a score: {rule}")


def _keys(where: Spot, body: Mapping[str, Any], needed: set[str]) -> None:
    if body.keys() != needed:
        wrong = ", ".join(sorted(body.keys() ^ needed))
        raise FiveGoodError(f"{where}: missing or unknown: {wrong}")


def _number(where: Spot, value: object) -> Decimal:
    """Numbers are written as texts, so that no float ever comes near them."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise FiveGoodError(f"{where}: {value!r} is not a number written as a text")
    return number
