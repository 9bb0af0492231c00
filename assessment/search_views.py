"""The page of the search over everything."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from assessment.search import search
from organizations.mixins import PartialMixin

LONGEST = 100


class SearchView(LoginRequiredMixin, PartialMixin, TemplateView):
    """`?q=`: what it names among all that the person may see. Typing shows results at once."""

    template_name = "assessment/search.html"
    partial_name = "found"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        groups = search(wanted, user=self.request.user)
        return super().get_context_data(wanted=wanted, groups=groups, **kwargs)
