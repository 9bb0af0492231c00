"""What would change if a county went by another number, rule or rulebook; nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from assessment.columns import Column
from assessment.engine import Result, contrast
from assessment.exports import Table
from assessment.periods import Cycle, periods_of
from assessment.phrases import MARKS, WORDS, Mark, fraction, period_name
from assessment.terms import Settings, Status
from organizations.choices import SettingKey
from organizations.models import Unit

DAY = timedelta(days=1)
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that the county would set, and the year that it is tried on."""

    key: str
    value: str
    year: int
    rule_ids: frozenset[str] | None = None
    """The rules that it bears on; None: all."""

    @property
    def since(self) -> date:
        return date(self.year, 1, 1)

    def on(self, settings: Settings) -> Settings:
        """The settings with it in their place from the year's beginning on."""
        kept = [
            step for step in settings.values if not (step[0] == self.key and step[1] >= self.since)
        ]
        steps = sorted([*kept, (self.key, self.since, self.value)], key=lambda step: step[1])
        return Settings(tuple(steps))


def number_trial(column: Column, number: Decimal, year: int) -> Trial:
    key = f"{SettingKey.THRESHOLD.value}:{column.rule.id}"
    return Trial(key, f"{number:f}", year, frozenset({column.rule.id}))


def rule_trial(column: Column, value: str, year: int) -> Trial:
    key = f"{SettingKey.RULE.value}:{column.rule.id}"
    return Trial(key, value, year, frozenset({column.rule.id}))


def share_trial(column: Column, percent: Decimal, year: int) -> Trial:
    """Another part of the persons who must have met it; kept as a share of one."""
    key = f"{SettingKey.SHARE.value}:{column.rule.id}"
    return Trial(key, f"{(percent / 100).normalize():f}", year, frozenset({column.rule.id}))


def lead_trial(column: Column, days: int, year: int) -> Trial:
    key = f"{SettingKey.LEAD_DAYS.value}:{column.rule.id}"
    return Trial(key, str(days), year, frozenset({column.rule.id}))


def book_trial(rulebook: str, value: str, year: int) -> Trial:
    return Trial(f"{SettingKey.RULEBOOK.value}:{rulebook}", value, year)


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that would be another."""

    now: Result | None
    then: Result | None

    @property
    def either(self) -> Result:
        found = self.then or self.now
        assert found is not None  # noqa: S101 - there is always one of the two
        return found

    @property
    def unit_name(self) -> str:
        return self.either.unit.name

    @property
    def unit_code(self) -> str:
        return self.either.unit.code

    @property
    def column(self) -> Column:
        return Column(self.either.rulebook, self.either.rule)

    @property
    def period(self) -> str:
        return period_name(self.either.rule.cycle, self.either.verdict.period)

    @property
    def old(self) -> Side:
        return Side(self.now)

    @property
    def new(self) -> Side:
        return Side(self.then)


@dataclass(frozen=True, slots=True)
class Side:
    """How it stands on one side of the trial; without a verdict nobody is asked."""

    result: Result | None

    @property
    def status(self) -> Status:
        return self.result.status if self.result else Status.NOT_APPLICABLE

    @property
    def mark(self) -> Mark:
        return MARKS[self.status]

    @property
    def figures(self) -> str:
        if self.result is None or self.status is Status.NOT_APPLICABLE:
            return NOTHING
        return fraction(self.result.value, self.result.target)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the trial comes to."""

    judged: int
    changes: tuple[Change, ...]

    @property
    def units(self) -> int:
        return len({change.unit_code for change in self.changes})

    @property
    def moves(self) -> list[tuple[Mark, Mark, int]]:
        """From which status to which, and how many verdicts, the most first."""
        counts = Counter((change.old.status, change.new.status) for change in self.changes)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(MARKS[old], MARKS[new], count) for (old, new), count in ordered]


def try_out(county: Unit, trial: Trial) -> Outcome:
    """Judge the whole county both ways, by the facts of the year, as of today or the year's end."""
    today = timezone.localdate()
    end = periods_of(trial.year, Cycle.YEAR)[0].last
    units = Unit.objects.under(county.path)
    pairs = contrast(
        units, min(today, end + DAY), trial.on, year=trial.year, rule_ids=trial.rule_ids
    )
    changes = (Change(now, then) for now, then in pairs)
    differing = [change for change in changes if change.old.status is not change.new.status]
    return Outcome(len(pairs), tuple(differing))


def outcome_table(changes: Iterable[Change]) -> Table:
    """The changes to take away, a line each."""
    head = [
        gettext("Code"),
        gettext("Organisation"),
        gettext("Rule"),
        gettext("Period"),
        gettext("Status now"),
        gettext("Done / owed now"),
        gettext("Status then"),
        gettext("Done / owed then"),
    ]
    return [
        head,
        *(
            [
                change.unit_code,
                change.unit_name,
                change.column.title,
                change.period,
                str(WORDS[change.old.status]),
                change.old.figures,
                str(WORDS[change.new.status]),
                change.new.figures,
            ]
            for change in changes
        ),
    ]


def adopt_url(county: Unit, trial: Trial) -> str:
    """The form that would set it for good, with a reason: what was tried is filled in."""
    name, _colon, subject = trial.key.partition(":")
    query: dict[str, Any] = {"county": county.code}
    if name in {SettingKey.SHARE, SettingKey.LEAD_DAYS}:
        query |= {"key": name, "subject": subject, "value": trial.value}
        return f"{reverse('assessment:settings')}?{urlencode(query)}"
    if name == SettingKey.THRESHOLD:
        route, query["number"] = "assessment:own_number", trial.value
    else:
        route = (
            "assessment:rule_switch" if name == SettingKey.RULE else "assessment:rulebook_switch"
        )
        query["value"] = trial.value
    return f"{reverse(route, args=[subject])}?{urlencode(query)}"
