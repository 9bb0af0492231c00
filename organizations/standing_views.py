"""Writing down what a unit sets up and has, and when it came to an end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import FormView, TemplateView

from organizations import services
from organizations.access import may
from organizations.actions import Action
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.errors import OrganizationError
from organizations.forms import (
    BodyForm,
    CloseForm,
    FacilityForm,
    FundAmountForm,
    FundForm,
    ResidentUnitForm,
    ServiceForm,
    VenueForm,
)
from organizations.keeping import KEPT, Said, said_of_rows, steps_of, with_confirmations
from organizations.mixins import UnitMixin
from organizations.models import (
    Body,
    Confirmation,
    Facility,
    Fund,
    ResidentUnit,
    Service,
    Unit,
    Venue,
)


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
    change_form: type[forms.BaseForm] | None = None
    change: Callable[..., None] = services.change_asset

    @property
    def is_kept(self) -> bool:
        """Whether it lasts, and is confirmed once a year."""
        return self.name in KEPT

    def name_of(self, row: Any) -> str:
        """What one of them is called on its unit's own page."""
        return str(row.get_kind_display() if isinstance(row, Body) else row)

    def confirmed(self, rows: Any, said: Said | None = None) -> list[Any]:
        """`rows`, each with its confirmation of this year; `said` where it has been read before."""
        listed = list(rows)
        if said is None:
            said = said_of_rows(listed, self.name, year=timezone.localdate().year)
        return with_confirmations(listed, self.name, said)

    def rows_visible_to(self, user: Any) -> Any:
        """Of all units within reach."""
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]

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
            change_form=FundAmountForm,
            change=services.change_funds,
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
        Thing(
            "resident_units",
            ResidentUnit,
            pgettext_lazy("what a unit keeps", "Units based here"),
            gettext_lazy("Add a unit based here"),
            "3",
            COMMUNITY_KINDS,
            ResidentUnitForm,
            services.add_resident_unit,
            services.close_resident_unit,
        ),
    ]
}


class ThingMixin(UnitMixin):
    """One sort of thing of one unit and, where the address has a key, one such thing."""

    @cached_property
    def thing(self) -> Thing:
        if self.kwargs["thing"] not in THINGS:  # type: ignore[attr-defined]
            raise Http404
        return THINGS[self.kwargs["thing"]]  # type: ignore[attr-defined]

    @cached_property
    def row(self) -> Any:
        return get_object_or_404(self.thing.rows(self.unit), pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class ThingView(ThingMixin, FormView):
    """A form about one sort of thing of one unit."""

    action = Action.RECORD
    template_name = "organizations/unit_form.html"

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


class ThingDetailView(ThingMixin, TemplateView):
    """One thing: what it is, who said in which year that it is still so, what was changed."""

    template_name = "organizations/thing_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, unit, row = self.request.user, self.unit, self.row
        this_year = timezone.localdate().year
        said = Confirmation.objects.visible_to(user).filter(
            unit=unit, thing=self.thing.name, row=row.pk
        )
        self.thing.confirmed([row])
        return super().get_context_data(**kwargs) | {
            "thing": self.thing,
            "row": row,
            "said": said.select_related("by"),
            "steps": steps_of(row),
            "this_year": this_year,
            "may_record": may(user, Action.RECORD, unit) and unit.is_open,
            "is_over": getattr(row, "ended_on", None) is not None,
        }


class ThingChangeView(ThingView):
    """Put right what is written of a thing."""

    def get_form_class(self) -> type[forms.BaseForm]:
        return self.thing.change_form or self.thing.form

    def get_form_kwargs(self) -> dict[str, Any]:
        # The form writes into what it is given, and the service compares with what is stored.
        return super().get_form_kwargs() | {"unit": self.unit, "instance": copy(self.row)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Change: %(thing)s") % {"thing": self.row}
        return super().get_context_data(title=title, **kwargs)

    def perform(self, data: dict[str, Any]) -> None:
        self.thing.change(self.row, **data, by=self.request.user)
