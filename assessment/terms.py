"""The words of the rules: what a rule is, what is known, what is found. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from assessment.crowds import Crowd
from assessment.periods import ALWAYS, Cycle, Period

if TYPE_CHECKING:
    from assessment.five_good import FiveGood, Score

Ref = UUID | int | None
"""Key of the row that is the evidence."""

OF_THE_DOCUMENT = "document"
"""What a county sets to go back from a number of its own to the document's."""

ZERO = Decimal(0)
ONE = Decimal(1)


class Status(StrEnum):
    """How a subject stands with a rule on a day."""

    MET = "met"
    MISSED = "missed"
    DUE = "due"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    SHOWN = "shown"


class Level(StrEnum):
    """How strictly the document asks."""

    QUOTA = "quota"
    STANDING = "standing"
    LEDGER = "ledger"
    ENCOURAGED = "encouraged"


class Measure(StrEnum):
    """What is measured."""

    COUNT = "count"
    """Records of the kinds that count."""
    DAYS = "days"
    """Day credit of those records."""
    KINDS = "kinds"
    """How many of the kinds that count were done."""
    LAST_DONE = "last_done"
    """When it was last done: for rolling rules."""
    INDUCTED = "inducted"
    """Trained in the year up to the day of taking office."""
    EXISTS = "exists"
    """A thing of a kind that counts exists on the day."""
    FILED = "filed"
    """Every one of the things that count exists for the year."""
    HOURS = "hours"
    """Day credit told in class-hours."""
    SETTLED = "settled"
    """How many of the entries of a ledger are settled."""
    IN_TERM = "in_term"
    """Whether the term of those elected still runs."""
    SCORE = "score"
    """How many of the goals are reached, each drawn from other rules."""


