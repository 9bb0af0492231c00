"""Forms of users and their roles; each offers only what the one who fills it in may give."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from organizations.authority import administers, roles_to_give, units_to_give
from organizations.choices import Role
from organizations.models import Unit

SHOWN_UNITS = 20

ROLE_SAYS = {
    Role.VIEWER: _("reads, without ID numbers and phones"),
    Role.SECRETARY: _("logs activities, keeps rosters and ledgers"),
    Role.REVIEWER: _("confirms or returns what units below have submitted"),
    Role.ORGANIZER: _("all of a county: settings, units, import, export"),
    Role.ADMINISTRATOR: _("users and roles of the whole portal; no personal data of members"),
}


class UserFilterForm(forms.Form):
    """The bar above the list of users."""

    q = forms.CharField(label=_("Name or user name"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All")), *Role.choices]
    )
    unit = forms.CharField(
        label=_("Role on the unit"),
        required=False,
        widget=forms.TextInput({"placeholder": _("Name, code or pinyin")}),
    )


class AccountForm(forms.ModelForm):
    """The name that colleagues know, and where reminders go."""

    class Meta:
        model = User
        fields = ["display_name", "email"]
        help_texts = {"email": _("Reminders of what is due are sent here as well.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["display_name"].required = True


class NewAccountForm(AccountForm):
    class Meta(AccountForm.Meta):
        fields = ["username", "display_name", "email", "language"]
        widgets = {"language": forms.RadioSelect}
        help_texts = AccountForm.Meta.help_texts | {
            "username": _("For signing in: letters, digits and @ . + - _"),
        }


class GiveForm(forms.Form):
    """A role on a unit. Of the units only those are drawn that `wanted` finds."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), to_field_name="code", required=False
    )
    begun_on = forms.DateField(label=pgettext_lazy("first day", "From"), initial=timezone.localdate)
    ended_on = forms.DateField(
        label=pgettext_lazy("last day", "Until"),
        required=False,
        help_text=_("Empty: until somebody ends it."),
    )

    def __init__(self, *args: Any, giver: User, wanted: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wanted = wanted
        self.units = units_to_give(giver, on=timezone.localdate())
        self.for_the_system = administers(giver)
        self.fields["unit"].queryset = self.units  # type: ignore[attr-defined]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, _("%(role)s: %(may)s") % {"role": role.label, "may": ROLE_SAYS[role]})
            for role in roles_to_give(giver)
        ]

    @cached_property
    def found(self) -> list[Unit]:
        """The units to choose from: high ones first, the one chosen before on top of all."""
        found = self.units.search(self.wanted).order_by(Length("path"), "path")
        shown = list(found.select_related("parent")[: SHOWN_UNITS + 1])
        chosen = self.units.filter(code=self.chosen).select_related("parent").first()
        if chosen and chosen not in shown:
            shown.insert(0, chosen)
        return shown

    @property
    def chosen(self) -> str:
        return str(self["unit"].value() or "")

    def clean_ended_on(self) -> date | None:
        day = self.cleaned_data["ended_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") == Role.ADMINISTRATOR:
            data["unit"] = None
        elif "role" in data and "unit" in data and not data["unit"]:
            self.add_error("unit", _("Choose the unit."))
        return data
