"""The denominator of a rule by name: which units owe it, which do not and why, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessment.columns import Column
from assessment.engine import Examined, examine
from assessment.expected import why_unit_not
from assessment.phrases import MARKS, Mark, fraction
from assessment.places import Place
from assessment.reasons import tell_because
from assessment.rollup import JUDGED, Tally, rollup
from assessment.terms import Status, Verdict, Who
from organizations.choices import UnitChange
from organizations.models import UnitEvent
from organizations.querysets import UnitQuerySet


@dataclass(frozen=True, slots=True)
class ExpectedUnit:
    """One unit: how it stands, or why nothing is owed there."""

    place: Place
    name: str
    mark: Mark
    figures: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """All units of the kinds that the rule asks, in the order of the tree."""

    owing: tuple[ExpectedUnit, ...]
    not_owing: tuple[ExpectedUnit, ...]
    shown: tuple[ExpectedUnit, ...]
    tally: Tally
    """Of those that owe it: the same sum from which every page takes its rate."""


def expected_units(
    units: UnitQuerySet, column: Column, places: Sequence[Place], *, on: date
) -> Expected:
    """Everyone whom the rule could ask, from the facts of the verdicts themselves."""
    by_key = {place.pk: place for place in places}
    examined = [
        unit
        for unit in examine(units, on, column.rulebook, column.rule.id)
        if unit.unit.id in by_key
    ]
    newest = column.newest_period(on)
    owing, not_owing, shown, verdicts = [], [], [], []
    for unit in examined:
        place = by_key[unit.unit.id]
        found = [
            result.verdict
            for result in unit.results
            if newest is None or result.verdict.period == newest
        ]
        if not found and _is_asked(column, unit):
            not_owing.append(_line(place, None, unit, column, on))
        for verdict in found:
            line = _line(place, verdict, unit, column, on)
            verdicts.append(verdict)
            if verdict.status in JUDGED or verdict.status is Status.UNKNOWN:
                owing.append(line)
            else:
                (shown if verdict.status is Status.SHOWN else not_owing).append(line)
    return Expected(tuple(owing), tuple(not_owing), tuple(shown), rollup(verdicts))


def _is_asked(column: Column, unit: Examined) -> bool:
    return column.rule.who is not Who.AREA and unit.unit.kind in column.rule.units


def _line(
    place: Place, verdict: Verdict | None, unit: Examined, column: Column, on: date
) -> ExpectedUnit:
    status = verdict.status if verdict else Status.NOT_APPLICABLE
    name = place.name
    if verdict and verdict.unit != place.code:
        name = f"{place.name} · {verdict.unit}"
    why = ""
    if status is Status.NOT_APPLICABLE:
        why = tell_because(why_unit_not(column.rule, unit.facts, verdict, as_of=on))
    figures = ""
    if verdict and status is not Status.NOT_APPLICABLE:
        figures = fraction(verdict.value, verdict.target)
    return ExpectedUnit(place, name, MARKS[status], figures, why)


COUNTED = (UnitChange.FOUNDED, UnitChange.MERGED, UnitChange.DISSOLVED, UnitChange.UPGRADED)


def changes_of(user: User, units: UnitQuerySet, first: date, last: date) -> Iterable[UnitEvent]:
    """Units founded, merged, dissolved or changed in kind from `first` to `last`."""
    return (
        UnitEvent.objects.visible_to(user)
        .filter(unit__in=units.order_by().values("pk"), on__range=(first, last), change__in=COUNTED)
        .select_related("unit", "other")
        .order_by("on", "pk")
    )
