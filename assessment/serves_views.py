"""What a record that is being typed would count for, before it is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views import View

from activities.entries import ActivityError
from activities.models import Activity
from activities.unsaved import read_unsaved
from assessment.counties import settings_of
from assessment.forecast import forecast
from organizations.access import actions_of, paths_for
from organizations.actions import Action


class ServesDraftView(LoginRequiredMixin, View):
    """Answers the log form as it is: a fragment for htmx, a page of its own without JavaScript.

    Nothing is written. `?activity=KEY`: the form changes that record.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if Action.RECORD not in actions_of(user):
            raise Http404
        today = timezone.localdate()
        context: dict[str, Any] = {"is_fragment": request.htmx}  # type: ignore[attr-defined]
        try:
            unsaved = read_unsaved(request.POST, user=user, activity=self._changed())
        except ActivityError as error:
            context["error"] = str(error)
        else:
            context["unsaved"] = unsaved
            if unsaved is not None:
                county = unsaved.hosts[0].county_code
                settings = settings_of([county])[county]
                context |= {
                    "is_to_come": unsaved.day > today,
                    "once_confirmed": settings.counts_only_confirmed(unsaved.day),
                    "is_shared": len(unsaved.hosts) > 1,
                }
                if unsaved.day <= today:
                    context["lines"] = forecast(user, unsaved, today=today)
        return render(request, "assessment/serves_draft.html", context)

    def _changed(self) -> Activity | None:
        key = self.request.GET.get("activity", "")
        if not key:
            return None
        try:
            pk = UUID(key)
        except ValueError:
            raise Http404 from None
        held = Activity.objects.hosted_under(*paths_for(self.request.user, Action.RECORD))
        return get_object_or_404(held, pk=pk)
