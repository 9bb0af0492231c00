"""What stands at the units: bodies, offices, venues, papers, services, cases, what is below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from assessment.periods import Period
from assessment.question import Question
from assessment.terms import Measure, Thing
from members.choices import Office
from members.models import Appointment, DevelopmentPlan, FloatingEntry, UnfitCase
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Body, Facility, Fund, Rating, Service, Unit, Venue

Things = dict[int, list[Thing]]
UnitThing = tuple[int, Thing]

LEVELS = ("unit_id", "unit__parent_id", "unit__parent__parent_id")
"""Where something is kept, and the units above for which it counts as well."""
PARTY_OFFICES = frozenset({Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER})
RESIDENTS_OFFICES = frozenset({Office.RESIDENTS_DIRECTOR, Office.COMMUNITY_WORKER})


def things(question: Question) -> Things:
    """Bodies, people in office, venues, funds and plans; a query for each that is asked for."""
    found: Things = defaultdict(list)
    for unit_id, thing in _all_things(question):
        found[unit_id].append(thing)
    return found


def _all_things(question: Question) -> Iterable[UnitThing]:
    dated = [
        (Body, "body:", "kind"),
        (Appointment, "office:", "office"),
        (Service, "service:", "kind"),
        (Facility, "facility:", "kind"),
    ]
    for model, prefix, field in dated:
        if codes := question.counts(prefix):
            rows = model.objects.filter(unit_id__in=question.ids, **{f"{field}__in": codes})
            columns = ("unit_id", field, "begun_on", "ended_on", "pk")
            for unit_id, code, begun, ended, pk in rows.on(question.as_of).values_list(*columns):
                yield unit_id, Thing(f"{prefix}{code}", Period.spell(begun, ended), pk)
    if question.counts("venue"):
        venues = Venue.objects.filter(unit_id__in=question.ids).overlapping(
            question.span.first, question.span.last
        )
        for unit_id, begun, ended, pk in venues.values_list(
            "unit_id", "begun_on", "ended_on", "pk"
        ):
            yield unit_id, Thing("venue", Period.spell(begun, ended), pk)
    yield from _filed(question)
    yield from _terms(question)
    yield from _shared_posts(question)
    yield from _cases(question)
    yield from _below(question)


def _filed(question: Question) -> Iterable[UnitThing]:
    """Papers of the year hold for all of it; a plan from the day it was adopted is seen."""
    year = Period(date(question.year, 1, 1), date(question.year, 12, 31))
    of_year = Q(unit_id__in=question.ids, year=question.year)
    if question.counts("fund"):
        for unit_id, pk in Fund.objects.filter(of_year).values_list("unit_id", "pk"):
            yield unit_id, Thing("fund", year, pk)
    if question.counts("development_plan"):
        plans = DevelopmentPlan.objects.filter(of_year, adopted_on__lte=question.as_of)
        for unit_id, pk in plans.values_list("unit_id", "pk"):
            yield unit_id, Thing("development_plan", year, pk)


def _terms(question: Question) -> Iterable[UnitThing]:
    """Those in office, each with the day on which the term ends where that is agreed."""
    if not (offices := question.counts("term:")):
        return
    posts = Appointment.objects.filter(unit_id__in=question.ids, office__in=offices)
    columns = ("unit_id", "office", "begun_on", "ended_on", "pk", "term_ends_on")
    for unit_id, office, begun, ended, pk, due in posts.on(question.as_of).values_list(*columns):
        yield unit_id, Thing(f"term:{office}", Period.spell(begun, ended), pk, due)


def _shared_posts(question: Question) -> Iterable[UnitThing]:
    """People who hold an office of the Party and one of the residents' committee (clause 5)."""
    if not question.counts("posts:"):
        return
    offices = PARTY_OFFICES | RESIDENTS_OFFICES
    posts = Appointment.objects.filter(unit_id__in=question.ids, office__in=sorted(offices))
    held: dict[tuple[int, object], list[tuple[str, date | None, int]]] = defaultdict(list)
    columns = ("unit_id", "person_id", "office", "begun_on", "pk")
    rows = posts.on(question.as_of).order_by("pk").values_list(*columns)
    for unit_id, person, office, begun, pk in rows:
        held[unit_id, person].append((office, begun, pk))
    for (unit_id, _person), found in held.items():
        names = {office for office, _begun, _pk in found}
        if not (names & PARTY_OFFICES and names & RESIDENTS_OFFICES):
            continue
        both = {Office.SECRETARY, Office.RESIDENTS_DIRECTOR} <= names
        since = max((begun or date.min for _office, begun, _pk in found))
        code = "posts:one_person" if both else "posts:cross"
        yield unit_id, Thing(code, Period.spell(since, None), found[0][2])


def _cases(question: Question) -> Iterable[UnitThing]:
    """Cases that were open on some day of the year; each ends on the day it is settled."""
    if not question.counts("unfit_case"):
        return
    year = date(question.as_of.year, 1, 1)
    cases = UnfitCase.objects.filter(
        Q(settled_on__isnull=True) | Q(settled_on__gte=year),
        unit_id__in=question.ids,
        opened_on__lte=question.as_of,
    )
    rows = cases.order_by("opened_on", "pk").values_list("unit_id", "opened_on", "settled_on", "pk")
    for unit_id, opened, settled, pk in rows:
        yield unit_id, Thing("unfit_case", Period.spell(opened, settled), pk)


def _below(question: Question) -> Iterable[UnitThing]:
    """Units of a kind right below, and the floating members of a community and its branches."""
    if kinds := question.counts("unit:"):
        units = Unit.objects.on(question.as_of).filter(parent_id__in=question.ids, kind__in=kinds)
        columns = ("parent_id", "kind", "established_on", "dissolved_on", "pk")
        for parent, kind, begun, ended, pk in units.order_by("path").values_list(*columns):
            yield parent, Thing(f"unit:{kind}", Period.spell(begun, ended), pk)
    if not question.counts("floating_member"):
        return
    communities = [pk for pk, row in question.units.items() if row.kind in COMMUNITY_KINDS]
    entries = FloatingEntry.objects.on(question.as_of).filter(_at_or_below(communities))
    wanted = set(communities)
    rows = entries.order_by("pk").values_list(*LEVELS, "begun_on", "ended_on", "pk")
    for *places, begun, ended, pk in rows:
        for place in wanted.intersection(places):
            yield place, Thing("floating_member", Period.spell(begun, ended), pk)


def _at_or_below(unit_ids: list[int], levels: Iterable[str] = LEVELS) -> Q:
    here = Q()
    for level in levels:
        here |= Q(**{f"{level}__in": unit_ids})
    return here


def answers(question: Question) -> dict[int, dict[int, int]]:
    """How many residents gave each answer in the year, at each unit and right below: one query.

    Rated are communities and streets, so that right below a street is all there is.
    """
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    scores = [rule for rule in question.rules if rule.measure is Measure.SCORE]
    wanted = {
        pk for pk, row in question.units.items() if any(row.kind in rule.units for rule in scores)
    }
    if not wanted:
        return found
    levels = LEVELS[:2]
    here = Rating.objects.filter(_at_or_below(sorted(wanted), levels), year=question.year)
    rows = here.order_by().values_list(*levels, "answer").annotate(Count("pk"))
    for *places, answer, number in rows:
        for place in wanted.intersection(places):
            found[place][answer] += number
    return found
