"""What of all that is written down has not been confirmed this year, and what became of a thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.models import (
    Body,
    Confirmation,
    Facility,
    ResidentUnit,
    Service,
    Unit,
    Venue,
)

KEPT: dict[str, type[models.Model]] = {
    "bodies": Body,
    "venues": Venue,
    "services": Service,
    "facilities": Facility,
    "resident_units": ResidentUnit,
}
"""What lasts until further notice, and so is confirmed once a year; funds are of a year anyway."""

LED_KINDS = COMMUNITY_KINDS | {UnitKind.STREET_COMMITTEE}
"""Kinds of unit whose leadership is asked for (clause 5), and that are five-good or not."""

LEADERSHIP = "leadership"
"""Confirmed for the unit as a whole: who is in office is kept by the members' own app."""

Waiting = tuple[int, str, int]
"""Key of the unit, sort of thing, key of the thing."""
Said = dict[tuple[str, int], Confirmation]
"""By sort of thing and key of the thing."""


def thing_of(row: models.Model) -> str:
    """Under which name things of that sort are confirmed; empty: they are not."""
    return next((name for name, model in KEPT.items() if isinstance(row, model)), "")


def unconfirmed(units: QuerySet[Unit], *, year: int) -> list[Waiting]:
    """What is in place at `units` and was not confirmed in `year`: one query."""
    first, *others = (_waiting(thing, model, units, year) for thing, model in KEPT.items())
    return sorted(first.union(*others, all=True))


def waiting_at(units: QuerySet[Unit], *, year: int) -> list[Waiting]:
    """What of `units` was not confirmed in `year`, their leadership (by the unit's key) with it.

    One query.
    """
    led = _unconfirmed_leadership(units, year).annotate(
        thing=Value(LEADERSHIP, output_field=CharField())
    )
    rows = [_waiting(thing, model, units, year) for thing, model in KEPT.items()]
    leaders = led.order_by().values_list("pk", "thing", F("pk"))
    return sorted(rows[0].union(*rows[1:], leaders, all=True))


def _unconfirmed_leadership(units: QuerySet[Unit], year: int) -> QuerySet[Unit]:
    """Those of `units` that are led (clause 5), and nobody has confirmed by whom."""
    said = Confirmation.objects.filter(unit=OuterRef("pk"), thing=LEADERSHIP, year=year)
    return units.filter(~Exists(said), kind__in=sorted(LED_KINDS), dissolved_on__isnull=True)


def is_waiting(rows: Any, thing: str, *, year: int) -> Any:
    """Those of `rows` that are in place and were not confirmed in `year`."""
    said = Confirmation.objects.filter(
        unit=OuterRef("unit"), thing=thing, row=OuterRef("pk"), year=year
    )
    return rows.still_open().filter(~Exists(said))


def _waiting(thing: str, model: Any, units: QuerySet[Unit], year: int) -> QuerySet:
    rows = model.objects.filter(unit__in=units.order_by().values("pk"))
    named = is_waiting(rows, thing, year=year).annotate(
        thing=Value(thing, output_field=CharField())
    )
    return named.order_by().values_list("unit_id", "thing", "pk")


def said_of(unit: Unit, *, year: int) -> Said:
    """All that was confirmed at `unit` in `year`: one query."""
    said = Confirmation.objects.filter(unit=unit, year=year).select_related("by")
    return {(row.thing, row.row): row for row in said}


def said_of_rows(rows: Iterable[models.Model], thing: str, *, year: int) -> Said:
    """What was confirmed in `year` of some rows of one sort: one query."""
    keys = [row.pk for row in rows]
    said = Confirmation.objects.filter(thing=thing, row__in=keys, year=year).select_related("by")
    return {(row.thing, row.row): row for row in said}


def with_confirmations(rows: Iterable[Any], thing: str, said: Said) -> list[Any]:
    """`rows`, each with `confirmation`, what `said` holds of it or None."""
    listed = list(rows)
    for row in listed:
        row.confirmation = said.get((thing, row.pk))
    return listed


VERBS = {
    "set_up_body": gettext_lazy("Set up"),
    "close_body": gettext_lazy("Ended"),
    "record_funds": gettext_lazy("Recorded"),
    "change_asset": gettext_lazy("Changed"),
    **dict.fromkeys(
        ("add_venue", "add_service", "add_facility", "add_resident_unit"),
        gettext_lazy("Written down"),
    ),
    **dict.fromkeys(
        ("close_venue", "close_service", "close_facility", "close_resident_unit"),
        gettext_lazy("Ended"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done about a thing, in words."""

    at: datetime
    by: str
    what: Any
    words: str


def steps_of(row: models.Model) -> list[Step]:
    """What was done about `row`, newest first, from the audit trail: one query."""
    events = AuditEvent.objects.filter(
        Q(target_type=row._meta.label_lower), target_id=str(row.pk)
    ).select_related("by")
    return [
        Step(event.at, str(event.by or ""), VERBS[event.verb], _words(row, event.details))
        for event in events
        if event.verb in VERBS
    ]


def _words(row: models.Model, details: dict[str, Any]) -> str:
    if "after" in details:
        details = {"changes": {"amount": [details.get("before"), details["after"]]}}
    if "on" in details:
        return date_format(date.fromisoformat(details["on"]))
    told = []
    for name, (old, new) in details.get("changes", {}).items():
        said = {
            "field": _label(row, name),
            "old": _said(row, name, old),
            "new": _said(row, name, new),
        }
        told.append(_("%(field)s: %(old)s → %(new)s") % said)
    return _("; ").join(told)


def _label(row: models.Model, name: str) -> str:
    try:
        return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _said(row: models.Model, name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if value in (None, ""):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = row._meta.get_field(name)
    choices = dict(getattr(field, "flatchoices", ()))
    return str(choices.get(value, value))
