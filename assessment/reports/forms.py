"""What is asked for: which report, of which unit, for which time, in which form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessment.reports.asked import Asked
from assessment.reports.choices import NAMES_PEOPLE, ReportForm, ReportKind
from assessment.reports.pages import pdf_is_possible
from organizations.access import actions_of, may
from organizations.actions import Action
from organizations.models import Unit

YEARS_BACK = 10
QUARTERS = (
    ("", _("The whole year")),
    ("1", _("First quarter")),
    ("2", _("Second quarter")),
    ("3", _("Third quarter")),
    ("4", _("Fourth quarter")),
)


class AskForm(forms.Form):
    """A report as it is looked at; `AskFileForm` adds the file."""

    kind = forms.ChoiceField(label=_("Report"), choices=ReportKind.choices)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        to_field_name="code",
        empty_label=None,
        help_text=_("With all units below it."),
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    quarter = forms.TypedChoiceField(
        label=_("Time covered"), required=False, choices=QUARTERS, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        today = timezone.localdate()
        self.fields["unit"].queryset = Unit.objects.visible_to(user).order_by("path")  # type: ignore[attr-defined]
        years = range(today.year, today.year - YEARS_BACK, -1)
        self.fields["year"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        year, quarter = said.get("year"), said.get("quarter")
        if year and quarter and date(year, 3 * quarter - 2, 1) > timezone.localdate():
            self.add_error("quarter", _("This quarter has not begun yet. Choose an earlier one."))
        if said.get("with_identifiers"):
            self._check_identifiers(said)
        return said

    def _check_identifiers(self, said: dict[str, Any]) -> None:
        if said.get("kind") not in NAMES_PEOPLE:
            said["with_identifiers"] = False
        elif said.get("unit") and not may(self.user, Action.IDENTIFY, said["unit"]):
            words = _("You may not see the ID numbers of this unit. Take the mark away.")
            self.add_error("with_identifiers", words)

    @property
    def asked(self) -> Asked:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Asked(
            ReportKind(said["kind"]),
            said["unit"],
            said["year"],
            said["quarter"],
            self.user,
            with_identifiers=bool(said.get("with_identifiers")),
        )


class AskFileForm(AskForm):
    """A report as a file. Nobody who may not see ID numbers is asked about them."""

    form = forms.ChoiceField(label=_("Form of the file"), choices=ReportForm.choices)
    with_identifiers = forms.BooleanField(
        label=_("With ID numbers"),
        required=False,
        help_text=_(
            "In the training register and the floating ledger alone. "
            "It is noted who asked for them, of which unit."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not pdf_is_possible():
            self.fields["form"].choices = [  # type: ignore[attr-defined]
                choice for choice in ReportForm.choices if choice[0] != ReportForm.PDF
            ]
        if Action.IDENTIFY not in actions_of(self.user):
            del self.fields["with_identifiers"]
