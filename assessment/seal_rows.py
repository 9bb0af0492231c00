"""Seals for pages: what was frozen beside what the same day gives now, and the writes since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import AuditEvent, User
from activities.history import VERBS
from assessment.engine import Result
from assessment.exports import Table
from assessment.models import Seal, SealedVerdict
from assessment.periods import Cycle, Period, period_of
from assessment.phrases import MARKS, WORDS, Mark, fraction, period_name, plain
from assessment.rulebook import RulebookError
from assessment.seal_document import changes_between
from assessment.sealing import frozen_now, said_by, verdict_document
from assessment.terms import Status
from assessment.wording import find_rule, phrase
from organizations.access import within
from organizations.models import Unit

EVENTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Frozen:
    """One frozen verdict, or what stands in its place now, as a page shows it."""

    said: Mapping[str, Any] | None

    @property
    def mark(self) -> Mark:
        return MARKS[Status(self.said["status"]) if self.said else Status.NOT_APPLICABLE]

    @property
    def figures(self) -> str:
        if self.said is None:
            return "—"
        value, target = Decimal(self.said["value"]), Decimal(self.said["target"])
        return fraction(value, target)

    @property
    def threshold(self) -> str:
        """The number that was in force."""
        number = self.said["threshold"] if self.said else ""
        return plain(Decimal(number)) if number else "—"

    @property
    def unit(self) -> str:
        return self.said["unit"] if self.said else ""

    @property
    def unit_name(self) -> str:
        return self.said["unit_name"] if self.said else ""

    @property
    def rule(self) -> str:
        return self.said["rule"] if self.said else ""

    @property
    def title(self) -> str:
        return title_of(self.said["rulebook"], self.rule) if self.said else ""

    @property
    def period(self) -> str:
        return _period_of(self.said) if self.said else ""

    @property
    def is_of_a_period(self) -> bool:
        """Whether it is of a calendar period, by which its page is found again."""
        span = _span_of(self.said) if self.said else None
        return span is not None and span[0].is_calendar

    @property
    def short(self) -> int:
        """How many persons or reasons stand in the way."""
        return len(self.said["short"]) if self.said else 0


def title_of(rulebook: str, rule: str) -> str:
    """The rule's title; its id where the rulebook knows it no more."""
    try:
        return phrase(find_rule(rulebook, rule).title)
    except (KeyError, RulebookError):
        return rule


def _period_of(said: Mapping[str, Any]) -> str:
    span = _span_of(said)
    return period_name(*span) if span else gettext("At all times")


def _span_of(said: Mapping[str, Any]) -> tuple[Cycle, Period] | None:
    """The period with its cycle, which a calendar one shows; None where there is none."""
    if not said["period_start"]:
        return None
    period = Period(
        date.fromisoformat(said["period_start"]), date.fromisoformat(said["period_end"])
    )
    calendar = (cycle for cycle in Cycle if cycle.is_calendar)
    cycle = next((c for c in calendar if period_of(period.first, c) == period), Cycle.ROLLING)
    return cycle, period


def frozen(row: SealedVerdict) -> Frozen:
    return Frozen(verdict_document(row))


@dataclass(frozen=True, slots=True)
class Difference:
    """A verdict that is not what was sealed."""

    was: Frozen
    now: Frozen

    @property
    def either(self) -> Frozen:
        return self.was if self.was.said else self.now


@dataclass(frozen=True, slots=True)
class Write:
    """Something that was written after the seal, about a unit whose verdict is another now."""

    event: AuditEvent
    what: str


def differences(seal: Seal, codes: Iterable[str]) -> list[Difference]:
    """Verdict by verdict what the day of the seal gives now, of the units with these codes."""
    seen = set(codes)
    now = map(verdict_document, frozen_now(seal.unit, seal.period))
    pairs = changes_between(said_by(seal), now)
    found = (Difference(Frozen(was), Frozen(then)) for was, then in pairs)
    return [each for each in found if each.either.unit in seen]


def writes_since(seal: Seal, units: QuerySet[Unit]) -> list[Write]:
    """The trail since the seal about `units` and their people, the newest first."""
    paths = list(units.values_list("path", flat=True))
    about = AuditEvent.objects.filter(within("unit_path", paths), at__gt=seal.sealed_at)
    events = about.exclude(verb__in=["seal_period", "correct_seal"]).select_related("by")
    return [Write(event, _told(event)) for event in events[:EVENTS_SHOWN]]


def _told(event: AuditEvent) -> str:
    model = apps.get_model(event.target_type)
    name = str(model._meta.verbose_name)
    if event.verb in VERBS:
        return f"{name} · {gettext(VERBS[event.verb])}"
    return gettext("%(thing)s written") % {"thing": name}


def seals_of_day(user: User, counties: Collection[str], day: date) -> list[Seal]:
    """The newest seal of each sealed period that `day` lies in, of a page about one county.

    Today is never sealed, and several counties have seals of their own: then none.
    """
    if len(counties) != 1 or day >= timezone.localdate():
        return []
    seals = Seal.objects.visible_to(user).filter(
        unit__code__in=counties, period_start__lte=day, period_end__gte=day
    )
    newest: dict[tuple[date, date], Seal] = {}
    for seal in seals.order_by("number"):
        newest[seal.period_start, seal.period_end] = seal
    return list(newest.values())


@dataclass(frozen=True, slots=True)
class Sealed:
    """That a verdict was sealed, and as what."""

    seal: Seal
    was: Frozen
    is_the_same: bool


def sealed_as(user: User, unit: Unit, rule: str, result: Result) -> Sealed | None:
    """What the newest seal says of one verdict that a page shows now; None: it is not sealed."""
    period = result.verdict.period
    if period is None:
        return None
    rows = SealedVerdict.objects.visible_to(user).filter(
        unit=unit, rule=rule, period_start=period.first, period_end=period.last
    )
    row = rows.select_related("seal").order_by("-seal__number").first()
    if row is None:
        return None
    was = frozen(row)
    now = (result.status, result.value, result.target)
    return Sealed(row.seal, was, (Status(row.status), row.value, row.target) == now)


def seal_table(rows: Iterable[SealedVerdict]) -> Table:
    """The verdicts of a seal to take away."""
    head = [
        gettext("Code"),
        gettext("Organisation"),
        gettext("Rule"),
        gettext("Period"),
        gettext("Number then in force"),
        gettext("Value"),
        gettext("Target"),
        gettext("Status"),
        gettext("Records"),
    ]
    return [head, *(_line(frozen(row), row) for row in rows)]


def _line(shown: Frozen, row: SealedVerdict) -> list[str]:
    return [
        row.subject_code,
        row.unit_name,
        shown.title,
        shown.period,
        shown.threshold,
        plain(row.value),
        plain(row.target),
        str(WORDS[Status(row.status)]),
        str(len(row.evidence)),
    ]
