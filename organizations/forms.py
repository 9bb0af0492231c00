"""Forms of the tree and of what units have. Each offers only what its user's reach has."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from organizations.actions import Action
from organizations.choices import BODIES_AT, MAY_STAND_UNDER, BodyKind, UnitKind
from organizations.models import Area, Body, Facility, Fund, ResidentUnit, Service, Unit, Venue


def not_in_the_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))


class DayField(forms.DateField):
    """A day that has come."""

    default_validators = (not_in_the_future,)


class UnitChoiceField(forms.ModelChoiceField):
    """A unit, named with the one above it, as names repeat."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", **options)

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.parent.name} · {unit.name}" if unit.parent else unit.name


class UnitForm(forms.Form):
    """A form about one unit, filled in by one user."""

    def __init__(self, *args: Any, unit: Unit, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unit = unit
        self.user = user

    def reach(self) -> QuerySet[Unit]:
        """The standing units that the user may change, each with the one above it."""
        units = Unit.objects.visible_to(self.user, action=Action.MANAGE)
        return units.filter(dissolved_on__isnull=True).select_related("parent")


class EventForm(UnitForm):
    """A change of the tree has a day."""

    on = DayField(label=_("from which day"), initial=timezone.localdate)


class RenameForm(EventForm):
    field_order = ["name", "on"]
    name = forms.CharField(label=_("new name"), max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("name", self.unit.name)


class MoveForm(EventForm):
    field_order = ["parent", "on"]
    parent = UnitChoiceField(label=_("new superior"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        above = [kind for kind in MAY_STAND_UNDER[UnitKind(self.unit.kind)] if kind]
        places = self.reach().filter(kind__in=above).exclude(pk=self.unit.parent_id)
        self.fields["parent"].queryset = places.exclude(pk=self.unit.pk)  # type: ignore[attr-defined]


class KindForm(EventForm):
    field_order = ["kind", "on"]
    kind = forms.ChoiceField(label=_("new kind"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        above = UnitKind(self.unit.parent.kind) if self.unit.parent else None
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label)
            for kind in UnitKind
            if above in MAY_STAND_UNDER[kind] and kind != self.unit.kind
        ]


class MergeForm(EventForm):
    field_order = ["into", "on"]
    into = UnitChoiceField(label=_("merge into"))
    on = DayField(label=_("last day"), initial=timezone.localdate)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        here = MAY_STAND_UNDER[UnitKind(self.unit.kind)]
        alike = [kind for kind, above in MAY_STAND_UNDER.items() if above == here]
        others = self.reach().filter(kind__in=alike).exclude(pk=self.unit.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class DissolveForm(EventForm):
    on = DayField(label=_("last day"), initial=timezone.localdate)


class DetailsForm(UnitForm):
    established_on = DayField(
        label=_("established on"),
        required=False,
        help_text=_("Empty: it has always been there."),
    )
    contact = forms.CharField(
        label=_("contact"),
        max_length=100,
        required=False,
        help_text=_("Name and office telephone of whom to ask."),
    )
    address = forms.CharField(label=_("address"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.unit, name))


class FoundForm(UnitForm):
    """A new unit below `unit`."""

    kind = forms.ChoiceField(label=_("kind"))
    name = forms.CharField(label=pgettext_lazy("of a thing", "name"), max_length=100)
    code = forms.CharField(
        label=_("code"),
        max_length=30,
        help_text=_("A community's division code; else a number of your own, never used before."),
    )
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=_("community (area)"),
        required=False,
        help_text=_("Which community without an organisation it covers; empty: a new one."),
    )
    on = DayField(
        label=_("established on"), required=False, help_text=_("Empty: it has always been there.")
    )
    contact = forms.CharField(label=_("contact"), max_length=100, required=False)
    address = forms.CharField(label=_("address"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in UnitKind if self.unit.kind in MAY_STAND_UNDER[kind]
        ]
        if self.unit.kind == UnitKind.STREET_COMMITTEE:
            areas = self.unit.areas.uncovered(timezone.localdate())
            self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        else:
            del self.fields["area"]

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().lower()


class CloseForm(forms.Form):
    """The last day of something that a unit has."""

    on = DayField(label=_("last day"), initial=timezone.localdate)


class AssetForm(forms.ModelForm):
    """Something that a unit has from now on."""

    begun_on = DayField(
        label=_("from"), required=False, help_text=_("Empty: since before the portal.")
    )

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.unit = unit


class BodyForm(AssetForm):
    class Meta:
        model = Body
        fields = ["kind", "begun_on", "head", "people"]
        widgets = {"people": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, unit=unit, **options)
        if self.instance.pk:
            del self.fields["kind"]  # another kind of body is another body
            return
        held = unit.bodies.still_open().values_list("kind", flat=True)
        free = [
            (kind.value, kind.label)
            for kind in BODIES_AT.get(UnitKind(unit.kind), list(BodyKind))
            if kind not in set(held)
        ]
        self.fields["kind"].choices = free  # type: ignore[attr-defined]


class VenueForm(AssetForm):
    class Meta:
        model = Venue
        fields = ["name", "tenure", "begun_on", "address", "square_metres"]


class ServiceForm(AssetForm):
    class Meta:
        model = Service
        fields = ["name", "kind", "price", "begun_on"]


class FacilityForm(AssetForm):
    class Meta:
        model = Facility
        fields = ["name", "kind", "opened_by", "begun_on"]


class ResidentUnitForm(AssetForm):
    class Meta:
        model = ResidentUnit
        fields = [
            "name",
            "kind",
            "has_organization",
            "is_in_conference",
            "contributes",
            "begun_on",
        ]


class FundAmountForm(forms.Form):
    """The amount of a year and source that stay as they are."""

    amount = Fund._meta.get_field("amount").formfield(min_value=0)

    def __init__(self, *args: Any, unit: Unit, instance: Fund, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("amount", instance.amount)


class FundForm(forms.Form):
    """The money of a year from a source; what was recorded before is replaced."""

    year = forms.IntegerField(
        label=_("year"), min_value=2000, initial=lambda: timezone.localdate().year
    )
    source = Fund._meta.get_field("source").formfield()
    amount = Fund._meta.get_field("amount").formfield(min_value=0)

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if year > timezone.localdate().year + 1:
            raise ValidationError(_("This year is too far ahead."))
        return year
