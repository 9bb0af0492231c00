"""Verdicts summed up for a report: by rule, by branch, and what calls for somebody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.columns import Column, all_columns
from assessment.dashboards import CALLING, URGENT_FIRST
from assessment.periods import Period
from assessment.phrases import (
    WORDS,
    arithmetic,
    clause_name,
    period_name,
    plain,
    short_period_name,
)
from assessment.reports.asked import Asked
from assessment.reports.paper import Words
from assessment.rollup import Tally
from assessment.terms import ZERO, Status
from assessment.verdict_rows import Row, each_row
from assessment.wording import tell_short
from organizations.wording import listed

MOST_CALLS = 20_000
"""What calls for somebody in a report; a province with more is told so."""
ALL_NAMES, MOST_NAMES, FEW_NAMES = 200, 30, 5
"""People named in one cell: of the workbook, of one unit's report, of a report on many."""
IN_THE_ARITHMETIC = frozenset({"count", "days", "never", "last", "since_unknown"})
"""Reasons that say in other words what the figures say."""

Key = tuple[str, str]


@dataclass(slots=True)
class Call:
    """The periods of one rule in which a unit stands alike. Who is lacking is put in words at once:
    the names of a whole province would fill the memory.
    """

    rows: list[Row]
    lacking: list[str]

    @classmethod
    def of(cls, row: Row, most: int) -> Self:
        return cls([row._replace(short=())], lacking(row, most))


