"""Leaving word that verdicts must be computed again."""

from __future__ import annotations

from collections.abc import Iterable

from organizations.models import Touch, Unit


def touch(*units: Unit | None) -> None:
    """Leave word that the verdicts of `units` must be computed again; None is passed over."""
    touch_ids(unit.pk for unit in units if unit is not None)


def touch_ids(unit_ids: Iterable[int]) -> None:
    """`touch`, by key; each unit once, however often it is named."""
    Touch.objects.bulk_create([Touch(unit_id=pk) for pk in sorted(set(unit_ids))])


def touch_subtree(*paths: str) -> None:
    """`touch` for all units at or below any of `paths`."""
    touch_ids(Unit.objects.under(*paths).values_list("pk", flat=True))
