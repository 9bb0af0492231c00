"""What a record that is not saved yet would count for: in words, from the facts of the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, ngettext, npgettext

from accounts.models import User
from activities.unsaved import Unsaved
from assessment.columns import Column, all_columns
from assessment.engine import Result, suppose
from assessment.phrases import MARKS, Mark, fraction, period_name, plain, plural
from assessment.supposing import SUPPOSED, Supposed
from assessment.terms import Measure, PersonVerdict, Record, Status
from members.models import Affiliation, Appointment
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

GROUPS = 3
"""How many groups of persons, who move to the same number, are told apart."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How one of the hosts would stand."""

    unit: str
    period: str
    figures: str
    mark: Mark


@dataclass(slots=True)
class Line:
    """A rule that the record would serve."""

    column: Column
    units: list[UnitLine] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def forecast(user: User, unsaved: Unsaved, *, today: date) -> list[Line]:
    """Each rule that the record would count for, with what it would move.

    Told are the hosts, and the persons who were there and belong to units within the reach of
    `user`; of the verdicts behind it nothing is stored. The queries don't grow with the people.
    """
    codes = unsaved.kinds | ({"review:graded"} if unsaved.grades else set())
    columns = [column for column in all_columns() if column.rule.counts & codes]
    if not columns:
        return []
    supposed = Supposed(
        units=frozenset(unit.pk for unit in unsaved.hosts),
        kinds=unsaved.kinds,
        day=unsaved.day,
        days=unsaved.credit,
        school=unsaved.school_level,
        attended=unsaved.attended,
        graded=frozenset(unsaved.grades),
        instead_of=unsaved.instead_of,
    )
    rules = {column.rule.id for column in columns}
    pairs = suppose(_units(user, unsaved), today, supposed, rules)
    lines = [_line(column, pairs, supposed) for column in columns]
    return [line for line in lines if line.units or line.people]


def _units(user: User, unsaved: Unsaved) -> UnitQuerySet:
    """The hosts, and where the people on the list belong or hold office, as far as `user` sees."""
    visible = Unit.objects.visible_to(user)
    people = [*unsaved.attended, *unsaved.grades]
    concerned = visible.filter(pk__in=[unit.pk for unit in unsaved.hosts])
    for ties in (Affiliation, Appointment):
        there = ties.objects.still_open().filter(person_id__in=people).order_by().values("unit_id")
        concerned |= visible.filter(pk__in=there)
    return concerned


def _line(column: Column, pairs: Iterable[tuple[Result, Result]], supposed: Supposed) -> Line:
    line = Line(column)
    moved: dict[object, tuple[PersonVerdict, bool]] = {}
    for now, then in pairs:
        if (then.rulebook, then.rule.id) != column.key:
            continue
        if _is_among(then.verdict.evidence):
            line.units.append(_unit_line(column, then))
        before = {person.person: person for person in now.verdict.persons}
        for person in then.verdict.persons:
            earlier = before.get(person.person)
            if _is_among(person.evidence) and _differs(person, earlier):
                was_met = earlier is not None and earlier.status is Status.MET
                moved[person.person] = (person, was_met)
    if moved:
        line.people = _told(column, list(moved.values()))
    return line


def _is_among(evidence: Iterable[Record]) -> bool:
    return any(record.ref == SUPPOSED for record in evidence)


def _differs(person: PersonVerdict, before: PersonVerdict | None) -> bool:
    return before is None or (person.value, person.status) != (before.value, before.status)


def _unit_line(column: Column, result: Result) -> UnitLine:
    verdict, measure = result.verdict, column.rule.measure
    period = "" if measure is Measure.LAST_DONE else period_name(column.rule.cycle, verdict.period)
    figures = fraction(verdict.value, verdict.target)
    return UnitLine(result.unit.name, period, figures, MARKS[result.status])


def _of_days(value: Decimal, target: Decimal) -> str:
    words = npgettext(
        "moves to",
        "%(value)s of %(target)s day",
        "%(value)s of %(target)s days",
        plural(target),
    )
    return words % {"value": plain(value), "target": plain(target)}


def _told(column: Column, people: list[tuple[PersonVerdict, bool]]) -> list[str]:
    """“14 members move to 5.5 of 6 days”, the biggest groups first.

    Told apart are those who had not met it before; of the others, that there are so many.
    """
    met = sum(person.status is Status.MET for person, _was_met in people)
    if column.rule.measure is not Measure.DAYS:
        told = ngettext(
            "%(count)s person has then met it", "%(count)s persons have then met it", met
        )
        return [told % {"count": met}] if met else []
    groups = Counter((person.value, person.target) for person, was_met in people if not was_met)
    shown = sorted(groups.items(), key=lambda item: (-item[1], item[0]))
    lines = [
        ngettext("%(count)s person moves to %(days)s", "%(count)s persons move to %(days)s", count)
        % {"count": count, "days": _of_days(value, target)}
        for (value, target), count in shown[:GROUPS]
    ]
    rest = len(people) - sum(count for _numbers, count in shown[:GROUPS])
    if rest:
        lines.append(
            ngettext("%(count)s person more moves on", "%(count)s persons more move on", rest)
            % {"count": rest}
        )
    if met:
        lines.append(gettext("the year's days are then complete for %(count)s") % {"count": met})
    return lines
