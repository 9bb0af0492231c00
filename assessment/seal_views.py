"""Seals: closing a period, reading what was closed, what changed since, and correcting it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView, ListView, View

from assessment.errors import AssessmentError
from assessment.exports import xlsx_response
from assessment.forms import FILTER_STATUSES
from assessment.models import Seal, SealedVerdict
from assessment.periods import Cycle, Period, periods_of
from assessment.phrases import WORDS, period_name
from assessment.rulebook_views import CountyMixin
from assessment.seal_rows import differences, frozen, seal_table, writes_since
from assessment.sealing import correct_seal, export_of, seal_period
from assessment.terms import Status
from organizations.access import may
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.models import Unit

PER_PAGE = 25
YEARS_BACK = 4
NOBODY = Status.NOT_APPLICABLE.value
QUIET = (Status.SHOWN, Status.NOT_APPLICABLE)
JSON, XLSX = "json", "xlsx"


class SealListView(ScopedMixin, ListView):
    """The seals of the counties within reach, the newest first."""

    queryset = Seal.objects.select_related("unit", "by")
    template_name = "assessment/seal_list.html"
    paginate_by = PER_PAGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [
            {"seal": seal, "period": period_name(seal.cycle, seal.period)}
            for seal in context["page_obj"]
        ]
        return context | {"rows": rows}


class SealForm(forms.Form):
    """Which period is closed."""

    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, *args: Any, sealed: set[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.periods = {
            f"{period.first.isoformat()}{cycle.value}": (cycle, period)
            for year in range(today.year, today.year - YEARS_BACK - 1, -1)
            for cycle in (Cycle.YEAR, Cycle.QUARTER)
            for period in reversed(periods_of(year, cycle))
            if period.last < today and period not in sealed
        }
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (key, period_name(cycle, period)) for key, (cycle, period) in self.periods.items()
        ]

    @property
    def chosen(self) -> Period:
        return self.periods[self.cleaned_data["period"]][1]


class SealCreateView(CountyMixin, FormView):
    template_name = "assessment/seal_form.html"
    form_class = SealForm

    def get_form_kwargs(self) -> dict[str, Any]:
        seals = Seal.objects.visible_to(self.request.user).filter(unit=self.county)
        return super().get_form_kwargs() | {"sealed": {seal.period for seal in seals}}

    def form_valid(self, form: SealForm) -> HttpResponse:
        try:
            seal = seal_period(self.county, form.chosen, by=self.request.user)  # type: ignore[arg-type]
        except AssessmentError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, gettext("Sealed. Nothing of it will be changed any more."))
        return redirect(seal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"county": self.county, "counties": self.counties}
        return super().get_context_data(**kwargs) | context


class SealedFilter(forms.Form):
    """Which of the frozen verdicts are shown."""

    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"placeholder": _("Name or code")}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All but not applicable")),
            *((status.value, WORDS[status]) for status in (*FILTER_STATUSES, *QUIET)),
        ],
    )


class OneSealView(ScopedMixin, DetailView):
    """What the pages of one seal have in common."""

    queryset = Seal.objects.select_related("unit", "by")
    context_object_name = "seal"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seal, user = self.object, self.request.user
        others = Seal.objects.visible_to(user).filter(
            unit=seal.unit, period_start=seal.period_start, period_end=seal.period_end
        )
        statements = list(others.select_related("by").order_by("number"))
        return super().get_context_data(**kwargs) | {
            "period": period_name(seal.cycle, seal.period),
            "statements": statements,
            "is_newest": statements[-1].pk == seal.pk,
            "may_manage": may(user, Action.MANAGE, seal.unit),
            "may_export": may(user, Action.VIEW, seal.unit),
        }


class SealView(OneSealView):
    """The frozen verdicts of the units within reach."""

    template_name = "assessment/seal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = SealedVerdict.objects.visible_to(self.request.user).filter(seal=self.object)
        form = SealedFilter(self.request.GET)
        if form.is_valid():
            text, status = form.cleaned_data["unit"].strip(), form.cleaned_data["status"]
            if text:
                rows = rows.filter(unit_name__icontains=text) | rows.filter(unit_code=text.lower())
            rows = rows.filter(status=status) if status else rows.exclude(status=NOBODY)
        page = Paginator(rows.order_by("position"), PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "filter": form,
            "page_obj": page,
            "rows": [frozen(row) for row in page],
        }


class SealChangesView(OneSealView):
    """What the same day gives now beside what was sealed, and the writes since."""

    template_name = "assessment/seal_changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seal = self.object
        units = Unit.objects.visible_to(self.request.user).under(seal.unit.path)
        changed = differences(seal, units.values_list("code", flat=True))
        touched = units.filter(code__in={each.either.unit for each in changed})
        return super().get_context_data(**kwargs) | {
            "differences": changed,
            "writes": writes_since(seal, touched) if changed else [],
        }


class SealCorrectView(LoginRequiredMixin, View):
    """State a sealed period anew, with the reason."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seals = Seal.objects.visible_to(request.user, action=Action.MANAGE)
        seal = get_object_or_404(seals.select_related("unit"), pk=kwargs["pk"])
        try:
            correction = correct_seal(seal, request.POST.get("reason", "")[:500], by=request.user)  # type: ignore[arg-type]
        except AssessmentError as error:
            messages.error(request, str(error))
            return redirect("assessment:seal_changes", seal.pk)
        words = gettext("The correction is sealed; what was sealed before stays readable.")
        messages.success(request, words)
        return redirect(correction)


class SealDownloadView(LoginRequiredMixin, View):
    """The whole seal: JSON for checking (docs/seals.md), or a workbook. For the whole county."""

    @cached_property
    def seal(self) -> Seal:
        seals = Seal.objects.visible_to(self.request.user).select_related("unit")
        seal = get_object_or_404(seals, pk=self.kwargs["pk"])
        if not may(self.request.user, Action.VIEW, seal.unit):
            raise Http404
        return seal

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seal = self.seal
        name = f"seal-{seal.unit.code}-{seal.number}"
        if kwargs["form"] == XLSX:
            rows = SealedVerdict.objects.visible_to(request.user).filter(seal=seal)
            return xlsx_response(seal_table(rows.order_by("position")), name)
        if kwargs["form"] != JSON:
            raise Http404
        response = JsonResponse(
            export_of(seal), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return response
