"""From facts to what a unit still owes this year, and what it can't make good any more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from assessment.outlook import MOST_A_DAY, TOGETHER, Need, Short
from assessment.periods import Period, periods_of
from assessment.rules import evaluate, is_asked_by, judge
from assessment.terms import (
    ONE,
    Facts,
    Level,
    Measure,
    PersonVerdict,
    Rule,
    Rulebook,
    Settings,
    Status,
    Verdict,
    Who,
)

DONE = frozenset({Status.MET, Status.SHOWN, Status.NOT_APPLICABLE})
HELD_AS = {"review:graded": "member_review"}
"""What counts that is not a kind itself, with the kind by which it is done."""
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Owing:
    """A verdict that is not fulfilled, with the rulebook it comes from."""

    rulebook: str
    verdict: Verdict


@dataclass(slots=True)
class Owed:
    """All that a unit owes: by holding something, in other ways, and what is past."""

    needs: list[Need] = field(default_factory=list)
    otherwise: list[Owing] = field(default_factory=list)
    """Kept in a ledger, set up, or learnt at somebody else's training."""
    lost: list[Owing] = field(default_factory=list)
    """Periods that ended unmet."""


def owed_by(
    books: Iterable[Rulebook],
    facts: Facts,
    *,
    as_of: date,
    settings: Settings,
    workdays: Sequence[date],
) -> Owed:
    """What the unit owes from `as_of` to the year's end, its coming periods included."""
    owed = Owed()
    for book in books:
        for rule in book.rules.values():
            if rule.is_shown_only or (facts.kind not in rule.units and rule.who is not Who.AREA):
                continue
            if rule.level is Level.ENCOURAGED or rule.measure is Measure.SCORE:
                continue
            for verdict in _verdicts(rule, facts, as_of, settings):
                if is_asked_by(book, verdict, as_of=as_of, settings=settings):
                    _sort_in(owed, Owing(book.id, verdict), as_of, settings, workdays)
    return owed


def _verdicts(rule: Rule, facts: Facts, as_of: date, settings: Settings) -> Iterator[Verdict]:
    """Of a calendar rule every period of the year; of others how it stands, area by area if so."""
    if rule.who is Who.AREA:
        yield from judge(rule, facts, as_of=as_of, settings=settings)
        return
    periods: tuple[Period | None, ...] = (None,)
    if rule.cycle.is_calendar:
        periods = periods_of(as_of.year, rule.cycle)
    for period in periods:
        day = period.first if period else as_of
        if rule.is_in_force(day) and settings.asks(rule, day):
            yield evaluate(rule, facts, period, as_of=as_of, settings=settings)


def _sort_in(
    owed: Owed, owing: Owing, as_of: date, settings: Settings, workdays: Sequence[date]
) -> None:
    verdict, rule = owing.verdict, owing.verdict.rule
    is_rolling = rule.measure is Measure.LAST_DONE
    is_done = verdict.status in DONE and not (is_rolling and _falls_due(verdict, as_of))
    if is_done:
        return
    if rule.cycle.is_calendar and verdict.status is Status.MISSED:
        owed.lost.append(owing)
        return
    needs = _needs(owing, as_of, settings, workdays)
    if needs:
        owed.needs += needs
    elif verdict.period is None or verdict.period.first <= as_of:
        owed.otherwise.append(owing)


def _falls_due(verdict: Verdict, as_of: date) -> bool:
    """Whether a rolling rule that is fulfilled today has to be again before the year is over."""
    return verdict.period is not None and verdict.period.last.year <= as_of.year


def _needs(owing: Owing, as_of: date, settings: Settings, workdays: Sequence[date]) -> list[Need]:
    """The needs that the unit meets by holding something; none where it is done otherwise."""
    verdict, rule = owing.verdict, owing.verdict.rule
    kinds = frozenset(HELD_AS.get(code, code) for code in rule.counts)
    circle = next((circle & kinds for circle in TOGETHER if circle & kinds), None)
    is_held = rule.measure in {Measure.COUNT, Measure.DAYS, Measure.HOURS, Measure.KINDS}
    is_rolling = rule.measure is Measure.LAST_DONE and not rule.who.is_person
    if circle is None or not (is_held or is_rolling) or verdict.status is Status.UNKNOWN:
        return []
    period = verdict.period or Period(as_of, _year_end(as_of))
    window = _window(period, as_of, is_rolling=is_rolling)
    need = Need(owing.rulebook, rule, period, window, circle)
    if rule.measure is Measure.KINDS:
        lacking = sorted(reason.what for reason in verdict.reasons)
        return [replace(need, kinds=frozenset({kind})) for kind in lacking if kind in kinds]
    if rule.who.is_person:
        return [_of_persons(need, verdict, settings, workdays)]
    if is_rolling:
        return [need]
    short = verdict.target - verdict.value
    if rule.measure is Measure.COUNT:
        return [replace(need, times=int(short.to_integral_value(ROUND_CEILING)))]
    return [replace(need, days=_in_days(rule, short, period.first))]


def _window(period: Period, as_of: date, *, is_rolling: bool) -> Period:
    """The days that are left; of what is overdue, or due next year, those of this year."""
    end = _year_end(as_of)
    last = end if is_rolling and period.last < as_of else min(period.last, end)
    return Period(max(period.first, as_of), max(last, as_of))


def _year_end(day: date) -> date:
    return date(day.year, DECEMBER, 31)


def _of_persons(need: Need, verdict: Verdict, settings: Settings, workdays: Sequence[date]) -> Need:
    """Credit for as many persons as must reach it: those who lack the least come first.

    Whoever lacks more than the working days that are left could give is told apart, unless the
    whole need is then out of reach.
    """
    rule = need.rule
    shorts = _shorts(rule, verdict.persons_short, need)
    if rule.measure not in {Measure.DAYS, Measure.HOURS}:
        return replace(need, persons=shorts)
    room = sum(day in need.window for day in workdays) * MOST_A_DAY
    near = tuple(short for short in shorts if short.days <= room)
    beyond = tuple(short for short in shorts if short.days > room)
    asked = verdict.target * settings.share(rule, need.period.first) - verdict.value
    must = max(1, int(asked.to_integral_value(ROUND_CEILING)))
    reached = near or shorts
    days = sorted(short.days for short in reached)[min(must, len(reached)) - 1]
    return replace(need, days=days, persons=reached, beyond=beyond if near else ())


def _shorts(rule: Rule, persons: Iterable[PersonVerdict], need: Need) -> tuple[Short, ...]:
    found = (
        Short(
            person.person,
            person.name,
            _in_days(rule, person.target - person.value, need.period.first),
        )
        for person in persons
    )
    return tuple(sorted(found, key=lambda short: short.days))  # else by pinyin, as they came


def _in_days(rule: Rule, amount: Decimal, day: date) -> Decimal:
    if rule.measure is Measure.HOURS:
        return amount / (rule.hours_a_day.on(day) or ONE)
    return amount
