"""Which report is asked for: of which unit, for which time, seen by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from assessment.periods import Cycle, Period, period_of, periods_of
from assessment.phrases import period_name
from assessment.places import Place, places_of
from assessment.reports.choices import ReportKind
from assessment.terms import Status
from organizations.models import Unit
from organizations.querysets import UnitQuerySet


def nobody_hears(_percent: int) -> None:
    """For those who wait on the spot."""


@dataclass(frozen=True)
class Asked:
    """A report that somebody wants; everything in it passes that person's gate."""

    kind: ReportKind
    unit: Unit
    year: int
    quarter: int | None
    user: User
    with_identifiers: bool = False
    today: date = field(default_factory=timezone.localdate)
    report: Callable[[int], None] = nobody_hears
    """Told how many per cent are done."""

    @property
    def cycle(self) -> Cycle:
        return Cycle.QUARTER if self.quarter else Cycle.YEAR

    @property
    def period(self) -> Period:
        if self.quarter:
            return periods_of(self.year, Cycle.QUARTER)[self.quarter - 1]
        return period_of(date(self.year, 1, 1), Cycle.YEAR)

    @property
    def as_of(self) -> date:
        """The day as seen from which: the period's last one, or today while it is open."""
        return min(self.period.last, self.today)

    def outcome(self, status: Status, period: Period | None) -> Status:
        """What was due on the last day of its period is missed, once that day is over."""
        is_over = period is not None and period.last == self.as_of < self.today
        return Status.MISSED if is_over and status is Status.DUE else status

    @property
    def period_name(self) -> str:
        return period_name(self.cycle, self.period)

    @property
    def units(self) -> UnitQuerySet:
        """The unit and all below it, as far as the person sees them."""
        return Unit.objects.visible_to(self.user).under(self.unit.path)

    @cached_property
    def places(self) -> list[Place]:
        """Those of them that existed in the year, in the order of the tree."""
        return places_of(self.units, on=self.as_of)

    @cached_property
    def branches(self) -> list[Place]:
        """The unit itself, then each unit right below it: what is told apart in tables."""
        depth = self.unit.path.count("/")
        return [place for place in self.places if place.path.count("/") <= depth + 1]

    @cached_property
    def branch_of(self) -> dict[int, int]:
        """By unit, which of `branches` it stands under."""
        by_path = {place.path: place.pk for place in self.branches}
        levels = self.unit.path.count("/") + 1
        return {
            place.pk: by_path.get("/".join(place.path.split("/")[:levels]) + "/", self.unit.pk)
            for place in self.places
        }

    def name_of_branch(self, place: Place) -> str:
        """What the branch is called in a table: the unit itself so, if others stand below it."""
        is_itself = place.pk == self.unit.pk and len(self.branches) > 1
        return place.own_name if is_itself else place.name
