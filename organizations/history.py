"""The events of a unit in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from organizations.choices import UnitChange, UnitKind
from organizations.models import Unit, UnitEvent


@dataclass(frozen=True, slots=True)
class Told:
    """One event and what it changed, in words."""

    event: UnitEvent
    words: str


def told(unit: Unit, *, to: User) -> list[Told]:
    """What happened to `unit`, newest first, and what was merged into it: two queries.

    Units beyond the reader's reach are told of without their names.
    """
    concerned = Q(unit=unit) | Q(other=unit)
    events = list(
        UnitEvent.objects.visible_to(to).filter(concerned).select_related("unit", "other", "by")
    )
    codes = {code for event in events for code in _codes_in(event)}
    seen = Unit.objects.visible_to(to).filter(code__in=codes) if codes else Unit.objects.none()
    names = dict(seen.values_list("code", "name"))
    return [Told(event, _words(event, unit, names)) for event in events]


def _codes_in(event: UnitEvent) -> Iterator[str]:
    for said in (event.before, event.after):
        if said.get("parent"):
            yield said["parent"]
    if event.other:
        yield event.other.code


def _words(event: UnitEvent, unit: Unit, names: dict[str, str]) -> str:
    before, after = event.before, event.after
    if event.change == UnitChange.MERGED:
        if event.unit_id == unit.pk:
            return _("into %(unit)s") % {"unit": _name(event.after.get("into"), names)}
        return _("%(unit)s was merged into this one") % {"unit": event.unit}
    if event.change == UnitChange.RENAMED:
        return _from_to(before.get("name"), after.get("name"))
    if event.change == UnitChange.UPGRADED:
        return _from_to(_kind(before), _kind(after))
    if event.change == UnitChange.MOVED:
        return _from_to(_name(before.get("parent"), names), _name(after.get("parent"), names))
    return _kind(after) if event.change == UnitChange.FOUNDED else ""


def _from_to(old: Any, new: Any) -> str:
    return _("from %(old)s to %(new)s") % {"old": old, "new": new}


def _kind(said: dict[str, Any]) -> str:
    kind = said.get("kind", "")
    return str(UnitKind(kind).label) if kind in UnitKind.values else str(kind)


def _name(code: Any, names: dict[str, str]) -> str:
    return names.get(code) or _("another unit")
