"""Stored verdicts: today's, kept current by recomputing whatever a write has touched."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessment.engine import Result, compute_in_chunks
from assessment.models import UnitAssessment, Verdict
from assessment.months import mark_stale
from assessment.question import UnitRow
from assessment.wording import shortfall
from organizations.models import Touch, Unit
from organizations.querysets import UnitQuerySet

logger = logging.getLogger(__name__)

NIGHTLY_CHUNK = 500
"""Units in one transaction of the nightly run."""

_SAID = ("period_end", "value", "target", "status", "short")
"""What a verdict says of what it is about."""

Key = tuple[int, str, str, str, date | None, int]


def refresh(units: UnitQuerySet) -> int:
    """Recompute those of `units` that a write has touched or that were not yet judged today.

    Returns how many that were. One query where nothing is stale, so that every page can ask.
    """
    today = timezone.localdate()
    stale = list(_stale(units, today).values_list("pk", flat=True))
    if stale:
        with transaction.atomic():
            locked = Unit.objects.filter(pk__in=stale).order_by("pk")
            list(locked.select_for_update(no_key=True).values_list("pk"))
            still = _stale(Unit.objects.filter(pk__in=stale), today)
            _recompute(still, today)
    return len(stale)


def _stale(units: UnitQuerySet, today: date) -> UnitQuerySet:
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    current = UnitAssessment.objects.filter(unit=OuterRef("pk"), as_of=today)
    return units.filter(Q(Exists(touched)) | ~Q(Exists(current)))


def assess(units: UnitQuerySet) -> list[Result]:
    """Judge all of `units` as of today, store the verdicts, and return them."""
    with transaction.atomic():
        return _recompute(units, timezone.localdate())


def _recompute(units: UnitQuerySet, today: date) -> list[Result]:
    """Touches are read before the facts: a write that comes between leaves one for the next."""
    ids = list(units.values_list("pk", flat=True))
    touches = dict(Touch.objects.filter(unit_id__in=ids).values_list("pk", "unit__path"))
    everything: list[Result] = []
    for chunk, results in compute_in_chunks(Unit.objects.filter(pk__in=ids), today):
        _store(chunk, results, today)
        everything.extend(results)
    mark_stale(touches.values())
    Touch.objects.filter(pk__in=list(touches)).delete()
    return everything


def recompute_all() -> int:
    """The nightly run: judge every unit anew for today, some hundred at a time.

    Returns how many stored verdicts were wrong for the day they were stored for, which without a
    touch to explain it must be none; if there are any, it is logged as an error.
    """
    today = timezone.localdate()
    mended = _mend(today)
    if mended:
        logger.error("The nightly run had to mend %d verdicts that no write had touched.", mended)
    ids = list(_stale(Unit.objects.order_by("path"), today).values_list("pk", flat=True))
    for start in range(0, len(ids), NIGHTLY_CHUNK):
        with transaction.atomic():
            _recompute(Unit.objects.filter(pk__in=ids[start : start + NIGHTLY_CHUNK]), today)
    return mended


def _mend(today: date) -> int:
    """How many verdicts of untouched units differ from what their own day gives now.

    Today's are put right here; an earlier day's are about to be replaced by today's anyway.
    """
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    wrong = 0
    for day in UnitAssessment.objects.order_by("as_of").values_list("as_of", flat=True).distinct():
        units = Unit.objects.filter(~Exists(touched), assessment__as_of=day)
        for chunk, results in compute_in_chunks(units, day):
            fresh, stored = _fresh(results), _stored(chunk)
            differing = sum(
                key not in fresh or key not in stored or not _same(fresh[key], stored[key])
                for key in fresh.keys() | stored.keys()
            )
            if differing and day == today:
                with transaction.atomic():
                    _store(chunk, results, today)
            wrong += differing
    return wrong


def _store(units: Mapping[int, UnitRow], results: Iterable[Result], as_of: date) -> None:
    """Write what differs from what is stored; a verdict that still holds is left alone."""
    fresh, stored = _fresh(results), _stored(units)
    wrong = [
        old.pk for key, old in stored.items() if key not in fresh or not _same(fresh[key], old)
    ]
    new = [
        verdict
        for key, verdict in fresh.items()
        if key not in stored or not _same(verdict, stored[key])
    ]
    Verdict.objects.filter(pk__in=wrong).delete()
    _insert(new)
    UnitAssessment.objects.filter(unit_id__in=list(units)).delete()
    now = timezone.now()
    _insert([UnitAssessment(unit_id=pk, as_of=as_of, computed_at=now) for pk in units])


def _fresh(results: Iterable[Result]) -> dict[Key, Verdict]:
    now = timezone.now()
    fresh: dict[Key, Verdict] = {}
    for result in results:
        verdict = result.verdict
        row = Verdict(
            unit_id=result.unit.id,
            subject_code=verdict.unit,
            rulebook=result.rulebook,
            rule=verdict.rule.id,
            period_start=verdict.period and verdict.period.first,
            period_end=verdict.period and verdict.period.last,
            value=verdict.value,
            target=verdict.target,
            status=verdict.status.value,
            short=shortfall(verdict, result.unit.code),
            computed_at=now,
        )
        fresh[_key(row, fresh)] = row
    return fresh


def _stored(units: Collection[int]) -> dict[Key, Verdict]:
    stored: dict[Key, Verdict] = {}
    for row in Verdict.objects.filter(unit_id__in=list(units)).order_by("pk"):
        stored[_key(row, stored)] = row
    return stored


def _key(row: Verdict, taken: Collection[Key]) -> Key:
    """What a verdict is about; numbered where one organisation covers several communities."""
    number = 0
    while (key := (*_about(row), number)) in taken:
        number += 1
    return key


def _about(row: Verdict) -> tuple[int, str, str, str, date | None]:
    return row.unit_id, row.subject_code, row.rulebook, row.rule, row.period_start


def _same(new: Verdict, old: Verdict) -> bool:
    return all(getattr(new, name) == getattr(old, name) for name in _SAID)


def _insert(rows: list[models.Model]) -> None:
    """Insert with one statement, run for each row: bulk_create would split by their number."""
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    table, columns = rows[0]._meta.db_table, ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(table)} ({columns}) VALUES ({places})"  # noqa: S608
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
