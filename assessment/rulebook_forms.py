"""Which rulebooks and rules a county goes by, and the numbers it sets for itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.reachable import why_not_number
from assessment.terms import Rule

SWITCH = [("on", _("in use")), ("off", _("not in use"))]


class SwitchForm(forms.Form):
    """A rulebook, or one rule of it, in use or not from a day on."""

    value = forms.ChoiceField(label=_("State"), choices=SWITCH)
    applies_from = forms.DateField(label=_("Applies from"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example the number of the decision. It is shown beside the rules."),
    )


class OwnNumberForm(forms.Form):
    """A number of the county's own for one rule."""

    number = forms.DecimalField(
        label=_("The county's number"), max_digits=6, decimal_places=2, min_value=Decimal("0.01")
    )
    first = forms.DateField(label=_("Applies from"), initial=timezone.localdate)
    last = forms.DateField(
        label=_("Until"), required=False, help_text=_("Left empty: until further notice.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Shown wherever the number is used."),
    )

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule

    def clean_number(self) -> Decimal:
        number = self.cleaned_data["number"]
        if why_not_number(self.rule, number):
            raise forms.ValidationError(
                _("Nobody can reach this number, or it is none for this rule.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return data


class EndNumberForm(forms.Form):
    """The day with which a number of the county's own ends."""

    first = forms.DateField(widget=forms.HiddenInput)
    last = forms.DateField(label=_("Last day"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300)
