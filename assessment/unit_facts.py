"""What the units themselves held, and the communities that they cover."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import F, Q

from activities.choices import COUNTING_STATES, State
from activities.kinds import mask_of
from activities.models import Activity, CoHost
from assessment.models import Baseline
from assessment.periods import Period
from assessment.question import Question, codes_of
from assessment.terms import Facts, Record, Thing, Who
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Area, Unit

Records = dict[int, list[Record]]


def records_of_year(question: Question) -> Records:
    """What each unit hosted or co-hosted in the year so far, of the kinds that count."""
    year = question.year_so_far
    return _records(question, question.kinds(Who.UNIT, back=False), year.first, year.last)


def records_of_all_time(question: Question) -> Records:
    """The same, however long ago, of the kinds that a rule looks back for."""
    return _records(question, question.kinds(Who.UNIT, back=True), date.min, question.as_of)


def _records(question: Question, kinds: list[str], first: date, last: date) -> Records:
    """Two queries: what was hosted, and what was co-hosted; each record once for a unit."""
    records: Records = defaultdict(list)
    if not kinds:
        return records
    columns = ("pk", "kind_mask", "first_day", "credit", "state", "school_level")
    hosted = Activity.objects.filter(unit_id__in=question.ids).counted().beginning(first, last)
    for row in hosted.of_kinds(kinds).order_by("first_day", "pk").values_list("unit_id", *columns):
        records[row[0]].append(_record(row))
    helped = (
        CoHost.objects.alias(kinds_hit=F("activity__kind_mask").bitand(mask_of(kinds)))
        .filter(
            unit_id__in=question.ids,
            activity__state__in=sorted(COUNTING_STATES),
            activity__first_day__range=(first, last),
            kinds_hit__gt=0,
        )
        .exclude(unit_id=F("activity__unit_id"))
        .order_by("activity__first_day", "activity_id")
    )
    for row in helped.values_list("unit_id", *(f"activity__{column}" for column in columns)):
        records[row[0]].append(_record(row))
    return records


def _record(row: tuple[Any, ...]) -> Record:
    _holder, pk, mask, day, credit, state, school = row
    return Record(pk, codes_of(mask), day, credit, state == State.CONFIRMED, school)


def baselines(question: Question) -> dict[int, dict[str, date]]:
    """When a unit did something last before the portal, by rule."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    if question.kinds(Who.UNIT, back=True):
        rows = Baseline.objects.filter(unit_id__in=question.ids, person__isnull=True)
        for unit_id, rule, done_on in rows.values_list("unit_id", "rule", "done_on"):
            found[unit_id][rule] = done_on
    return found


def areas(question: Question) -> dict[int, list[Facts]]:
    """The communities, each at the organisation that covers it or else at its street."""
    found: dict[int, list[Facts]] = defaultdict(list)
    if not question.asks(Who.AREA):
        return found
    here = Area.objects.on(question.as_of).filter(
        Q(street_id__in=question.ids) | Q(organizations__id__in=question.ids)
    )
    rows = list(here.order_by("code").distinct().values_list("pk", "code", "street_id"))
    covering = _organisations_covering([pk for pk, _code, _street in rows], question.as_of)
    for pk, code, street_id in rows:
        if pk in covering:
            unit_id, unit_code, kind, spell = covering[pk]
            organisation = Thing("organisation", spell, unit_id)
            facts = Facts(unit_code, kind, things=(organisation,))
        else:
            street = question.units.get(street_id)
            unit_id, facts = street_id, Facts(code, street.kind if street else "")
        found[unit_id].append(facts)
    return found


def _organisations_covering(
    area_ids: list[int], as_of: date
) -> dict[int, tuple[int, str, str, Period]]:
    """Which organisation of a community's kind covers each area on the day; the first by code."""
    units = (
        Unit.objects.on(as_of)
        .filter(area_id__in=area_ids, kind__in=sorted(COMMUNITY_KINDS))
        .order_by("-code")
        .values_list("area_id", "pk", "code", "kind", "established_on", "dissolved_on")
    )
    return {
        area_id: (pk, code, kind, Period.spell(begun, ended))
        for area_id, pk, code, kind, begun, ended in units
    }
