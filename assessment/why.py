"""Why a verdict is what it is: the number in force, what counted, what did not, and who is short.

All of it rests on one call of the engine, the same that makes the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from accounts.models import User
from activities.kinds import all_kinds
from activities.models import Activity
from assessment import why_records
from assessment.columns import Column
from assessment.engine import Examined, Result, examine
from assessment.five_good_pages import GoalLine, goal_lines
from assessment.judging import IN_DAYS, worth
from assessment.numbers import InForce, in_force, own_numbers_of, settings_told
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, arithmetic, day_name, plain
from assessment.remedies import GRADES
from assessment.terms import (
    ONE,
    ZERO,
    Facts,
    PersonVerdict,
    Record,
    Settings,
    Status,
    Verdict,
    Who,
)
from assessment.why_people import PeopleOfWhy
from assessment.why_records import Held
from assessment.wording import figure, name_of, tell_reason
from organizations.models import Area, Unit
from organizations.wording import listed


@dataclass(frozen=True, slots=True)
class Thing:
    """A body, an office, a venue, a paper that counts."""

    name: str
    since: date | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's own arithmetic."""

    verdict: PersonVerdict
    value: str
    target: str
    reason: str
    records: tuple[Held, ...]
    elsewhere: int
    """Records that count and lie outside the reader's reach."""
    things: str
    """What counts and is no activity, by name."""
    uncounted: tuple[Held, ...]
    """Activities of the right kinds that did not count for this person, and why."""

    @property
    def sum(self) -> str:
        """The credits as a sum, where there are several."""
        return " + ".join(held.worth for held in self.records)

    @property
    def mark(self) -> Mark:
        return MARKS[self.verdict.status]


