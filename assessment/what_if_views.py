"""Trying another number, rule or rulebook on a county before it decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
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
    number_trial,
    outcome_table,
    rule_trial,
    try_out,
)
from assessment.wording import phrase

SHOWN = 200
"""Lines of the table on the page; the file has them all."""
YEARS_BACK = 5
BOOK = "book:"


class TrialForm(forms.Form):
    """What is tried: another number, or (without one) a rule or rulebook on or off."""

    county = forms.CharField(widget=forms.HiddenInput, required=False)
    what = forms.ChoiceField(label=_("Rule or rulebook"))
    number = forms.DecimalField(
        label=_("Number to try"),
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=Decimal("0.01"),
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
        column = self.columns.get(data.get("what", ""))
        number = data.get("number")
        if "number" in self.errors or "what" not in data:
            return data
        if number is not None and (column is None or not column.rule.numbers.steps):
            self.add_error("number", _("This has no number: leave it empty and choose a state."))
        elif number is not None and column and why_not_number(column.rule, number):
            words = _("Nobody can reach this number, or it is none for this rule.")
            self.add_error("number", words)
        elif (number is None) == (not data.get("state")):
            self.add_error("number", _("Give either another number, or a state to try."))
        return data

    def trial(self) -> Trial:
        data = self.cleaned_data
        if data["what"].startswith(BOOK):
            return book_trial(data["what"].removeprefix(BOOK), data["state"], data["year"])
        column = self.columns[data["what"]]
        if data["number"] is not None:
            return number_trial(column, data["number"], data["year"])
        return rule_trial(column, data["state"], data["year"])


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
