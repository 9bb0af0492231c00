"""What was found and is to be set right: the list, and the two buttons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import ListView

from activities import services
from activities.entries import ActivityError
from activities.issue_forms import IssueFilter, IssueForm, SettleForm
from activities.models import Activity, Issue
from organizations.access import actions_of, paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.models import Unit

PER_PAGE = 50


class IssueListView(ScopedMixin, ListView):
    """Open issues within reach, what falls due first at the top."""

    queryset = Issue.objects.select_related("activity__unit")
    paginate_by = PER_PAGE
    template_name = "activities/issue_list.html"

    def get_queryset(self) -> QuerySet:
        issues: Any = super().get_queryset()
        self.filter = IssueFilter(self.request.GET, user=self.request.user)
        self.filter.is_valid()
        asked = self.filter.cleaned_data
        if code := asked.get("unit"):
            unit = Unit.objects.visible_to(self.request.user).filter(code=code).first()
            issues = issues.under(unit.path) if unit else issues.none()
        match asked.get("state"):
            case "done":
                return issues.filter(done_on__isnull=False).order_by("-done_on", "-pk")
            case "overdue":
                issues = issues.overdue(timezone.localdate())
            case _:
                issues = issues.still_open()
        return issues.order_by(F("due_on").asc(nulls_last=True), "pk")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            filter=self.filter,
            today=timezone.localdate(),
            settles=Action.RECORD in actions_of(user),
            paths=paths_for(user, Action.RECORD),
            settle_form=SettleForm(),
            **more,
        )


class IssueAddView(LoginRequiredMixin, View):
    """One more issue on a record."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        user: Any = request.user
        mine = Activity.objects.hosted_under(*paths_for(user, Action.RECORD))
        activity = get_object_or_404(mine.select_related("unit"), pk=pk)
        form = IssueForm(request.POST)
        try:
            if form.is_valid():
                services.add_issue(activity, by=user, **form.cleaned_data)
                messages.success(request, _("Noted. It is on the list of open issues."))
        except ActivityError as error:
            form.add_error(None, str(error))
        _tell(request, form)
        return redirect(f"{activity.get_absolute_url()}#issues")


class SettleView(LoginRequiredMixin, View):
    """An issue is set right; whence the button was pressed, there one is led back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        mine = Issue.objects.visible_to(user, action=Action.RECORD)
        issue = get_object_or_404(mine.select_related("activity__unit"), pk=pk)
        form = SettleForm(request.POST)
        try:
            if form.is_valid():
                services.settle_issue(issue, by=user, **form.cleaned_data)
                messages.success(request, _("Set right."))
        except ActivityError as error:
            form.add_error(None, str(error))
        _tell(request, form)
        if request.POST.get("back") == "list":
            return redirect("activities:issues")
        return redirect(f"{issue.activity.get_absolute_url()}#issues")


def _tell(request: HttpRequest, form: Any) -> None:
    """Say what was typed wrongly, beside which field."""
    for name, errors in form.errors.items():
        label = f"{form.fields[name].label}: " if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}{error}")
