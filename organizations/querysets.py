"""Reading the tree: by subtree, by day, and through the one gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from organizations.access import actions_of, paths_for, within
from organizations.actions import Action
from organizations.dated import DatedQuerySet


class GrantQuerySet(DatedQuerySet):
    """Who may act where."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All for an administrator; for an organiser those within the own county."""
        if Action.ADMINISTER in actions_of(user):
            return self.all()
        paths = paths_for(user, Action.MANAGE)
        return self.filter(within("unit__path", paths)) if paths else self.none()

    def not_ended(self, day: date) -> Self:
        """Grants that hold on `day` or will later."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day))


class UnitQuerySet(models.QuerySet):
    def under(self, *paths: str) -> Self:
        """Units at or below any of `paths`; none when there is no path."""
        return self.filter(within("path", paths)) if paths else self.none()

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """Units on which `user` may do `action`, by a grant there or above.

        There is no way round it: a superuser without a grant sees nothing.
        """
        return self.under(*paths_for(user, action))

    def on(self, day: date) -> Self:
        """Units that exist on `day`; the day of dissolution is the last one."""
        return self.filter(
            Q(established_on__isnull=True) | Q(established_on__lte=day),
            Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=day),
        )

    def taking_in(self, day: date) -> Self:
        """Units to which somebody or something new may come on `day`: not on a last day either."""
        return self.on(day).filter(dissolved_on__isnull=True)

    def ancestors_of(self, units: Iterable[object]) -> Self:
        """The units above any of `units`, themselves included."""
        paths = {path for unit in units for path in _prefixes(unit.path)}  # type: ignore[attr-defined]
        return self.filter(path__in=paths)

    def search(self, text: str) -> Self:
        """Units whose name, code or pinyin holds `text`."""
        text = text.strip().lower()
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text) | Q(code__startswith=text) | Q(pinyin__contains=text)
        )


def _prefixes(path: str) -> list[str]:
    codes = path.rstrip("/").split("/")
    return ["/".join(codes[: depth + 1]) + "/" for depth in range(len(codes))]


class ScopedQuerySet(models.QuerySet):
    """For every model whose rows belong to a unit."""

    unit_field = "unit"

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """Rows of the units on which `user` may do `action`."""
        return self.under(*paths_for(user, action))

    def under(self, *paths: str) -> Self:
        """Rows of the units at or below any of `paths`."""
        if not paths:
            return self.none()
        return self.filter(within(f"{self.unit_field}__path", paths))


class ScopedDatedQuerySet(ScopedQuerySet, DatedQuerySet):
    """Rows that belong to a unit for a time."""


class RatingQuerySet(ScopedQuerySet):
    """What residents said: only ever read as sums."""

    def sums(self) -> dict[int, dict[int, int]]:
        """By year: how many gave each answer. One query."""
        found: dict[int, dict[int, int]] = {}
        rows = self.order_by().values_list("year", "answer").annotate(models.Count("pk"))
        for year, answer, number in rows:
            found.setdefault(year, {})[answer] = number
        return found


class AreaQuerySet(ScopedQuerySet):
    """Communities as places, seen by whoever sees their street or an organisation in it."""

    unit_field = "street"

    def on(self, day: date) -> Self:
        """Communities that are places of their own on `day`: not merged into another before."""
        return self.filter(Q(merged_on__isnull=True) | Q(merged_on__gte=day))

    def uncovered(self, day: date) -> Self:
        """Communities that no Party organisation covers on `day` (clause 1)."""
        units = self.model._meta.get_field("organizations").related_model
        covering = units.objects.on(day).filter(area=OuterRef("pk"))
        return self.on(day).filter(~Exists(covering))
