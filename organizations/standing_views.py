"""Writing down what a unit sets up and has, and when it came to an end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from organizations import services
from organizations.actions import Action
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.errors import OrganizationError
from organizations.forms import (
    BodyForm,
    CloseForm,
    FacilityForm,
    FundForm,
    ServiceForm,
    VenueForm,
)
from organizations.mixins import UnitMixin
from organizations.models import Body, Facility, Fund, Service, Unit, Venue


@dataclass(frozen=True, slots=True)
class Thing:
    """One sort of what a unit has: how it is shown, written down and closed."""

    name: str
    """As in addresses, and the unit's attribute."""
    model: type[models.Model]
    title: str | Promise
    add_title: str | Promise
    clause: str
    asked_of: Collection[str]
    """Kinds of unit of which the measure asks it; others may have it."""
    form: type[forms.BaseForm]
    add: Callable[..., Any]
    close: Callable[..., None] | None = None
    """None: it is of a year and has no end."""

    def rows(self, unit: Unit) -> models.QuerySet:
        return getattr(unit, self.name).all()


THINGS = {
    thing.name: thing
    for thing in [
        Thing(
            "bodies",
            Body,
            gettext_lazy("Bodies"),
            gettext_lazy("Set up a body"),
            "3",
            COMMUNITY_KINDS | {UnitKind.COUNTY_COMMITTEE, UnitKind.STREET_COMMITTEE},
            BodyForm,
            services.set_up_body,
            services.close_body,
        ),
        Thing(
            "venues",
            Venue,
            gettext_lazy("Venues"),
            gettext_lazy("Add a venue"),
            "16",
            COMMUNITY_KINDS,
            VenueForm,
            services.add_venue,
            services.close_venue,
        ),
        Thing(
            "funds",
            Fund,
            gettext_lazy("Funds"),
            gettext_lazy("Record funds"),
            "16",
            COMMUNITY_KINDS,
            FundForm,
            services.record_funds,
        ),
        Thing(
            "services",
            Service,
            gettext_lazy("Services for residents"),
            gettext_lazy("Add a service"),
            "14",
            COMMUNITY_KINDS,
            ServiceForm,
            services.add_service,
            services.close_service,
        ),
        Thing(
            "facilities",
            Facility,
            gettext_lazy("Culture and leisure"),
            gettext_lazy("Add a facility"),
            "15",
            COMMUNITY_KINDS,
            FacilityForm,
            services.add_facility,
            services.close_facility,
        ),
    ]
}


class ThingView(UnitMixin, FormView):
    """A form about one sort of thing of one unit."""

    action = Action.RECORD
    template_name = "organizations/unit_form.html"

    @cached_property
    def thing(self) -> Thing:
        if self.kwargs["thing"] not in THINGS:
            raise Http404
        return THINGS[self.kwargs["thing"]]

    def perform(self, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def form_valid(self, form: forms.BaseForm) -> HttpResponse:
        try:
            self.perform(form.cleaned_data)  # type: ignore[attr-defined]
        except OrganizationError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(f"{self.unit.get_absolute_url()}#{self.thing.name}")


class ThingAddView(ThingView):
    """Write down something that the unit has."""

    def get_form_class(self) -> type[forms.BaseForm]:
        return self.thing.form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"unit": self.unit}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.thing.add_title, **kwargs)

    def perform(self, data: dict[str, Any]) -> None:
        self.thing.add(self.unit, **data, by=self.request.user)


class ThingCloseView(ThingView):
    """Write down the last day of something that the unit had."""

    form_class = CloseForm

    @cached_property
    def row(self) -> models.Model:
        if self.thing.close is None:
            raise Http404
        rows = self.thing.rows(self.unit).filter(ended_on__isnull=True)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("End: %(thing)s") % {"thing": self.row}
        return super().get_context_data(title=title, **kwargs)

    def perform(self, data: dict[str, Any]) -> None:
        assert self.thing.close is not None  # noqa: S101 - `row` has seen to it
        self.thing.close(self.row, on=data["on"], by=self.request.user)
