"""People on the page of a verdict: who was expected for how long, who has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from accounts.models import User
from assessment.expected import Because, left_out, presences, why_unit_not
from assessment.periods import Period
from assessment.reasons import tell_because
from assessment.side_facts import NATURE_OF
from assessment.terms import Facts, Rule, Status, Verdict, Who
from members.choices import MEMBER_STAGES, ExemptionState, Nature
from members.models import Affiliation, Appointment, Exemption, FloatingEntry, Person
from organizations.models import Unit
from organizations.wording import listed


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """One person whom the verdict counts."""

    name: str
    months: int
    of_months: int
    why: str
    """Why not for all months; empty for all."""


@dataclass(frozen=True, slots=True)
class Leavers:
    """Those who left in a time: by name with the last day, as far as the reader may see them."""

    named: tuple[tuple[str, date], ...] = ()
    unnamed: int = 0


class PeopleOfWhy:
    """What the page of a verdict tells of people: from the same facts as the verdict."""

    user: User
    unit: Unit
    on: date
    rule: Rule
    verdict: Verdict
    facts: Facts
    time: Period

    @cached_property
    def exempt(self) -> list[Exemption]:
        """Approved exemptions, in that time, of people who are here on the day."""
        if not self.rule.who.is_person:
            return []
        time = self.time
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
        nature = NATURE_OF.get(self.rule.who, Nature.HOME)
        return self.unit.affiliations.filter(nature=nature).on(self.on).values("person")

    @cached_property
    def expected(self) -> list[ExpectedPerson]:
        """Everyone whom the verdict counts, with the months in which the rule asks them."""
        found = presences(self.rule, self.facts, self.verdict, as_of=self.on)
        return [
            ExpectedPerson(
                person.name,
                person.months,
                person.of_months,
                listed(tell_because(reason) for reason in person.reasons),
            )
            for person in found
        ]

    @property
    def expected_less(self) -> list[ExpectedPerson]:
        """Those of them who are not asked for the whole time."""
        return [person for person in self.expected if person.why]

    @cached_property
    def left_out(self) -> list[tuple[str, str]]:
        """Those who are here and not counted, each with the reason."""
        found = left_out(self.rule, self.facts, self.verdict, as_of=self.on)
        told = [(person.name, tell_because(person.reason)) for person in found]
        words = tell_because(Because("not_a_member"))
        return [*told, *((name, words) for name in self._without_standing())]

    def _without_standing(self) -> list[str]:
        """Members at home here whom the facts leave out altogether: none of the rules asks them."""
        if self.rule.who not in {Who.MEMBER, Who.FULL_MEMBER}:
            return []
        known = [person.id for person in self.facts.persons]
        people = Person.objects.visible_to(self.user).exclude(pk__in=known)
        found = people.filter(
            pk__in=self._people_here(), membership__stage__in=sorted(MEMBER_STAGES)
        )
        return list(found.order_by("pinyin", "pk").values_list("name", flat=True))

    @cached_property
    def leavers(self) -> Leavers:
        """Those who were here in that time and are no more."""
        return leavers_of(self.user, self.unit, self.rule, self.time, self.on)

    @property
    def unit_reason(self) -> str:
        """Why the unit owes nothing, where it does not."""
        if self.verdict.status is not Status.NOT_APPLICABLE:
            return ""
        return tell_because(why_unit_not(self.rule, self.facts, self.verdict, as_of=self.on))


def leavers_of(user: User, unit: Unit, rule: Rule, time: Period, on: date) -> Leavers:
    """Who left the unit, in the capacity that the rule is about, from `time.first` to `on`."""
    if not rule.who.is_person:
        return Leavers()
    ended = _ties(unit, rule).filter(ended_on__gte=time.first, ended_on__lt=min(time.last, on))
    still = _ties(unit, rule).on(on).values("person_id")
    rows = dict(
        ended.exclude(person_id__in=still).order_by("ended_on").values_list("person_id", "ended_on")
    )
    people = Person.objects.visible_to(user).filter(pk__in=rows).order_by("pinyin", "pk")
    named = tuple((name, rows[pk]) for pk, name in people.values_list("pk", "name"))
    return Leavers(named, len(rows) - len(named))


def _ties(unit: Unit, rule: Rule) -> QuerySet:
    if rule.who is Who.OFFICER:
        return Appointment.objects.filter(unit=unit, office__in=sorted(rule.offices))
    if rule.who is Who.FLOATING:
        return FloatingEntry.objects.filter(unit=unit)
    nature = NATURE_OF.get(rule.who, Nature.HOME)
    return Affiliation.objects.filter(unit=unit, nature=nature)