@dataclass
class Why(PeopleOfWhy):
    """Everything the page of a verdict shows."""

    user: User
    unit: Unit
    column: Column
    on: date
    examined: Examined
    """The facts, and all periods of the year; of a rule on communities, one for each."""
    result: Result
    in_force: InForce | None
    """The number by which it is judged, with the county's reason where it is its own."""
    _activities: dict[UUID, Activity] = field(default_factory=dict)

    @property
    def rule(self):
        return self.column.rule

    @property
    def verdict(self):
        return self.result.verdict

    @property
    def mark(self) -> Mark:
        return MARKS[self.verdict.status]

    @property
    def arithmetic(self) -> list[str]:
        return arithmetic(self.rule, self.verdict)

    @property
    def day(self) -> date:
        return judged_on(self.result, self.on)

    @property
    def facts(self) -> Facts:
        return self.examined.facts

    @property
    def settings(self) -> Settings:
        return self.examined.settings

    @property
    def results(self) -> list[Result]:
        return self.examined.results

    @property
    def number(self) -> str:
        """How often, how many: of a rolling rule, whose years are the number in force, once."""
        number = self.settings.threshold(self.rule, self.day)
        return "" if number is None else plain(number)

    @cached_property
    def own_settings(self) -> list[str]:
        """The county's own share and lead time, with the reasons."""
        return settings_told(self.unit.county_code, self.rule, self.day)

    @property
    def number_since(self) -> date | None:
        return self.in_force.since if self.in_force else None

    @property
    def years(self) -> int:
        return self.settings.years(self.rule, self.day)

    @property
    def asked_when(self) -> str:
        """What must be there for the rule to ask at all."""
        given = self.rule.given
        if given is None:
            return ""
        return gettext("only where there are at least %(number)s: %(things)s") % {
            "number": plain(given.at_least.on(self.day) or ONE),
            "things": listed(name_of(code) for code in sorted(given.codes)),
        }

    @property
    def lead_days(self) -> int:
        return self.settings.lead_days(self.rule, self.day)

    @property
    def share_percent(self) -> str:
        return plain(self.settings.share(self.rule, self.day) * 100)

    @property
    def counts_only_confirmed(self) -> bool:
        return self.settings.counts_only_confirmed(self.day)

    @property
    def in_days(self) -> bool:
        return self.rule.measure in IN_DAYS

    @property
    def counted_names(self) -> str:
        """What counts, by name."""
        order = list(all_kinds())
        codes = sorted(self.rule.counts, key=lambda code: (code not in order, code))
        return listed(name_of(code) for code in codes)

    @property
    def kinds(self) -> list[str]:
        """The kinds of activity that the rule asks for."""
        codes = {"member_review"} if GRADES in self.rule.counts else self.rule.counts
        return [code for code in all_kinds() if code in codes]

    # -- what counted -----------------------------------------------------------

    @property
    def counted(self) -> list[Held]:
        return self._held(self.verdict.evidence)

    @property
    def counted_elsewhere(self) -> tuple[int, Decimal]:
        """How many counted records lie outside the reader's reach, and their days."""
        hidden = [
            record
            for record in self.verdict.evidence
            if self.kinds and record.ref not in self._activities
        ]
        return len(hidden), sum((worth(self.rule, record) for record in hidden), ZERO)

    @property
    def total_days(self) -> Decimal:
        return sum((worth(self.rule, record) for record in self.verdict.evidence), ZERO)

    @property
    def things(self) -> list[Thing]:
        if self.kinds:
            return []
        return [
            Thing(name_of(code), record.day if record.day != date.min else None)
            for record in self.verdict.evidence
            for code in sorted(record.kinds)
        ]

    @property
    def told_before(self) -> str:
        """That it rests on what was told of the time before the portal; else empty."""
        if self.rule.who.is_person:
            return ""
        return self._told_before(self.verdict, self.facts.baselines.get(self.rule.id))

    def _told_before(self, verdict: Verdict | PersonVerdict, day: date | None) -> str:
        if day is None or verdict.evidence or not verdict.period or verdict.period.first != day:
            return ""
        return gettext("done on %(day)s, as told of the time before the portal") % {
            "day": day_name(day)
        }

    @property
    def lacking(self) -> list[str]:
        return [tell_reason(reason) for reason in self.verdict.reasons]

    def _held(self, records: Iterable[Record]) -> list[Held]:
        found = ((self._activities.get(record.ref), record) for record in records)
        return [
            Held(activity, worth=self._told(worth(self.rule, record)))
            for activity, record in found
            if activity
        ]

    def _told(self, amount: Decimal) -> str:
        return figure(amount, in_days=self.in_days)

    @cached_property
    def uncounted(self) -> list[Held]:
        """Records of the right kinds and of that time which don't count, each with the reason."""
        used = {record.ref for record in self.verdict.evidence}
        used |= {r.ref for person in self.verdict.persons for r in person.evidence}
        return why_records.uncounted(self, used)

    @cached_property
    def other_kinds(self) -> list[Held]:
        """Records of that time which are of kinds that the rule doesn't ask for."""
        return why_records.other_kinds(self)

    @property
    def of_other_kinds(self) -> int:
        """How many those are, also beyond the first that are named."""
        return why_records.count_other_kinds(self)

    @cached_property
    def other_periods(self) -> list[Held]:
        """Records of the right kinds in other periods of the year, each with its own."""
        return why_records.other_periods(self)

    @property
    def time(self) -> Period:
        """The days in which an activity would be looked for."""
        period = self.verdict.period
        if period is None or not self.rule.cycle.is_calendar:
            first = period.first if period and period.first <= self.on else date(self.on.year, 1, 1)
            return Period(min(first, self.on), self.on)
        return Period(period.first, period.last)

    # -- persons ----------------------------------------------------------------

    @cached_property
    def persons(self) -> list[PersonLine]:
        """Those still short first, then by name as the roster has it."""
        lines = [self._line(person) for person in self.verdict.persons]
        return sorted(lines, key=lambda line: line.verdict.status is Status.MET)

    def _line(self, person: PersonVerdict) -> PersonLine:
        held = tuple(self._held(person.evidence))
        with_records = self.kinds and GRADES not in self.rule.counts
        return PersonLine(
            person,
            plain(person.value),
            plain(person.target),
            tell_reason(person.reason) if person.reason else "",
            held,
            len(person.evidence) - len(held) if with_records else 0,
            self._things_of(person),
            tuple(self._missed_by.get(person.person, ())) if with_records else (),
        )

    def _things_of(self, person: PersonVerdict) -> str:
        if self.kinds:
            return self._told_before(person, self._baselines.get(person.person))
        order = sorted(person.evidence, key=lambda record: record.day)
        return listed(
            dict.fromkeys(name_of(code) for record in order for code in sorted(record.kinds))
        )

    @cached_property
    def _baselines(self) -> dict[Any, date | None]:
        rule_id = self.rule.id
        return {person.id: person.baselines.get(rule_id) for person in self.facts.persons}

    @cached_property
    def _missed_by(self) -> dict[Any, list[Held]]:
        """By person, the activities of the right kinds that did not count for them."""
        return why_records.missed_by(self)

    # -- scores, and what is shown beside -------------------------------------------

    @property
    def goals(self) -> list[GoalLine]:
        """Of a score each goal with its sum, as on the page of the score."""
        score = self.verdict.score
        return goal_lines(score, self.column.rulebook, self.unit.kind) if score else []

    @property
    def beside(self) -> list[Thing]:
        """Things that are shown and count for nothing."""
        codes = self.rule.shows | (self.rule.given.codes if self.rule.given else frozenset())
        return [
            Thing(name_of(thing.code), thing.spell.first if thing.spell.is_begin_known else None)
            for thing in self.facts.things
            if thing.code in codes and self.on in thing.spell
        ]

    # -- communities --------------------------------------------------------------

    @cached_property
    def areas(self) -> list[tuple[str, Mark]]:
        """For the rule on communities: each by name, with how it stands."""
        if self.rule.who is not Who.AREA:
            return []
        codes = [result.verdict.unit for result in self.results]
        named = Area.objects.visible_to(self.user).filter(code__in=codes)
        names = dict(named.values_list("code", "name"))
        return [
            (names.get(result.verdict.unit, self.unit.name), MARKS[result.status])
            for result in self.results
        ]


