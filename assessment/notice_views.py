"""One's notices; and for organisers the ledger of all reminders of their units."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import ListView, View

from assessment.choices import NoticeState, Stage
from assessment.models import Notice, Reminder
from assessment.notice_rows import lines_of
from assessment.notices import mark_read
from assessment.returned_rows import returned_lines
from organizations.access import actions_of
from organizations.actions import Action


class NoticeListView(LoginRequiredMixin, ListView):
    """What the reader was reminded of, the newest day first."""

    template_name = "assessment/notice_list.html"
    paginate_by = 10

    def get_queryset(self) -> Any:
        notices = Notice.objects.visible_to(self.request.user)
        return notices.prefetch_related("reminders__unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = [(notice, lines_of(notice.reminders.all())) for notice in context["page_obj"]]
        return context | {
            "shown": shown,
            "returned": returned_lines(self.request.user),  # type: ignore[arg-type]
            "sees_ledger": Action.MANAGE in actions_of(self.request.user),
        }


class NoticeReadView(LoginRequiredMixin, View):
    """Marks one notice as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not Notice.objects.visible_to(request.user).filter(pk=pk).exists():
            raise Http404
        mark_read(request.user, pk)  # type: ignore[arg-type]
        return redirect("assessment:notices")


class NoticesReadView(LoginRequiredMixin, View):
    """Marks all the reader's notices as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        mark_read(request.user)  # type: ignore[arg-type]
        return redirect("assessment:notices")


class ReminderLedgerView(LoginRequiredMixin, ListView):
    """Every reminder about the units that the reader manages: for whom, and what became of it."""

    template_name = "assessment/reminder_ledger.html"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and Action.MANAGE not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        reminders = Reminder.objects.visible_to(self.request.user, action=Action.MANAGE)
        for field, choices in (("state", NoticeState), ("stage", Stage)):
            chosen = self.request.GET.get(field, "")
            if chosen in choices.values:
                reminders = reminders.filter(**{field: chosen})
        ordered = reminders.order_by("-planned_at", "unit__path", "rule", "pk")
        return ordered.select_related("unit", "recipient", "notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = list(context["page_obj"])
        by_row = {line.reminder.pk: line for line in lines_of(rows)}
        return context | {
            "lines": [by_row[row.pk] for row in rows],
            "states": NoticeState.choices,
            "state": self.request.GET.get("state", ""),
            "stages": Stage.choices,
            "stage": self.request.GET.get("stage", ""),
        }
