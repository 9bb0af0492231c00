"""Who was where, in which office, exempt or not, and what they attended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from activities.choices import State
from activities.models import Attendance
from assessment import deeds
from assessment.models import Baseline
from assessment.periods import ALWAYS, Period, intersect, merge, outside
from assessment.question import Question, codes_of
from assessment.side_facts import duties, guest_notes, guests, papers
from assessment.terms import PersonFacts, Record, Stay, Who
from members.choices import ACTIVE_STANDINGS, MEMBER_STAGES, ExemptionState, Nature, Stage
from members.models import (
    Affiliation,
    Appointment,
    Exemption,
    FloatingCheck,
    FloatingEntry,
    Membership,
    StandingSpell,
)

CENT = Decimal("0.01")
Days = tuple[Period, ...]
Rows = Any
"""A queryset whose rows have a `person`; None where nothing of the kind is asked for."""
OF_MEMBERS = (
    "person_id",
    "person__name",
    "unit_id",
    "begun_on",
    "ended_on",
    "person__membership__stage",
    "person__membership__joined_on",
    "person__membership__full_on",
    "person__membership__standing",
)
"""Of a home affiliation: who, where, from when to when, and what kind of member."""


@dataclass
class Draft:
    """A person's facts while they are gathered, query by query."""

    name: str
    stays: list[Stay] = field(default_factory=list)
    membership: tuple[Period, ...] = ()
    full: Period | None = None
    exempt: list[Period] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    history: list[Record] = field(default_factory=list)
    baselines: dict[str, date] = field(default_factory=dict)

    def facts(self, pk: UUID) -> PersonFacts:
        return PersonFacts(
            pk,
            self.name,
            tuple(self.stays),
            self.membership,
            self.full,
            merge(self.exempt),
            tuple(self.records),
            tuple(self.history),
            self.baselines,
        )


