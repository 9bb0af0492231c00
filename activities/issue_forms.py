"""What was found at a meeting, and how it was set right."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Unit


class IssueForm(forms.Form):
    what = forms.CharField(label=_("what was found"), max_length=300)
    who = forms.CharField(
        label=_("who sets it right"),
        max_length=50,
        required=False,
        help_text=_("A member, or an office."),
    )
    due_on = forms.DateField(label=_("set right by"), required=False)


class SettleForm(forms.Form):
    done_on = forms.DateField(label=_("done on"), initial=timezone.localdate)
    note = forms.CharField(label=_("what was done"), max_length=300)

    def clean_done_on(self) -> date:
        day = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class IssueFilter(forms.Form):
    """Which issues are listed; everything may be left out."""

    unit = forms.ChoiceField(label=_("unit"), required=False)
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[("", _("Open")), ("overdue", _("Overdue")), ("done", _("Set right"))],
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = Unit.objects.visible_to(user).values_list("code", "path", "name")
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((code, "\u3000" * (path.count("/") - 1) + name) for code, path, name in units),
        ]
