"""What is typed into the log form, kept by itself until it is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import View

from activities import services
from activities.models import Activity, EntryDraft
from activities.services.drafts import DraftTaken, keep_aside, says_more, typed_of
from organizations.access import actions_of, paths_for
from organizations.actions import Action

NOT_KEPT = ("csrfmiddlewaretoken", "do", "find", "offer")
MAX_LENGTH = 500_000
"""Bytes of a form: several thousand people with their ticks."""
GONE = 410
SHOWN = 3
"""Unfinished entries above a form; the others are folded away."""


class DraftView(LoginRequiredMixin, View):
    """Keeps a form (POST), or tells the token that a form needs after one has signed in again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and Action.RECORD not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"token": get_token(request), "user": str(request.user.pk)})

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        said = request.POST
        key = _key(said.get("draft-key", ""))
        activity = self._changed(said.get("draft-activity", ""))
        if key is None or int(request.META.get("CONTENT_LENGTH") or 0) > MAX_LENGTH:
            return JsonResponse({}, status=400)
        fields: dict[str, Any] = {
            "owner": user,
            "page": _page(activity, said.get("draft-page", "")),
            "content": _content(said),
            "activity": activity,
        }
        if earlier := services.made_by_form(key, by=user):
            if not says_more(fields["content"], typed_of(earlier)):
                services.drop_draft(owner=user, key=key)
                return JsonResponse({"record": earlier.get_absolute_url()}, status=GONE)
            return JsonResponse(_told(keep_aside(**fields), as_aside=True), status=409)
        try:
            draft = services.keep_draft(
                key=key, turn=turn_of(said) or 0, takes_over="draft-take" in said, **fields
            )
        except DraftTaken as taken:
            aside = _told(taken.aside, as_aside=True)
            return JsonResponse(aside | _told(taken.stored), status=409)
        if "draft-take" in said:  # what was kept beside meanwhile is this
            services.drop_draft(owner=user, key=_key(said.get("draft-instead", "")))
        return JsonResponse(_told(draft))

    def _changed(self, text: str) -> Activity | None:
        if not text:
            return None
        held = Activity.objects.hosted_under(*paths_for(self.request.user, Action.RECORD))
        return get_object_or_404(held, pk=_key(text))


class DraftDiscardView(LoginRequiredMixin, View):
    """Throw away an unfinished entry of one's own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        draft = get_object_or_404(EntryDraft.objects.visible_to(request.user), key=key)
        services.drop_draft(owner=draft.owner, key=draft.key)
        messages.success(request, _("The unfinished entry is thrown away."))
        return redirect(draft.page)


def draft_data(request: HttpRequest) -> QueryDict | None:
    """The form that `?draft=KEY` takes up again, as it was sent; None where none is asked for."""
    text = request.GET.get("draft", "")
    if not text:
        return None
    mine = EntryDraft.objects.visible_to(request.user)
    draft = get_object_or_404(mine, key=_key(text), page=request.path)
    data = QueryDict(mutable=True)
    for name, values in draft.content.items():
        data.setlist(name, values)
    return data


def draft_key_of(request: HttpRequest, key: Any) -> Any:
    """By what the form is kept: the draft that the address takes up, or else `key`."""
    asked = _key(request.GET.get("draft", ""))
    mine = EntryDraft.objects.visible_to(request.user)
    return asked if asked and mine.filter(key=asked, page=request.path).exists() else key


def draft_context(request: HttpRequest, key: Any) -> dict[str, Any]:
    """What a form's page says of drafts: its own turn, and which others are unfinished."""
    key = draft_key_of(request, key)
    drafts = list(EntryDraft.objects.visible_to(request.user).filter(page=request.path))
    own = next((draft for draft in drafts if str(draft.key) == str(key)), None)
    others = [draft for draft in drafts if draft is not own]
    return {
        "draft_key": key,
        "draft_turn": own.turn if own else 0,
        "unfinished": others[:SHOWN],
        "unfinished_before": others[SHOWN:],
    }


def drop_saved(request: HttpRequest, key: UUID | None) -> None:
    """The form is saved: forget what was kept of it, but not what another window typed since."""
    user: Any = request.user
    own = _key(request.POST.get("draft-key", ""))
    said, turn = _content(request.POST), turn_of(request.POST)
    for one in {key, own}:
        reached = turn if turn is None or one == own else 0
        services.drop_draft(owner=user, key=one, turn=reached, said=said)


def keep_other(request: HttpRequest, earlier: Activity) -> bool:
    """The form had made its record before, from another window: what was typed here besides is
    kept as an entry by itself. Whether there was any.
    """
    user: Any = request.user
    content = _content(request.POST)
    if not says_more(content, typed_of(earlier)):
        return False
    services.drop_draft(owner=user, key=_key(request.POST.get("draft-key", "")))
    keep_aside(owner=user, page=request.path, content=content)
    return True


def turn_of(said: QueryDict) -> int | None:
    """How far this window has kept the form; None where it keeps nothing by itself."""
    turn = said.get("draft-turn", "")
    return int(turn) if turn.isdecimal() and len(turn) < 10 else None


def _page(activity: Activity | None, asked: str) -> str:
    """The address of the form: the record's, else the one that asks if there is a form."""
    if activity is not None:
        return reverse("activities:edit", args=[activity.pk])
    pages = [reverse("activities:log"), reverse("activities:log_many")]
    return asked if asked in pages else pages[0]


def _content(said: QueryDict) -> dict[str, list[str]]:
    return {
        name: values
        for name, values in said.lists()
        if name not in NOT_KEPT and not name.startswith("draft-")
    }


def _told(draft: EntryDraft, *, as_aside: bool = False) -> dict[str, Any]:
    at = date_format(timezone.localtime(draft.saved_at), "TIME_FORMAT")
    if as_aside:
        return {"aside": str(draft.key), "aside_turn": draft.turn, "at": at}
    return {"turn": draft.turn, "at": at}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
