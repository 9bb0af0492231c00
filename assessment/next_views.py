"""What a unit should hold next, made a plan by one click; and why something stays undone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View

from activities import services as activity_services
from activities.entries import ActivityError
from assessment.columns import Column, find_column
from assessment.models import UnmetNote
from assessment.next_rows import entry_of, next_of, next_of_all
from assessment.periods import DAY, Period, period_of
from assessment.phrases import day_name, period_name
from assessment.services import note_unmet
from organizations.access import may
from organizations.actions import Action
from organizations.choices import BRANCH_KINDS, COMMUNITY_KINDS, UnitKind
from organizations.mixins import UnitMixin
from organizations.models import Unit
from organizations.settings import settings_for

BELOW = 60
"""Units whose lists are reckoned for the page of a street: more than any has."""
LISTED = sorted(COMMUNITY_KINDS | BRANCH_KINDS)


class NextView(UnitMixin, TemplateView):
    """The shortest list of activities that meets what the unit still owes this year."""

    template_name = "assessment/next.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        below = self.units_below()
        return super().get_context_data(**kwargs) | {
            "next": next_of(self.unit, today=today),
            "below": next_of_all(below[:BELOW], today=today) if below else [],
            "below_more": max(0, len(below) - BELOW),
            "today": today,
            "may_record": may(self.request.user, Action.RECORD, self.unit),
        }

    def units_below(self) -> list[Unit]:
        """Of a street its communities and the branches right below it, each with a list."""
        if self.unit.kind != UnitKind.STREET_COMMITTEE:
            return []
        below = Unit.objects.visible_to(self.request.user).filter(parent=self.unit)
        return list(below.on(timezone.localdate()).filter(kind__in=LISTED).order_by("path"))


class NextPlanView(UnitMixin, View):
    """Make one proposal a plan: it is reckoned again, so that nothing else can be sent."""

    action = Action.RECORD

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        wanted = request.POST.get("session", "")
        rows = next_of(self.unit, today=today).sessions
        row = next((row for row in rows if row.key == wanted), None)
        if row is None:
            words = gettext("The list has changed meanwhile: please look again.")
            messages.warning(request, words)
            return redirect("assessment:next", self.unit.code)
        hours = settings_for(self.unit).hours_per_day(today)
        entry = entry_of(row, self.unit, hours)
        try:
            [plan] = activity_services.make_plan(entry, by=request.user)  # type: ignore[arg-type]
        except ActivityError as error:
            messages.error(request, str(error))
            return redirect("assessment:next", self.unit.code)
        day = {"day": day_name(row.session.day)}
        messages.success(
            request, gettext("Planned for %(day)s. Day and time can be changed.") % day
        )
        return redirect(plan)


class NoteForm(forms.Form):
    """Why something was not, or can't be, done."""

    words = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Shown on the page of the verdict. It changes no verdict."),
        error_messages={"required": _("Say why it was not, or can't be, done.")},
    )


class UnmetNoteView(UnitMixin, FormView):
    """The note on one rule and period of the unit: `?period=` is its first day."""

    template_name = "assessment/unmet_note.html"
    form_class = NoteForm
    action = Action.RECORD

    @cached_property
    def column(self) -> Column:
        column = find_column(self.kwargs["rule"])
        if column is None or column.rule.is_shown_only:
            raise Http404
        return column

    @cached_property
    def period(self) -> Period:
        """The period asked for, else the newest begun one; 404 where the rule has none such."""
        rule, text = self.column.rule, self.request.GET.get("period", "")
        try:
            first = date.fromisoformat(text) if text else timezone.localdate()
        except ValueError:
            raise Http404 from None
        if not rule.cycle.is_calendar:
            return Period(first, first)
        period = period_of(first, rule.cycle)
        if text and period.first != first:
            raise Http404
        return period

    def get_initial(self) -> dict[str, Any]:
        notes = UnmetNote.objects.visible_to(self.request.user)
        about = {"rulebook": self.column.rulebook, "rule": self.column.rule.id}
        note = notes.filter(unit=self.unit, period_start=self.period.first, **about).first()
        return {"words": note.words if note else ""}

    def form_valid(self, form: NoteForm) -> HttpResponse:
        note_unmet(
            self.unit,
            rulebook=self.column.rulebook,
            rule=self.column.rule.id,
            period_start=self.period.first,
            words=form.cleaned_data["words"],
            by=self.request.user,  # type: ignore[arg-type]
        )
        messages.success(self.request, gettext("Kept: it is shown beside the verdict."))
        if self.period.first > timezone.localdate() or not self.column.rule.cycle.is_calendar:
            return redirect("assessment:next", self.unit.code)
        address = reverse("assessment:rule", args=[self.unit.code, self.column.rule.id])
        query = f"period={self.period.first.isoformat()}"
        after, today = self.period.last + DAY, timezone.localdate()
        on = f"&on={after}" if self.period.last.year < today.year else ""
        return redirect(f"{address}?{query}{on}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "column": self.column,
            "period": period_name(self.column.rule.cycle, self.period),
        }
