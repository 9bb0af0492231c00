"""Rows that hold from a day to a day."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q


class DatedQuerySet(models.QuerySet):
    """For models with `begun_on` and `ended_on`, both included.

    A null beginning is "since before the portal", a null end is "still".
    """

    def on(self, day: date) -> Self:
        """Rows that hold on `day`."""
        return self.overlapping(day, day)

    def overlapping(self, first: date, last: date) -> Self:
        """Rows that hold on some day of [first, last]."""
        still = Q(ended_on__isnull=True) | Q(ended_on__gte=first)
        begun = Q(begun_on__isnull=True) | Q(begun_on__lte=last)
        return self.filter(still & begun)

    def still_open(self) -> Self:
        return self.filter(ended_on__isnull=True)


def in_order() -> Q:
    """The condition that a dated row does not end before it begins."""
    return Q(begun_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("begun_on"))
