"""Verdicts for pages as plain rows: today's from the store, any other day's computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assessment import statements
from assessment.columns import Column
from assessment.engine import Result, compute, compute_in_chunks
from assessment.models import Verdict
from assessment.periods import Period
from assessment.phrases import MARKS, Mark, fraction
from assessment.terms import Rule, Status
from assessment.verdicts import refresh
from assessment.wording import find_rule, shortfall
from organizations.querysets import UnitQuerySet

A_READ = 2_000
"""Rows fetched at a time where they are read one by one."""


Told = tuple[int, str, str, str, date | None, date | None, Decimal, Decimal, str]
"""A verdict as it is read (`_FIELDS`). Matrices are made of these: a plain tuple of plain things
costs the garbage collector nothing, where 100,000 rows of a province cost it half a second."""


class Row(NamedTuple):
    """One verdict. `unit` is the unit's key, `subject` its code or that of an uncovered area."""

    unit: int
    subject: str
    rulebook: str
    rule_id: str
    period: Period | None
    value: Decimal
    target: Decimal
    status: Status
    short: Sequence[dict[str, Any]] = ()

    @property
    def rule(self) -> Rule:
        return find_rule(self.rulebook, self.rule_id)

    @property
    def mark(self) -> Mark:
        return MARKS[self.status]

    @property
    def told(self) -> Told:
        first, last = (self.period.first, self.period.last) if self.period else (None, None)
        about = self.unit, self.subject, self.rulebook, self.rule_id
        return *about, first, last, self.value, self.target, self.status.value

    @property
    def figures(self) -> str:
        """Value of target, as short as can be."""
        return fraction(self.value, self.target)


_FIELDS = (
    "unit_id",
    "subject_code",
    "rulebook",
    "rule",
    "period_start",
    "period_end",
    "value",
    "target",
    "status",
)


def rows_of(units: UnitQuerySet, *, on: date, rule_ids: Collection[str] | None = None) -> list[Row]:
    """Every verdict of the units for the year of `on`, with what is lacking."""
    if on != timezone.localdate():
        return [_computed(result) for result in compute(units, on, rule_ids=rule_ids)]
    refresh(units)
    return stored_rows(units, rule_ids=rule_ids)


def stored_rows(units: UnitQuerySet, *, rule_ids: Collection[str] | None = None) -> list[Row]:
    """The same as of today, of units that are known to be current."""
    stored = _stored(units)
    if rule_ids is not None:
        stored = stored.filter(rule__in=rule_ids)
    return [row_of(*row) for row in stored.values_list(*_FIELDS, "short")]


def each_row(units: UnitQuerySet, *, on: date) -> Iterator[Row]:
    """`rows_of`, read one by one: for a report on a whole province."""
    if on != timezone.localdate():
        for _units, results in compute_in_chunks(units, on, in_crowds=True):
            yield from map(_computed, results)
        return
    refresh(units)
    stored = _stored(units).order_by("unit__path", "pk")
    for row in stored.values_list(*_FIELDS, "short").iterator(chunk_size=A_READ):
        yield row_of(*row)


def newest_rows_of(units: UnitQuerySet, columns: Collection[Column], *, on: date) -> list[Row]:
    """What a matrix shows: the newest period of each rule, and what was missed before.

    For a big county that is a tenth of what `rows_of` reads.
    """
    if on != timezone.localdate():
        ids = {column.rule.id for column in columns}
        return [_computed(result) for result in compute(units, on, rule_ids=ids)]
    refresh(units)
    return stored_newest(units, columns, on=on)


def stored_newest(units: UnitQuerySet, columns: Collection[Column], *, on: date) -> list[Row]:
    """The same of units that are known to be current."""
    return [row_of(*row) for row in _newest(units, columns, on)]


def current_newest(
    reach: Hashable,
    units: Callable[[], UnitQuerySet],
    columns: Sequence[Column],
    *,
    on: date,
    some: Sequence[int] | None = None,
) -> list[Told]:
    """The same in a statement that is put together once; `some`: of `units` only those.

    `reach` is all that `units` depends on.
    """
    key = "newest", reach, tuple(column.key for column in columns), on
    if some is None:
        return statements.rows_of(key, lambda: _newest(units(), columns, on))
    return statements.rows_of_some(
        key, lambda pks: _newest(units().filter(pk__in=pks), columns, on), some
    )


def _newest(units: UnitQuerySet, columns: Collection[Column], on: date) -> QuerySet:
    missed = Q(status=Status.MISSED.value)
    rows = _stored(units).filter(
        missed | is_newest(columns, on), rule__in={column.rule.id for column in columns}
    )
    return rows.values_list(*_FIELDS)


def statuses_by_unit(
    units: UnitQuerySet, columns: Collection[Column], *, on: date
) -> list[tuple[int, str, int]]:
    """Of each unit how many of the newest verdicts have which status; the units are current."""
    rows = _stored(units).filter(
        is_newest(columns, on), rule__in={column.rule.id for column in columns}
    )
    counted = rows.order_by().values_list("unit_id", "status").annotate(number=Count("pk"))
    return list(counted)


def is_newest(columns: Collection[Column], on: date) -> Q:
    """Verdicts of the newest period that has begun, or of rules that have no calendar periods."""
    newest = Q(period_start__isnull=True)
    for column in columns:
        period = column.newest_period(on)
        newest |= Q(rule=column.rule.id, **({"period_start": period.first} if period else {}))
    return newest


def _stored(units: UnitQuerySet) -> Any:
    """By a subquery, so that the list of units does not travel."""
    return Verdict.objects.filter(unit__in=units.order_by().values("pk"))


def row_of(
    unit: int,
    subject: str,
    rulebook: str,
    rule: str,
    first: date | None,
    last: date | None,
    value: Decimal,
    target: Decimal,
    status: str,
    short: Sequence[dict[str, Any]] = (),
) -> Row:
    """What was read, as a row."""
    period = _period(first, last) if first and last else None
    return Row(unit, subject, rulebook, rule, period, value, target, _STATUSES[status], short)


_STATUSES = {status.value: status for status in Status}


@lru_cache(maxsize=4096)
def _period(first: date, last: date) -> Period:
    """Thousands of verdicts share a few dozen periods."""
    return Period(first, last)


def _computed(result: Result) -> Row:
    verdict = result.verdict
    return Row(
        result.unit.id,
        verdict.unit,
        result.rulebook,
        verdict.rule.id,
        verdict.period,
        verdict.value,
        verdict.target,
        verdict.status,
        shortfall(verdict, result.unit.code),
    )
