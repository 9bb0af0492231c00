"""The log form: one page for every kind of activity."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from activities.choices import Mode, SchoolLevel
from activities.entries import Entry
from activities.extra_form import ExtraForm
from activities.kinds import all_kinds
from activities.memory import LAST, Memories
from activities.models import Activity
from activities.roll import Roll
from organizations.actions import Action
from organizations.choices import UnitKind
from organizations.forms import UnitChoiceField
from organizations.models import Unit
from organizations.wording import listed

FIRST_KINDS: dict[str, tuple[str, ...]] = {
    UnitKind.COUNTY_COMMITTEE: (
        "county_research",
        "county_inspection",
        "induction_training",
        "party_school_rotation",
        "staff_training",
    ),
    UnitKind.STREET_COMMITTEE: (
        "central_study",
        "staff_training",
        "induction_training",
        "party_school_rotation",
        "coordination_meeting",
        "party_lecture",
        "members_meeting",
    ),
}
"""The kinds that an authority holds most; they stand first on its form."""
USUAL_KINDS = (
    "member_study",
    "themed_day",
    "party_lecture",
    "members_meeting",
    "committee_meeting",
    "group_meeting",
    "member_review",
    "spirit_analysis",
    "joint_conference",
    "volunteer_service",
)
"""The same for communities and branches."""


class UnitsField(forms.ModelMultipleChoiceField):
    """Several units by their codes, each named with the one above it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", **options)

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.parent.name} · {unit.name}" if unit.parent else unit.name


