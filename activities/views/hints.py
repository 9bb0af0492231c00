"""Hints for reviewers: the list, one hint with both sides, and how soon records are entered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView, ListView, TemplateView

from activities import services
from activities.choices import HintKind
from activities.entries import ActivityError
from activities.hints.filters import WAITING, HintFilter
from activities.hints.reading import Shown, delays_of, hints_for, reach_of, shown
from activities.hints.texts import side_by_side
from activities.models import Attachment
from organizations.access import paths_for
from organizations.actions import Action

PER_PAGE = 50
YEAR = timedelta(days=365)


class ReviewerMixin(LoginRequiredMixin):
    """For who reviews somewhere: to anybody else there are no hints."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not paths_for(user, Action.REVIEW):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class HintListView(ReviewerMixin, ListView):
    """What was noticed, newest first; at first what nobody has settled."""

    template_name = "activities/hint_list.html"
    paginate_by = PER_PAGE

    def get_queryset(self) -> QuerySet:
        asked = self.request.GET.copy()
        asked.setdefault("settled", WAITING)
        self.filter = HintFilter(asked, queryset=hints_for(self.request.user), request=self.request)
        return self.filter.qs

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        return context | {
            "filter": self.filter,
            "shown": shown(context["page_obj"], self.request.user),
            "is_on": bool(reach_of(self.request.user)),
        }


class HintView(ReviewerMixin, DetailView):
    """One hint: what was seen, in which records, side by side where there are two."""

    template_name = "activities/hint_detail.html"

    def get_queryset(self) -> QuerySet:
        return hints_for(self.request.user)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        (said,) = shown([self.object], self.request.user)
        return super().get_context_data(said=said, **self._sides(said), **more)

    def _sides(self, said: Shown) -> dict[str, Any]:
        kind = self.object.kind
        if kind == HintKind.SAME_MINUTES:
            return {"minutes": _minutes(said)}
        if kind == HintKind.SAME_PHOTO:
            return {"photos": _photos(said, self.request.user)}
        return {}


class HintDismissView(ReviewerMixin, View):
    """Settle a hint with a word, or take it up again."""

    http_method_names = ["post"]
    is_reopening = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        hint = get_object_or_404(hints_for(request.user), pk=pk)
        (said,) = shown([hint], request.user)
        try:
            if not said.may_be_settled:
                raise ActivityError(
                    _("A record beyond your reach is part of this: the county settles it.")
                )
            self.act(hint)
        except ActivityError as error:
            messages.error(request, str(error))
        return redirect(hint)

    def act(self, hint: Any) -> None:
        because = self.request.POST.get("because", "")[:200]
        services.dismiss_hint(hint, because, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Settled. It comes back only if what was seen changes."))


class HintReopenView(HintDismissView):
    def act(self, hint: Any) -> None:
        services.reopen_hint(hint, by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Taken up again."))


class DelaysView(ReviewerMixin, TemplateView):
    """How long after they were over records are entered, unit by unit in the order of the tree."""

    template_name = "activities/hint_delays.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return super().get_context_data(
            lines=delays_of(self.request.user, today - YEAR, today),
            is_on=bool(reach_of(self.request.user)),
            first=today - YEAR,
            last=today,
            **more,
        )


def _minutes(said: Shown) -> list[tuple[Any, Any]]:
    """The records within reach, each with its minutes in pieces."""
    if len(said.records) < 2:
        return []
    earlier, later = said.records
    ours, theirs = side_by_side(earlier.minutes, later.minutes)
    return [(earlier, ours), (later, theirs)]


def _photos(said: Shown, user: Any) -> list[list[Attachment | None]]:
    """The pairs of photos; None for one that lies beyond the reader's reach or is gone."""
    pairs = said.hint.facts["photos"]
    rows = Attachment.objects.visible_to(user).readable_by(user).kept()
    found = rows.select_related("activity__unit").in_bulk([key for pair in pairs for key in pair])
    by_key = {str(key): photo for key, photo in found.items()}
    return [[by_key.get(key) for key in pair] for pair in pairs]