class PersonLoader:
    """Gathers the persons of a question's units, in a number of queries that no person adds to."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.drafts: dict[UUID, Draft] = {}
        self.shown: dict[int, dict[UUID, None]] = defaultdict(dict)
        """By unit, the persons who are there in some capacity on the day, in order."""
        self.members: dict[int, set[Period]] = defaultdict(set)

    def load(self) -> None:
        if self.question.asks_for_members:
            self.load_homes()
        if self.question.offices:
            self.load_offices()
        if self.question.asks(Who.FLOATING):
            self.load_floating()
        if self.question.asks(Who.IN_SERVICE, Who.RETIRED):
            self.load_guests()
        if self.drafts:
            self.load_duties()
            self.load_exemptions()
            self.load_attendance()
            self.load_history()
            self.load_grades()

    def facts(self) -> tuple[dict[int, tuple[PersonFacts, ...]], dict[int, tuple[Period, ...]]]:
        """By unit: its persons, and the days on which it had a member of its own."""
        persons = {pk: draft.facts(pk) for pk, draft in self.drafts.items()}
        shown = {unit_id: tuple(persons[pk] for pk in keys) for unit_id, keys in self.shown.items()}
        return shown, {unit_id: merge(spells) for unit_id, spells in self.members.items()}

    # -- who: as subqueries, so that no list of persons travels ---------------

    def homes_here(self) -> QuerySet:
        homes = Affiliation.objects.filter(nature=Nature.HOME, unit_id__in=self.question.ids)
        return homes.on(self.question.as_of).order_by().values("person_id")

    def officers_here(self) -> QuerySet:
        posts = Appointment.objects.filter(
            unit_id__in=self.question.ids, office__in=self.question.offices
        )
        return posts.on(self.question.as_of).order_by().values("person_id")

    def floating_here(self) -> QuerySet:
        entries = FloatingEntry.objects.filter(unit_id__in=self.question.ids)
        return entries.on(self.question.as_of).order_by().values("person_id")

    def everyone_here(self) -> QuerySet:
        """All persons asked about in some capacity."""
        sets = []
        if self.question.asks(Who.MEMBER, Who.FULL_MEMBER):
            sets.append(self.homes_here())
        if self.question.offices:
            sets.append(self.officers_here())
        if self.question.asks(Who.FLOATING):
            sets.append(self.floating_here())
        if self.question.asks(Who.IN_SERVICE, Who.RETIRED):
            sets.append(guests(self.question).order_by().values("person_id"))
        return sets[0].union(*sets[1:]) if len(sets) > 1 else sets[0]

    def of_everyone(self, rows: Rows) -> Rows:
        """Those `rows` that are about persons asked about in some capacity."""
        return None if rows is None else rows.filter(person_id__in=self.everyone_here())

    def of_members(self, rows: Rows) -> Rows:
        """Those `rows` that are about persons who are at home in the units."""
        return None if rows is None else rows.filter(person_id__in=self.homes_here())

    # -- where they belong ----------------------------------------------------

    def homes(self) -> QuerySet:
        """Everybody's home affiliations in the span, wherever."""
        span = self.question.span
        return Affiliation.objects.filter(nature=Nature.HOME).overlapping(span.first, span.last)

    def exempt(self) -> QuerySet:
        """Everybody's exemptions in the span."""
        span = self.question.span
        approved = Exemption.objects.filter(state=ExemptionState.APPROVED, begun_on__lte=span.last)
        return approved.exclude(ended_on__lt=span.first)

    def load_homes(self) -> None:
        """Home affiliations: those of the units and, of the persons there, those elsewhere."""
        self.load_members()
        if self.drafts:
            away = self.of_members(self.homes()).exclude(unit_id__in=self.question.ids)
            columns = ("person_id", "unit__code", "unit__kind", "begun_on", "ended_on")
            for pk, code, kind, begun, ended in away.values_list(*columns):
                if pk in self.drafts:
                    stay = Stay("home", code, kind, Period.spell(begun, ended))
                    self.drafts[pk].stays.append(stay)

    def load_members(self) -> None:
        ours = self.homes().filter(unit_id__in=self.question.ids)
        persons = ours.order_by().values("person_id")
        away = days_away(spells_away().filter(person_id__in=persons))
        rows = of_members(ours).order_by("person__pinyin", "person_id", "pk")
        for row in rows.values_list(*OF_MEMBERS):
            self.add_home(row, away.get(row[0], ()))

    def add_home(self, row: tuple[Any, ...], away: Days) -> None:
        """A member's home: days of the unit's own members and, where that is asked, a stay."""
        pk, name, unit_id, begun, ended, *membership = row
        spells, full = as_member(*membership, away)
        if not spells:
            return
        spell = Period.spell(begun, ended)
        self.members[unit_id].update(intersect((spell,), spells))
        if self.question.asks(Who.MEMBER, Who.FULL_MEMBER):
            draft = self.drafts.setdefault(pk, Draft(name))
            draft.membership, draft.full = spells, full
            unit = self.question.units[unit_id]
            self.add_stay(pk, unit_id, Stay("home", unit.code, unit.kind, spell))

    def load_offices(self) -> None:
        """All appointments in the span of those who hold an office here on the day."""
        span = self.question.span
        posts = Appointment.objects.filter(
            person_id__in=self.officers_here(), office__in=self.question.offices
        ).overlapping(span.first, span.last)
        rows = posts.order_by("person__pinyin", "person_id", "pk").values_list(
            "person_id",
            "person__name",
            "unit_id",
            "unit__code",
            "unit__kind",
            "office",
            "begun_on",
            "ended_on",
        )
        for pk, name, unit_id, code, kind, office, begun, ended in rows:
            self.drafts.setdefault(pk, Draft(name))
            self.add_stay(pk, unit_id, Stay(office, code, kind, Period.spell(begun, ended)))
        if rows and self.question.kinds(Who.OFFICER, back=True):
            told = Baseline.objects.filter(person_id__in=self.officers_here())
            for pk, rule, done_on in told.values_list("person_id", "rule", "done_on"):
                self.drafts[pk].baselines[rule] = done_on

    def load_floating(self) -> None:
        """The ledger's entries of those in it here on the day, and the year's checks on them."""
        span, year = self.question.span, self.question.year_so_far
        entries = FloatingEntry.objects.filter(person_id__in=self.floating_here())
        rows = (
            entries.overlapping(span.first, span.last)
            .order_by("person__pinyin", "person_id", "pk")
            .values_list(
                "person_id",
                "person__name",
                "unit_id",
                "unit__code",
                "unit__kind",
                "begun_on",
                "ended_on",
            )
        )
        for pk, name, unit_id, code, kind, begun, ended in rows:
            self.drafts.setdefault(pk, Draft(name))
            self.add_stay(pk, unit_id, Stay("floating", code, kind, Period.spell(begun, ended)))
        if not rows:
            return
        checks = FloatingCheck.objects.filter(
            entry__person_id__in=self.floating_here(), done_on__range=(year.first, year.last)
        )
        columns = ("entry__person_id", "pk", "kind", "done_on")
        for pk, check_id, kind, day in checks.values_list(*columns):
            record = Record(check_id, frozenset({f"floating:{kind}"}), day)
            self.drafts[pk].records.append(record)
        if self.question.counts("paper:"):
            for pk, record in papers(entries.on(self.question.as_of)):
                self.drafts[pk].history.append(record)

    def load_guests(self) -> None:
        """In-service members and retirees who are here beside a home elsewhere."""
        rows = guests(self.question).order_by("person__pinyin", "person_id", "pk")
        columns = ("person_id", "person__name", "unit_id", "nature", "begun_on", "ended_on")
        for pk, name, unit_id, nature, begun, ended in rows.values_list(*columns):
            row = self.question.units[unit_id]
            self.drafts.setdefault(pk, Draft(name))
            self.add_stay(pk, unit_id, Stay(nature, row.code, row.kind, Period.spell(begun, ended)))
        if not rows:
            return
        for pk, record in guest_notes(self.question):
            if record.day in self.question.year_so_far:
                self.drafts[pk].records.append(record)
            self.drafts[pk].history.append(record)

    def load_duties(self) -> None:
        """Posts held and pledges reported on in the year, of the members here."""
        posts, pledges = deeds.posts_held(self.question), deeds.pledges_kept(self.question)
        for pk, record in duties(self.of_members(posts), self.of_members(pledges)):
            self.add_record(pk, record)

    def add_stay(self, pk: UUID, unit_id: int, stay: Stay) -> None:
        self.drafts[pk].stays.append(stay)
        if unit_id in self.question.units and self.question.as_of in stay.spell:
            self.shown[unit_id][pk] = None

    # -- what they owe less of, and what they did -----------------------------

    def load_exemptions(self) -> None:
        exempt = self.of_everyone(self.exempt())
        for pk, begun, ended in exempt.values_list("person_id", "begun_on", "ended_on"):
            if pk in self.drafts:
                self.drafts[pk].exempt.append(Period.spell(begun, ended))

    def load_attendance(self) -> None:
        """The year's attendances that count: summed by kinds, or one by one where that is asked."""
        question = self.question
        attended = self.of_everyone(deeds.attended(question))
        if attended is None:
            return
        if question.with_evidence:
            columns = ("person_id", "kind_mask", "credit", "day", "activity_id")
            rows = attended.order_by("day", "activity_id")
            told = rows.values_list(*columns, *deeds.states_of(question))
            for pk, mask, credit, day, ref, *states in told:
                self.add_record(pk, Record(ref, codes_of(mask), day, credit, _confirmed(states)))
            return
        known: dict[tuple[Any, ...], Record] = {}
        for pk, *sums in deeds.summed(attended, question):
            key = tuple(sums)
            if (record := known.get(key)) is None:
                record = known[key] = _summed(*key)
            self.add_record(pk, record)

    def add_record(self, pk: UUID, record: Record) -> None:
        if pk in self.drafts:
            self.drafts[pk].records.append(record)

    def load_history(self) -> None:
        """Trainings of all time, for those whose office asks when the last one was."""
        kinds = self.question.kinds(Who.OFFICER, back=True)
        if not kinds:
            return
        attended = Attendance.objects.filter(
            person_id__in=self.officers_here(), counts=True, day__lte=self.question.as_of
        ).of_kinds(kinds)
        rows = attended.order_by("day", "activity_id").values_list(
            "person_id",
            "activity_id",
            "kind_mask",
            "day",
            "credit",
            "activity__state",
            "activity__school_level",
        )
        for pk, ref, mask, day, credit, state, school in rows:
            record = Record(ref, codes_of(mask), day, credit, state == State.CONFIRMED, school)
            self.drafts[pk].history.append(record)

    def load_grades(self) -> None:
        """The grades of the year's member reviews, whoever held the review."""
        graded = self.of_members(deeds.graded(self.question))
        if graded is None:
            return
        columns = ("person_id", "activity_id", "activity__first_day", "activity__state")
        kinds = frozenset({"review:graded"})
        for pk, ref, day, state in graded.values_list(*columns):
            self.add_record(pk, Record(ref, kinds, day, is_confirmed=state == State.CONFIRMED))


