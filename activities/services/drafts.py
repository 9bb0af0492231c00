"""Keeping what is typed until it is saved. No record yet: no audit, no word to any unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from activities.models import Activity, EntryDraft

KEPT_FOR = timedelta(days=30)
KEPT_AT_MOST = 20
"""Unfinished entries of one person; the oldest makes room."""


TYPED = ("topic", "place", "chair", "recorder", "lecturer", "minutes")
"""What somebody writes with trouble: by these two states of a form are told apart."""

Content = Mapping[str, list[str]]


class DraftTaken(Exception):
    """Another window of the same form has saved since. Nothing was overwritten: what this one
    holds is kept beside it, as `aside`.
    """

    def __init__(self, stored: EntryDraft, aside: EntryDraft) -> None:
        super().__init__(str(stored.pk))
        self.stored, self.aside = stored, aside


def keep_draft(
    *,
    owner: User,
    key: UUID,
    page: str,
    content: Content,
    turn: int,
    takes_over: bool = False,
    activity: Activity | None = None,
) -> EntryDraft:
    """Keep the form as typed so far, in place of what this window kept last, its `turn`.

    Raises DraftTaken when another window has saved in between, unless this one `takes_over`: then
    it is the other one's that is kept beside.
    """
    fields = {"page": page, "activity": activity, "content": _of_form(key, content, activity)}
    try:
        with transaction.atomic():
            own = EntryDraft.objects.filter(owner=owner, key=key)
            stored = own.select_for_update().first()
            if stored is None:
                return _keep_new(owner, key, **fields)
            if stored.turn == turn or takes_over:
                if stored.turn != turn and says_more(stored.content, _typed(content)):
                    _set_aside(stored)
                for name, value in fields.items():
                    setattr(stored, name, value)
                stored.turn += 1
                stored.saved_at = timezone.now()
                stored.save()
                return stored
    except IntegrityError:  # both windows were the first
        stored = EntryDraft.objects.get(owner=owner, key=key)
    raise DraftTaken(stored, keep_aside(owner=owner, page=page, content=content, activity=activity))


@transaction.atomic
def keep_aside(
    *, owner: User, page: str, content: Content, activity: Activity | None = None
) -> EntryDraft:
    """Keep a form as an unfinished entry by itself, whatever else is kept of the same form."""
    key = uuid4()
    content = _of_form(key, content, activity)
    return _keep_new(owner, key, page=page, activity=activity, content=content)


def says_more(content: Content, than: Mapping[str, str]) -> bool:
    """Whether something is typed in `content` that those texts do not hold."""
    return any(text and text not in than[name] for name, text in _typed(content).items())


def typed_of(activity: Activity) -> dict[str, str]:
    """The texts of a record, for `says_more`."""
    return {name: _plain(getattr(activity, name)) for name in TYPED}


def _typed(content: Content) -> dict[str, str]:
    return {name: _plain((content.get(name) or [""])[0]) for name in TYPED}


def _plain(text: str) -> str:
    return "".join(str(text).split())


def _of_form(key: UUID, content: Content, activity: Activity | None) -> dict[str, list[str]]:
    """As it is kept: a form for a new record makes another one than the form it was typed in."""
    return dict(content) if activity else dict(content) | {"form_key": [str(key)]}


def _keep_new(owner: User, key: UUID, **fields: Any) -> EntryDraft:
    _make_room(owner)
    return EntryDraft.objects.create(owner=owner, key=key, saved_at=timezone.now(), **fields)


def _set_aside(stored: EntryDraft) -> None:
    keep_aside(
        owner=stored.owner, page=stored.page, content=stored.content, activity=stored.activity
    )


def _make_room(owner: User) -> None:
    kept = EntryDraft.objects.filter(owner=owner).order_by("-saved_at")
    too_many = list(kept.values_list("pk", flat=True)[KEPT_AT_MOST - 1 :])
    EntryDraft.objects.filter(pk__in=too_many).delete()


@transaction.atomic
def drop_draft(
    *, owner: User, key: UUID | None, turn: int | None = None, said: Content | None = None
) -> bool:
    """Forget what was kept of a form: it is saved, or not wanted any more.

    Saved with what the form `said`, as this window last kept it at `turn`: what another window has
    typed since stays, as an entry by itself.
    """
    if key is None:
        return False
    stored = EntryDraft.objects.select_for_update().filter(owner=owner, key=key).first()
    if stored is None:
        return False
    is_newer = turn is not None and stored.turn > turn
    if is_newer and says_more(stored.content, _typed(said or {})):
        _set_aside(stored)
    stored.delete()
    return True


def forget_old_drafts() -> int:
    """Forget what nobody took up again for so long."""
    old = EntryDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR)
    deleted, _by_model = old.delete()
    return deleted
