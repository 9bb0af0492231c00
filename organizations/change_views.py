"""Changing the tree: a form each, and the service that does it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from organizations import services
from organizations.actions import Action
from organizations.choices import UnitKind
from organizations.errors import OrganizationError
from organizations.forms import (
    DetailsForm,
    FoundForm,
    KindForm,
    MoveForm,
    RenameForm,
)
from organizations.mixins import UnitMixin
from organizations.models import Unit


class UnitChangeView(UnitMixin, FormView):
    """One change of one unit; what the service refuses is said above the form."""

    action = Action.MANAGE
    template_name = "organizations/unit_form.html"
    title: str | Promise
    hint: str | Promise = ""
    verb: str | Promise = ""
    """What the button says where "Save" would hide that a unit ends."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"unit": self.unit, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, hint=self.hint, verb=self.verb, **kwargs)

    def perform(self, data: dict[str, Any]) -> Unit:
        """Do it; the unit whose page is shown next."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            after = self.perform(form.cleaned_data)
        except OrganizationError as error:
            # What the service tried is not what is: show the unit as it is stored.
            del self.unit
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(after)


class UnitFoundView(UnitChangeView):
    """A new unit below this one."""

    form_class = FoundForm
    title = gettext_lazy("Found a unit below")

    def perform(self, data: dict[str, Any]) -> Unit:
        kind = UnitKind(data.pop("kind"))
        return services.found_unit(self.unit, **data, kind=kind, by=self.request.user)


class UnitEditView(UnitChangeView):
    """Contact, address, founding day."""

    form_class = DetailsForm
    title = gettext_lazy("Edit details")

    def perform(self, data: dict[str, Any]) -> Unit:
        services.change_details(self.unit, **data, by=self.request.user)
        return self.unit


class UnitRenameView(UnitChangeView):
    form_class = RenameForm
    title = gettext_lazy("Rename")

    def perform(self, data: dict[str, Any]) -> Unit:
        services.rename_unit(self.unit, **data, by=self.request.user)
        return self.unit


class UnitMoveView(UnitChangeView):
    form_class = MoveForm
    title = gettext_lazy("Move under another superior")
    hint = gettext_lazy("All that stands below goes with it.")

    def perform(self, data: dict[str, Any]) -> Unit:
        services.move_unit(self.unit, **data, by=self.request.user)
        return self.unit


class UnitKindView(UnitChangeView):
    form_class = KindForm
    title = gettext_lazy("Change the kind")
    hint = gettext_lazy(
        "As a rule: a branch from 3 full members, a general branch from 50, a committee from 100."
    )

    def perform(self, data: dict[str, Any]) -> Unit:
        services.change_kind(
            self.unit, kind=UnitKind(data["kind"]), on=data["on"], by=self.request.user
        )
        return self.unit