def _summed(mask: int, credit: Decimal, last: date, number: int, *states: str) -> Record:
    """Several attendances of the same kinds; the sums of many people are the same."""
    days = Decimal(credit).quantize(CENT)
    return Record(None, codes_of(mask), last, days, _confirmed(states), number=number)


def _confirmed(states: Sequence[str]) -> bool:
    """Where the state was not asked for, nobody will look at it."""
    return not states or states[0] == State.CONFIRMED


def membership_days(persons: QuerySet) -> dict[UUID, tuple[Days, Period | None]]:
    """By person: the days as a member in normal standing, and as a full member."""
    away = days_away(spells_away().filter(person_id__in=persons))
    members = Membership.objects.filter(person_id__in=persons, stage__in=sorted(MEMBER_STAGES))
    rows = members.values_list("person_id", "stage", "joined_on", "full_on", "standing")
    return {pk: as_member(*facts, away.get(pk, ())) for pk, *facts in rows}


def of_members(homes: QuerySet) -> QuerySet:
    """Those of the homes that are a member's."""
    return homes.filter(person__membership__stage__in=sorted(MEMBER_STAGES))


def spells_away() -> QuerySet[StandingSpell]:
    """The times when the standing of a member was not normal."""
    return StandingSpell.objects.exclude(standing__in=sorted(ACTIVE_STANDINGS))


def days_away(spells: QuerySet[StandingSpell]) -> dict[UUID, Days]:
    """By person: the days on which the standing of a member was not normal."""
    away: dict[UUID, list[Period]] = defaultdict(list)
    for pk, begun, ended in spells.values_list("person_id", "begun_on", "ended_on"):
        away[pk].append(Period.spell(begun, ended))
    return {pk: tuple(spells) for pk, spells in away.items()}


@lru_cache(maxsize=16_384)
def as_member(
    stage: str, joined: date | None, full_on: date | None, standing: str, away: Days
) -> tuple[Days, Period | None]:
    """The days as a member in normal standing, and as a full member."""
    full = Period.spell(full_on, None) if stage == Stage.FULL else None
    if away:
        return intersect((Period.spell(joined, None),), outside(away)), full
    if standing in ACTIVE_STANDINGS:
        return ((Period.spell(joined, None),) if joined else (ALWAYS,)), full
    return (), full  # not active, and nobody knows since when: since before the portal