@dataclass
class Standing:
    """Everything that the work report says of verdicts, from one reading of them."""

    by_rule: dict[Key, Counter[Status]] = field(default_factory=lambda: defaultdict(Counter))
    single: dict[Key, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """The verdicts themselves, where the report is on one unit alone."""
    met_by: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By rule, the units with a verdict that is met."""
    by_branch: dict[int, Counter[Status]] = field(default_factory=lambda: defaultdict(Counter))
    persons: dict[Key, list[Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: [ZERO] * 2)
    )
    """By rule that asks persons, how many have met it of how many owe it."""
    calls: dict[tuple[str, str, str, Status], Call] = field(default_factory=dict)
    """What calls for somebody: by subject, rulebook, rule and status, the periods."""
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    """By unit, where it stands in the tree and what it is called."""
    is_cut: bool = False

    @property
    def urgent_first(self) -> Iterator[Words]:
        """One line for each unit, rule and status; several periods stand together."""
        for call in sorted(self.calls.values(), key=self._urgency):
            yield call_line(call, self.names[call.rows[0].unit][1])

    def _urgency(self, call: Call) -> tuple[int, date, str]:
        last = call.rows[-1]
        due = last.period.last if last.period else date.max
        return URGENT_FIRST.index(last.status), due, self.names[last.unit][0]


def stand(asked: Asked, *, share: int) -> Standing:
    """Read the verdicts of the report's units and time once; `share`: per cent of the work."""
    standing = Standing()
    places = {place.pk: place for place in asked.places}
    standing.names = {pk: (place.path, place.name) for pk, place in places.items()}
    is_single = len(places) == 1
    for row in rows_in(asked, share=share):
        key = (row.rulebook, row.rule_id)
        place = places.get(row.unit)
        if place is None:
            continue
        standing.by_rule[key][row.status] += 1
        standing.by_branch[asked.branch_of[row.unit]][row.status] += 1
        if row.rule.who.is_person:
            standing.persons[key][0] += row.value
            standing.persons[key][1] += row.target
        if row.status is Status.MET:
            standing.met_by[key].add(row.unit)
        if is_single:
            standing.single[key].append(row)
        if row.status in CALLING:
            _call(standing, row, MOST_NAMES if is_single else FEW_NAMES)
    return standing


def _call(standing: Standing, row: Row, most: int) -> None:
    key = (row.subject, row.rulebook, row.rule_id, row.status)
    if call := standing.calls.get(key):
        call.rows.append(row._replace(short=()))
    elif len(standing.calls) < MOST_CALLS:
        standing.calls[key] = Call.of(row, most)
    else:
        standing.is_cut = True


def rows_in(asked: Asked, *, share: int = 0) -> Iterator[Row]:
    """The verdicts on the report's time: those of its periods, and what holds at all times."""
    seen: set[int] = set()
    total = max(1, len(asked.places))
    for row in each_row(asked.units, on=asked.as_of):
        if share and row.unit not in seen:
            seen.add(row.unit)
            asked.report(min(share, share * len(seen) // total))
        if row.status is not Status.NOT_APPLICABLE and is_of(row, asked.period):
            status = asked.outcome(row.status, row.period)
            yield row if status is row.status else row._replace(status=status)


def is_of(row: Row, period: Period) -> bool:
    """Whether a verdict belongs to the time: one without calendar periods holds at any."""
    if row.period is None or not row.rule.cycle.is_calendar:
        return True
    return row.period.meet(period) is not None


def columns_used(standing: Standing) -> list[Column]:
    """The rules that ask somebody here, in the document's order."""
    return [column for column in all_columns() if column.key in standing.by_rule]


def alike(rows: list[Row]) -> Iterator[list[Row]]:
    """One rule's verdicts, by period; those of calendar periods that were met come together."""
    rows = sorted(rows, key=_by_period)
    met = [row for row in rows if row.status is Status.MET and row.rule.cycle.is_calendar]
    if met:
        yield met
    yield from ([row] for row in rows if row not in met)


def _by_period(row: Row) -> tuple[date, str]:
    return (row.period.first if row.period else date.min, row.subject)


def periods_of_rows(rows: list[Row]) -> str:
    """What the periods of one rule are called: alone in full, together in short."""
    cycle = rows[0].rule.cycle
    if len(rows) == 1:
        return period_name(cycle, rows[0].period)
    return listed(short_period_name(cycle, row.period) for row in sorted(rows, key=_by_period))


def figures_of_rows(rows: list[Row]) -> str:
    """The arithmetic of one period; of several how many they are."""
    if len(rows) == 1:
        return listed(arithmetic(rows[0].rule, rows[0]))
    number = len(rows)
    return ngettext("%(number)s period", "%(number)s periods", number) % {"number": number}


def call_line(call: Call, unit: str) -> Words:
    """Which unit, which rule, which periods, how it stands, what is lacking."""
    rows = call.rows
    row = rows[-1]
    return (
        unit,
        clause_name(row.rule, short=True),
        Column(row.rulebook, row.rule).title,
        periods_of_rows(rows),
        str(WORDS[row.status]),
        listed([figures_of_rows(rows), *(call.lacking if len(rows) == 1 else ())]),
    )


def lacking(row: Row, most: int) -> list[str]:
    """Who or what is lacking, beyond the arithmetic; people with what each has and owes."""
    told = tell_short([item for item in row.short if item.get("reason") not in IN_THE_ARITHMETIC])
    words = [
        item if isinstance(item, str) else _("%(name)s (%(value)s/%(target)s)") % item
        for item in told[:most]
    ]
    if len(told) > most:
        rest = len(told) - most
        if any(isinstance(item, str) for item in told[most:]):
            more = ngettext("and %(number)s more", "and %(number)s more", rest)
        else:
            more = ngettext("and %(number)s more person", "and %(number)s more persons", rest)
        words.append(more % {"number": rest})
    return words


def detail_line(row: Row, unit: str, code: str) -> Words:
    """One verdict in full, for the workbook."""
    where, clause, title, period, status, words = call_line(Call.of(row, ALL_NAMES), unit)
    figures = (plain(row.value), plain(row.target))
    return (where, code, clause, title, period, status, *figures, words)


def tally(counts: Counter[Status]) -> Tally:
    return Tally(counts, ZERO, ZERO)
