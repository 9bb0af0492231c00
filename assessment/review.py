"""What waits for review, in the order in which it falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import State
from activities.filters import ActivityFilter
from activities.kinds import kinds_of
from activities.models import Activity
from activities.views.records import waiting
from assessment.columns import columns_serving
from assessment.periods import Cycle, period_of
from organizations.access import paths_for
from organizations.actions import Action

WAITS = (3, 7, 14, 30)
REASONS_SHOWN = 4
REASONS_OF = timedelta(days=400)


class ReviewFilter(ActivityFilter):
    """Of what waits: by unit, kind, day, words, and how long it has waited."""

    waits = django_filters.ChoiceFilter(
        label=_("waiting for"), method="waiting_for", empty_label=_("All"), choices=[]
    )
    state = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["waits"].extra["choices"] = [
            (str(days), _("%(days)s days and more") % {"days": days}) for days in WAITS
        ]

    def waiting_for(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        since = timezone.now() - timedelta(days=int(value))
        return queryset.filter(submitted_at__lte=since)


@dataclass(frozen=True, slots=True)
class Place:
    """A record's place in the queue."""

    key: UUID
    due_on: date | None
    """Last day of the earliest period that the record counts in; None: no rule asks for it."""


def queue_of(user: Any, query: Any, request: Any) -> tuple[ReviewFilter, list[Place]]:
    """The filter that was asked for, and all that is left by it, what falls due first on top."""
    records = waiting(paths_for(user, Action.REVIEW))
    chosen = ReviewFilter(query, queryset=records, request=request)
    rows = chosen.qs.order_by().values_list("pk", "kind_mask", "first_day", "submitted_at")
    ordered = sorted(
        ((due_on(mask, day) or date.max, at, str(pk), pk) for pk, mask, day, at in rows)
    )
    return chosen, [Place(pk, None if due == date.max else due) for due, _at, _text, pk in ordered]


def due_on(mask: int, day: date) -> date | None:
    """When the earliest of the periods ends that a record of these kinds and day counts in."""
    cycles = _cycles_of(mask)
    return min((period_of(day, cycle).last for cycle in cycles), default=None)


@cache
def _cycles_of(mask: int) -> frozenset[Cycle]:
    columns = columns_serving(kinds_of(mask))
    return frozenset(c.rule.cycle for c in columns if c.rule.cycle.is_calendar)


def reasons_of(user: Any) -> list[str]:
    """Why records were returned most often within the reviewer's reach, of late."""
    since = timezone.now() - REASONS_OF
    given = Activity.objects.hosted_under(*paths_for(user, Action.REVIEW)).filter(
        reviewed_at__gte=since
    )
    counted = (
        given.exclude(return_reason="")
        .exclude(state=State.CANCELLED)
        .order_by()
        .values("return_reason")
        .annotate(times=Count("pk"))
        .order_by("-times", "return_reason")
    )
    return [row["return_reason"] for row in counted[:REASONS_SHOWN]]
