"""What each county has set: which rulebooks it uses, and how it counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rules import goes_by
from assessment.statements import rows_of
from assessment.terms import Rulebook, Settings
from organizations.models import CountySetting
from organizations.settings import settings_of as county_settings_of


def settings_of(codes: Collection[str]) -> dict[str, Settings]:
    """The settings of the counties with these codes; a county that set nothing has empty ones."""
    found = county_settings_of(codes)
    return {code: Settings(found[code].steps if code in found else ()) for code in codes}


class Step(NamedTuple):
    """One setting of a county, with who set it and why."""

    county: str
    key: str
    since: date
    value: str
    reason: str
    set_by: str | None


def steps_of(codes: Collection[str]) -> list[Step]:
    """All that the counties with these codes have set, earliest first: one query."""
    counties = frozenset(codes)

    def question() -> QuerySet:
        rows = CountySetting.objects.filter(unit__code__in=counties, unit__parent__isnull=True)
        columns = ("unit__code", "key", "applies_from", "value", "reason", "set_by__username")
        return rows.order_by("applies_from", "pk").values_list(*columns)

    return list(map(Step._make, rows_of(("settings", counties), question)))


def settings_in(steps: Iterable[Step], codes: Collection[str]) -> dict[str, Settings]:
    """The same as settings; a county that set nothing has empty ones."""
    held: dict[str, list[tuple[str, date, str]]] = {code: [] for code in codes}
    for step in steps:
        held[step.county].append((step.key, step.since, step.value))
    return {code: Settings(tuple(values)) for code, values in held.items()}


def rulebooks_in_use(settings: Settings, as_of: date) -> tuple[Rulebook, ...]:
    """The rulebooks by which a county is judged on `as_of`."""
    return tuple(
        load_rulebook(rulebook_id)
        for rulebook_id in rulebook_ids()
        if is_in_use(rulebook_id, settings, as_of)
    )


def is_in_use(rulebook_id: str, settings: Settings, as_of: date) -> bool:
    """Whether a county goes by the rulebook on `as_of`: as it says, else by the default."""
    is_there = rulebook_id in rulebook_ids()
    return is_there and goes_by(load_rulebook(rulebook_id), settings, as_of)
