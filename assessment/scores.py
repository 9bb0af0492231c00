"""Scores drawn from other verdicts: how many goals are reached, and what each rests on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from assessment.periods import periods_of
from assessment.rollup import JUDGED
from assessment.terms import ZERO, Facts, Part, Rule, Settings, Status, Verdict


def needed_by(rules: Iterable[Rule]) -> frozenset[str]:
    """The rules that the scores among `rules` are drawn from."""
    return frozenset(rule_id for rule in rules for ids in rule.parts.values() for rule_id in ids)


def evaluate(
    rule: Rule,
    facts: Facts,
    verdicts: Sequence[Verdict],
    *,
    as_of: date,
    settings: Settings,
    year: int,
) -> tuple[Verdict, ...]:
    """The score of a unit for the year, from its own other `verdicts`; shown, never judged.

    A goal is reached when every rule it is drawn from that asks the unit is met. What a goal is
    worth is for this function alone to say: weights and ratings go in here.
    """
    period = periods_of(year, rule.cycle)[0]
    is_asked = rule.is_in_force(period.first) and settings.asks(rule, period.first)
    exists = facts.existed.first <= as_of <= facts.existed.last
    if facts.kind not in rule.units or not is_asked or not exists or period.first > as_of:
        return ()
    parts = tuple(_part(goal, ids, verdicts) for goal, ids in rule.parts.items())
    reached = sum(part.is_reached for part in parts)
    if not any(part.judged for part in parts):
        return (Verdict(rule, facts.code, period, Status.NOT_APPLICABLE, ZERO, ZERO),)
    target = Decimal(len(parts))
    return (Verdict(rule, facts.code, period, Status.SHOWN, Decimal(reached), target, parts=parts),)


def _part(goal: str, ids: Sequence[str], verdicts: Sequence[Verdict]) -> Part:
    judged = [
        verdict for verdict in verdicts if verdict.rule.id in ids and verdict.status in JUDGED
    ]
    return Part(goal, sum(verdict.status is Status.MET for verdict in judged), len(judged))
