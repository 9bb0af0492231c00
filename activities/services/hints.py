"""Settling a hint with a word, and taking it up again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.entries import ActivityError
from activities.models import Hint


@transaction.atomic
def dismiss_hint(hint: Hint, because: str, *, by: User) -> None:
    """Settle a hint; it stays settled unless what was seen changes. Raises ActivityError."""
    because = because.strip()
    if not because:
        raise ActivityError(_("Say in a word why the hint is settled."), field="because")
    change = {"dismissed_by": by, "dismissed_at": timezone.now(), "dismissed_because": because}
    if not Hint.objects.waiting().filter(pk=hint.pk).update(**change):
        raise ActivityError(_("This hint has been settled already, or is gone."))
    _tell(hint, "dismiss_hint", by=by, reason=because)


@transaction.atomic
def reopen_hint(hint: Hint, *, by: User) -> None:
    """Take up a hint that was settled. Raises ActivityError when it is not."""
    settled = Hint.objects.standing().filter(pk=hint.pk, dismissed_at__isnull=False)
    if not settled.update(dismissed_by=None, dismissed_at=None, dismissed_because=""):
        raise ActivityError(_("This hint is not settled, or is gone."))
    _tell(hint, "reopen_hint", by=by)


def _tell(hint: Hint, verb: str, *, by: User, **details: str) -> None:
    first = hint.record_rows.select_related("activity__unit").order_by("pk").first()
    record(
        by=by,
        verb=verb,
        target=hint,
        unit_path=first.activity.unit.path if first else "",
        kind=str(hint.kind),
        facts=hint.facts,
        **details,
    )
