"""What the pages of the dashboard have in common: the units, the rules, the day."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.generic import TemplateView

from assessment.columns import Column
from assessment.counties import settings_in, steps_of
from assessment.forms import DashboardFilter
from assessment.numbers import noted, own_numbers_in
from assessment.places import Ground, Place, ground_of, place_rows, places_of
from assessment.statements import reach_of, rows_of
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

BIG = 400
"""Units above which a past day is computed only for a part of them."""


class Choice(NamedTuple):
    """What the filter was asked for among the units that somebody sees."""

    chosen: dict[str, Any]
    columns: list[Column]
    offered: tuple[Any, ...]
    top: Place | None
    """The street to show with what is below it; None: all within reach."""
    ground: Ground
    """The units that are left of those of today."""


class ReachView(LoginRequiredMixin, TemplateView):
    """A page about all units within reach, or those that its filter leaves."""

    def look(self, columns: list[Column] | None = None) -> None:
        self.find()
        self.choose(columns)

    def find(self) -> None:
        """All units within reach."""
        self.today = timezone.localdate()
        self.reach_key = reach_of(self.request.user)
        rows = rows_of(
            ("places", self.reach_key, self.today), lambda: place_rows(self.reach, on=self.today)
        )
        self.all_ground = ground_of(rows)
        self.everything = self.all_ground.places

    @cached_property
    def reach(self) -> UnitQuerySet:
        return Unit.objects.visible_to(self.request.user)

    @cached_property
    def filter(self) -> DashboardFilter:
        return DashboardFilter(self.request.GET, places=self.everything)

    def choose(self, columns: list[Column] | None = None) -> None:
        """Read the filter and the units that it leaves; `columns` None: by the filter."""
        choice = self.choice()
        self.chosen, self.offered = choice.chosen, choice.offered
        day = self.chosen["on"]
        self.units, self.ground = self.within(choice)
        self.is_too_big = day != self.today and len(self.ground) > BIG
        self.on = self.today if self.is_too_big else day
        self.places = self.ground.places
        steps = steps_of(self.ground.counties)
        self.settings = settings_in(steps, self.ground.counties)
        self.wanted = noted(columns or choice.columns, own_numbers_in(steps), self.on)

    def choice(self) -> Choice:
        """Read once for each address: a filter of many streets takes longer than what it says."""
        kept = self.all_ground.kept
        key = get_language(), self.today, self.request.GET.urlencode()
        choice = kept.get(key)
        if choice is None:
            chosen = self.filter.chosen
            top = next((p for p in self.everything if p.code == chosen["street"]), None)
            ground = self.all_ground.only(top, chosen["kind"])
            columns, offered = self.filter.columns(), self.filter.offered
            choice = Choice(chosen, columns, offered, top, ground)
            kept.put(key, choice)
        return choice

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    def within(self, choice: Choice) -> tuple[UnitQuerySet, Ground]:
        """The units to show: all within reach, or one and those below it, or of one kind."""
        top, kind, on = choice.top, choice.chosen["kind"], choice.chosen["on"]
        self.units_key = self.reach_key, top and top.path, kind
        units = self.reach.under(top.path) if top else self.reach
        shown = units.filter(kind=kind) if kind else units
        if on == self.today:
            return shown, choice.ground
        return shown, Ground(tuple(places_of(units, on=on))).only(top, kind)

    def context(self) -> dict[str, Any]:
        return {
            "filter": SimpleLazyObject(lambda: self.filter),
            "chosen": self.chosen,
            "on": self.on,
            "is_today": self.is_today,
            "is_too_big": self.is_too_big,
        }
