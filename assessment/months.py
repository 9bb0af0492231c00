"""How counties and streets stood at the ends of past months: stored sums that anyone can redo.

A summary is a function of what is known today about the time up to the month's last day. A record
entered later changes it: whatever a write has touched makes the summaries of its county stale, and
they are made anew, some at a time, by the nightly run or by the page that needs them.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from assessment.columns import all_columns
from assessment.engine import Result, compute
from assessment.models import MonthSummary, UnitAssessment
from assessment.periods import DAY, Cycle, Period, period_of
from assessment.terms import Status
from organizations.access import within
from organizations.models import Unit

logger = logging.getLogger(__name__)

NEEDS_A_CALL = (Status.MISSED, Status.BEHIND)
"""What is merely due the unit's own secretary is reminded of: that needs no call yet."""
MONTHS_KEPT = 24
NIGHTLY_SECONDS = 240
"""How long the nightly run works at past months; the rest is left for the next night."""
PATIENCE = 1.0
"""Seconds that a page works at months that are not yet summed, before it answers."""
MOST_IN_A_PAGE = 400
"""Units above which only the nightly run sums."""
HEADS = 2
"""Depths of the tree that have summaries: counties, and what stands directly below them."""


def closed_months(today: date, number: int = MONTHS_KEPT) -> list[Period]:
    """The months that have ended, newest first."""
    months: list[Period] = []
    last = today.replace(day=1) - DAY
    while len(months) < number:
        months.append(period_of(last, Cycle.MONTH))
        last = months[-1].first - DAY
    return months


def mark_stale(paths: Iterable[str]) -> None:
    """What is stored of the counties of these units may no longer hold."""
    counties = sorted({path.split("/", 1)[0] + "/" for path in paths})
    if counties:
        stored = MonthSummary.objects.filter(within("unit__path", counties), is_stale=False)
        stored.update(is_stale=True)


def fill(counties: Sequence[Unit], today: date, *, seconds: float, stale_too: bool = True) -> int:
    """Make what is missing (or stale) of the last months, newest first, for about so long.

    At least one month is made, so that every call gets on; returns how many are still to be made.
    """
    deadline = time.monotonic() + seconds
    stored = MonthSummary.objects.filter(unit__in=counties)
    if stale_too:
        stored = stored.filter(is_stale=False)
    fresh = set(stored.values_list("unit", "month"))
    waiting = [
        (month, county)
        for month in closed_months(today)
        for county in counties
        if (county.pk, month.first) not in fresh
    ]
    done = 0
    while done < len(waiting) and (done == 0 or time.monotonic() < deadline):
        month, county = waiting[done]
        summarise(county, month)
        done += 1
    return len(waiting) - done


def fill_missing(codes: Iterable[str], today: date) -> int:
    """Make some of the months that the counties lack, within what a page can wait for.

    What is merely stale is left to the night. Returns how many are still lacking. Acts for the
    system: a page shows of it only what is within its reader's reach.
    """
    counties = list(Unit.objects.filter(code__in=codes))
    wanted = [month.first for month in closed_months(today)]
    stored = MonthSummary.objects.filter(unit__in=counties, month__in=wanted).count()
    missing = len(counties) * len(wanted) - stored
    if (
        not missing
        or Unit.objects.under(*(unit.path for unit in counties)).count() > MOST_IN_A_PAGE
    ):
        return missing
    return fill(counties, today, seconds=PATIENCE, stale_too=False)


def fill_nightly() -> int:
    """The nightly share of the work, over all counties.

    Returns how many sums of the newest month were wrong with no write to explain it, which must be
    none; those are put right, and logged as an error.
    """
    today = timezone.localdate()
    counties = list(Unit.objects.filter(parent__isnull=True).order_by("path"))
    mended = sum(_mend(county, closed_months(today, 1)[0]) for county in counties)
    if mended:
        logger.error("The nightly run had to mend %d sums of a month.", mended)
    fill(counties, today, seconds=NIGHTLY_SECONDS)
    return mended


def _mend(county: Unit, month: Period) -> int:
    """How many stored sums of the month differ from what is found now; they are made anew."""
    stored = {
        summary.unit.path: summary
        for summary in MonthSummary.objects.filter(month=month.first, is_stale=False)
        .under(county.path)
        .select_related("unit")
    }
    if not stored:
        return 0
    found = summaries_of(compute(Unit.objects.under(county.path), month.last), month)
    empty = MonthSummary(month=month.first)
    wrong = sum(_said(old) != _said(found.get(path, empty)) for path, old in stored.items())
    if wrong:
        summarise(county, month)
    return wrong


def _said(summary: MonthSummary) -> tuple[object, object]:
    return summary.counts, summary.units


def summarise(county: Unit, month: Period) -> None:
    """Store how the county and its streets stood on the month's last day.

    If units were judged anew while the facts were read, the result is stored as stale.
    """
    before = _version(county)
    units = Unit.objects.under(county.path)
    rows = summaries_of(compute(units, month.last), month)
    heads = {unit.path: unit for unit in units if unit.depth < HEADS}
    with transaction.atomic():
        MonthSummary.objects.filter(unit__in=heads.values(), month=month.first).delete()
        is_stale = _version(county) != before
        empty = MonthSummary(month=month.first)
        made = []
        for path, unit in heads.items():
            found = rows.get(path, empty)
            made.append(
                MonthSummary(
                    unit=unit,
                    month=month.first,
                    counts=found.counts,
                    units=found.units,
                    is_stale=is_stale,
                )
            )
        MonthSummary.objects.bulk_create(made)


def _version(county: Unit) -> object:
    judged = UnitAssessment.objects.filter(within("unit__path", [county.path]))
    return judged.aggregate(number=Count("pk"), last=Max("pk"))


def summaries_of(results: Iterable[Result], month: Period) -> dict[str, MonthSummary]:
    """The sums by path of county and street: of each rule its newest period begun by then."""
    newest = {column.key: column.newest_period(month.last) for column in all_columns()}
    counts: dict[str, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
    seen: dict[str, dict[int, tuple[str, bool]]] = defaultdict(dict)
    for result in results:
        key = (result.rulebook, result.rule.id)
        period = result.verdict.period
        if result.status is Status.NOT_APPLICABLE or newest[key] not in {None, period}:
            continue
        unit = result.unit
        for path in _heads(unit.path):
            counts[path][unit.kind, *key, result.status.value] += 1
            calls = seen[path].get(unit.id, ("", False))[1] or result.status in NEEDS_A_CALL
            seen[path][unit.id] = (unit.kind, calls)
    return {
        path: MonthSummary(
            month=month.first,
            counts=[[*key, number] for key, number in sorted(counted.items())],
            units=_units(seen[path].values()),
        )
        for path, counted in counts.items()
    }


def _heads(path: str) -> list[str]:
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: depth + 1]) + "/" for depth in range(min(HEADS, len(codes)))]


def _units(units: Iterable[tuple[str, bool]]) -> list[list[object]]:
    """Of each kind how many units were judged, and how many needed a call."""
    judged: Counter[str] = Counter()
    calling: Counter[str] = Counter()
    for kind, calls in units:
        judged[kind] += 1
        calling[kind] += calls
    return [[kind, number, calling[kind]] for kind, number in sorted(judged.items())]
