"""The step between upload and preview: which sheets are meant, and which column is which."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from members.choices import BatchKind
from members.layout_form import LayoutForm
from members.roster.batches import UNWRITTEN, ImportRefused, staged_request
from members.roster.looking import choose_sheets
from members.roster.messages import message
from members.roster.template import read_sheets
from members.roster.units import UnitFinder
from members.views.batches import BringersMixin
from organizations.access import paths_for
from organizations.actions import Action
from organizations.spreadsheets.cells import SheetError

UNITS_OFFERED = 300


class LayoutView(BringersMixin, SingleObjectMixin, FormView):
    """Asked where it is not certain; else there to go back to, as long as nothing is written."""

    template_name = "members/import_layout.html"
    form_class = LayoutForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.object = self.get_object()
            if self.object.state not in UNWRITTEN or self.object.content is None:
                return redirect("members:batch", pk=self.object.pk)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def finder(self) -> UnitFinder:
        return UnitFinder(self.object.unit, timezone.localdate())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With `look`, only show the columns below the row of headings that was asked for."""
        if "look" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = LayoutForm(**self.get_form_kwargs() | {"data": None, "files": None})
        return self.render_to_response(self.get_context_data(form=form))

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = staged_request(self.object, reach=paths_for(self.request.user, Action.ENROL))
        said = self.request.POST
        return super().get_form_kwargs() | {
            "sheets": read_sheets(asked.data),
            "columns": asked.columns,
            "choice": asked.choice,
            "finder": self.finder if asked.kind == BatchKind.ROSTER else None,
            "rows": {name: value for name, value in said.items() if name.startswith("row-")},
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form: LayoutForm = context["form"]
        return context | {
            "sheets": form.sheet_lines(),
            "shapes": form.shape_cards(),
            "units": self.finder.units[:UNITS_OFFERED] if form.finder else [],
        }

    def form_valid(self, form: LayoutForm) -> HttpResponse:
        user = self.request.user
        try:
            reach = paths_for(user, Action.ENROL)
            choose_sheets(self.object, form.chosen, by=user, reach=reach)
        except SheetError as error:
            form.add_error(None, message(error.problem))
            return self.form_invalid(form)
        except ImportRefused as error:
            messages.error(self.request, str(error))
        return redirect("members:batch", pk=self.object.pk)
