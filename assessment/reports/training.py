"""The training register: of each person what is owed, what is done, and by which kinds.

It is the verdicts on persons themselves, and the records that they rest on.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.columns import Column, all_columns
from assessment.engine import Result, compute_in_chunks
from assessment.phrases import WORDS, plain
from assessment.reports.asked import Asked
from assessment.reports.identifiers import id_numbers
from assessment.reports.paper import Line, Section, Table, counted
from assessment.terms import ZERO, Measure, PersonVerdict, Status
from assessment.wording import name_of, phrase, tell_reason
from organizations.wording import listed

TRAINED = (Measure.DAYS, Measure.LAST_DONE, Measure.INDUCTED)
"""What a person does by being trained or by studying."""
MOST_PERSONS = 500


def rules_of_training() -> list[Column]:
    """The rules that ask persons for days of study or for a training."""
    return [
        column
        for column in all_columns()
        if column.rule.who.is_person and column.rule.measure in TRAINED
    ]


def sections(asked: Asked) -> Iterator[Section]:
    """One table for each rule that asks somebody here, read while it is written."""
    columns = rules_of_training()
    for number, column in enumerate(columns):
        lines = _lines(asked, column, share=(number, len(columns)))
        first = next(lines, None)
        if first is None:
            continue
        yield Section(
            column.title,
            (phrase(column.rule.asks), *_of_the_year(asked, column)),
            Table(
                _headings(asked),
                counted(_with_first(first, lines)),
                (3, 10, 6, *((11,) if asked.with_identifiers else ()), 5, 5, 5, 7, 16),
                frozenset({0, 2, 3, 4, 5, 6}),
            ),
        )


def _of_the_year(asked: Asked, column: Column) -> tuple[str, ...]:
    """Days are owed for a year: a quarter's register shows the year's up to then."""
    words = _("Days since the first of January, as what is owed is owed for the year.")
    return (words,) if asked.quarter and column.rule.measure is Measure.DAYS else ()


def _with_first(first: Line, others: Iterator[Line]) -> Iterator[Line]:
    yield first
    yield from others


def _headings(asked: Asked) -> tuple[str, ...]:
    number = (_("ID number"),) if asked.with_identifiers else ()
    return (
        _("No."), _("Organisation"), _("Name"), *number, _("Owed"), _("Done so far"), _("Short"),
        _("Status"), _("By kind"),
    )  # fmt: skip


def _lines(asked: Asked, column: Column, *, share: tuple[int, int]) -> Iterator[Line]:
    done = 0
    number, of = share
    # Gated: the units are those that the person sees (Asked.units), as on the page of the rule.
    for units, results in compute_in_chunks(
        asked.units, asked.as_of, [column.rulebook], [column.rule.id]
    ):
        done += len(units)
        for result in results:
            yield from _of_unit(asked, result)
        within = 90 * done // max(1, len(asked.places), done)
        asked.report((90 * number + within) // of)


def _of_unit(asked: Asked, result: Result) -> Iterator[Line]:
    owing = [
        person for person in result.verdict.persons if person.status is not Status.NOT_APPLICABLE
    ]
    for start in range(0, len(owing), MOST_PERSONS):
        some = owing[start : start + MOST_PERSONS]
        numbers = id_numbers(asked, [person.person for person in some])
        for person in some:
            number = (numbers.get(person.person, ""),) if asked.with_identifiers else ()
            yield (
                result.unit.name,
                person.name,
                *number,
                *_figures(asked, person),
                _by_kind(result, person),
            )


def _figures(asked: Asked, person: PersonVerdict) -> tuple[str, str, str, str]:
    short = max(ZERO, person.target - person.value)
    figures = (person.target, person.value, short)
    return (*map(plain, figures), str(WORDS[asked.outcome(person.status, person.period)]))


def _by_kind(result: Result, person: PersonVerdict) -> str:
    """Days by kind of the records that count; of a training its day, or what is lacking."""
    days: dict[str, Decimal] = {}
    for record in person.evidence:
        kinds = "／".join(name_of(code) for code in sorted(record.kinds & result.rule.counts))
        days[kinds] = days.get(kinds, ZERO) + record.days
    words = pgettext("days of a kind", "%(kinds)s %(days)s")
    told = [
        words % {"kinds": kinds, "days": plain(amount)}
        for kinds, amount in sorted(days.items())
        if kinds
    ]
    if person.reason and person.status is not Status.MET:
        told.append(tell_reason(person.reason))
    return listed(told)
