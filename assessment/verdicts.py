"""Stored verdicts: today's, kept current by recomputing whatever a write has touched."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date, datetime
from hashlib import md5
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import MD5, Cast
from django.utils import timezone

from assessment.engine import Result, compute_in_chunks
from assessment.models import UnitAssessment, Verdict
from assessment.months import mark_stale
from assessment.question import UnitRow
from assessment.statements import rows_of
from assessment.wording import shortfall_as_text
from members.roster.insert import insert_rows
from organizations.models import Touch, Unit
from organizations.pace import unswept
from organizations.querysets import UnitQuerySet

logger = logging.getLogger(__name__)

_ABOUT = ("unit_id", "subject_code", "rulebook", "rule", "period_start")
_SAID = ("period_end", "value", "target", "status", "short")
"""What a verdict says of what it is about; `short` as text."""
_ASSESSED = ("unit_id", "as_of", "computed_at")

Versions = Mapping[int, int]
"""Of each unit the key of its judgement: another row whenever a verdict may have changed."""
Key = tuple[Any, ...]
"""A verdict's `_ABOUT`, and a number."""
Said = tuple[Any, ...]


def refresh(units: UnitQuerySet) -> int:
    """Recompute those of `units` that a write has touched or that were not yet judged today.

    Returns how many that were. One query where nothing is stale, so that every page can ask.
    """
    today = timezone.localdate()
    stale = list(_stale(units, today).values_list("pk", flat=True))
    if stale:
        with transaction.atomic():
            _lock(stale)
            still = _stale(Unit.objects.filter(pk__in=stale), today)
            _recompute(still, today)
    return len(stale)


