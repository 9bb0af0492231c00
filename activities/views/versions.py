"""What a record said before: its versions, and any two of them compared."""

from __future__ import annotations

from typing import Any

from django.views.generic import DetailView

from activities.differences import difference
from activities.models import Activity
from organizations.mixins import ScopedMixin


class VersionsView(ScopedMixin, DetailView):
    """All versions with who and when; `?old=…&new=…` names the two that are compared."""

    queryset = Activity.objects.select_related("unit")
    template_name = "activities/activity_versions.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        versions = list(self.object.versions.select_related("by").order_by("number"))
        for place, version in enumerate(versions, start=1):
            version.place = place
        old, new = self._chosen(versions)
        compared = difference(old.snapshot, new.snapshot) if old and new else None
        return super().get_context_data(
            versions=versions[::-1], old=old, new=new, compared=compared, **more
        )

    def _chosen(self, versions: list[Any]) -> tuple[Any, Any]:
        """The two that the address names, the older first; else the last two."""
        by_number = {str(version.number): version for version in versions}
        old = by_number.get(self.request.GET.get("old", ""))
        new = by_number.get(self.request.GET.get("new", ""))
        if old is None or new is None:
            last = versions[-2:]
            return (last[0], last[1]) if len(last) > 1 else (None, None)
        return (old, new) if old.number <= new.number else (new, old)
