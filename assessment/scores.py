"""Scores drawn from other verdicts: what each period adds, and how many goals are reached. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from assessment.five_good import Score, Stood, in_force
from assessment.periods import periods_of
from assessment.terms import ONE, ZERO, Facts, Rule, Settings, Status, Verdict

STOOD = {
    Status.MET: Stood(ONE, ONE),
    Status.MISSED: Stood(ZERO, ONE),
    Status.DUE: Stood(open=1),
    Status.BEHIND: Stood(open=1),
    Status.ON_TRACK: Stood(open=1),
    Status.UNKNOWN: Stood(),
    Status.NOT_APPLICABLE: Stood(),
}
"""What a verdict of each status adds; what is neither decided nor open adds nothing."""


def needed_by(rules: Iterable[Rule]) -> frozenset[str]:
    """The rules that the scores among `rules` are drawn from."""
    return frozenset().union(*(step.rule_ids for rule in rules for step in rule.scores))


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

    A year goes by the goals of its own last day: those that hold when it is summed up. The verdict
    says how many are reached; the points behind them are for the unit's own page alone.
    """
    period = periods_of(year, rule.cycle)[0]
    is_asked = rule.is_in_force(period.first) and settings.asks(rule, period.first)
    exists = facts.existed.first <= as_of <= facts.existed.last
    goals = in_force(rule.scores, period.last)
    if facts.kind not in rule.units or not is_asked or not exists or period.first > as_of:
        return ()
    if goals is None:
        return ()
    stood: dict[str, list[Stood]] = {}
    for verdict in verdicts:
        stood.setdefault(verdict.rule.id, []).append(_stood(verdict, as_of))
    found = Score(goals, stood, facts.answers)
    if not found.is_asked:
        return (Verdict(rule, facts.code, period, Status.NOT_APPLICABLE, ZERO, ZERO),)
    reached, target = Decimal(found.reached), Decimal(len(goals.goals))
    return (Verdict(rule, facts.code, period, Status.SHOWN, reached, target, score=found),)


def _stood(verdict: Verdict, as_of: date) -> Stood:
    return _shown(verdict, as_of) if verdict.status is Status.SHOWN else STOOD[verdict.status]


def _shown(verdict: Verdict, as_of: date) -> Stood:
    """Of what is merely shown: what is there of what there may be, or once where no number is.

    Until its period has ended it is open as long as it is not all there: nobody is late with it.
    """
    whole = verdict.target or ONE
    there = min(verdict.value, whole)
    runs = verdict.period is not None and as_of <= verdict.period.last
    return Stood(open=1) if runs and there < whole else Stood(there, whole)
