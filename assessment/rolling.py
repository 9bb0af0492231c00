"""Rules that ask again N years after the last time, of a unit or of each person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.crowds import heads
from assessment.judging import counted, when_unmet
from assessment.periods import Period, add_years, as_seen, fixed_cycle, holds_on
from assessment.subjects import subject_stays, subjects
from assessment.terms import (
    ONE,
    ZERO,
    Facts,
    PersonFacts,
    PersonVerdict,
    Reason,
    Record,
    Rule,
    Settings,
    Status,
    Verdict,
)

WORST_FIRST = (Status.MISSED, Status.DUE, Status.UNKNOWN, Status.ON_TRACK, Status.MET)


@dataclass(frozen=True, slots=True)
class _Standing:
    """How one subject stands; `period` runs from the last time to when it falls due again."""

    status: Status
    holds: bool
    period: Period | None = None
    evidence: tuple[Record, ...] = ()
    reason: Reason | None = None


def evaluate(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    """The unit's own, or the worst of its persons with the period of whoever falls due first."""
    if rule.who.is_person:
        return _evaluate_persons(rule, facts, as_of=as_of, settings=settings)
    if rule.with_members and not holds_on(as_seen(facts.members, as_of), as_of):
        return Verdict(rule, facts.code, None, Status.NOT_APPLICABLE, ZERO, ZERO)
    founded = (facts.existed.first,) if facts.existed.is_begin_known else ()
    standing = _stand(rule, facts.history, facts.baselines, founded, as_of=as_of, settings=settings)
    return Verdict(
        rule,
        facts.code,
        standing.period,
        standing.status,
        value=Decimal(standing.holds),
        target=ONE,
        reasons=(standing.reason,) if standing.reason else (),
        evidence=standing.evidence,
    )


def _evaluate_persons(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    persons = tuple(
        _judge_person(rule, person, as_of=as_of, settings=settings)
        for person, _present in subjects(rule, facts, as_of=as_of)
    )
    if not persons:
        return Verdict(rule, facts.code, None, Status.NOT_APPLICABLE, ZERO, ZERO)
    periods = [person.period for person in persons if person.period]
    return Verdict(
        rule,
        facts.code,
        min(periods, key=lambda period: (period.last, period.first), default=None),
        min((person.status for person in persons), key=WORST_FIRST.index),
        value=Decimal(heads(person for person in persons if person.value)),
        target=Decimal(heads(persons)),
        persons=persons,
    )


def _judge_person(
    rule: Rule, person: PersonFacts, *, as_of: date, settings: Settings
) -> PersonVerdict:
    held = [stay.spell for stay in subject_stays(rule, person) if as_of in stay.spell]
    begun = [spell.first for spell in held if spell.is_begin_known]
    standing = _stand(rule, person.history, person.baselines, begun, as_of=as_of, settings=settings)
    return PersonVerdict(
        person.id,
        person.name,
        standing.status,
        value=Decimal(standing.holds),
        target=ONE,
        period=standing.period,
        evidence=standing.evidence,
        reason=standing.reason,
        crowd=person.crowd,
    )


def _stand(
    rule: Rule,
    records: Iterable[Record],
    baselines: Mapping[str, date],
    begun: Iterable[date],
    *,
    as_of: date,
    settings: Settings,
) -> _Standing:
    """From the last time; never done, from the earliest beginning, but not before the rule's."""
    years = settings.years(rule, as_of)
    confirmed_only = settings.counts_only_confirmed(as_of)
    evidence = counted(rule, records, None, as_of=as_of, confirmed_only=confirmed_only)
    last = max(evidence, key=lambda record: record.day, default=None)
    days = [record.day for record in evidence]
    if (baseline := baselines.get(rule.id)) is not None and baseline <= as_of:
        days.append(baseline)
    proof = (last,) if last and last.day == max(days) else ()
    lead_days = settings.lead_days(rule, as_of)
    if settings.is_fixed(rule, as_of):
        cycle = fixed_cycle(as_of, rule.applies_from.year, years)
        return _stand_in_cycle(cycle, max(days, default=None), proof, as_of, lead_days)
    since = max(days) if days else _first_asked(rule, begun)
    if since is None:
        return _Standing(Status.UNKNOWN, holds=False, reason=Reason("since_unknown"))
    period = Period(since, add_years(since, years))
    status = when_unmet(period.last, as_of, lead_days)
    return _Standing(
        status or (Status.MET if days else Status.ON_TRACK),
        holds=bool(days) and status is not Status.MISSED,
        period=period,
        evidence=proof,
        reason=_reason(status, max(days, default=None), period.last),
    )


def _first_asked(rule: Rule, begun: Iterable[date]) -> date | None:
    """The earliest known beginning, or the rule's own if that is later; None: none is known."""
    earliest = min(begun, default=None)
    return None if earliest is None else max(earliest, rule.applies_from)


def _stand_in_cycle(
    cycle: Period, last: date | None, proof: tuple[Record, ...], as_of: date, lead_days: int
) -> _Standing:
    """Done within the fixed cycle of years, or not."""
    if last is not None and last in cycle:
        return _Standing(Status.MET, holds=True, period=cycle, evidence=proof)
    status = when_unmet(cycle.last, as_of, lead_days) or Status.ON_TRACK
    return _Standing(status, holds=False, period=cycle, reason=_reason(status, last, cycle.last))


def _reason(status: Status | None, last: date | None, due: date) -> Reason | None:
    """Nothing to say where what was done last still holds and is not yet due again."""
    if last is None:
        return Reason("never", day=due)
    return Reason("last", what=last.isoformat(), day=due) if status else None
