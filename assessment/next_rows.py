"""What a unit should hold next, in words: the list, what it meets, whom it lifts, what is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext, npgettext

from activities.credit import CreditError, credit_of
from activities.kinds import all_kinds
from activities.models import Plan
from activities.services import PlanEntry
from activities.workdays import table_of
from assessment.columns import Column
from assessment.counties import rulebooks_in_use
from assessment.engine import examine_in_chunks
from assessment.models import UnmetNote
from assessment.outlook import Need, Outlook, OutOfReach, Planned, Session, Short, outlook
from assessment.owed import Owed, Owing, owed_by
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, day_name, period_name, plain, plural
from assessment.remedies import Remedy, remedy_for
from assessment.terms import ONE, ZERO, Rule
from organizations.models import Unit
from organizations.settings import settings_for
from organizations.wording import listed

NAMED = 8
"""Persons who are named in a line; of more the number is told."""
BEGINS = time(9)
FEW_DAYS = 15
"""Working days from which on it is worth saying how many are left."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One proposal."""

    session: Session
    meets: list[str]
    """What it counts for, and how many it lifts."""
    short: list[str]
    """Who will then still lack how much."""

    @property
    def key(self) -> str:
        """What a click names it by; it changes as soon as the proposal does."""
        return f"{self.session.day.isoformat()} {' '.join(self.session.kinds)}"

    @property
    def title(self) -> str:
        return listed(all_kinds()[code].name for code in self.session.kinds)

    @property
    def length(self) -> str:
        days = self.session.days
        return gettext("one day") if days == ONE else gettext("half a day")


