"""What each county has set: which rulebooks it uses, and how it counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rules import goes_by
from assessment.terms import Rulebook, Settings
from organizations.settings import settings_of as county_settings_of


def settings_of(codes: Collection[str]) -> dict[str, Settings]:
    """The settings of the counties with these codes; a county that set nothing has empty ones."""
    found = county_settings_of(codes)
    return {code: Settings(found[code].steps if code in found else ()) for code in codes}


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
