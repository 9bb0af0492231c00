"""Counties and streets over time: sums of months, and when records were entered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from activities.models import Activity
from assessment.models import MonthSummary
from assessment.months import HEADS
from assessment.places import Place
from assessment.rollup import JUDGED
from assessment.terms import Status
from organizations.querysets import UnitQuerySet

SOON = 7
"""Days after it was held within which a record is entered in time."""
LAGS = (1, 3, 7, 14, 30)
"""Upper ends of the bands of days between holding and entering."""


@dataclass
class Point:
    """How some units stood on the last day of a month."""

    month: date
    statuses: Counter[Status] = field(default_factory=Counter)
    units: int = 0
    calling: int = 0
    by_rule: dict[tuple[str, str], Counter[Status]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    is_stale: bool = False

    @property
    def judged(self) -> int:
        return sum(self.statuses[status] for status in JUDGED)

    @property
    def rate(self) -> int | None:
        return rate_of(self.statuses)


def rate_of(statuses: Counter[Status]) -> int | None:
    """Whole per cent of those who owe that have met it, rounded down; None where nobody owes."""
    judged = sum(statuses[status] for status in JUDGED)
    return statuses[Status.MET] * 100 // judged if judged else None


def heads_of(places: Sequence[Place], street: str) -> list[Place]:
    """The counties and streets that together are what is shown, each of them once.

    None where a unit is shown that belongs to neither: its past is on its own page.
    """
    if street:
        return [place for place in places if place.code == street and place.depth < HEADS]
    tops: list[Place] = []
    for place in places:  # in the order of the tree: what is below a top follows it at once
        if not tops or not place.path.startswith(tops[-1].path):
            tops.append(place)
    return tops if all(top.depth < HEADS for top in tops) else []


def points_of(
    units: UnitQuerySet,
    heads: Collection[Place],
    keys: Collection[tuple[str, str]],
    *,
    kind: str = "",
    months: Collection[date] | None = None,
) -> dict[date, Point]:
    """The months for which every one of `heads` is summed, by rules and kind of unit.

    `units` are those within reach: a summary of a unit tells of all below it, as a grant does.
    """
    stored = MonthSummary.objects.filter(
        unit__in=units.order_by().values("pk"), unit_id__in=[head.pk for head in heads]
    )
    if months is not None:
        stored = stored.filter(month__in=months)
    points: dict[date, Point] = {}
    found: Counter[date] = Counter()
    for month, counts, judged, is_stale in stored.values_list(
        "month", "counts", "units", "is_stale"
    ):
        found[month] += 1
        _add(points.setdefault(month, Point(month)), counts, judged, frozenset(keys), kind)
        points[month].is_stale |= is_stale
    return {month: points[month] for month in sorted(points) if found[month] == len(heads)}


def states_of(units: UnitQuerySet, month: date) -> QuerySet:
    """Which sums there are of the month: others whenever one of them has been made anew."""
    stored = MonthSummary.objects.filter(unit__in=units.order_by().values("pk"), month=month)
    return stored.order_by("pk").values_list("pk", "is_stale")


def _add(
    point: Point,
    counts: Iterable[tuple[str, str, str, str, int]],
    units: Iterable[tuple[str, int, int]],
    keys: frozenset[tuple[str, str]],
    kind: str,
) -> None:
    for of, rulebook, rule, status, number in counts:
        if (rulebook, rule) in keys and kind in {"", of}:
            point.statuses[Status(status)] += number
            point.by_rule[rulebook, rule][Status(status)] += number
    for of, judged, calling in units:
        if kind in {"", of}:
            point.units += judged
            point.calling += calling


@dataclass
class Entries:
    """Records that count, by the day on which they were held and how long after they came in."""

    by_day: Counter[date] = field(default_factory=Counter)
    by_month: dict[date, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """Of each month how many came in after how many days; the key is the end of the band."""

    def share_in_time(self, month: date) -> int | None:
        """Whole per cent entered within a week, rounded down; None where nothing was held."""
        lags = self.by_month.get(month, Counter())
        number = sum(lags.values())
        soon = sum(many for band, many in lags.items() if band <= SOON)
        return soon * 100 // number if number else None


OVER = 10_000
"""The band of what came in later than any of LAGS."""


def entries_of(units: UnitQuerySet, first: date, last: date) -> Entries:
    """What the units held between two days: submitted records, each at its host."""
    held = Activity.objects.filter(unit__in=units.order_by().values("pk"))
    held = held.counted().beginning(first, last).filter(submitted_at__isnull=False).order_by()
    zone = timezone.get_current_timezone()
    rows = held.values_list("first_day", "last_day", TruncDate("submitted_at", tzinfo=zone))
    entries = Entries()
    for day, ended, entered, number in rows.annotate(number=Count("pk")):
        entries.by_day[day] += number
        lag = (entered - ended).days
        band = next((end for end in LAGS if lag <= end), OVER)
        entries.by_month[day.replace(day=1)][band] += number
    return entries
