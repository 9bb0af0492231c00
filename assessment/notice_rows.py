"""Reminders as lines that a person reads: on the page of notices and in the e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assessment.choices import DropReason
from assessment.models import Reminder
from assessment.numbers import OwnNumber, in_force, own_numbers_of
from assessment.periods import Period
from assessment.phrases import arithmetic, period_name
from assessment.rulebook import RulebookError
from assessment.terms import Rule, Status
from assessment.wording import find_rule, phrase


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder in the active language, with what a verdict has: period, status, figures."""

    reminder: Reminder
    rule: Rule | None
    note: str = ""
    """That the county goes by a number of its own; empty where it does not."""

    @property
    def period(self) -> Period:
        return Period(self.reminder.period_start, self.reminder.period_end)

    @property
    def status(self) -> Status:
        return Status(self.reminder.stage)

    @property
    def value(self) -> Decimal:
        return self.reminder.value

    @property
    def target(self) -> Decimal:
        return self.reminder.target

    @property
    def unit_name(self) -> str:
        return self.reminder.unit.name

    @property
    def title(self) -> str:
        return phrase(self.rule.title) if self.rule else self.reminder.rule

    @property
    def period_name(self) -> str:
        return period_name(self.rule.cycle, self.period) if self.rule else ""

    @property
    def ends_on(self) -> date:
        return self.period.last

    @property
    def told(self) -> str:
        """What was done, what is short, by when."""
        phrases = arithmetic(self.rule, self) if self.rule else []
        phrases += [self.note] if self.note else []
        return pgettext("between phrases", "; ").join(phrases)

    @property
    def url(self) -> str:
        """The rule's page at the unit, at this period; of a past year, as on its last day."""
        page = reverse("assessment:rule", args=[self.reminder.unit.code, self.reminder.rule])
        if self.rule is None or not self.rule.cycle.is_calendar:
            return page
        page = f"{page}?period={self.period.first.isoformat()}"
        is_past_year = self.period.last.year < timezone.localdate().year
        return f"{page}&on={self.period.last.isoformat()}" if is_past_year else page

    @property
    def why(self) -> str:
        """Why it was not sent, in words; empty where it was, or still waits."""
        if self.reminder.reason in DropReason:
            return str(DropReason(self.reminder.reason).label)
        return self.reminder.reason


def lines_of(reminders: Iterable[Reminder]) -> list[Line]:
    """The reminders, what was missed first, then by the day on which they fall due."""
    reminders = list(reminders)
    own = own_numbers_of({reminder.unit.county_code for reminder in reminders})
    lines = [_line(reminder, own.get(reminder.unit.county_code, [])) for reminder in reminders]
    return sorted(lines, key=lambda line: (line.status is Status.DUE, line.ends_on))


def _line(reminder: Reminder, own: list[OwnNumber]) -> Line:
    rule = _rule_of(reminder)
    number = in_force(rule, own, reminder.period_start) if rule else None
    return Line(reminder, rule, number.note if number else "")


def _rule_of(reminder: Reminder) -> Rule | None:
    """None where the rulebook has no such rule any more: the reminder is still shown."""
    try:
        return find_rule(reminder.rulebook, reminder.rule)
    except (KeyError, RulebookError):
        return None
