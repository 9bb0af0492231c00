"""Leaving word that verdicts must be computed again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from organizations.choices import COMMUNITY_KINDS
from organizations.models import Touch, Unit


def touch(*units: Unit | None) -> None:
    """Leave word that the verdicts of `units` must be computed again; None is passed over."""
    touch_ids(unit.pk for unit in units if unit is not None)


def touch_ids(unit_ids: Iterable[int]) -> None:
    """`touch`, by key; each unit once, however often it is named.

    A community is touched with what stands below it: it answers for their floating members.
    """
    touched = set(unit_ids)
    below = Q(children__in=touched) | Q(children__children__in=touched)
    communities = Unit.objects.filter(below, kind__in=sorted(COMMUNITY_KINDS))
    touched.update(communities.order_by().values_list("pk", flat=True))
    Touch.objects.bulk_create([Touch(unit_id=pk) for pk in sorted(touched)])


def touch_subtree(*paths: str) -> None:
    """`touch` for all units at or below any of `paths`."""
    touch_ids(Unit.objects.under(*paths).values_list("pk", flat=True))
