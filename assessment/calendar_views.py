"""The deadlines of a month, which the calendar of activities asks for."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from assessment.month_deadlines import dues_between
from organizations.mixins import UnitMixin
from organizations.models import Unit

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class MonthDeadlinesView(UnitMixin, TemplateView):
    """What a unit, or with `below=1` it and those below it, has to meet by the end of a month.

    A part of the calendar for its script, a page of its own without.
    """

    def get_template_names(self) -> list[str]:
        part = "assessment/month_deadlines.html"
        return [part if self.request.htmx else "assessment/month_deadlines_page.html"]  # type: ignore[attr-defined]

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        first = _month(self.request.GET.get("month", ""))
        last = first.replace(day=monthrange(first.year, first.month)[1])
        seen = Unit.objects.visible_to(self.request.user).on(timezone.localdate())
        with_below = self.request.GET.get("below") == "1"
        units = seen.under(self.unit.path) if with_below else seen.filter(pk=self.unit.pk)
        dues = dues_between(units, first, last)
        return super().get_context_data(first=first, dues=dues, with_below=with_below, **more)


def _month(text: str) -> date:
    found = MONTH.fullmatch(text)
    if found and int(found[1]) > 1900:
        return date(int(found[1]), int(found[2]), 1)
    return timezone.localdate().replace(day=1)
