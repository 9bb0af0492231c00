"""The page that everybody comes in by."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from assessment.home import Home
from organizations.access import actions_of
from organizations.actions import Action


class HomeView(LoginRequiredMixin, TemplateView):
    """Own tasks by urgency, then what is below."""

    template_name = "assessment/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        actions = actions_of(self.request.user)
        return super().get_context_data(**kwargs) | {
            "home": Home(self.request.user, today),
            "today": today,
            "records": Action.RECORD in actions,
            "reviews": Action.REVIEW in actions,
        }
