"""Joins facts and rules: verdicts of many units for any day. Computes; verdicts.py stores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assessment import scores
from assessment.census import Census
from assessment.counties import rulebooks_in_use, settings_of
from assessment.facts import load_facts
from assessment.question import Question, UnitRow, in_chunks
from assessment.rulebook import load_rulebook
from assessment.rules import is_asked_by, judge
from assessment.supposing import Supposed, with_supposed
from assessment.terms import Facts, Rule, Rulebook, Settings, Status, Verdict
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

CHUNK = 500
"""Units judged at a time: about 30,000 persons."""
OF_MANY = 200
"""The same where everybody is read in crowds: it bounds the memory, and is as fast."""
A_FEW = 200
"""Units of which people are always looked up: what a page or a small county asks for."""
LOOKING_UP = 4
"""How much more it costs to look somebody up than to read them among all others."""


@dataclass(frozen=True, slots=True)
class Result:
    """A verdict, at the unit that shows it."""

    unit: UnitRow
    rulebook: str
    verdict: Verdict

    @property
    def rule(self) -> Rule:
        return self.verdict.rule

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def value(self) -> Decimal:
        return self.verdict.value

    @property
    def target(self) -> Decimal:
        return self.verdict.target


def compute(
    units: UnitQuerySet | Iterable[Unit],
    as_of: date,
    rulebook_ids: Collection[str] | None = None,
    rule_ids: Collection[str] | None = None,
    *,
    year: int | None = None,
    with_evidence: bool = False,
) -> list[Result]:
    """The verdicts of `units` as seen on `as_of`, by path of the unit, then by rule and period.

    `rulebook_ids` None: those that each county uses on the day. `rule_ids` None: all rules.
    `year`: an earlier one than that of `as_of`. `with_evidence` names every record behind them;
    without it the attendances of each person come as sums. Stores nothing.
    Raises RulebookError on a rulebook that does not exist.
    """
    chunks = compute_in_chunks(
        units, as_of, rulebook_ids, rule_ids, year=year, with_evidence=with_evidence
    )
    return [result for _units, results in chunks for result in results]


def compute_in_chunks(
    units: UnitQuerySet | Iterable[Unit],
    as_of: date,
    rulebook_ids: Collection[str] | None = None,
    rule_ids: Collection[str] | None = None,
    *,
    year: int | None = None,
    with_evidence: bool = False,
    in_crowds: bool = False,
) -> Iterator[tuple[Mapping[int, UnitRow], list[Result]]]:
    """`compute`, some hundred units at a time, each time with the units they were.

    `in_crowds` judges people of whom the same is true but once: `shortfall` names them all.
    """
    examined = examine_in_chunks(
        units,
        as_of,
        rulebook_ids,
        rule_ids,
        year=year,
        with_evidence=with_evidence,
        in_crowds=in_crowds,
    )
    for chunk, found in examined:
        yield chunk, [result for unit in found for result in unit.results]


@dataclass(frozen=True, slots=True)
class Examined:
    """One unit with its verdicts, and the very facts that they rest on."""

    unit: UnitRow
    facts: Facts
    settings: Settings
    results: list[Result]


def examine(
    units: UnitQuerySet | Iterable[Unit],
    as_of: date,
    rulebook: str,
    rule_id: str,
    *,
    year: int | None = None,
) -> list[Examined]:
    """The units judged by one rule with every record named, for pages that tell why.

    As `compute` does it, by whatever rulebooks each county uses on the day.
    """
    chunks = examine_in_chunks(units, as_of, None, [rule_id], year=year, with_evidence=True)
    found = [unit for _chunk, examined in chunks for unit in examined]
    return [
        replace(unit, results=[r for r in unit.results if r.rulebook == rulebook]) for unit in found
    ]


def examine_in_chunks(
    units: UnitQuerySet | Iterable[Unit],
    as_of: date,
    rulebook_ids: Collection[str] | None = None,
    rule_ids: Collection[str] | None = None,
    *,
    year: int | None = None,
    with_evidence: bool = False,
    in_crowds: bool = False,
) -> Iterator[tuple[Mapping[int, UnitRow], list[Examined]]]:
    """What all of these rest on: some hundred units at a time, facts and verdicts together."""
    rows = _rows(units)
    settings = settings_of({row.county for row in rows})
    books = {county: _books(own, as_of, rulebook_ids, rule_ids) for county, own in settings.items()}
    whole = Question(
        {row.id: row for row in rows},
        _all_rules(books.values()),
        as_of,
        year or as_of.year,
        with_evidence=with_evidence,
        by_state=any(_counts_confirmed(own) for own in settings.values()),
    )
    for question, facts in _facts_of(whole, in_crowds=in_crowds):
        yield question.units, _judge_all(question, facts, settings, books, rule_ids)


def _facts_of(
    whole: Question, *, in_crowds: bool
) -> Iterator[tuple[Question, Mapping[int, Facts]]]:
    """The facts of some hundred units at a time, with what was asked for."""
    rows = list(whole.units.values())
    if not (in_crowds and _are_most(rows)):
        for chunk in in_chunks(rows, CHUNK):
            question = replace(whole, units=chunk)
            census = Census(question, is_whole=False) if in_crowds else None
            yield question, load_facts(question, census)
        return
    with closing(Census(whole, is_whole=True)) as census:
        for chunk in in_chunks(sorted(rows), OF_MANY):  # by key, as the census goes
            question = replace(whole, units=chunk)
            yield question, load_facts(question, census)


def _are_most(rows: list[UnitRow]) -> bool:
    """Whether to read everybody is less work than to look up the people of these units."""
    return len(rows) > A_FEW and len(rows) * LOOKING_UP > Unit.objects.count()


def suppose(
    units: UnitQuerySet, as_of: date, supposed: Supposed, rule_ids: Collection[str]
) -> list[tuple[Result, Result]]:
    """Each verdict of `units` as it is, and as it would be with a record that is not written yet.

    By the rules named, for the year of the record. As many queries as one `compute` of so few.
    """
    rows = _rows(units)
    settings = settings_of({row.county for row in rows})
    books = {county: _books(own, as_of, None, rule_ids) for county, own in settings.items()}
    question = Question(
        {row.id: row for row in rows},
        _all_rules(books.values()),
        as_of,
        supposed.day.year,
        with_evidence=supposed.instead_of is not None,
        by_state=any(_counts_confirmed(own) for own in settings.values()),
    )
    facts = load_facts(question)
    now, then = (
        [result for unit in examined for result in unit.results]
        for known in (facts, with_supposed(facts, supposed))
        for examined in [_judge_all(question, known, settings, books, rule_ids)]
    )
    return list(zip(now, then, strict=True))


def contrast(
    units: UnitQuerySet,
    as_of: date,
    change: Callable[[Settings], Settings],
    *,
    year: int,
    rule_ids: Collection[str] | None = None,
) -> list[tuple[Result | None, Result | None]]:
    """Each verdict of `units` as it is, and as it would be had their counties set something else.

    None where by the one or the other there is none. Facts are read once for both; nothing is
    stored.
    """
    rows = _rows(units)
    now = settings_of({row.county for row in rows})
    then = {county: change(own) for county, own in now.items()}
    sides = [
        (own, {county: _books(each, as_of, None, rule_ids) for county, each in own.items()})
        for own in (now, then)
    ]
    rules = _all_rules(books for _own, both in sides for books in both.values())
    by_state = any(_counts_confirmed(own) for own in now.values())
    pairs: list[tuple[Result | None, Result | None]] = []
    for chunk in in_chunks(rows, CHUNK):
        question = Question(chunk, rules, as_of, year, by_state=by_state)
        facts = load_facts(question)
        old, new = (
            _by_subject(_judge_all(question, facts, own, books, rule_ids)) for own, books in sides
        )
        keys = [*old, *(key for key in new if key not in old)]
        pairs += [(old.get(key), new.get(key)) for key in keys]
    return pairs


def _by_subject(examined: Iterable[Examined]) -> dict[tuple[object, ...], Result]:
    """The verdicts by what they are about; of a rolling rule the period is part of the answer."""
    found: dict[tuple[object, ...], Result] = {}
    for result in (result for unit in examined for result in unit.results):
        verdict = result.verdict
        period = verdict.period if verdict.rule.cycle.is_calendar else None
        about = (result.unit.id, verdict.unit, result.rulebook, verdict.rule.id, period)
        number = 0
        while (*about, number) in found:
            number += 1
        found[*about, number] = result
    return found


def _rows(units: UnitQuerySet | Iterable[Unit]) -> list[UnitRow]:
    if isinstance(units, UnitQuerySet):
        return [UnitRow(*row) for row in units.order_by("path").values_list(*UnitRow._fields)]
    rows = (UnitRow(*(getattr(unit, name) for name in UnitRow._fields)) for unit in units)
    return sorted(rows, key=lambda row: row.path)


def _books(
    settings: Settings,
    as_of: date,
    rulebook_ids: Collection[str] | None,
    rule_ids: Collection[str] | None,
) -> tuple[Rulebook, ...]:
    """The rulebooks of one county, with no more than the rules asked for."""
    if rulebook_ids is None:
        books = rulebooks_in_use(settings, as_of)
    else:
        books = tuple(load_rulebook(rulebook_id) for rulebook_id in sorted(rulebook_ids))
    if rule_ids is None:
        return books
    return tuple(_narrowed(book, frozenset(rule_ids)) for book in books)


def _narrowed(book: Rulebook, rule_ids: frozenset[str]) -> Rulebook:
    """The rulebook with the rules asked for, and those that a score among them is drawn from."""
    asked = [rule for rule in book.rules.values() if rule.id in rule_ids]
    kept = rule_ids | scores.needed_by(asked)
    return replace(book, rules={pk: rule for pk, rule in book.rules.items() if pk in kept})


def _all_rules(books: Iterable[tuple[Rulebook, ...]]) -> tuple[Rule, ...]:
    """Every rule that some county is judged by, once."""
    by_id = {book.id: book for own in books for book in own}
    return tuple(rule for book in by_id.values() for rule in book.rules.values())


def _counts_confirmed(settings: Settings) -> bool:
    return any(key == "counts_from" for key, _since, _value in settings.values)


def _judge_all(
    question: Question,
    facts: Mapping[int, Facts],
    settings: Mapping[str, Settings],
    books: Mapping[str, tuple[Rulebook, ...]],
    rule_ids: Collection[str] | None,
) -> list[Examined]:
    found = []
    for pk, row in question.units.items():
        own = settings[row.county]
        results = [
            Result(row, book.id, verdict)
            for book in books[row.county]
            for verdict in _judge_unit(book, facts[pk], question, own)
            if rule_ids is None or verdict.rule.id in rule_ids
        ]
        found.append(Examined(row, facts[pk], own, results))
    return found


def _judge_unit(
    book: Rulebook, facts: Facts, question: Question, settings: Settings
) -> list[Verdict]:
    """All verdicts of one rulebook on a unit; scores last, from those before them."""
    as_of, year = question.as_of, question.year
    found = [
        verdict
        for rule in book.rules.values()
        for verdict in judge(rule, facts, as_of=as_of, settings=settings, year=year)
        if is_asked_by(book, verdict, as_of=as_of, settings=settings)
    ]
    for rule in book.rules.values():
        if rule.scores:
            found += scores.evaluate(rule, facts, found, as_of=as_of, settings=settings, year=year)
    return found
