"""Stored verdicts: today's, kept current by recomputing whatever a write has touched."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from assessment.engine import Result, compute_in_chunks
from assessment.models import UnitAssessment, Verdict
from assessment.months import mark_stale
from assessment.question import UnitRow
from assessment.wording import shortfall_as_text
from members.roster.insert import insert_rows
from organizations.models import Touch, Unit
from organizations.pace import unswept
from organizations.querysets import UnitQuerySet

logger = logging.getLogger(__name__)

NIGHTLY_CHUNK = 500
"""Units in one transaction of the nightly run."""

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
            locked = Unit.objects.filter(pk__in=stale).order_by("pk")
            list(locked.select_for_update(no_key=True).values_list("pk"))
            still = _stale(Unit.objects.filter(pk__in=stale), today)
            _recompute(still, today)
    return len(stale)


def current_versions(units: UnitQuerySet) -> Versions:
    """The judgement that each unit has, current as of now: another one after any change of it.

    The same as `refresh` with what is current, in one query where nothing is stale.
    """
    today = timezone.localdate()
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    rows = units.order_by("pk").annotate(is_touched=Exists(touched))
    fields = ("pk", "assessment__pk", "assessment__as_of", "is_touched")
    found = list(rows.values_list(*fields))
    if any(as_of != today or is_touched for _pk, _judged, as_of, is_touched in found):
        refresh(units)
        found = list(rows.values_list(*fields))
    return {pk: judged for pk, judged, _as_of, _is_touched in found}


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
    touches = dict(Touch.objects.filter(unit_id__in=ids).values_list("pk", "unit__path"))
    everything: list[Result] = []
    for chunk, results in compute_in_chunks(Unit.objects.filter(pk__in=ids), today, in_crowds=True):
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


@unswept()
def _mend(today: date) -> int:
    """How many verdicts of untouched units differ from what their own day gives now.

    Today's are put right here; an earlier day's are about to be replaced by today's anyway.
    """
    touched = Touch.objects.filter(unit=OuterRef("pk"))
    wrong = 0
    for day in UnitAssessment.objects.order_by("as_of").values_list("as_of", flat=True).distinct():
        units = Unit.objects.filter(~Exists(touched), assessment__as_of=day)
        for chunk, results in compute_in_chunks(units, day, in_crowds=True):
            fresh, stored = _fresh(results), _stored(chunk)
            differing = sum(
                key not in fresh or key not in stored or not _same(fresh[key], stored[key][1])
                for key in fresh.keys() | stored.keys()
            )
            if differing and day == today:
                with transaction.atomic():
                    _store(chunk, results, today)
            wrong += differing
    return wrong


def _store(units: Mapping[int, UnitRow], results: Iterable[Result], as_of: date) -> None:
    """Write what differs from what is stored; a verdict that still holds is left alone."""
    UnitAssessment.objects.filter(unit_id__in=list(units)).delete()
    now = timezone.now()
    insert_rows(UnitAssessment, _ASSESSED, [(pk, as_of, now) for pk in units])
    fresh, stored = _fresh(results), _stored(units)
    wrong = [
        pk for key, (pk, said) in stored.items() if key not in fresh or not _same(fresh[key], said)
    ]
    Verdict.objects.filter(pk__in=wrong).delete()
    new = [
        (*key[:-1], *said, now)
        for key, said in fresh.items()
        if key not in stored or not _same(said, stored[key][1])
    ]
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
    """What is stored of the units, each with the key of its row."""
    rows = Verdict.objects.filter(unit_id__in=list(units)).order_by("pk")
    rows = rows.annotate(told=Cast("short", TextField()))
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


def _same(new: Said, old: Said) -> bool:
    """Whether they say the same; a `short` that came another way may be spelt differently."""
    return new == old or (new[:-1] == old[:-1] and json.loads(new[-1]) == json.loads(old[-1]))
