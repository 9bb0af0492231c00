"""What the list of people shows, as a workbook of the roster's own columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from accounts.audit import record
from members.forms import PersonFilterForm
from members.models import Person
from members.resources import export_roster
from members.roster.columns import ROSTER
from members.roster.workbook import CONTENT_TYPE
from members.views.mixins import EnrolMixin
from members.views.people import filtered
from organizations.actions import Action

IDENTIFIERS = ("id_number", "phone")
OF_THE_HOME = frozenset({*IDENTIFIERS, "address", "birth_date"})
"""What a person's page shows to those alone who may identify."""


class ExportForm(forms.Form):
    """Which columns are wanted. Identifiers are not, unless asked for."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(column.field, column.heading) for column in ROSTER],
        initial=[column.field for column in ROSTER if column.field not in OF_THE_HOME],
        widget=forms.CheckboxSelectMultiple,
    )


class ExportView(EnrolMixin, FormView):
    """Choose the columns, then download; what went out to whom is logged.

    With identifiers, addresses or birthdays it holds those people alone whose identifiers the
    user may see.
    """

    form_class = ExportForm
    template_name = "members/person_export.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(count=self._people(Action.VIEW).count(), **kwargs)

    def form_valid(self, form: ExportForm) -> HttpResponse:
        chosen = form.cleaned_data["columns"]
        told = not OF_THE_HOME.isdisjoint(chosen)
        people = self._people(Action.IDENTIFY if told else Action.VIEW)
        day = timezone.localdate()
        columns = [one for one in ROSTER if one.field in chosen]
        data = export_roster(people, columns=columns, seen_by=self.request.user)
        record(
            by=self.request.user,
            verb="exported",
            target=self.request.user,
            columns=chosen,
            count=people.count(),
            filter=self.request.GET.urlencode(),
        )
        answer = HttpResponse(data, content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="roster-{day.isoformat()}.xlsx"'
        return answer

    def _people(self, action: Action) -> Any:
        people = Person.objects.visible_to(self.request.user, action=action)
        form = PersonFilterForm(self.request.GET or None, user=self.request.user)
        if form.is_bound and form.is_valid():
            people = filtered(people, **form.cleaned_data, seen_by=self.request.user)
        return people