def explain(
    user: User, unit: Unit, column: Column, *, on: date, period_start: date | None = None
) -> Why | None:
    """Why `unit` stands with the rule as it does; None when the rule doesn't ask it.

    `period_start` chooses a period of the year, or of an earlier one as it is seen on the day;
    else it is the newest, of communities the worst.
    """
    year = min(on.year, period_start.year) if period_start else on.year
    examined = examine([unit], on, column.rulebook, column.rule.id, year=year)[0]
    results = examined.results
    chosen = _choose(results, period_start)
    if chosen is None:
        return None
    refs = {record.ref for record in chosen.verdict.evidence}
    refs |= {record.ref for person in chosen.verdict.persons for record in person.evidence}
    keys = [ref for ref in refs if isinstance(ref, UUID)]
    activities = Activity.objects.visible_to(user).filter(pk__in=keys).select_related("unit")
    seen = {activity.pk: activity for activity in activities}
    own = own_numbers_of([unit.county_code]).get(unit.county_code, [])
    number = in_force(column.rule, own, judged_on(chosen, on))
    return Why(user, unit, column, on, examined, chosen, number, seen)


def judged_on(result: Result, on: date) -> date:
    """The day by whose numbers a verdict is judged: its period's first."""
    period = result.verdict.period
    return period.first if period and result.rule.cycle.is_calendar else on


def _choose(results: list[Result], period_start: date | None) -> Result | None:
    if period_start is not None:
        dated = (result for result in results if result.verdict.period)
        return next((r for r in dated if r.verdict.period.first == period_start), None)
    if not results:
        return None
    missed = [r for r in results if r.status is Status.MISSED and r.verdict.period is None]
    return missed[0] if missed else results[-1]
