"""The assessment app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("Assessment")

    def ready(self) -> None:
        from activities.feeds import register_days
        from assessment.month_deadlines import days_of_feed

        register_days(days_of_feed)