def _lock(ids: Collection[int]) -> None:
    """Two that judge the same units do it one after the other."""
    locked = Unit.objects.filter(pk__in=ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk"))


def current_versions(reach: Hashable, units: Callable[[], UnitQuerySet]) -> Versions:
    """The judgement that each unit has, current as of now: another one after any change of it.

    The same as `refresh` with what is current, in one query where nothing is stale. `reach` is all
    that `units` depends on.
    """
    today = timezone.localdate()
    found = rows_of(("versions", reach), lambda: _versions(units()))
    if any(as_of != today or is_touched for _pk, _judged, as_of, is_touched in found):
        refresh(units())
        found = rows_of(("versions", reach), lambda: _versions(units()))
    return {pk: judged for pk, judged, _as_of, _is_touched in found}


def _versions(units: UnitQuerySet) -> QuerySet:
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    rows = units.order_by("pk").annotate(is_touched=Exists(touched))
    return rows.values_list("pk", "assessment__pk", "assessment__as_of", "is_touched")


def _stale(units: UnitQuerySet, today: date) -> UnitQuerySet:
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    current = UnitAssessment.objects.filter(unit=OuterRef("pk"), as_of=today)
    return units.filter(Q(Exists(touched)) | ~Q(Exists(current)))


def assess(units: UnitQuerySet) -> list[Result]:
    """Judge all of `units` as of today, store the verdicts, and return them."""
    with transaction.atomic():
        return _recompute(units, timezone.localdate())


@unswept()
def _recompute(units: UnitQuerySet, today: date) -> list[Result]:
    """Touches are read before the facts: a write that comes between leaves one for the next."""
    ids = list(units.values_list("pk", flat=True))
    touches = _touches_of(ids)
    everything: list[Result] = []
    for chunk, results in compute_in_chunks(Unit.objects.filter(pk__in=ids), today, in_crowds=True):
        _store(chunk, results, today)
        everything.extend(results)
    _forget(touches)
    everything.sort(key=lambda result: result.unit.path)
    return everything


Touches = dict[int, tuple[int, str]]
"""By key: the unit touched, and its path."""


def _touches_of(ids: Collection[int]) -> Touches:
    rows = Touch.objects.filter(unit_id__in=ids).values_list("pk", "unit_id", "unit__path")
    return {pk: (unit, path) for pk, unit, path in rows}


def _forget(touches: Touches) -> None:
    mark_stale({path for _unit, path in touches.values()})
    Touch.objects.filter(pk__in=list(touches)).delete()


def recompute_all() -> int:
    """The nightly run: judge every unit anew for today, some hundred in one transaction.

    Returns how many stored verdicts were wrong for the day they were stored for, which without a
    touch to explain it must be none; if there are any, it is logged as an error.
    """
    today = timezone.localdate()
    mended = _mend(today)
    if mended:
        logger.error("The nightly run had to mend %d verdicts that no write had touched.", mended)
    _recompute_stale(today)
    return mended


@unswept()
def _recompute_stale(today: date) -> None:
    """All facts are of one moment: whatever is stored or touched after it is left as it is."""
    moment = timezone.now()
    ids = list(_stale(Unit.objects.all(), today).values_list("pk", flat=True))
    touches = _touches_of(ids)
    for chunk, results in compute_in_chunks(Unit.objects.filter(pk__in=ids), today, in_crowds=True):
        with transaction.atomic():
            ours = _still_ours(chunk, moment)
            _store(ours, [result for result in results if result.unit.id in ours], today)
            _forget({pk: touch for pk, touch in touches.items() if touch[0] in ours})


def _still_ours(units: Mapping[int, UnitRow], moment: datetime) -> dict[int, UnitRow]:
    """Those of `units`, now locked, that nobody else has judged since `moment`."""
    _lock(list(units))
    others = UnitAssessment.objects.filter(unit_id__in=list(units), computed_at__gt=moment)
    taken = set(others.values_list("unit_id", flat=True))
    return {pk: row for pk, row in units.items() if pk not in taken}


@unswept()
def _mend(today: date) -> int:
    """How many verdicts of untouched units differ from what their own day gives now.

    Today's are put right here; an earlier day's are about to be replaced by today's anyway.
    """
    wrong = 0
    for day in UnitAssessment.objects.order_by("as_of").values_list("as_of", flat=True).distinct():
        moment = timezone.now()
        units = _untouched(Unit.objects.filter(assessment__as_of=day))
        for chunk, results in compute_in_chunks(units, day, in_crowds=True):
            fresh = _fresh(results)
            differing = _unlike(fresh, _differing(fresh, _stored(chunk)))
            if not differing:
                continue
            with transaction.atomic():
                ours = _still_ours({key[0]: chunk[key[0]] for key in differing}, moment)
                untouched = _untouched(Unit.objects.filter(pk__in=list(ours)))
                ours = {pk: ours[pk] for pk in untouched.values_list("pk", flat=True)}
                if day == today:
                    _store(ours, [result for result in results if result.unit.id in ours], today)
            wrong += sum(key[0] in ours for key in differing)
    return wrong


def _untouched(units: UnitQuerySet) -> UnitQuerySet:
    return units.filter(~Exists(Touch.objects.filter(unit=OuterRef("pk"))))


def _store(units: Mapping[int, UnitRow], results: Iterable[Result], as_of: date) -> None:
    """Write what differs from what is stored; a verdict that still holds is left alone."""
    UnitAssessment.objects.filter(unit_id__in=list(units)).delete()
    now = timezone.now()
    insert_rows(UnitAssessment, _ASSESSED, [(pk, as_of, now) for pk in units])
    fresh, stored = _fresh(results), _stored(units)
    differing = _differing(fresh, stored)
    Verdict.objects.filter(pk__in=[pk for pk in differing.values() if pk]).delete()
    new = [(*key[:-1], *said, now) for key, said in fresh.items() if key in differing]
    insert_rows(Verdict, (*_ABOUT, *_SAID, "computed_at"), new)


def _fresh(results: Iterable[Result]) -> dict[Key, Said]:
    fresh: dict[Key, Said] = {}
    for result in results:
        verdict = result.verdict
        period = verdict.period
        about = (
            result.unit.id,
            verdict.unit,
            result.rulebook,
            verdict.rule.id,
            period and period.first,
        )
        fresh[_key(about, fresh)] = (
            period and period.last,
            verdict.value,
            verdict.target,
            verdict.status.value,
            shortfall_as_text(verdict, result.unit.code),
        )
    return fresh


def _stored(units: Collection[int]) -> dict[Key, tuple[int, Said]]:
    """What is stored of the units, each with the key of its row; of `short` only a digest."""
    rows = Verdict.objects.filter(unit_id__in=list(units)).order_by("pk")
    rows = rows.annotate(told=MD5(Cast("short", TextField())))
    stored: dict[Key, tuple[int, Said]] = {}
    for pk, *row in rows.values_list("pk", *_ABOUT, *_SAID[:-1], "told"):
        about, said = tuple(row[: len(_ABOUT)]), tuple(row[len(_ABOUT) :])
        stored[_key(about, stored)] = pk, said
    return stored


def _key(about: tuple[Any, ...], taken: Collection[Key]) -> Key:
    """What a verdict is about; numbered where one organisation covers several communities."""
    number = 0
    while (key := (*about, number)) in taken:
        number += 1
    return key


def _differing(fresh: Mapping[Key, Said], stored: Mapping[Key, tuple[int, Said]]) -> dict[Key, int]:
    """What is true and not stored, or stored and not true; with the key of the row, if any."""
    differing = {key: pk for key, (pk, said) in stored.items() if not _same(fresh.get(key), said)}
    return {**differing, **{key: 0 for key in fresh if key not in stored}}


def _same(new: Said | None, old: Said) -> bool:
    if new is None or new[:-1] != old[:-1]:
        return False
    return md5(new[-1].encode(), usedforsecurity=False).hexdigest() == old[-1]


def _unlike(fresh: Mapping[Key, Said], differing: Mapping[Key, int]) -> list[Key]:
    """Those that differ in more than how a `short` is spelt, which came another way."""
    rows = Verdict.objects.filter(pk__in=[pk for pk in differing.values() if pk])
    stored = {pk: tuple(said) for pk, *said in rows.values_list("pk", *_SAID)}
    return [
        key
        for key, pk in differing.items()
        if key not in fresh or (*fresh[key][:-1], json.loads(fresh[key][-1])) != stored.get(pk)
    ]