class Who(StrEnum):
    """Who a rule asks."""

    UNIT = "unit"
    AREA = "area"
    MEMBER = "member"
    """Probationary and full members, at the unit of their open home affiliation."""
    FULL_MEMBER = "full_member"
    OFFICER = "officer"
    """Who holds one of the rule's offices, at the unit of the office."""
    FLOATING = "floating"
    """Who has an open entry in the floating ledger, at the unit that keeps it."""
    IN_SERVICE = "in_service"
    """In-service members who report here beside their home unit."""
    RETIRED = "retired"
    """Retirees living here whose Party relation is elsewhere."""

    @property
    def is_person(self) -> bool:
        return self not in {Who.UNIT, Who.AREA}


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in both languages; the Chinese is the document's own."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Dated:
    """Numbers with the dates from which they hold, earliest first; None repeals."""

    steps: tuple[tuple[date, Decimal | None], ...] = ()

    def on(self, day: date) -> Decimal | None:
        """The number in force on `day`; None before the first or once repealed."""
        held = [number for since, number in self.steps if since <= day]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Given:
    """What must be there for a rule to ask at all: so many things of some codes."""

    codes: frozenset[str]
    at_least: Dated


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand of a document."""

    id: str
    clause: str
    title: Text
    asks: Text
    """The demand in one sentence of ours."""
    level: Level
    who: Who
    units: frozenset[str]
    """Kinds of unit at which it is judged."""
    measure: Measure
    counts: frozenset[str]
    """Codes of what counts: kinds of activity, or of things (the rulebook's head lists them)."""
    cycle: Cycle
    threshold: Dated
    lead_days: int
    """Days before the end from which an unmet rule is due."""
    applies_from: date
    applies_until: date | None = None
    share: Decimal = ONE
    """Part of the persons who owe it that must have met it for the unit to meet it."""
    with_members: bool = False
    """Only units that have members of their own owe it."""
    offices: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    """For officers: the offices, each with the kinds of unit it is held at."""
    every_years: Dated = Dated()
    """For rolling rules: the years after which it must be done again."""
    school_levels: frozenset[str] = frozenset()
    """Where not empty: only records at a Party school of one of these levels count."""
    fixed_by: str = ""
    """For rolling rules: the county setting that turns them into fixed cycles."""
    source: Text | None = None
    """The instrument, where a rulebook gathers several; else the rulebook's own document."""
    mark: str = ""
    """How sure the number is: `V` was seen in the text; anything else a county has to confirm."""
    given: Given | None = None
    shows: frozenset[str] = frozenset()
    """Codes of things that are shown beside what counts, and count for nothing."""
    hours_a_day: Dated = Dated()
    """For class-hours: how many one day of credit is worth."""
    scores: tuple[FiveGood, ...] = ()
    """For a score: its goals, and what each is drawn from; dated, earliest first."""

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def is_shown_only(self) -> bool:
        return self.level is Level.ENCOURAGED or not self.threshold.steps

    @property
    def is_sure(self) -> bool:
        return self.mark in {"", "V"}

    @property
    def numbers(self) -> Dated:
        """The number that a county may set for itself: of a rolling rule its years."""
        return self.every_years if self.every_years.steps else self.threshold

    @property
    def codes(self) -> frozenset[str]:
        """All that has to be known to judge it."""
        return self.counts | self.shows | (self.given.codes if self.given else frozenset())

    @property
    def is_owed_by_unit(self) -> bool:
        """Whether it is the unit that owes it: then it must have existed for half the period."""
        return self.who in {Who.UNIT, Who.FULL_MEMBER}

    def is_in_force(self, day: date) -> bool:
        in_time = self.applies_from <= day <= (self.applies_until or date.max)
        return in_time and (not self.threshold.steps or self.threshold.on(day) is not None)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One document as rules, by id."""

    id: str
    title: Text
    applies_from: date
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a county has set, each value with the date from which it holds, earliest first."""

    values: tuple[tuple[str, date, str], ...] = ()

    def on(self, key: str, day: date) -> str | None:
        held = [value for name, since, value in self.values if name == key and since <= day]
        return held[-1] if held else None

    def lead_days(self, rule: Rule, day: date) -> int:
        chosen = self.on(f"lead_days:{rule.id}", day)
        return rule.lead_days if chosen is None else int(chosen)

    def share(self, rule: Rule, day: date) -> Decimal:
        return Decimal(self.on(f"share:{rule.id}", day) or rule.share)

    def threshold(self, rule: Rule, day: date) -> Decimal | None:
        """The number in force for the county on `day`: its own, else the document's."""
        if rule.every_years.steps:
            return rule.threshold.on(day)
        return self._own_number(rule, day) or rule.threshold.on(day)

    def years(self, rule: Rule, day: date) -> int:
        """Of a rolling rule: after how many years it must be done again; of others none."""
        if not rule.every_years.steps:
            return 0
        return int(self._own_number(rule, day) or rule.every_years.on(day) or 0)

    def _own_number(self, rule: Rule, day: date) -> Decimal | None:
        chosen = self.on(f"threshold:{rule.id}", day)
        return None if chosen in {None, OF_THE_DOCUMENT} else Decimal(chosen or "0")

    def asks(self, rule: Rule, day: date) -> bool:
        """Whether the rule holds in the county: it may switch each off, and confirm the unsure."""
        chosen = self.on(f"rule:{rule.id}", day)
        return rule.is_sure if chosen is None else chosen == "on"

    def counts_only_confirmed(self, day: date) -> bool:
        return self.on("counts_from", day) == "confirmed"

    def is_fixed(self, rule: Rule, day: date) -> bool:
        return bool(rule.fixed_by) and self.on(rule.fixed_by, day) == "fixed"


@dataclass(frozen=True, slots=True)
class Record:
    """Something done that may count, or several alike in kind and year, summed."""

    ref: Ref
    """Key of the evidence; None for a sum."""
    kinds: frozenset[str]
    day: date
    """First local day; of a sum, the latest."""
    days: Decimal = ZERO
    is_confirmed: bool = True
    school: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that exists for a time: a body, a secretary in office, a venue, a plan."""

    code: str
    spell: Period
    ref: Ref = None
    due: date | None = None
    """When it runs out, where that is agreed beforehand: the end of a term."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A person's time in one capacity at one unit: `home`, `floating` or an office."""

    capacity: str
    unit: str
    unit_kind: str
    spell: Period


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that is known of one person; one and the same at each unit that shows them."""

    id: UUID | int
    name: str
    stays: tuple[Stay, ...]
    membership: tuple[Period, ...] = ()
    """Days as a probationary or full member whose standing is normal."""
    full: Period | None = ALWAYS
    """Days as a full member; None: not one."""
    exempt: tuple[Period, ...] = ()
    records: tuple[Record, ...] = ()
    """What was attended in the year asked about, whoever hosted."""
    history: tuple[Record, ...] = ()
    """The same of all time, as far as a rule looks back; apart, so that nothing counts twice."""
    baselines: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """When a rule was last fulfilled before the portal, by rule."""
    crowd: Crowd = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one unit (or, within one, of an area)."""

    code: str
    kind: str
    existed: Period = ALWAYS
    records: tuple[Record, ...] = ()
    """What it hosted or co-hosted in the year asked about."""
    history: tuple[Record, ...] = ()
    """The same of all time, as far as a rule looks back."""
    things: tuple[Thing, ...] = ()
    members: tuple[Period, ...] = ()
    """Days on which it had a member of its own."""
    persons: tuple[PersonFacts, ...] = ()
    baselines: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    areas: tuple[Facts, ...] = ()
    answers: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """How many residents gave each answer in the year, here and below."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule is unmet, in a form that can be told in any language (wording.py does)."""

    code: str
    """What `wording.tell_reason` knows: `count`, `days`, `lacking`, `never`, `term` and others."""
    what: str = ""
    amount: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PersonVerdict:
    """How one person stands."""

    person: UUID | int
    name: str
    status: Status
    value: Decimal
    target: Decimal
    period: Period | None = None
    evidence: tuple[Record, ...] = ()
    reason: Reason | None = None
    crowd: Crowd = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a unit stands with a rule, and all that it rests on."""

    rule: Rule
    unit: str
    """Code of the unit, or of an area that no unit covers."""
    period: Period | None
    status: Status
    value: Decimal
    target: Decimal
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Record, ...] = ()
    persons: tuple[PersonVerdict, ...] = ()
    score: Score | None = None

    @property
    def persons_short(self) -> tuple[PersonVerdict, ...]:
        """Who has not met it; of a rule that is merely shown nobody falls short."""
        return tuple(one for one in self.persons if one.status not in {Status.MET, Status.SHOWN})
