"""Forms of the undertakings of a four-benefits community."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import Benefit, Settled
from activities.models import Activity, Undertaking
from organizations.actions import Action
from organizations.choices import COMMUNITY_KINDS
from organizations.models import Facility, Service, Unit

SERVING = ("volunteer_service", "theme_practice")
"""Kinds of activity that are offered as done for an undertaking."""
FIRST_YEAR = 2008


class UndertakingForm(forms.Form):
    """`user` undertakes for one of the communities whose records they keep."""

    field_order = ["unit", "year", "goal", "text"]
    goal = forms.ChoiceField(label=_("goal"), choices=Benefit.choices)
    text = forms.CharField(
        label=_("what is undertaken"),
        max_length=300,
        help_text=_("One thing that residents will see, and by which one can tell it was done."),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = Unit.objects.visible_to(user, action=Action.RECORD).filter(
            kind__in=sorted(COMMUNITY_KINDS), dissolved_on__isnull=True
        )
        this_year = timezone.localdate().year
        self.fields["unit"] = forms.ModelChoiceField(
            own, label=_("unit"), to_field_name="code", empty_label=None
        )
        self.fields["year"] = forms.TypedChoiceField(
            label=_("year"),
            coerce=int,
            choices=[(year, str(year)) for year in (this_year, this_year + 1, this_year - 1)],
        )
        self.order_fields(self.field_order)


class WordingForm(forms.Form):
    """Word an undertaking otherwise."""

    goal = forms.ChoiceField(label=_("goal"), choices=Benefit.choices)
    text = forms.CharField(label=_("what is undertaken"), max_length=300)


class EvidenceForm(forms.Form):
    """What was done for it: offered is what the unit has on record anyway."""

    def __init__(self, *args: Any, undertaking: Undertaking, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unit, year = undertaking.unit, undertaking.year
        held = Activity.objects.visible_to(user).filter(first_day__year=year).counted()
        serving = held.held_by(unit).of_kinds(SERVING).order_by()
        linked = Q(undertakings=undertaking)
        self._offer(
            "activities",
            _("activities"),
            Activity.objects.visible_to(user)
            .filter(Q(pk__in=serving.values("pk")) | linked)
            .distinct()
            .order_by("first_day", "pk"),
        )
        for name, label, model in (
            ("services", _("services for residents"), Service),
            ("facilities", _("culture and leisure"), Facility),
        ):
            there = model.objects.visible_to(user).filter(Q(unit=unit) | linked).distinct()
            self._offer(name, label, there.order_by("pk"))
        for name in self.fields:
            self.initial.setdefault(name, list(getattr(undertaking, name).all()))

    def _offer(self, name: str, label: Any, rows: Any) -> None:
        self.fields[name] = forms.ModelMultipleChoiceField(
            rows, label=label, required=False, widget=forms.CheckboxSelectMultiple
        )


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(choices=Settled.choices)
    note = forms.CharField(label=_("note"), max_length=300, required=False)


class UndertakingFilter(forms.Form):
    """Which undertakings are listed."""

    unit = forms.CharField(widget=forms.HiddenInput, required=False)
    q = forms.CharField(
        label=_("Unit"),
        required=False,
        widget=forms.TextInput({"placeholder": _("Name, code or pinyin")}),
    )
    year = forms.IntegerField(label=_("year"), required=False, min_value=FIRST_YEAR, max_value=2100)
    state = forms.ChoiceField(
        label=_("state"),
        required=False,
        choices=[("", _("All")), ("open", _("Not settled yet")), *Settled.choices],
    )
