"""Why a verdict is what it is: the number in force, what counted, what did not, and who is short.

All of it rests on one call of the engine, the same that makes the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import User
from activities.choices import State
from activities.kinds import all_kinds
from activities.models import Activity
from assessment.columns import Column
from assessment.counties import settings_of
from assessment.engine import Result, compute
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, arithmetic, listed, plain
from assessment.remedies import GRADES
from assessment.terms import ZERO, Measure, PersonVerdict, Record, Settings, Status, Who
from assessment.wording import name_of, tell_reason
from members.choices import ExemptionState
from members.models import Exemption
from organizations.models import Area, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """An activity on the page, with what it is worth or why it is worth nothing."""

    activity: Activity
    why_not: str = ""

    @property
    def kinds(self) -> str:
        return listed(kind.name for kind in self.activity.kinds)


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

    @property
    def mark(self) -> Mark:
        return MARKS[self.verdict.status]


@dataclass
class Why:
    """Everything the page of a verdict shows."""

    user: User
    unit: Unit
    column: Column
    on: date
    results: list[Result]
    """All periods of the year; of a rule on communities, one for each."""
    result: Result
    settings: Settings
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
        """The day by whose numbers the verdict is judged: its period's first."""
        period = self.verdict.period
        return period.first if period and self.rule.cycle.is_calendar else self.on

    @property
    def number(self) -> str:
        number = self.rule.threshold.on(self.day)
        return "" if number is None else plain(number)

    @property
    def number_since(self) -> date | None:
        steps = [since for since, _number in self.rule.threshold.steps if since <= self.day]
        return steps[-1] if steps else None

    @property
    def years(self) -> int:
        return int(self.rule.every_years.on(self.day) or 0)

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
        return self.rule.measure is Measure.DAYS

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
        return len(hidden), sum((record.days for record in hidden), ZERO)

    @property
    def total_days(self) -> Decimal:
        return sum((record.days for record in self.verdict.evidence), ZERO)

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
    def lacking(self) -> list[str]:
        return [tell_reason(reason) for reason in self.verdict.reasons]

    def _held(self, records: Iterable[Record]) -> list[Held]:
        found = (self._activities.get(record.ref) for record in records)
        return [Held(activity) for activity in found if activity]

    @cached_property
    def uncounted(self) -> list[Held]:
        """Records of the right kinds and of that time which don't count, each with the reason."""
        if not self.kinds:
            return []
        used = {record.ref for record in self.verdict.evidence}
        used |= {r.ref for person in self.verdict.persons for r in person.evidence}
        found = self._own_activities().of_kinds(self.kinds).exclude(pk__in=used)
        return [Held(activity, self._why_not(activity)) for activity in found[:50]]

    @cached_property
    def of_other_kinds(self) -> int:
        """Records of that time which are of kinds that the rule doesn't ask for."""
        if not self.kinds:
            return 0
        own = self._own_activities()
        return own.counted().count() - own.counted().of_kinds(self.kinds).count()

    def _own_activities(self):
        time = self._time()
        held = Activity.objects.visible_to(self.user).beginning(time.first, time.last)
        ours = Q(unit=self.unit) | Q(pk__in=self.unit.co_host_rows.values("activity_id"))
        return held.filter(ours).order_by("-first_day", "pk")

    def _time(self) -> Period:
        """The days in which an activity would be looked for."""
        period = self.verdict.period
        if period is None or not self.rule.cycle.is_calendar:
            first = period.first if period and period.first <= self.on else date(self.on.year, 1, 1)
            return Period(first, self.on)
        return Period(period.first, period.last)

    def _why_not(self, activity: Activity) -> str:
        if activity.state == State.DRAFT:
            return gettext("A draft: it counts once it is submitted.")
        if activity.state == State.RETURNED:
            return gettext("Returned: %(reason)s") % {"reason": activity.return_reason}
        if activity.state == State.CANCELLED:
            return gettext("Cancelled.")
        if activity.first_day > self.on:
            return gettext("It begins later than the day asked about.")
        if activity.state == State.SUBMITTED and self.counts_only_confirmed:
            return gettext("Not yet confirmed: this county counts from confirmation.")
        if self.rule.school_levels and activity.school_level not in self.rule.school_levels:
            return gettext("It names no Party school of county level or above.")
        if self.rule.who.is_person:
            return gettext("Nobody whom the rule asks here took part in it in that time.")
        return gettext("What was done later holds instead.")

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
        )

    @cached_property
    def exempt(self) -> list[Exemption]:
        """Approved exemptions, in that time, of people who are here on the day."""
        if not self.rule.who.is_person:
            return []
        time = self._time()
        return list(
            Exemption.objects.visible_to(self.user)
            .filter(state=ExemptionState.APPROVED, person__in=self._people_here())
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=time.first))
            .filter(begun_on__lte=min(time.last, self.on))
            .select_related("person")
            .order_by("person__pinyin", "begun_on")
        )

    def _people_here(self):
        if self.rule.who is Who.OFFICER:
            posts = self.unit.appointments.filter(office__in=sorted(self.rule.offices))
            return posts.on(self.on).values("person")
        if self.rule.who is Who.FLOATING:
            return self.unit.floating_entries.on(self.on).values("person")
        return self.unit.affiliations.filter(nature="home").on(self.on).values("person")

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

    `period_start` chooses a period of the year; else the newest, of communities the worst.
    """
    found = compute([unit], on, rule_ids={column.rule.id}, with_evidence=True)
    results = [result for result in found if result.rulebook == column.rulebook]
    chosen = _choose(results, period_start)
    if chosen is None:
        return None
    settings = settings_of([unit.county_code])[unit.county_code]
    refs = {record.ref for record in chosen.verdict.evidence}
    refs |= {record.ref for person in chosen.verdict.persons for record in person.evidence}
    keys = [ref for ref in refs if isinstance(ref, UUID)]
    activities = Activity.objects.visible_to(user).filter(pk__in=keys).select_related("unit")
    seen = {activity.pk: activity for activity in activities}
    return Why(user, unit, column, on, results, chosen, settings, seen)


def _choose(results: list[Result], period_start: date | None) -> Result | None:
    if period_start is not None:
        dated = (result for result in results if result.verdict.period)
        return next((r for r in dated if r.verdict.period.first == period_start), None)
    if not results:
        return None
    missed = [r for r in results if r.status is Status.MISSED and r.verdict.period is None]
    return missed[0] if missed else results[-1]
