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
from activities.services.drafts import DraftTaken
from organizations.access import actions_of, paths_for
from organizations.actions import Action

NOT_KEPT = ("csrfmiddlewaretoken", "do", "find")
MAX_LENGTH = 500_000
"""Bytes of a form: several thousand people with their ticks."""
GONE = 410


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
        if earlier := services.made_by_form(key, by=user):
            services.drop_draft(owner=user, key=key)
            return JsonResponse({"record": earlier.get_absolute_url()}, status=GONE)
        turn = said.get("draft-turn", "")
        try:
            draft = services.keep_draft(
                owner=user,
                key=key,
                page=_page(activity, said.get("draft-page", "")),
                content=_content(said),
                turn=int(turn) if turn.isdecimal() and len(turn) < 10 else 0,
                takes_over="draft-take" in said,
                activity=activity,
            )
        except DraftTaken as taken:
            return JsonResponse(_told(taken.stored), status=409)
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


def draft_context(request: HttpRequest, key: Any) -> dict[str, Any]:
    """What a form's page says of drafts: its own turn, and which others are unfinished."""
    drafts = list(EntryDraft.objects.visible_to(request.user).filter(page=request.path)[:10])
    own = next((draft for draft in drafts if str(draft.key) == str(key)), None)
    return {
        "draft_key": key,
        "draft_turn": own.turn if own else 0,
        "unfinished": [draft for draft in drafts if draft is not own][:3],
    }


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


def _told(draft: EntryDraft) -> dict[str, Any]:
    at = timezone.localtime(draft.saved_at)
    return {"turn": draft.turn, "at": date_format(at, "TIME_FORMAT")}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
