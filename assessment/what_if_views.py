"""Trying another number, rule or rulebook on a county before it decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from assessment.columns import Column, all_columns
from assessment.exports import csv_response
from assessment.reachable import why_not_number
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rulebook_forms import SWITCH
from assessment.rulebook_views import CountyMixin
from assessment.what_if import (
    Trial,
    adopt_url,
    book_trial,
    lead_trial,
    number_trial,
    outcome_table,
    rule_trial,
    share_trial,
    try_out,
)
from assessment.wording import phrase

SHOWN = 200
"""Lines of the table on the page; the file has them all."""
YEARS_BACK = 5
BOOK = "book:"


TRIED = ("number", "share", "lead_days", "state")
"""What may be tried, one at a time."""


class TrialForm(forms.Form):
    """What is tried: another number, share or lead time, or a rule or rulebook on or off."""

    county = forms.CharField(widget=forms.HiddenInput, required=False)
    what = forms.ChoiceField(label=_("Rule or rulebook"))
    number = forms.DecimalField(
        label=_("Number to try"),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=Decimal("0.01"),
    )
    share = forms.DecimalField(
        label=_("Percentage of persons to try"),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(1),
        max_value=Decimal(100),
    )
    lead_days = forms.IntegerField(
        label=_("Days of lead to try"), required=False, min_value=0, max_value=366
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("as it is")), *SWITCH]
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {column.rule.id: column for column in all_columns()}
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (
                _("Rulebooks as a whole"),
                [(f"{BOOK}{pk}", phrase(load_rulebook(pk).title)) for pk in rulebook_ids()],
            ),
            *(
                (phrase(load_rulebook(pk).title), _rules_of(self.columns, pk))
                for pk in rulebook_ids()
            ),
        ]
        this_year = timezone.localdate().year
        years = range(this_year, this_year - YEARS_BACK, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        tried = [name for name in TRIED if data.get(name) not in {None, ""}]
        if len(tried) != 1:
            words = gettext("Try one thing: a number, a percentage, days of lead, or a state.")
            self.add_error(tried[-1] if tried else "number", words)
        elif words := self._why_not(tried[0], self.columns.get(data["what"])):
            self.add_error(tried[0], words)
        return data

    def _why_not(self, tried: str, column: Column | None) -> str:
        """Why that can't be tried on what was chosen; empty when it can."""
        if tried == "state":
            return ""
        if tried == "number":
            if column is None or not column.rule.numbers.steps:
                return gettext("This has no number: leave it empty and choose a state.")
            if why_not_number(column.rule, self.cleaned_data["number"]):
                return gettext("Nobody can reach this number, or it is none for this rule.")
            return ""
        if column is None or column.rule.is_shown_only:
            return gettext("This is never due nor missed: choose a rule that is judged.")
        if tried == "share" and not column.rule.who.is_person:
            return gettext("This rule asks the unit, not each person: it has no percentage.")
        return ""

    def trial(self) -> Trial:
        data = self.cleaned_data
        if data["what"].startswith(BOOK):
            return book_trial(data["what"].removeprefix(BOOK), data["state"], data["year"])
        column, year = self.columns[data["what"]], data["year"]
        if data["number"] is not None:
            return number_trial(column, data["number"], year)
        if data["share"] is not None:
            return share_trial(column, data["share"], year)
        if data["lead_days"] is not None:
            return lead_trial(column, data["lead_days"], year)
        return rule_trial(column, data["state"], year)


def _rules_of(columns: dict[str, Column], rulebook: str) -> list[tuple[str, str]]:
    found = (column for column in columns.values() if column.rulebook == rulebook)
    return [(column.rule.id, f"{column.clause_name} {column.title}") for column in found]


class WhatIfView(CountyMixin, View):
    """A form in the address, so that a trial can be sent to a colleague; `form=csv`: the file."""

    template_name = "assessment/what_if.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"year": timezone.localdate().year, "county": self.county.code}
        is_asked = "what" in request.GET
        form = TrialForm(request.GET if is_asked else None, initial=initial)
        context = {"form": form, "county": self.county, "counties": self.counties}
        if is_asked and form.is_valid():
            trial = form.trial()
            outcome = try_out(self.county, trial)
            if request.GET.get("form") == "csv":
                return csv_response(outcome_table(outcome.changes), f"what-if-{trial.year}")
            context |= {
                "outcome": outcome,
                "shown": outcome.changes[:SHOWN],
                "more": max(0, len(outcome.changes) - SHOWN),
                "adopt_url": adopt_url(self.county, trial),
            }
        return render(request, self.template_name, context)
