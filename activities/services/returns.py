"""Telling those who keep a record that it was returned."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.models import User
from activities.models import Activity, ReturnNotice
from organizations.access import may
from organizations.actions import Action
from organizations.choices import Role
from organizations.models import Grant, Unit


def tell_return(activity: Activity, *, by: User | None) -> None:
    """Put word of the return before its keepers; the caller's transaction.

    They are the secretaries of the host (nobody there: of the nearest unit above) and whoever
    handed the record in, as far as they can still mend it; not the person who returns it.
    """
    ReturnNotice.objects.filter(activity=activity).delete()
    told = _secretaries(activity.unit) | _submitter(activity)
    told -= {by.pk} if by else set()
    ReturnNotice.objects.bulk_create(
        ReturnNotice(activity=activity, recipient_id=key) for key in sorted(told)
    )


def mark_returns_read(user: User) -> int:
    """The returns that `user` was told of, as read; how many were not."""
    unread = ReturnNotice.objects.visible_to(user).unread()
    return unread.update(read_at=timezone.now())


def take_untold(user: User, on: date) -> int:
    """Put the returns that wait into the day's notice of `user`; how many."""
    waiting = ReturnNotice.objects.visible_to(user).untold()
    return waiting.update(told_on=on)


def _secretaries(unit: Unit) -> set[int]:
    above = Unit.objects.ancestors_of([unit])
    held = Grant.objects.on(timezone.localdate()).filter(
        unit__in=above, role=Role.SECRETARY, user__is_active=True
    )
    by_path: dict[str, set[int]] = {}
    for path, user in held.values_list("unit__path", "user_id"):
        by_path.setdefault(path, set()).add(user)
    return by_path[max(by_path, key=len)] if by_path else set()


def _submitter(activity: Activity) -> set[int]:
    user = activity.submitted_by
    keeps = user is not None and may(user, Action.RECORD, activity.unit)
    return {user.pk} if user and keeps else set()
