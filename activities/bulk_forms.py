"""The forms for many records at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.forms import ActivityForm
from organizations.actions import Action
from organizations.models import Unit


class ManyForm(ActivityForm):
    """The log form for several units; `co_hosts` are the units that held it."""

    way = forms.ChoiceField(
        label=_("how it is recorded"),
        choices=[
            ("each", _("One record for each unit")),
            ("together", _("One record that all of them share")),
        ],
        widget=forms.RadioSelect,
        initial="each",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].label = _("organised by")
        units = self.fields["co_hosts"]
        units.label, units.required = _("units"), True
        units.error_messages["required"] = _("Choose at least one unit.")
        keeps = Unit.objects.visible_to(self.user, action=Action.RECORD).select_related("parent")
        units.queryset = keeps.on(timezone.localdate())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("way") == "together" and data.get("unit") and "co_hosts" in data:
            data["co_hosts"] = data["co_hosts"].exclude(pk=data["unit"].pk)
        return data


class CopyForm(forms.Form):
    """Which records are taken again, and on which days."""

    way = forms.ChoiceField(
        label=_("on which day"),
        choices=[
            ("weekday", _("The same weekday of the month")),
            ("day", _("The same day of the month")),
        ],
        widget=forms.RadioSelect,
    )
    record = forms.TypedMultipleChoiceField(
        coerce=str, error_messages={"required": _("Choose at least one record.")}
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, records: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["record"].choices = [(str(pk), str(pk)) for pk in records]  # type: ignore[attr-defined]