class ActivityForm(forms.Form):
    """What is typed about an activity, but for the people. `is_look` true: shown, not checked."""

    unit = UnitChoiceField(label=_("host"))
    kinds = forms.MultipleChoiceField(
        label=_("kinds"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind.")},
    )
    topic = forms.CharField(
        label=_("topic"),
        max_length=200,
        widget=forms.TextInput({"list": "topics", "autocomplete": "off"}),
    )
    day = forms.DateField(label=_("day"))
    begins = forms.TimeField(label=pgettext_lazy("time of day", "from"))
    ends = forms.TimeField(label=pgettext_lazy("time of day", "until"), required=False)
    hours = forms.DecimalField(
        label=_("or length in hours"),
        required=False,
        min_value=0,
        max_value=744,
        max_digits=5,
        decimal_places=2,
    )
    last_day = forms.DateField(
        label=pgettext_lazy("activity", "last day"),
        required=False,
        help_text=_("Only where it ended on another day than it began."),
    )
    mode = forms.ChoiceField(
        label=_("form"), choices=Mode, widget=forms.RadioSelect, initial=Mode.IN_PERSON
    )
    place = forms.CharField(label=_("place"), max_length=100, required=False)
    chair = forms.CharField(label=_("chair"), max_length=50, required=False)
    recorder = forms.CharField(label=_("recorder"), max_length=50, required=False)
    lecturer = forms.CharField(label=_("lecturer"), max_length=50, required=False)
    school_level = forms.ChoiceField(
        label=_("level of the Party school"),
        choices=[("", "—"), *SchoolLevel.choices],
        required=False,
    )
    credit = forms.DecimalField(
        label=_("another credit in days"),
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text=_("Leave empty: the length decides. Above zero and at most one for each date."),
    )
    minutes = forms.CharField(
        label=_("minutes"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 4})
    )
    late_reason = forms.CharField(
        label=_("why it is entered later"),
        max_length=200,
        required=False,
        help_text=_("If you like to say so. The record tells how many days later, no more."),
    )
    co_hosts = UnitsField(label=_("co-hosts"), required=False)
    co_host_codes = forms.CharField(
        label=_("co-hosts elsewhere, by code"),
        max_length=500,
        required=False,
        help_text=_("Codes of other units of the county, joined by commas."),
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        user: User,
        activity: Activity | None = None,
        is_look: bool = False,
        is_final: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.user, self.activity = user, activity
        self.is_look, self.is_final = is_look, is_final
        hosts = Unit.objects.visible_to(user, action=Action.RECORD).select_related("parent")
        self.fields["unit"].queryset = hosts.on(timezone.localdate())  # type: ignore[attr-defined]
        if activity:
            self.fields["unit"].queryset |= hosts.filter(pk=activity.unit_id)  # type: ignore[attr-defined]
        beside = Unit.objects.visible_to(user).select_related("parent")
        near = beside.on(timezone.localdate())
        if activity:  # also those that were dissolved since
            near |= beside.filter(pk__in=activity.co_hosts.values("pk"))
        self.fields["co_hosts"].queryset = near  # type: ignore[attr-defined]
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (code, kind.name) for code, kind in all_kinds().items()
        ]
        self.extra = self._extra_form()

    def _extra_form(self) -> ExtraForm:
        """The kinds' own fields, a form of its own beside this one."""
        kinds = self["kinds"].value() or ()
        data = self.data if self.is_bound else None
        initial = self.activity.extra if self.activity else None
        return ExtraForm(data, kinds=kinds, is_look=self.is_look, initial=initial, user=self.user)

    # -- for the template ---------------------------------------------------
    def kind_groups(self, host: Unit | None) -> list[dict[str, Any]]:
        """The kinds with whether they are ticked: the host's usual ones, then the others."""
        first = FIRST_KINDS.get(host.kind, USUAL_KINDS) if host else USUAL_KINDS
        ticked = set(self["kinds"].value() or ())
        kinds = all_kinds()
        rest = [code for code in kinds if code not in first]
        return [
            {
                "is_usual": codes is first,
                "is_open": bool(ticked.intersection(codes)),
                "kinds": [(kinds[code], code in ticked) for code in codes],
            }
            for codes in (first, rest)
        ]

    def asks(self) -> set[str]:
        """The extra fields that the ticked kinds ask for."""
        ticked = set(self["kinds"].value() or ())
        return {name for code in ticked & all_kinds().keys() for name in all_kinds()[code].asks}

    # -- checking -----------------------------------------------------------
    def full_clean(self) -> None:
        if not self.is_look:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}

    def clean_co_host_codes(self) -> list[Unit]:
        text = self.cleaned_data["co_host_codes"]
        for sign in "、，;；\n ":
            text = text.replace(sign, ",")
        codes = {code.lower() for code in text.split(",") if code}
        host = self.cleaned_data.get("unit")
        if not codes or host is None:
            return []
        county = f"{host.county_code}/"
        found = {unit.code: unit for unit in Unit.objects.under(county).filter(code__in=codes)}
        if unknown := sorted(codes - found.keys()):
            message = _("There is no unit %(codes)s in this county.")
            raise ValidationError(message, params={"codes": listed(unknown)})
        return [found[code] for code in sorted(codes)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "ends" in data and "hours" in data and not data["ends"] and not data["hours"]:
            self.add_error("ends", _("Give the time of the end, or the length in hours."))
        if self.is_final and not self.errors:
            self._check_final(data)
        if not self.extra.is_valid():
            self.add_error(None, _("Please check what the kinds record besides."))
        return data

    def _check_final(self, data: dict[str, Any]) -> None:
        """What a draft may still lack."""
        if "party_school_rotation" in data["kinds"] and not data["school_level"]:
            self.add_error("school_level", _("Say of which level the Party school is."))
        if _moment(data["day"], data["begins"]) > timezone.now():
            self.add_error(
                "day", _("This is still to come. Save it as a draft and submit it afterwards.")
            )

    def _end(self, starts_at: datetime) -> datetime:
        data = self.cleaned_data
        if not data["ends"]:
            return starts_at + timedelta(seconds=int(data["hours"] * 3600))
        if data["ends"] == time() and not data["last_day"]:
            return _moment(data["day"] + timedelta(days=1), time())  # midnight ends the day
        return _moment(data["last_day"] or data["day"], data["ends"])

    def entry(self, roll: Roll) -> Entry:
        """What was typed, with the people on the list."""
        data = self.cleaned_data
        starts_at = _moment(data["day"], data["begins"])
        ends_at = self._end(starts_at)
        co_hosts = {unit.pk: unit for unit in [*data["co_hosts"], *data["co_host_codes"]]}
        names = ("topic", "mode", "place", "chair", "recorder", "lecturer", "minutes", "credit")
        names += ("late_reason",)
        return Entry(
            unit=data["unit"],
            kinds=frozenset(data["kinds"]),
            starts_at=starts_at,
            ends_at=ends_at,
            co_hosts=tuple(co_hosts.values()),
            school_level=data["school_level"],
            extra=self.extra.values(data["kinds"]),
            presences=roll.presences(),
            grades=roll.grades(),
            **{name: data[name] for name in names},
        )


class ReturnForm(forms.Form):
    """Why a record goes back to whoever wrote it."""

    reason = forms.CharField(
        label=_("why it is returned"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say why the record is returned.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


def blank_values(
    host: Unit | None,
    memories: Memories,
    *,
    day: date | None,
    kinds: list[str],
    is_held: bool = True,
) -> dict[str, Any]:
    """What a new form begins with: place, people and times of last time.

    Last time is the host's last record of one of `kinds`, else of all. `day` None: the usual
    weekday of the kind, or today. What was held (`is_held`) is never proposed for a time to come.
    """
    now = timezone.localtime()
    values: dict[str, Any] = {"day": day or now.date(), "kinds": kinds, "form_key": uuid.uuid4()}
    if host is None:
        return values
    values["unit"] = host.code
    alike = memories.of(kinds)
    if last := alike or memories.of([LAST]):
        usual = alike.usual_day(now) if alike else now.date()
        settled = day or (usual if usual != now.date() else None)
        values |= last.values() | (last.when(now, settled) if is_held else last.hours())
    if alike is None:
        values.pop("lecturer", None)
    return values


def values_of(activity: Activity, *, user: User) -> dict[str, Any]:
    """What the form shows of a record."""
    names = ("topic", "mode", "place", "chair", "recorder", "lecturer", "school_level", "minutes")
    names += ("late_reason",)
    near = set(
        Unit.objects.visible_to(user).filter(co_hosted=activity).values_list("code", flat=True)
    )
    codes = set(activity.co_hosts.values_list("code", flat=True))
    return {
        **{name: getattr(activity, name) for name in (*names, "version")},
        **_times(activity),
        "form_key": uuid.uuid4(),
        "unit": activity.unit.code,
        "kinds": [kind.code for kind in activity.kinds],
        "day": activity.first_day,
        "credit": activity.credit if activity.credit_is_set else None,
        "co_hosts": sorted(near),
        "co_host_codes": ",".join(sorted(codes - near)),
    }


def displayed(form: forms.Form, name: str) -> str:
    """A field's value as a person reads it."""
    value = form[name].value()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    words = dict(getattr(form.fields[name], "choices", ()))
    if isinstance(value, list | tuple):
        return listed(sorted(str(words.get(each, each)) for each in value))
    if isinstance(value, str) and value.count(":") == 1 and name in ("begins", "ends"):
        return value[:5]
    return str(words.get(value, value) if value not in (None, "") else "")


def _times(activity: Activity) -> dict[str, Any]:
    begun, ended = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    return {
        "begins": begun.time(),
        "ends": ended.time(),
        "last_day": ended.date() if ended.date() != begun.date() else None,
    }
