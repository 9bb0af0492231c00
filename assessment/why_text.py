"""The page of a verdict as plain text: for the command line, and to read many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from assessment.phrases import day_name, period_name
from assessment.why import Why
from assessment.why_records import Held
from assessment.wording import phrase

NAMED_MOST = 12
"""Lines of one list; how many more there are is said."""


def lines_of(why: Why) -> Iterator[str]:
    """The whole story of one verdict, a line for each thing that the page shows."""
    rule, column = why.rule, why.column
    yield f"{why.unit.name} · {column.title} · {period_name(rule.cycle, why.verdict.period)}"
    yield f"  {why.mark.words} · {' · '.join(why.arithmetic)}"
    if why.unit_reason:
        yield f"  {why.unit_reason}"
    yield f"  {column.clause_name}: {phrase(rule.asks)}"
    if why.in_force:
        number = {"number": why.in_force.shown}
        yield "  " + gettext("number in force: %(number)s") % number
        if why.in_force.note:
            yield f"  {why.in_force.note}"
    yield from (f"  {words}" for words in why.own_settings)
    yield from _listed(gettext("Activities that counted"), map(_held, why.counted))
    if why.told_before:
        yield f"  {why.told_before}"
    yield from _listed(gettext("What counts"), (thing.name for thing in why.things))
    yield from _listed(gettext("What is lacking"), why.lacking)
    yield from _listed(gettext("Goals"), _goals(why))
    yield from _people(why)
    yield from _listed(gettext("What did not count"), map(_held, why.uncounted))
    yield from _listed(gettext("In other periods"), map(_held, why.other_periods))


def _goals(why: Why) -> Iterator[str]:
    """Each goal with its sum, and under it the sums of its parts."""
    for goal in why.goals:
        yield f"{goal.title} {goal.sum}"
        yield from (f"  {row.column.title} {row.sum or row.figures}" for row in goal.parts)


def _people(why: Why) -> Iterator[str]:
    lines = (
        f"{line.verdict.name} {line.mark.words} {line.value}/{line.target} {line.reason}"
        + (f" = {line.sum}" if why.in_days and line.records else "")
        + ("" if why.in_days else "".join(f" {held.activity.first_day}" for held in line.records))
        + (f" ({line.things})" if line.things else "")
        for line in why.persons
    )
    yield from _listed(gettext("Persons"), lines)
    less = (f"{person.name} {person.why}" for person in why.expected_less)
    yield from _listed(gettext("Who was expected"), less)
    out = (f"{name} {words}" for name, words in why.left_out)
    yield from _listed(gettext("not counted:"), out)
    gone = (f"{name} {day_name(day)}" for name, day in why.leavers.named)
    yield from _listed(gettext("Who has left"), gone)
    missed = (
        f"{line.verdict.name}: {_held(held)}" for line in why.persons for held in line.uncounted
    )
    yield from _listed(gettext("What did not count"), missed)


def _held(held: Held) -> str:
    said = held.why_not or held.worth
    return f"{held.activity.first_day.isoformat()} {held.activity.topic} [{held.kinds}] {said}"


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    found = list(items)
    if not found:
        return
    yield f"  {title} ({len(found)})"
    yield from (f"    {item}" for item in found[:NAMED_MOST])
    if len(found) > NAMED_MOST:
        yield f"    … {len(found) - NAMED_MOST}"
