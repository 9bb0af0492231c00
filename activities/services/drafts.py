"""Keeping what is typed until it is saved. No record yet: no audit, no word to any unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Activity, EntryDraft

KEPT_FOR = timedelta(days=30)
KEPT_AT_MOST = 20
"""Unfinished entries of one person; the oldest makes room."""


class DraftTaken(Exception):
    """Another window of the same form has saved since; nothing was overwritten."""

    def __init__(self, stored: EntryDraft) -> None:
        super().__init__(str(stored.pk))
        self.stored = stored


def keep_draft(
    *,
    owner: User,
    key: UUID,
    page: str,
    content: Mapping[str, list[str]],
    turn: int,
    takes_over: bool = False,
    activity: Activity | None = None,
) -> EntryDraft:
    """Keep the form as typed so far, in place of what this window kept last, its `turn`.

    Raises DraftTaken when another window has saved in between, unless this one `takes_over`.
    """
    now = timezone.now()
    own = EntryDraft.objects.filter(owner=owner, key=key)
    fields = {"page": page, "content": dict(content), "activity": activity, "saved_at": now}
    try:
        with transaction.atomic():
            stored = own.select_for_update().first()
            if stored is None:
                _make_room(owner)
                return EntryDraft.objects.create(owner=owner, key=key, **fields)
            if stored.turn != turn and not takes_over:
                raise DraftTaken(stored)
            for name, value in fields.items():
                setattr(stored, name, value)
            stored.turn += 1
            stored.save()
            return stored
    except IntegrityError:  # both windows were the first
        raise DraftTaken(own.get()) from None


def _make_room(owner: User) -> None:
    kept = EntryDraft.objects.filter(owner=owner).order_by("-saved_at")
    too_many = list(kept.values_list("pk", flat=True)[KEPT_AT_MOST - 1 :])
    EntryDraft.objects.filter(pk__in=too_many).delete()


def drop_draft(*, owner: User, key: UUID | None) -> bool:
    """Forget what was kept of a form: it is saved, or not wanted any more."""
    if key is None:
        return False
    deleted, _by_model = EntryDraft.objects.filter(owner=owner, key=key).delete()
    return bool(deleted)


def forget_old_drafts() -> int:
    """Forget what nobody took up again for so long."""
    old = EntryDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR)
    deleted, _by_model = old.delete()
    return deleted
