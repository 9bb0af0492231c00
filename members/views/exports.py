"""What the list of people shows, as a workbook of the roster's own columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from accounts.audit import record
from members.forms import PersonFilterForm
from members.models import Person
from members.privacy import mask_digits
from members.resources import EXTRA, export_roster
from members.roster.columns import ROSTER
from members.roster.workbook import CONTENT_TYPE
from members.views.mixins import EnrolMixin
from members.views.people import filtered
from organizations.actions import Action

IDENTIFIERS = ("id_number", "phone")
OF_THE_HOME = frozenset({*IDENTIFIERS, "address", "birth_date"})
"""What a person's page shows to those alone who may identify."""


COLUMNS = {column.field: column for column in (*ROSTER, *EXTRA)}
GROUPS = (
    (_("Person"), ("name", "sex", "ethnicity", "education", "occupation")),
    (_("Membership"), ("stage", "joined_on", "full_on", "party_status")),
    (_("Unit"), ("unit", "unit_name", "offices", "is_floating", "floating_to")),
    (_("For the home alone: each download is logged"), tuple(sorted(OF_THE_HOME))),
)
"""The boxes as they stand together: every column in one of them."""


class ExportForm(forms.Form):
    """Which columns are wanted. Identifiers are not, unless asked for."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[
            (group, [(name, COLUMNS[name].heading) for name in names]) for group, names in GROUPS
        ],
        initial=[column.field for column in ROSTER if column.field not in OF_THE_HOME],
        widget=forms.CheckboxSelectMultiple,
    )


class ExportView(EnrolMixin, FormView):
    """Choose the columns, then download; what went out to whom is logged.

    The choice may be kept in the address, to be used again or sent to a colleague. With
    identifiers, addresses or birthdays it holds those people alone whose identifiers the user
    may see.
    """

    form_class = ExportForm
    template_name = "members/person_export.html"

    def get_initial(self) -> dict[str, Any]:
        """The columns that the address names; without any, the usual ones."""
        named = [name for name in self.request.GET.getlist("columns") if name in COLUMNS]
        return {"columns": named} if named else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(count=self._people(Action.VIEW).count(), **kwargs)

    def form_valid(self, form: ExportForm) -> HttpResponse:
        chosen = form.cleaned_data["columns"]
        if "keep" in self.request.POST:
            query = self.request.GET.copy()
            query.setlist("columns", chosen)
            return redirect(f"{self.request.path}?{query.urlencode()}")
        told = not OF_THE_HOME.isdisjoint(chosen)
        people = self._people(Action.IDENTIFY if told else Action.VIEW)
        day = timezone.localdate()
        columns = [column for name, column in COLUMNS.items() if name in chosen]
        data = export_roster(people, columns=columns, seen_by=self.request.user)
        record(
            by=self.request.user,
            verb="exported",
            target=self.request.user,
            columns=chosen,
            count=people.count(),
            filter={name: mask_digits(value) for name, value in self.request.GET.items()},
        )
        answer = HttpResponse(data, content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="roster-{day.isoformat()}.xlsx"'
        return answer

    def _people(self, action: Action) -> Any:
        """Whom the filters leave; nobody where one of them says nothing that is known, as when
        its unit has been dissolved: else everybody would go out.
        """
        people = Person.objects.visible_to(self.request.user, action=action)
        form = PersonFilterForm(self.request.GET, user=self.request.user)
        if not form.is_valid():
            return people.none()
        return filtered(people, **form.cleaned_data, seen_by=self.request.user)
