"""Whether a number can be reached at all: what no unit could do is a slip of the pen. Pure."""

from __future__ import annotations

from decimal import Decimal

from assessment.periods import Cycle
from assessment.terms import ONE, Dated, Measure, Rule

DAYS_OF = {Cycle.MONTH: 28, Cycle.QUARTER: 90, Cycle.HALF: 181, Cycle.YEAR: 365}
"""Days that every period of the cycle has."""
MOST_YEARS = 20
MOST_A_DAY = 3
"""Records a day beyond which a count is no quota but a slip."""


def why_out_of_reach(rule: Rule) -> str:
    """Why a number of the rule is beyond what anyone could do; empty where none is."""
    steps = ((rule.threshold, False), (rule.every_years, True))
    for dated, in_years in steps:
        for number in _numbers(dated):
            if refusal := why_not_number(rule, number, in_years=in_years):
                return refusal
    return ""


def why_not_number(rule: Rule, number: Decimal, *, in_years: bool | None = None) -> str:
    """Why the rule can't ask for `number`; `in_years` None: the number a county may change."""
    if in_years is None:
        in_years = bool(rule.every_years.steps)
    if number <= 0:
        return f"{number:f} is not above zero"
    if in_years:
        is_whole = number == number.to_integral_value()
        return "" if is_whole and number <= MOST_YEARS else f"{number:f} is no number of years"
    most = _most(rule)
    if rule.measure not in {Measure.DAYS, Measure.HOURS} and number != number.to_integral_value():
        return f"{number:f} is not a whole number"
    return (
        "" if most is None or number <= most else f"{number:f} can't be reached: at most {most:f}"
    )


def _most(rule: Rule) -> Decimal | None:
    days = Decimal(DAYS_OF[rule.cycle]) if rule.cycle.is_calendar else None
    match rule.measure:
        case Measure.KINDS:
            return Decimal(len(rule.counts))
        case Measure.DAYS:
            return days
        case Measure.HOURS:
            return days and days * max(_numbers(rule.hours_a_day), default=ONE)
        case Measure.COUNT:
            return days and days * MOST_A_DAY
        case Measure.SCORE:
            return Decimal(len(rule.counts))
        case _:
            return ONE


def _numbers(dated: Dated) -> list[Decimal]:
    return [number for _since, number in dated.steps if number is not None]
