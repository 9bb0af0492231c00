"""The four-benefits community: what a community undertakes in a year, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView, FormView, ListView
from django.views.generic.detail import SingleObjectMixin

from activities import services
from activities.choices import Benefit, Settled
from activities.entries import ActivityError
from activities.models import Activity, Undertaking
from activities.undertaking_forms import (
    EvidenceForm,
    SettleForm,
    UndertakingFilter,
    UndertakingForm,
    WordingForm,
)
from organizations.access import actions_of, may
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.models import Facility, Service, Unit


class UndertakingListView(ScopedMixin, ListView):
    """Undertakings within reach; `?unit=` one unit's, to print."""

    queryset = Undertaking.objects.select_related("unit").prefetch_related(
        "activities", "services", "facilities"
    )
    paginate_by = 50
    template_name = "activities/undertaking_list.html"

    @cached_property
    def filter(self) -> UndertakingFilter:
        form = UndertakingFilter(self.request.GET)
        form.is_valid()
        return form

    @cached_property
    def unit(self) -> Unit | None:
        code = self.filter.cleaned_data.get("unit", "")
        return Unit.objects.visible_to(self.request.user).filter(code=code).first()

    def get_queryset(self) -> QuerySet:
        user, asked = self.request.user, self.filter.cleaned_data
        rows = super().get_queryset()
        if asked.get("unit"):
            rows = rows.filter(unit=self.unit) if self.unit else rows.none()
        if asked.get("q"):
            rows = rows.filter(unit__in=Unit.objects.visible_to(user).search(asked["q"]))
        if asked.get("year"):
            rows = rows.filter(year=asked["year"])
        if asked.get("state"):
            rows = rows.filter(outcome="" if asked["state"] == "open" else asked["state"])
        return rows.order_by("-year", "unit__path", "goal", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filter=self.filter, unit=self.unit, goals=Benefit.choices, **kwargs
        )


class UndertakingView(ScopedMixin, DetailView):
    """One undertaking: what was done for it, and how it came out."""

    queryset = Undertaking.objects.select_related("unit", "settled_by")
    template_name = "activities/undertaking_detail.html"
    context_object_name = "undertaking"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, mine = self.request.user, self.object
        return super().get_context_data(
            activities=Activity.objects.visible_to(user).filter(undertakings=mine),
            services=Service.objects.visible_to(user).filter(undertakings=mine),
            facilities=Facility.objects.visible_to(user).filter(undertakings=mine),
            may_record=may(user, Action.RECORD, mine.unit),
            outcomes=Settled.choices,
            **kwargs,
        )


class SavingForm(FormView):
    """A form whose `save` calls a service; what that refuses is said at the form."""

    template_name = "activities/undertaking_form.html"

    def save(self, data: dict[str, Any]) -> Undertaking:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            undertaking = self.save(form.cleaned_data)
        except ActivityError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(undertaking)


class UndertakingAddView(LoginRequiredMixin, SavingForm):
    """A new undertaking of one of the communities whose records the person keeps."""

    form_class = UndertakingForm
    action = Action.RECORD

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.action not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"unit": self.request.GET.get("unit"), "goal": self.request.GET.get("goal")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("New undertaking"), **kwargs)

    def save(self, data: dict[str, Any]) -> Undertaking:
        unit = data.pop("unit")
        return services.undertake(unit, **data, by=self.request.user)


class OfUndertakingView(ScopedMixin, SingleObjectMixin, SavingForm):
    """A form about one undertaking."""

    queryset = Undertaking.objects.select_related("unit")
    action = Action.RECORD

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.get_title(), undertaking=self.object, **kwargs)

    def get_title(self) -> str:
        raise NotImplementedError


class UndertakingEditView(OfUndertakingView):
    form_class = WordingForm

    def get_title(self) -> str:
        return _("Word the undertaking otherwise")

    def get_initial(self) -> dict[str, Any]:
        return {"goal": self.object.goal, "text": self.object.text}

    def save(self, data: dict[str, Any]) -> Undertaking:
        undertaking = self.get_object()  # the one shown stays as it is stored
        services.change_undertaking(undertaking, **data, by=self.request.user)
        return undertaking


class EvidenceView(OfUndertakingView):
    form_class = EvidenceForm

    def get_title(self) -> str:
        return _("What was done for it")

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"undertaking": self.object, "user": self.request.user}
        return super().get_form_kwargs() | given

    def save(self, data: dict[str, Any]) -> Undertaking:
        services.link_evidence(self.object, **data, by=self.request.user)
        return self.object


class SettleUndertakingView(ScopedMixin, SingleObjectMixin, View):
    """Done, not done, or open again: `outcome` says which."""

    queryset = Undertaking.objects.select_related("unit")
    action = Action.RECORD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        undertaking: Undertaking = self.get_object()
        form = SettleForm(request.POST)
        try:
            if request.POST.get("outcome") == "open":
                services.reopen_undertaking(undertaking, by=request.user)
                messages.success(request, _("It is open again."))
            elif form.is_valid():
                services.settle_undertaking(
                    undertaking, **form.cleaned_data, on=timezone.localdate(), by=request.user
                )
                messages.success(request, _("Saved."))
            else:
                messages.error(request, _("Choose whether it was done or not."))
        except ActivityError as error:
            messages.error(request, str(error))
        return redirect(undertaking)
