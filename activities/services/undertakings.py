"""Undertakings of a year: entered, changed, settled, with what was done for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import Benefit, Settled
from activities.entries import ActivityError
from activities.models import Activity, Undertaking
from organizations.models import Facility, Service, Unit


def undertake(unit: Unit, *, year: int, goal: Benefit, text: str, by: User | None) -> Undertaking:
    """`unit` undertakes `text` for `year`. Raises ActivityError when it has already."""
    undertaking = Undertaking(unit=unit, year=year)
    return _write(undertaking, goal=goal, text=text, verb="undertake", by=by)


def change_undertaking(
    undertaking: Undertaking, *, goal: Benefit, text: str, by: User | None
) -> None:
    """Word it otherwise. Raises ActivityError once it is settled."""
    if undertaking.outcome:
        raise ActivityError(_("It is settled: open it again to change it."))
    _write(undertaking, goal=goal, text=text, verb="change_undertaking", by=by)


@transaction.atomic
def _write(
    undertaking: Undertaking, *, goal: Benefit, text: str, verb: str, by: User | None
) -> Undertaking:
    before = undertaking.text
    undertaking.goal, undertaking.text = goal, text.strip()
    try:
        undertaking.full_clean()
    except ValidationError as error:
        raise ActivityError(" ".join(error.messages), field="text") from None
    undertaking.save()
    _audit(undertaking, verb, by=by, before=before, after=undertaking.text)
    return undertaking


@transaction.atomic
def link_evidence(
    undertaking: Undertaking,
    *,
    activities: Iterable[Activity],
    services: Iterable[Service],
    facilities: Iterable[Facility],
    by: User | None,
) -> None:
    """What was done for it: records, services and facilities that are there anyway."""
    undertaking.activities.set(activities)
    undertaking.services.set(services)
    undertaking.facilities.set(facilities)
    _audit(
        undertaking,
        "link_evidence",
        by=by,
        activities=[str(pk) for pk in undertaking.activities.values_list("pk", flat=True)],
        services=list(undertaking.services.order_by("pk").values_list("pk", flat=True)),
        facilities=list(undertaking.facilities.order_by("pk").values_list("pk", flat=True)),
    )


@transaction.atomic
def settle_undertaking(
    undertaking: Undertaking, *, outcome: Settled, on: date, by: User | None, note: str = ""
) -> None:
    """Say how it came out. What was not done is said why. Two clicks at once: the first holds."""
    if outcome == Settled.NOT_DONE and not note.strip():
        raise ActivityError(_("Say why it was not done, in a word or two."), field="note")
    mine = Undertaking.objects.filter(pk=undertaking.pk, outcome="")
    if not mine.update(outcome=outcome, note=note.strip(), settled_on=on, settled_by=by):
        raise ActivityError(_("It is settled already."))
    undertaking.refresh_from_db()
    _audit(undertaking, "settle_undertaking", by=by, outcome=outcome, note=note.strip())


@transaction.atomic
def reopen_undertaking(undertaking: Undertaking, *, by: User | None) -> None:
    """It was settled by mistake, or there is more to come."""
    before = undertaking.outcome
    undertaking.outcome, undertaking.note = "", ""
    undertaking.settled_on, undertaking.settled_by = None, None
    undertaking.save(update_fields=["outcome", "note", "settled_on", "settled_by"])
    _audit(undertaking, "reopen_undertaking", by=by, before=before)


def _audit(undertaking: Undertaking, verb: str, *, by: User | None, **details: object) -> None:
    path = undertaking.unit.path
    record(by=by, verb=verb, target=undertaking, unit_path=path, year=undertaking.year, **details)
