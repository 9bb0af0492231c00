"""How a file is to be read: as it was found, as was chosen before for its shape, or to be asked.

A shape is the headings of a sheet; that of a workbook, its sheets with theirs. What somebody chose
for a unit and a shape is used again without asking, and told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.models import User
from members.models import RememberedChoice
from members.roster.columns import Column
from members.roster.table import Choice, Chosen, Hand, Layout, usable_first
from members.roster.units import UnitFinder
from organizations.models import Unit

ALIKE = 2
"""From so many known headings on, a sheet that can't be read as it is may still be a roster."""


def is_certain(layouts: Sequence[Layout], columns: Sequence[Column], choice: Choice) -> bool:
    """Whether nobody need be asked which sheet is meant and what its columns are.

    `layouts` are what `choice` makes of the sheets. A heading that is not known, and that may be
    one which is not read yet, is a reason to ask; so is a second sheet that may be meant.
    """
    if choice.sheets:
        named = {one.name for one in choice.sheets}
        return all(one.is_usable for one in layouts if one.sheet.name in named)
    shown = [one for one in layouts if not one.sheet.is_hidden]
    alike = [one for one in shown if one.is_usable or len(one.mapping.places) >= ALIKE]
    meant = alike or usable_first(layouts)
    if len(meant) != 1 or not meant[0].is_usable:
        return False
    return meant[0].shape in choice.given or not has_proposals(meant[0], columns)


def has_proposals(layout: Layout, columns: Sequence[Column]) -> bool:
    """Whether a column that is not read may be one that is wanted."""
    return any(heading.proposal for heading in layout.headings(columns))


def can_be_mapped(layout: Layout, columns: Sequence[Column]) -> bool:
    """Whether there are columns enough for what is missing."""
    unread = [one for one in layout.headings(columns) if one.field is None]
    return len(unread) >= len(layout.mapping.missing)


def sheets_named(
    layouts: Sequence[Layout],
    finder: UnitFinder,
    given: Mapping[str, Hand],
    names: Collection[str] = (),
) -> Choice:
    """The sheets of these names, each for the unit that its name means.

    Without names: all that are shown and can be read.
    """
    usable = [one for one in layouts if one.is_usable and not one.sheet.is_hidden]
    unit_of = {one.sheet.name: unit_named(one, finder) for one in layouts}
    meant = names or [one.sheet.name for one in usable]
    sheets = tuple(Chosen(name, unit_of.get(name, "")) for name in meant)
    return Choice(sheets, dict(given), is_complete=True)


def unit_named(layout: Layout, finder: UnitFinder) -> str:
    """The code of the unit that a sheet is named after: of its rows that name none themselves."""
    found = finder.find(layout.sheet.name)
    return found.code if isinstance(found, Unit) and layout.sheet.name else ""


# -- remembering --------------------------------------------------------------
def shape_of(layouts: Sequence[Layout]) -> str:
    """The same for workbooks with the same sheets, each with the same headings."""
    told = "\x1e".join(f"{one.sheet.name}\x1f{one.shape}" for one in layouts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def recall(unit: Unit, kind: str, layouts: Sequence[Layout]) -> Choice:
    """What was chosen for the unit and sheets of these shapes. `layouts` are as found."""
    shapes = {shape_of(layouts), *(one.shape for one in layouts)}
    known = list(RememberedChoice.objects.filter(unit=unit, kind=kind, shape__in=shapes))
    if not known:
        return Choice()
    told: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for one in known:
        given |= one.choice.get("given", {})
        told |= {name: value for name, value in one.choice.items() if name != "given"}
    latest = max(timezone.localdate(one.made_at) for one in known)
    return choice_of(told | {"given": given, "recalled_on": latest.isoformat()})


def remember(unit: Unit, kind: str, layouts: Sequence[Layout], choice: Choice, by: User) -> None:
    """Keep what was chosen for files of this shape; the caller's transaction."""
    kept: dict[str, dict[str, Any]] = {}
    for one in layouts:
        if hand := choice.given.get(one.shape):
            kept[one.shape] = {"given": {one.shape: _hand_json(hand)}}
    if choice.sheets:
        told = choice_json(choice)
        kept[shape_of(layouts)] = {name: told[name] for name in ("sheets", "is_complete")}
    mine = RememberedChoice.objects.filter(unit=unit, kind=kind)
    mine.filter(shape__in={shape_of(layouts), *(one.shape for one in layouts)}).delete()
    RememberedChoice.objects.bulk_create(
        RememberedChoice(unit=unit, kind=kind, shape=shape, choice=told, made_by=by)
        for shape, told in kept.items()
    )


def choice_json(choice: Choice) -> dict[str, Any]:
    return {
        "sheets": [[one.name, one.unit] for one in choice.sheets],
        "given": {shape: _hand_json(hand) for shape, hand in choice.given.items()},
        "is_complete": choice.is_complete,
        "recalled_on": choice.recalled_on,
    }


def choice_of(told: dict[str, Any]) -> Choice:
    """The choice that was stored."""
    return Choice(
        sheets=tuple(Chosen(name, unit) for name, unit in told.get("sheets", [])),
        given={
            shape: Hand({int(place): name for place, name in columns.items()}, lower)
            for shape, (lower, columns) in told.get("given", {}).items()
        },
        is_complete=told.get("is_complete", False),
        recalled_on=told.get("recalled_on", ""),
    )


def _hand_json(hand: Hand) -> list[Any]:
    return [hand.lower, {str(place): name for place, name in hand.columns.items()}]
