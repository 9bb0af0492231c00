"""Rules that ask each person: by the year, and once on taking office. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from assessment.crowds import heads
from assessment.judging import (
    IN_DAYS,
    REASON_OF,
    counted,
    status_of,
    value_of,
    wanted,
    when_unmet,
)
from assessment.periods import Period, add_years
from assessment.proration import OwnTime, owed_by_person, own_time
from assessment.subjects import Present, subject_stays, subjects, unit_owes
from assessment.terms import (
    ONE,
    ZERO,
    Facts,
    Measure,
    PersonFacts,
    PersonVerdict,
    Reason,
    Record,
    Rule,
    Settings,
    Status,
    Verdict,
)


def evaluate_yearly(
    rule: Rule, facts: Facts, period: Period, *, as_of: date, settings: Settings
) -> Verdict:
    """How many of those who owe it have met it; a person who owes nothing is no subject."""
    nobody = Verdict(rule, facts.code, period, Status.NOT_APPLICABLE, ZERO, ZERO)
    if rule.is_owed_by_unit and not unit_owes(rule, facts, period, as_of=as_of):
        return nobody
    verdicts = (
        _judge_person(rule, person, present, period, as_of=as_of, settings=settings)
        for person, present in subjects(rule, facts, as_of=as_of)
    )
    persons = tuple(verdict for verdict in verdicts if verdict.target > 0)
    if not persons:
        return nobody
    return Verdict(
        rule,
        facts.code,
        period,
        _status_of_all(rule, persons, period, as_of, settings),
        value=Decimal(_done(persons)),
        target=Decimal(heads(persons)),
        persons=persons,
    )


def _done(persons: tuple[PersonVerdict, ...]) -> int:
    """How many have done all that is asked of them, also where that is merely shown."""
    return heads(person for person in persons if person.value >= person.target)


def _judge_person(
    rule: Rule,
    person: PersonFacts,
    present: Present,
    period: Period,
    *,
    as_of: date,
    settings: Settings,
) -> PersonVerdict:
    """What the person owes for the months as a subject, and the person's own pace."""
    exempt = tuple(spell for spell in person.exempt if spell.first <= as_of)
    found = _found(rule, present, exempt, person.records, period, as_of, settings)
    return PersonVerdict(
        person.id,
        person.name,
        found.status,
        found.value,
        found.target,
        period,
        found.evidence,
        found.reason,
        person.crowd,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What is found of everyone with the same days and records, whoever and wherever they are."""

    status: Status
    value: Decimal
    target: Decimal
    evidence: tuple[Record, ...]
    reason: Reason | None


@lru_cache(maxsize=16_384)
def _found(
    rule: Rule,
    present: Present,
    exempt: tuple[Period, ...],
    records: tuple[Record, ...],
    period: Period,
    as_of: date,
    settings: Settings,
) -> _Found:
    own = own_time(present, exempt, period)
    target = _owed(rule, wanted(rule, settings.threshold(rule, period.first)), own, period)
    confirmed_only = settings.counts_only_confirmed(period.first)
    evidence = counted(rule, records, period, as_of=as_of, confirmed_only=confirmed_only)
    value = value_of(rule, evidence)
    status = status_of(
        rule,
        value,
        target,
        period,
        as_of=as_of,
        lead_days=settings.lead_days(rule, period.first),
        past=own.days_before(as_of),
        whole=own.length,
    )
    lacking = Reason(REASON_OF.get(rule.measure, "count"), amount=target - value)
    return _Found(status, value, target, evidence, lacking if value < target else None)


def _owed(rule: Rule, number: Decimal, own: OwnTime, period: Period) -> Decimal:
    """The number for the months owed; kinds can't be halved: all of them, or none."""
    if rule.measure is Measure.KINDS:
        return number if own.months else ZERO
    return owed_by_person(number, own, period, in_days=rule.measure in IN_DAYS)


def evaluate_standing(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    """How many of those it asks have, on the day, all that the rule wants of each."""
    target = wanted(rule, settings.threshold(rule, as_of)) or ONE
    confirmed_only = settings.counts_only_confirmed(as_of)
    persons = tuple(
        _stand(rule, person, target, as_of=as_of, confirmed_only=confirmed_only)
        for person, _present in subjects(rule, facts, as_of=as_of)
    )
    if not persons:
        return Verdict(rule, facts.code, None, Status.NOT_APPLICABLE, ZERO, ZERO)
    enough = _done(persons) >= heads(persons) * settings.share(rule, as_of)
    return Verdict(
        rule,
        facts.code,
        None,
        _standing_status(rule, enough),
        value=Decimal(_done(persons)),
        target=Decimal(heads(persons)),
        persons=persons,
    )


def _stand(
    rule: Rule, person: PersonFacts, target: Decimal, *, as_of: date, confirmed_only: bool
) -> PersonVerdict:
    evidence = counted(rule, person.history, None, as_of=as_of, confirmed_only=confirmed_only)
    value = min(value_of(rule, evidence), target)
    held = {kind for record in evidence for kind in record.kinds}
    lacking = next(iter(sorted(rule.counts - held)), "")
    return PersonVerdict(
        person.id,
        person.name,
        _standing_status(rule, value >= target),
        value,
        target,
        evidence=evidence,
        reason=Reason("lacking", what=lacking) if value < target else None,
        crowd=person.crowd,
    )


def _standing_status(rule: Rule, is_met: bool) -> Status:
    if rule.is_shown_only:
        return Status.SHOWN
    return Status.MET if is_met else Status.MISSED


def _having(persons: tuple[PersonVerdict, ...], *statuses: Status) -> int:
    return heads(person for person in persons if person.status in statuses)


def _status_of_all(
    rule: Rule,
    persons: tuple[PersonVerdict, ...],
    period: Period,
    as_of: date,
    settings: Settings,
) -> Status:
    """By the share of those who have met it; then the day; then the share of those in time."""
    if rule.is_shown_only:
        return Status.SHOWN
    enough = heads(persons) * settings.share(rule, period.first)
    if _having(persons, Status.MET) >= enough:
        return Status.MET
    lead_days = settings.lead_days(rule, period.first)
    if (ended := when_unmet(period.last, as_of, lead_days)) is not None:
        return ended
    in_time = _having(persons, Status.MET, Status.ON_TRACK)
    return Status.BEHIND if in_time < enough else Status.ON_TRACK


def evaluate_induction(rule: Rule, facts: Facts, *, as_of: date, settings: Settings) -> Verdict:
    """Each who took office since the rule holds was trained in the year up to that day."""
    persons = []
    for person, _present in subjects(rule, facts, as_of=as_of):
        begun = _days_of_taking_office(rule, person, facts.code, as_of)
        if begun:
            persons.append(_judge_induction(rule, person, begun, as_of, settings))
    if not persons:
        return Verdict(rule, facts.code, None, Status.NOT_APPLICABLE, ZERO, ZERO)
    met = _having(tuple(persons), Status.MET)
    return Verdict(
        rule,
        facts.code,
        None,
        Status.MET if met == heads(persons) else Status.MISSED,
        value=Decimal(met),
        target=Decimal(heads(persons)),
        persons=tuple(persons),
    )


def _days_of_taking_office(
    rule: Rule, person: PersonFacts, unit: str, as_of: date
) -> tuple[date, ...]:
    """When the open appointments at the unit began, of those that the rule asks about."""
    stays = subject_stays(rule, person)
    held = (stay.spell for stay in stays if stay.unit == unit and as_of in stay.spell)
    return tuple(sorted({spell.first for spell in held if spell.first >= rule.applies_from}))


def _judge_induction(
    rule: Rule, person: PersonFacts, begun: tuple[date, ...], as_of: date, settings: Settings
) -> PersonVerdict:
    windows = [Period(add_years(day, -1), day) for day in begun]
    confirmed_only = settings.counts_only_confirmed(as_of)
    trained = {
        window: counted(rule, person.history, window, as_of=as_of, confirmed_only=confirmed_only)
        for window in windows
    }
    late = [window for window in windows if not trained[window]]
    return PersonVerdict(
        person.id,
        person.name,
        Status.MISSED if late else Status.MET,
        value=ZERO if late else ONE,
        target=ONE,
        evidence=tuple(record for records in trained.values() for record in records),
        reason=Reason("untrained", day=late[0].last) if late else None,
        crowd=person.crowd,
    )
