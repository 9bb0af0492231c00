"""Verdicts in words: names of periods, and the arithmetic as a person would say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    ngettext,
    ngettext_lazy,
    pgettext,
    pgettext_lazy,
)

from assessment.periods import Cycle, Period
from assessment.terms import ZERO, Level, Measure, Rule, Status

WORDS: dict[Status, Promise] = {
    Status.MET: pgettext_lazy("verdict", "Met"),
    Status.MISSED: pgettext_lazy("verdict", "Missed"),
    Status.DUE: pgettext_lazy("verdict", "Due soon"),
    Status.BEHIND: pgettext_lazy("verdict", "Behind"),
    Status.ON_TRACK: pgettext_lazy("verdict", "On track"),
    Status.NOT_APPLICABLE: pgettext_lazy("verdict", "Not applicable"),
    Status.UNKNOWN: pgettext_lazy("verdict", "To be confirmed"),
    Status.SHOWN: pgettext_lazy("verdict", "Shown"),
}

SHORT_WORDS: dict[Status, Promise] = {
    Status.MET: pgettext_lazy("verdict in a narrow cell", "Met"),
    Status.MISSED: pgettext_lazy("verdict in a narrow cell", "Missed"),
    Status.DUE: pgettext_lazy("verdict in a narrow cell", "Due"),
    Status.BEHIND: pgettext_lazy("verdict in a narrow cell", "Behind"),
    Status.ON_TRACK: pgettext_lazy("verdict in a narrow cell", "On track"),
    Status.NOT_APPLICABLE: pgettext_lazy("verdict in a narrow cell", "–"),
    Status.UNKNOWN: pgettext_lazy("verdict in a narrow cell", "Ask"),
    Status.SHOWN: pgettext_lazy("verdict in a narrow cell", "Shown"),
}

ICONS: dict[Status, str] = {
    Status.MET: "circle-check",
    Status.MISSED: "x",
    Status.DUE: "clock",
    Status.BEHIND: "trending-down",
    Status.ON_TRACK: "circle-arrow-right",
    Status.NOT_APPLICABLE: "minus",
    Status.UNKNOWN: "help-circle",
    Status.SHOWN: "eye",
}
"""The shapes of components/status.html, for cells too many to include it in each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a status is drawn: a shape and words; the style sheet adds the colour."""

    status: str
    icon: str
    word: Promise
    """For a narrow cell."""
    words: Promise


MARKS = {
    status: Mark(status.value, ICONS[status], SHORT_WORDS[status], WORDS[status])
    for status in Status
}

LEVELS: dict[Level, Promise] = {
    Level.QUOTA: pgettext_lazy("level of a rule", "Quota"),
    Level.STANDING: pgettext_lazy("level of a rule", "Standing"),
    Level.LEDGER: pgettext_lazy("level of a rule", "Ledger"),
    Level.ENCOURAGED: pgettext_lazy("level of a rule", "Encouraged"),
}

CYCLES: dict[Cycle, Promise] = {
    Cycle.MONTH: pgettext_lazy("cycle of a rule", "Every month"),
    Cycle.QUARTER: pgettext_lazy("cycle of a rule", "Every quarter"),
    Cycle.HALF: pgettext_lazy("cycle of a rule", "Every half-year"),
    Cycle.YEAR: pgettext_lazy("cycle of a rule", "Every year"),
    Cycle.ROLLING: pgettext_lazy("cycle of a rule", "Every few years"),
    Cycle.ONCE: pgettext_lazy("cycle of a rule", "On taking office"),
    Cycle.STANDING: pgettext_lazy("cycle of a rule", "At all times"),
}


MARK_NAMES: dict[str, Promise] = {
    "V": gettext_lazy("seen in the text"),
    "V2": gettext_lazy("told by another source"),
    "G": gettext_lazy("generally known"),
    "?": gettext_lazy("uncertain"),
}
"""How sure a rulebook is of a number, by its mark."""


class Judged(Protocol):
    """A verdict, stored or computed."""

    @property
    def period(self) -> Period | None: ...
    @property
    def status(self) -> Status: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def target(self) -> Decimal: ...


def plain(number: Decimal) -> str:
    """A number without the zeros behind it: 8.5, 12, 0."""
    return f"{number.normalize():f}"


def plural(number: Decimal | int) -> int:
    """What ngettext is to go by: of all numbers 1 alone takes the singular, 0.5 and 0 do not."""
    return 1 if number == 1 else 2


def fraction(value: Decimal, target: Decimal) -> str:
    """Value of target, as short as can be; the value alone where nothing is to be reached."""
    return f"{plain(value)}/{plain(target)}" if target else plain(value)


def signed(change: int | None) -> str:
    """How much more or less: +3, ±0, −2; empty where that is not known."""
    if change is None:
        return ""
    return f"{change:+}".replace("-", "−") if change else "±0"


def clause_name(rule: Rule, *, short: bool = False) -> str:
    """Where the rule stands: clause 9, section 2, or an article with its instrument.

    `short` is for narrow columns, where the instrument has no room: Cl. 9, Sec. 2.
    """
    if rule.clause.startswith("§"):
        section = {"number": rule.clause.removeprefix("§")}
        words = pgettext("narrow", "Sec. %(number)s") if short else gettext("Section %(number)s")
        return words % section
    if short:
        return pgettext("narrow", "Cl. %(clause)s") % {"clause": rule.clause}
    if rule.source is not None:
        source = rule.source.in_language(get_language() or "zh")
        article = {"source": source, "article": rule.clause}
        return gettext("%(source)s, article %(article)s") % article
    return gettext("Clause %(clause)s") % {"clause": rule.clause}


def day_name(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def period_name(cycle: Cycle, period: Period | None) -> str:
    """The period as one would say it: November 2026, the fourth quarter, from a day to a day."""
    if period is None:
        return _without_period(cycle)
    year, month = period.first.year, period.first.month
    if cycle is Cycle.MONTH:
        return date_format(period.first, "YEAR_MONTH_FORMAT")
    if cycle is Cycle.QUARTER:
        return gettext("Q%(number)s %(year)s") % {"number": month // 3 + 1, "year": year}
    if cycle is Cycle.HALF:
        if month == 1:
            return gettext("First half of %(year)s") % {"year": year}
        return gettext("Second half of %(year)s") % {"year": year}
    if cycle is Cycle.YEAR:
        return gettext("Year %(year)s") % {"year": year}
    return gettext("%(first)s to %(last)s") % {
        "first": day_name(period.first),
        "last": day_name(period.last),
    }


def _without_period(cycle: Cycle) -> str:
    if cycle is Cycle.ROLLING:
        return gettext("Every few years")
    return gettext("On taking office") if cycle is Cycle.ONCE else gettext("At all times")


def short_period_name(cycle: Cycle, period: Period | None) -> str:
    """The period where its year is plain and room is scarce: Nov, Q4, H2, 2026."""
    if period is None:
        return pgettext("short", "Now")
    month = period.first.month
    if cycle is Cycle.MONTH:
        return date_format(period.first, pgettext("date format of a month alone", "M"))
    if cycle is Cycle.QUARTER:
        return pgettext("short", "Q%(number)s") % {"number": month // 3 + 1}
    if cycle is Cycle.HALF:
        return pgettext("short", "H1") if month == 1 else pgettext("short", "H2")
    if cycle is Cycle.YEAR:
        return str(period.first.year)
    return gettext("by %(day)s") % {"day": day_name(period.last)}


def arithmetic(rule: Rule, verdict: Judged) -> list[str]:
    """What was done of what is owed, how much is short, and by when: one phrase each."""
    if verdict.status is Status.NOT_APPLICABLE:
        return [gettext("Nobody and nothing here owes it.")]
    phrases = [_done(rule, verdict)]
    if verdict.status in {Status.MET, Status.SHOWN}:
        return [*phrases, *_next_time(rule, verdict)]
    return [*phrases, *_short(rule, verdict), *_deadline(verdict)]


OF_UNIT: dict[Measure, Promise] = {
    Measure.DAYS: ngettext_lazy(
        "%(value)s of %(target)s day", "%(value)s of %(target)s days", "plural"
    ),
    Measure.COUNT: ngettext_lazy(
        "%(value)s of %(target)s time", "%(value)s of %(target)s times", "plural"
    ),
    Measure.HOURS: ngettext_lazy(
        "%(value)s of %(target)s class-hour", "%(value)s of %(target)s class-hours", "plural"
    ),
    Measure.KINDS: ngettext_lazy(
        "%(value)s of %(target)s part done", "%(value)s of %(target)s parts done", "plural"
    ),
    Measure.SETTLED: gettext_lazy("%(value)s of %(target)s settled"),
    Measure.SCORE: ngettext_lazy(
        "%(value)s of %(target)s goal reached", "%(value)s of %(target)s goals reached", "plural"
    ),
}
"""How what a unit has done of what it owes is told; `plural` goes by what it owes."""


def _done(rule: Rule, verdict: Judged) -> str:
    owed = plural(verdict.target)
    figures = {"value": plain(verdict.value), "target": plain(verdict.target), "plural": owed}
    if rule.who.is_person:
        met = ngettext(
            "%(value)s of %(target)s person has met it",
            "%(value)s of %(target)s persons have met it",
            owed,
        )
        return met % figures
    if rule.measure is Measure.COUNT and not verdict.target:
        return ngettext("held once", "held %(value)s times", plural(verdict.value)) % figures
    if rule.measure is Measure.LAST_DONE:
        return _last_done(verdict)
    if rule.measure is Measure.KINDS and rule.cycle is Cycle.STANDING:
        kinds = ngettext(
            "%(value)s of %(target)s kind in place", "%(value)s of %(target)s kinds in place", owed
        )
        return kinds % figures
    if rule.measure in OF_UNIT:
        return str(OF_UNIT[rule.measure] % figures)
    if rule.measure is Measure.IN_TERM:
        return gettext("term running") if verdict.value else gettext("no term known to run")
    return gettext("in place") if verdict.value >= verdict.target else gettext("not in place")


def _last_done(verdict: Judged) -> str:
    if verdict.period is None:
        return gettext("when it was last done is not known")
    since = {"day": day_name(verdict.period.first)}
    if verdict.value:
        return gettext("last done on %(day)s") % since
    return gettext("not done again since %(day)s") % since


def _short(rule: Rule, verdict: Judged) -> list[str]:
    short = verdict.target - verdict.value
    if short <= ZERO:
        return []
    if rule.who.is_person:
        people = int(short)
        return [
            ngettext("%(number)s person still to go", "%(number)s persons still to go", people)
            % {"number": people}
        ]
    if rule.measure is Measure.DAYS:
        return [days_short(short)]
    if rule.measure is Measure.COUNT:
        times = ngettext("once short", "%(amount)s times short", plural(short))
        return [times % {"amount": plain(short)}]
    return []


def days_short(short: Decimal) -> str:
    words = ngettext("%(amount)s day short", "%(amount)s days short", plural(short))
    return words % {"amount": plain(short)}


def _deadline(verdict: Judged) -> list[str]:
    if verdict.period is None:
        return []
    day = {"day": day_name(verdict.period.last)}
    if verdict.status is Status.MISSED:
        return [gettext("ended %(day)s") % day]
    return [gettext("due %(day)s") % day]


def _next_time(rule: Rule, verdict: Judged) -> list[str]:
    if rule.measure in {Measure.LAST_DONE, Measure.IN_TERM} and verdict.period:
        return [gettext("next by %(day)s") % {"day": day_name(verdict.period.last)}]
    return []
