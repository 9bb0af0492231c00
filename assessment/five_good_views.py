"""The five-good score of a unit, taken apart, beside its own past years."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.views.generic import TemplateView

from assessment.five_good_pages import YEARS_BEFORE, five_good_of
from organizations.choices import COMMUNITY_KINDS
from organizations.mixins import UnitMixin


class FiveGoodView(UnitMixin, TemplateView):
    """Goals, the rules they are drawn from, the verdicts, the points. `?year=` an earlier one."""

    template_name = "assessment/five_good.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        years = range(today.year, today.year - YEARS_BEFORE - 1, -1)
        scores = five_good_of(self.unit, years, today=today)
        wanted = asked_year(self.request, today)
        chosen = next((score for score in scores if score.year == wanted), None)
        if chosen is None:
            raise Http404
        return super().get_context_data(
            chosen=chosen,
            scores=scores,
            is_over=chosen.year < today.year,
            is_community=self.unit.kind in COMMUNITY_KINDS,
            **kwargs,
        )


def asked_year(request: HttpRequest, today: date) -> int:
    """The year of the address; this one where there is none or it is no year."""
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
