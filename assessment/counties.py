"""What each county has set: which rulebooks it uses, and how it counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.terms import Rulebook, Settings
from organizations.choices import SettingKey
from organizations.settings import settings_of as county_settings_of

DEFAULT_RULEBOOKS = frozenset({"guizhou-2008"})
"""In use in a county that says nothing, from the day on which each applies."""


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
    chosen = settings.on(f"{SettingKey.RULEBOOK}:{rulebook_id}", as_of)
    if chosen is not None:
        return chosen == "on"
    is_default = rulebook_id in DEFAULT_RULEBOOKS
    return is_default and load_rulebook(rulebook_id).applies_from <= as_of
