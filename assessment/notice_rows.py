"""Reminders as lines that a person reads: on the page of notices and in the e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from assessment.choices import DropReason
from assessment.member_dates import BOOK
from assessment.models import Reminder
from assessment.numbers import OwnNumber, in_force, own_numbers_of
from assessment.periods import DAY, Period
from assessment.phrases import arithmetic, day_name, period_name
from assessment.rulebook import RulebookError
from assessment.terms import Rule, Settings, Status
from assessment.wording import find_rule, phrase
from members.citing import cite, in_language
from members.deadlines import DeadlineKind, load_kinds


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
        """The rule's page at the unit, at this period; one that is over as on the day after it."""
        page = reverse("assessment:rule", args=[self.reminder.unit.code, self.reminder.rule])
        if self.rule is None or not self.rule.cycle.is_calendar:
            return page
        page = f"{page}?period={self.period.first.isoformat()}"
        is_past_year = self.period.last.year < timezone.localdate().year
        return f"{page}&on={(self.period.last + DAY).isoformat()}" if is_past_year else page

    @property
    def why(self) -> str:
        """Why it was not sent, in words; empty where it was, or still waits."""
        if self.reminder.reason in DropReason:
            return str(DropReason(self.reminder.reason).label)
        return self.reminder.reason


class MemberLine(Line):
    """A day on members' records: it leads to the ledger that shows whose day it is."""

    __slots__ = ()

    @property
    def kind(self) -> DeadlineKind | None:
        return load_kinds().get(self.reminder.rule)

    @property
    def title(self) -> str:
        return in_language(self.kind.title) if self.kind else self.reminder.rule

    @property
    def period_name(self) -> str:
        return day_name(self.period.first)

    @property
    def told(self) -> str:
        """For how many, and on whose word."""
        number = int(self.target)
        people = ngettext("%(number)d person", "%(number)d people", number) % {"number": number}
        if self.kind is None:
            return people
        kind = self.kind
        basis = cite(kind.source, kind.article, is_confirmed=kind.is_confirmed)
        return pgettext("between phrases", "; ").join([people, basis])

    @property
    def url(self) -> str:
        name, shown = LEDGERS.get(self.reminder.rule, ("members:list", {}))
        query = {"unit": self.reminder.unit.code, "shown": shown.get(self.status, "")}
        return f"{reverse(name)}?{urlencode(query)}"


def day_rows(counties: Iterable[Settings], on: date) -> list[dict[str, Any]]:
    """The kinds of days on members' records, and whether any of the counties is told of each."""
    counties = list(counties)
    return [
        {
            "id": kind.id,
            "title": in_language(kind.title),
            "basis": cite(kind.source, kind.article, is_confirmed=kind.is_confirmed),
            "lead": _lead(kind),
            "url": reverse(LEDGERS[kind.id][0]),
            "is_on": any(kind.holds(county.on(kind.setting, on)) for county in counties),
            "is_sure": kind.is_confirmed,
        }
        for kind in load_kinds().values()
    ]


def _lead(kind: DeadlineKind) -> str:
    if number := kind.lead_months:
        told = ngettext(
            "told of %(number)d month before", "told of %(number)d months before", number
        )
    else:
        number = kind.lead_days
        told = ngettext("told of %(number)d day before", "told of %(number)d days before", number)
    return told % {"number": number}


LEDGERS: Mapping[str, tuple[str, Mapping[Status, str]]] = {
    "probation-end": (
        "members:development",
        {Status.DUE: "probation", Status.MISSED: "probation"},
    ),
    "term-end": ("members:terms", {Status.DUE: "due", Status.MISSED: "over"}),
    "transfer-letter": ("members:transfers", {Status.MISSED: "overdue"}),
}
"""The page on which each kind of day is looked into, and what it is to show."""


def lines_of(reminders: Iterable[Reminder]) -> list[Line]:
    """The reminders, what was missed first, then by the day on which they fall due."""
    reminders = list(reminders)
    own = own_numbers_of({reminder.unit.county_code for reminder in reminders})
    lines = [_line(reminder, own.get(reminder.unit.county_code, [])) for reminder in reminders]
    return sorted(lines, key=lambda line: (line.status is Status.DUE, line.ends_on))


def _line(reminder: Reminder, own: list[OwnNumber]) -> Line:
    if reminder.rulebook == BOOK:
        return MemberLine(reminder, None)
    rule = _rule_of(reminder)
    number = in_force(rule, own, reminder.period_start) if rule else None
    return Line(reminder, rule, number.note if number else "")


def _rule_of(reminder: Reminder) -> Rule | None:
    """None where the rulebook has no such rule any more: the reminder is still shown."""
    try:
        return find_rule(reminder.rulebook, reminder.rule)
    except (KeyError, RulebookError):
        return None
