"""What is typed about plans, days off and the sign-in."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from activities.forms import ActivityForm, UnitsField
from activities.kinds import all_kinds
from activities.models import Holiday, Plan, SignInOffer
from activities.plan_choices import OffDays, Repeat, Scope
from activities.repeats import AT_MOST, Rule
from activities.services import PlanEntry
from organizations.actions import Action
from organizations.forms import UnitChoiceField
from organizations.models import Unit


class PlanForm(forms.Form):
    """A plan, new or changed. The repetition is asked for only of a new one."""

    unit = UnitChoiceField(label=_("host"))
    kinds = forms.MultipleChoiceField(
        label=_("kinds"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind.")},
    )
    topic = forms.CharField(label=_("topic"), max_length=200)
    day = forms.DateField(label=_("day"))
    begins = forms.TimeField(label=pgettext_lazy("time of day", "from"), initial=time(9))
    ends = forms.TimeField(label=pgettext_lazy("time of day", "until"), initial=time(11))
    last_day = forms.DateField(
        label=pgettext_lazy("activity", "last day"),
        required=False,
        help_text=_("Only where it ends on another day than it begins."),
    )
    place = forms.CharField(label=_("place"), max_length=100, required=False)
    chair = forms.CharField(label=_("chair"), max_length=50, required=False)
    note = forms.CharField(
        label=_("note"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What to prepare or bring. It is not shown in calendar feeds."),
    )
    co_hosts = UnitsField(label=_("units to invite"), required=False)
    co_host_codes = forms.CharField(
        label=_("units elsewhere, by code"),
        max_length=500,
        required=False,
        help_text=_("Codes of other units of the county, joined by commas."),
    )
    repeat = forms.ChoiceField(
        label=_("repeats"), choices=[("", _("Once")), *Repeat.choices], required=False
    )
    until = forms.DateField(label=_("until day"), required=False)
    times = forms.IntegerField(
        label=_("or how many times"), required=False, min_value=2, max_value=AT_MOST
    )
    off_days = forms.ChoiceField(
        label=_("on holidays and free weekends"), choices=OffDays, initial=OffDays.KEEP
    )
    left_out = forms.CharField(
        label=_("days to leave out"),
        max_length=500,
        required=False,
        widget=forms.TextInput({"placeholder": "2026-02-17, 2026-02-18"}),
        help_text=_("Days like 2026-02-17, joined by commas."),
    )
    scope = forms.ChoiceField(
        label=_("what is changed"), choices=Scope, widget=forms.RadioSelect, initial=Scope.ONE
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)

    REPETITION = ("repeat", "until", "times", "off_days", "left_out")

    kind_groups = ActivityForm.kind_groups
    clean_co_host_codes = ActivityForm.clean_co_host_codes

    def __init__(self, *args: Any, user: User, plan: Plan | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan = plan
        units = Unit.objects.visible_to(user).select_related("parent")
        self.fields["co_hosts"].queryset = units.taking_in(timezone.localdate())  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (code, kind.name) for code, kind in all_kinds().items()
        ]
        if plan:
            unwanted = [*self.REPETITION, "unit", *([] if plan.series_id else ["scope"])]
        else:
            hosts = Unit.objects.visible_to(user, action=Action.RECORD).select_related("parent")
            self.fields["unit"].queryset = hosts.taking_in(timezone.localdate())  # type: ignore[attr-defined]
            unwanted = ["scope", "sequence"]
        for name in unwanted:
            del self.fields[name]

    def clean_left_out(self) -> frozenset[date]:
        words = [word for word in re.split(r"[,，、;；\s]+", self.cleaned_data["left_out"]) if word]
        try:
            return frozenset(date.fromisoformat(word) for word in words)
        except ValueError:
            raise ValidationError(
                _("Write each day like 2026-02-17, with commas between them.")
            ) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.plan:
            data["unit"] = self.plan.unit
        elif data.get("repeat") and not (data.get("until") or data.get("times")):
            self.add_error("until", _("Say until which day it repeats, or how many times."))
        if data.get("until") and data.get("day") and data["until"] < data["day"]:
            self.add_error("until", _("This day is before the first one."))
        return data

    def entry(self) -> PlanEntry:
        data = self.cleaned_data
        last = data["last_day"] or data["day"]
        if data["ends"] == time() and not data["last_day"]:
            last += timedelta(days=1)  # midnight ends the day
        invited = {unit.pk: unit for unit in [*data["co_hosts"], *data["co_host_codes"]]}
        return PlanEntry(
            unit=data["unit"],
            kinds=frozenset(data["kinds"]),
            starts_at=_moment(data["day"], data["begins"]),
            ends_at=_moment(last, data["ends"]),
            invited=tuple(invited.values()),
            **{name: data[name] for name in ("topic", "place", "chair", "note")},
        )

    def rule(self) -> Rule | None:
        data = self.cleaned_data
        if not data.get("repeat"):
            return None
        return Rule(
            repeat=data["repeat"],
            until=data["until"],
            times=data["times"],
            off_days=data["off_days"],
            left_out=data["left_out"],
        )


def values_of(plan: Plan, *, user: User) -> dict[str, Any]:
    """What the form shows of a plan."""
    begins, ends = timezone.localtime(plan.starts_at), timezone.localtime(plan.ends_at)
    invited = Unit.objects.filter(plan_invitations__plan=plan)
    near = Unit.objects.visible_to(user).filter(plan_invitations__plan=plan)
    codes = set(near.values_list("code", flat=True))
    beyond = invited.exclude(code__in=codes).values_list("code", flat=True)
    names = ("topic", "place", "chair", "note", "sequence")
    return {
        **{name: getattr(plan, name) for name in names},
        "kinds": [kind.code for kind in plan.kinds],
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "last_day": ends.date() if ends.date() != begins.date() else None,
        "co_hosts": sorted(codes),
        "co_host_codes": ",".join(sorted(beyond)),
    }


class DropForm(forms.Form):
    """Why a plan will not be held."""

    reason = forms.CharField(
        label=_("why it is dropped"),
        max_length=200,
        error_messages={"required": _("Say why the plan is dropped.")},
    )
    scope = forms.ChoiceField(
        label=_("what is dropped"), choices=Scope, widget=forms.RadioSelect, initial=Scope.ONE
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        if not plan.series_id:
            del self.fields["scope"]


class OfferForm(forms.ModelForm):
    """Whether a unit offers sign-in by QR code."""

    class Meta:
        model = SignInOffer
        fields = ["is_on", "grace_minutes", "lets_guests"]


class HolidayForm(forms.ModelForm):
    """One day that is free, or worked on, against the rule of the week."""

    class Meta:
        model = Holiday
        fields = ["day", "name", "is_workday"]


class CalendarForm(forms.Form):
    """Whose calendar is shown; the month and the way of showing it go along."""

    unit = forms.ChoiceField(label=_("unit"), required=False)
    below = forms.ChoiceField(
        label=_("units below"),
        choices=[("1", _("with all below")), ("0", _("this unit only"))],
        required=False,
    )
    month = forms.CharField(widget=forms.HiddenInput, required=False)
    view = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (unit.code, "　" * unit.depth + unit.name) for unit in units
        ]


class SignForm(forms.Form):
    """What a member types on the phone. Nothing of it is kept or logged."""

    name = forms.CharField(max_length=60)
    last = forms.CharField(max_length=8)

    def clean_last(self) -> str:
        return "".join(self.cleaned_data["last"].split())


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def day_of(text: str) -> date | None:
    """The day that an address names; None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
