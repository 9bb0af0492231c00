"""One person against the rules that ask persons: the same verdicts as those of the units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import User
from assessment.columns import all_columns
from assessment.engine import Result, compute
from assessment.phrases import MARKS, Mark, days_short, period_name, plain
from assessment.terms import Level, Measure, PersonVerdict, Rule, Status
from assessment.wording import phrase, tell_reason
from members.models import Person
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Owed:
    """What a person owes by one rule, at the unit that shows it."""

    result: Result
    verdict: PersonVerdict

    @property
    def rule(self) -> Rule:
        return self.result.rule

    @property
    def title(self) -> str:
        return phrase(self.rule.title)

    @property
    def unit_name(self) -> str:
        return self.result.unit.name

    @property
    def unit_code(self) -> str:
        return self.result.unit.code

    @property
    def period_name(self) -> str:
        return period_name(self.rule.cycle, self.verdict.period or self.result.verdict.period)

    @property
    def in_days(self) -> bool:
        return self.rule.measure is Measure.DAYS

    @property
    def value(self) -> str:
        return plain(self.verdict.value)

    @property
    def target(self) -> str:
        return plain(self.verdict.target)

    @property
    def mark(self) -> Mark:
        return MARKS[self.verdict.status]

    @property
    def reason(self) -> str:
        """What is short, in words; empty where nothing is."""
        if self.verdict.status is Status.MET:
            return ""
        if self.verdict.reason:
            return tell_reason(self.verdict.reason)
        short = self.verdict.target - self.verdict.value
        if self.in_days and short > 0:
            return days_short(short)
        return ""


def owed_by(person: Person, *, seen_by: User, on: date) -> list[Owed]:
    """What `person` owes on `on` at the units within the reader's reach; encouraged rules aside.

    The persons of those units are judged together: a person's verdict is a part of the unit's.
    """
    asked = {
        column.rule.id
        for column in all_columns()
        if column.rule.who.is_person and column.rule.level is not Level.ENCOURAGED
    }
    results = compute(_units_of(person, seen_by, on), on, rule_ids=asked)
    found = [
        Owed(result, verdict)
        for result in results
        for verdict in result.verdict.persons
        if verdict.person == person.pk
    ]
    return [owed for owed in found if owed.verdict.status is not Status.NOT_APPLICABLE]


def _units_of(person: Person, user: User, on: date):
    """Where the person is at home, in office or in the ledger of floating members on `on`."""
    homes = person.affiliations.on(on).filter(nature="home").values("unit")
    posts = person.appointments.on(on).values("unit")
    entries = person.floating_entries.on(on).values("unit")
    here = Q(pk__in=homes) | Q(pk__in=posts) | Q(pk__in=entries)
    return Unit.objects.visible_to(user).filter(here)
