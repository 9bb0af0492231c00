"""What a kind's own field offers while it is typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from activities.extra_form import MANY, PREFIX
from activities.extras import all_fields
from activities.naming import SORTS, offered
from organizations.access import actions_of
from organizations.actions import Action

LONGEST = 50


class OfferView(LoginRequiredMixin, View):
    """Units or people within reach that fit the text of the field `code`, as its choices."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        user: Any = request.user
        field = all_fields().get(code)
        if field is None or field.type not in SORTS or Action.RECORD not in actions_of(user):
            raise Http404
        name = "offer" if field.type in MANY else f"{PREFIX}-{code}"
        text = request.GET.get(name, "")[:LONGEST]
        found = offered(SORTS[field.type], text, user=user)
        return render(request, "activities/offered.html", {"found": found})
