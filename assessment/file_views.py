"""Whether the county asks for files with a record: it does so for one rule at a time, if at all."""

from __future__ import annotations

from typing import Any

from django.views.generic import DetailView

from activities.models import Activity
from assessment.columns import all_columns
from organizations.mixins import ScopedMixin
from organizations.settings import settings_for


class FilesAskedView(ScopedMixin, DetailView):
    """A fragment for the card of a record's files: which rules ask for one, and what that means."""

    queryset = Activity.objects.select_related("unit")
    template_name = "assessment/files_asked.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        activity = self.object
        settings, codes = settings_for(activity.unit), {kind.code for kind in activity.kinds}
        asking = [
            column
            for column in all_columns()
            if column.rule.counts & codes
            and settings.asks_files_for(column.rule.id, activity.first_day)
        ]
        has_files = activity.attachments.kept().exists()
        return super().get_context_data(asking=asking, has_files=has_files, **more)