@dataclass(frozen=True, slots=True)
class UnmetRow:
    """Something that can't be, or was not, done; with what was noted of it."""

    column: Column
    period: date
    period_name: str
    words: str
    note: UnmetNote | None
    has_page: bool
    """Whether the verdict of that very period has a page: not of one that has not begun."""


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Something that is owed and not met by holding a meeting."""

    column: Column
    mark: Mark
    period_name: str
    remedy: Remedy


@dataclass
class Next:
    """The whole page of one unit on one day."""

    unit: Unit
    today: date
    owed: Owed
    outlook: Outlook
    workdays: list[date]
    planned: list[Plan]

    @cached_property
    def sessions(self) -> list[SessionRow]:
        done: dict[int, Decimal] = {}
        return [
            SessionRow(session, _meets(session, done), _short_after(session, done))
            for session in self.outlook.sessions
        ]

    @cached_property
    def tight(self) -> list[str]:
        """Where so many sessions have to go into so few working days."""
        wanted: dict[tuple[str, str, date], Need] = {}
        for session in self.outlook.sessions:
            for need in session.serves:
                wanted[need.rulebook, need.rule.id, need.period.first] = need
        told = (
            (need, sum(day in need.window for day in self.workdays)) for need in wanted.values()
        )
        return [
            _tight(need, room)
            for need, room in told
            if need.sessions > 1 or (room <= FEW_DAYS and need.window.last >= self.today)
        ]

    @cached_property
    def beyond(self) -> list[str]:
        """Persons for whom the days that are left are too few."""
        return [
            gettext("%(rule)s: not attainable any more this year for %(people)s")
            % {"rule": _title(need.rule), "people": _names(need.beyond)}
            for need in self.owed.needs
            if need.beyond
        ]

    @cached_property
    def notes(self) -> dict[tuple[str, str, date], UnmetNote]:
        rows = UnmetNote.objects.filter(unit=self.unit).select_related("by")
        return {(row.rulebook, row.rule, row.period_start): row for row in rows}

    @cached_property
    def unattainable(self) -> list[UnmetRow]:
        return [self._out(out) for out in self.outlook.out_of_reach]

    @cached_property
    def lost(self) -> list[UnmetRow]:
        return [self._lost(owing) for owing in self.owed.lost]

    @cached_property
    def others(self) -> list[OtherRow]:
        return [_other(owing, self.unit.code) for owing in self.owed.otherwise]

    def _out(self, out: OutOfReach) -> UnmetRow:
        need = out.need
        words = gettext("needs %(sessions)s, and %(days)s left") % {
            "sessions": _sessions(need.sessions),
            "days": _workdays(out.workdays),
        }
        return self._unmet(need.rulebook, need.rule, words, need.period)

    def _lost(self, owing: Owing) -> UnmetRow:
        verdict = owing.verdict
        assert verdict.period is not None  # noqa: S101 - calendar rules have one
        figures = {"value": plain(verdict.value), "target": plain(verdict.target)}
        words = gettext("ended with %(value)s of %(target)s") % figures
        return self._unmet(owing.rulebook, verdict.rule, words, verdict.period)

    def _unmet(self, rulebook: str, rule: Rule, words: str, period: Period) -> UnmetRow:
        name = period_name(rule.cycle, period)
        note = self.notes.get((rulebook, rule.id, period.first))
        begun = rule.cycle.is_calendar and period.first <= self.today
        return UnmetRow(Column(rulebook, rule), period.first, name, words, note, begun)


def next_of(unit: Unit, *, today: date) -> Next:
    """What `unit` should hold from `today` on: from the same facts as its verdicts."""
    return next_of_all([unit], today=today)[0]


def next_of_all(units: Sequence[Unit], *, today: date) -> list[Next]:
    """The same of several units of one county, in as many queries as of one; by their path."""
    end = date(today.year, 12, 31)
    table = table_of(units[0].county_code, today, end)
    days = (today + timedelta(days=number) for number in range((end - today).days + 1))
    workdays = [day for day in days if table.is_workday(day)]
    plans, hours = _plans(units, today, end), settings_for(units[0]).hours_per_day(today)
    by_key = {unit.pk: unit for unit in units}
    rows = Unit.objects.filter(pk__in=by_key)
    found = []
    for _chunk, examined in examine_in_chunks(rows, today):
        for one in examined:
            own = plans.get(one.unit.id, [])
            books = rulebooks_in_use(one.settings, today)
            owed = owed_by(books, one.facts, as_of=today, settings=one.settings, workdays=workdays)
            planned = [_planned(plan, hours) for plan in own]
            reckoned = outlook(owed.needs, workdays, planned)
            found.append(Next(by_key[one.unit.id], today, owed, reckoned, workdays, own))
    return found


def _plans(units: Sequence[Unit], first: date, last: date) -> dict[int, list[Plan]]:
    """What each of the units has itself planned for the days that are left: one query."""
    begin, end = (
        datetime.combine(day, time(), timezone.get_default_timezone())
        for day in (first, last + timedelta(days=1))
    )
    plans = Plan.objects.planned().filter(unit__in=units).starting(begin, end)
    found: dict[int, list[Plan]] = {}
    for plan in plans.order_by("starts_at"):
        found.setdefault(plan.unit_id, []).append(plan)
    return found


def _planned(plan: Plan, hours_per_day: Decimal) -> Planned:
    kinds = frozenset(kind.code for kind in plan.kinds)
    return Planned(plan.first_day, kinds, _credit(plan, hours_per_day))


def _credit(plan: Plan, hours_per_day: Decimal) -> Decimal:
    """What the plan will be worth; nothing where no record could be made of it as it is."""
    starts, ends = timezone.localtime(plan.starts_at), timezone.localtime(plan.ends_at)
    try:
        return credit_of(starts, ends, hours_per_day)
    except CreditError:
        return ZERO


def entry_of(row: SessionRow, unit: Unit, hours_per_day: Decimal) -> PlanEntry:
    """The proposal as a plan: in the morning of its day, for as long as it has to be."""
    zone = timezone.get_default_timezone()
    starts = datetime.combine(row.session.day, BEGINS, zone)
    minutes = int(row.session.days * hours_per_day * 60)
    return PlanEntry(
        unit=unit,
        kinds=frozenset(row.session.kinds),
        topic=row.title,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        note="\n".join(row.meets)[:500],
    )


def _meets(session: Session, done: dict[int, Decimal]) -> list[str]:
    """What the session meets; `done`: the credit given so far towards each need, added to."""
    lines = []
    for need in session.serves:
        name = _named(need)
        if not need.persons or not need.days:
            lines.append(gettext("counts for %(rule)s") % {"rule": name})
            continue
        before = done.get(id(need), ZERO)
        after = done[id(need)] = before + session.days
        lifted = sum(before < short.days <= after for short in need.persons)
        if lifted:
            words = ngettext(
                "completes the year's days of %(count)s person: %(rule)s",
                "completes the year's days of %(count)s persons: %(rule)s",
                lifted,
            )
            lines.append(words % {"count": lifted, "rule": name})
        else:
            lines.append(gettext("brings everybody nearer: %(rule)s") % {"rule": name})
    return lines


def _short_after(session: Session, done: dict[int, Decimal]) -> list[str]:
    lines = []
    for need in session.serves:
        given = done.get(id(need), ZERO)
        if need.days:
            left = [short for short in need.persons if short.days > given]
            lines += _still_short(left, given)
    return lines


def _still_short(left: list[Short], done: Decimal) -> list[str]:
    """Who needs how many more days, those who need the same together."""
    groups: dict[Decimal, list[Short]] = {}
    for short in left:
        groups.setdefault(short.days - done, []).append(short)
    lines = []
    for days, people in sorted(groups.items()):
        words = ngettext(
            "%(count)s person then needs %(days)s: %(people)s",
            "%(count)s persons then need %(days)s each: %(people)s",
            len(people),
        )
        told = {"count": len(people), "days": _more_days(days), "people": _names(people)}
        lines.append(words % told)
    return lines


def _more_days(days: Decimal) -> str:
    words = npgettext("needs", "%(days)s more day", "%(days)s more days", plural(days))
    return words % {"days": plain(days)}


def _names(people: Sequence[Short]) -> str:
    named = [short.name for short in people[:NAMED]]
    rest = len(people) - len(named)
    if not rest:
        return listed(named)
    more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
    return listed([*named, more])


def _tight(need: Need, room: int) -> str:
    return gettext("%(rule)s: %(sessions)s within %(days)s, until %(day)s") % {
        "rule": _named(need),
        "sessions": _sessions(need.sessions),
        "days": _workdays(room),
        "day": day_name(need.window.last),
    }


def _sessions(number: int) -> str:
    words = ngettext("%(count)s session", "%(count)s sessions", number)
    return words % {"count": number}


def _workdays(number: int) -> str:
    words = ngettext("%(count)s working day", "%(count)s working days", number)
    return words % {"count": number}


def _named(need: Need) -> str:
    return gettext("%(rule)s (%(period)s)") % {
        "rule": _title(need.rule),
        "period": period_name(need.rule.cycle, need.period),
    }


def _title(rule: Rule) -> str:
    return Column("", rule).title


def _other(owing: Owing, code: str) -> OtherRow:
    verdict = owing.verdict
    return OtherRow(
        Column(owing.rulebook, verdict.rule),
        MARKS[verdict.status],
        period_name(verdict.rule.cycle, verdict.period),
        remedy_for(verdict.rule, code),
    )
