"""Forms of people: the same checks as the roster's columns, so that both say the same."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from members.choices import (
    MEMBER_STAGES,
    BatchKind,
    BatchState,
    Election,
    ExemptionReason,
    FloatingDirection,
    Nature,
    Office,
    Stage,
    Standing,
)
from members.models import FloatingEntry, Person
from members.roster import cleaning
from members.roster.cleaning import Cleaner, Noted, birth_date_of, sex_of
from members.roster.messages import message
from members.services.people import STAGE_DAYS
from organizations.actions import Action
from organizations.choices import UnitKind
from organizations.forms import not_in_the_future
from organizations.models import Unit
from organizations.spreadsheets.cells import Problem


class DayField(forms.DateField):
    """A date, typed or picked from the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class CleanedField(forms.CharField):
    """Text that one of the roster's cleaners reads."""

    def __init__(self, cleaner: Cleaner, **kwargs: Any) -> None:
        self.cleaner = cleaner
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        outcome = self.cleaner(super().clean(value))
        if isinstance(outcome, Problem):
            raise forms.ValidationError(message(outcome))
        if isinstance(outcome, Noted):
            outcome = outcome.value
        return str(outcome or "")


def units_for(user: User, action: Action) -> QuerySet[Unit]:
    """The units that a form offers: to these somebody may come."""
    units = Unit.objects.visible_to(user, action=action)
    return units.taking_in(timezone.localdate()).order_by("path")


class PersonFilterForm(forms.Form):
    """The bar above the list of people. A number finds its owner when it is there in full."""

    q = forms.CharField(label=_("Name, pinyin or number"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    stage = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("All")), *Stage.choices]
    )
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("All")), *Standing.choices]
    )
    tie = forms.ChoiceField(
        label=_("Belongs here as"),
        required=False,
        choices=[
            ("", _("All")),
            *Nature.choices,
            ("office", _("In office")),
            ("floating", _("In the ledger of floating members")),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.VIEW)  # type: ignore[attr-defined]


class PersonForm(forms.ModelForm):
    """What is on record of a person, with the membership. Empty identifiers stay as they are."""

    name = CleanedField(cleaning.clean_name, label=_("Name"), max_length=60)
    id_number = CleanedField(cleaning.clean_id_number, label=_("ID number"), required=False)
    phone = CleanedField(cleaning.clean_phone, label=_("Phone"), required=False)
    ethnicity = CleanedField(cleaning.clean_ethnicity, label=_("Ethnicity"), required=False)
    birth_date = DayField(label=_("Birth date"), validators=[not_in_the_future])
    stage = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("Not on the way into the Party")), *Stage.choices],
    )
    applied_on = DayField(label=_("Applied on"), validators=[not_in_the_future])
    activist_on = DayField(label=_("Activist since"), validators=[not_in_the_future])
    candidate_on = DayField(label=_("Candidate since"), validators=[not_in_the_future])
    joined_on = DayField(label=_("Joined the Party on"), validators=[not_in_the_future])
    full_on = DayField(label=_("Full member since"), validators=[not_in_the_future])

    class Meta:
        model = Person
        fields = [
            "name",
            "sex",
            "ethnicity",
            "birth_date",
            "education",
            "occupation",
            "address",
        ]

    def clean(self) -> dict[str, Any]:
        """Take sex and birth date from the ID number where they were left empty."""
        data = super().clean() or self.cleaned_data
        if number := data.get("id_number"):
            data["birth_date"] = data.get("birth_date") or birth_date_of(number)
            data["sex"] = data.get("sex") or sex_of(number)
        if not data.get("stage") and any(data.get(name) for name in STAGE_DAYS):
            self.add_error("stage", _("Choose the category that these days belong to."))
        self._check_stages(data)
        return data

    def _check_stages(self, data: dict[str, Any]) -> None:
        """A stage that was not reached has no day, and none comes before the one below it."""
        if data.get("joined_on") and data.get("stage") not in {"", None, *MEMBER_STAGES}:
            told = _(
                "Only a probationary or full member has joined the Party: choose the category, or "
                "leave this empty."
            )
            self.add_error("joined_on", told)
        known = [(name, data[name]) for name in STAGE_DAYS if data.get(name)]
        for (_before, earlier), (name, later) in pairwise(known):
            if later < earlier and name in data:
                self.add_error(name, _("This day lies before that of an earlier stage."))

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def membership(self) -> dict[str, Any] | None:
        if not self.cleaned_data["stage"]:
            return None
        return {name: self.cleaned_data[name] for name in ("stage", *STAGE_DAYS)}

    def _post_clean(self) -> None:
        """The service checks and saves; the form leaves the instance alone."""


class PersonEditForm(PersonForm):
    """What is on record, to be corrected, though somebody else may be at it as well.

    The page carries along what it showed. What its user left as it was stays as it is by now; what
    both have changed is asked about once, and then the last word holds.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in ("id_number", "phone")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in set(data) & set(self.fields):
            self._mind_others(name, data)
        return data

    def _mind_others(self, name: str, data: dict[str, Any]) -> None:
        field, shown_as = self.fields[name], self.add_initial_prefix(name)
        if not field.show_hidden_initial or shown_as not in self.data:
            return
        shown = field.to_python(self.data[shown_as]) or None
        now = self.get_initial_for_field(field, name) or None
        if shown == now or data[name] == now:
            return
        if (data[name] or None) == shown:
            data[name] = now if now is not None else field.to_python("")
            return
        told = _(
            "Somebody else has written “%(now)s” here since you opened the page. Save again to put "
            "yours in its place."
        )
        self.add_error(name, told % {"now": self._in_words(field, now)})
        self.data = self.data.copy()
        self.data[shown_as] = "" if now is None else str(now)

    @staticmethod
    def _in_words(field: forms.Field, value: Any) -> str:
        words = dict(getattr(field, "choices", ())).get(value, value)
        return "—" if words is None else str(words)


class NewPersonForm(PersonForm):
    """Somebody who comes onto a roster; a worker may be on no way into the Party."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    begun_on = DayField(
        label=_("In this unit since"), help_text=_("Empty: since before the portal.")
    )
    office = forms.ChoiceField(
        label=_("Office"), required=False, choices=[("", _("None")), *Office.choices]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_for(user, Action.ENROL)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        codes = list(units.values_list("code", flat=True)[:2])
        if len(codes) == 1:
            self.initial["unit"] = codes[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("stage") and not data.get("office"):
            self.add_error("stage", _("Choose a category, an office, or both."))
        return data


class UnitDayForm(forms.Form):
    """A unit and a day: where somebody goes, and when."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("New unit"), to_field_name="code")
    on = DayField(label=_("There from"), required=True, validators=[not_in_the_future])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """The last day of something."""

    on = DayField(label=_("Last day"), required=True)


class AppointmentForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    office = forms.ChoiceField(label=_("Office"), choices=Office.choices)
    election = forms.ChoiceField(
        label=_("How elected"), required=False, choices=[("", "—"), *Election.choices]
    )
    begun_on = DayField(label=_("In office since"), help_text=_("Empty: since before the portal."))
    term_ends_on = DayField(label=_("Term ends on"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]


class ExemptionForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=ExemptionReason.choices)
    begun_on = DayField(label=_("First day"), required=True)
    ended_on = DayField(label=_("Last day"), help_text=_("Empty: until further notice."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class StandingForm(forms.Form):
    standing = forms.ChoiceField(label=_("Standing"), choices=Standing.choices)
    on = DayField(label=_("First day"), required=True, validators=[not_in_the_future])
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


PAPERS = (
    "certificate_number",
    "certificate_on",
    "contact_card",
    "contact_card_on",
    "activity_card",
    "activity_card_on",
    "feedback_card",
    "feedback_card_on",
)
PAPER_DAYS = tuple(name for name in PAPERS if name.endswith("_on"))


class FloatingForm(forms.ModelForm):
    """An entry in the ledger of floating members: certificate and the three cards (clause 12)."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Kept by"), to_field_name="code")
    direction = forms.ChoiceField(label=_("Direction"), choices=FloatingDirection.choices)
    begun_on = DayField(label=_("Since"))

    class Meta:
        model = FloatingEntry
        fields = [
            "unit",
            "direction",
            "place",
            "begun_on",
            *PAPERS,
            "contact_person",
        ]
        field_classes = dict.fromkeys(PAPER_DAYS, DayField)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service checks and saves; the form leaves the instance alone."""


class CheckForm(forms.Form):
    """A yearly review or note: small enough to stand in the page."""

    done_on = DayField(label=_("Done on"), required=True)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason for looking"), max_length=200)


class PlanForm(forms.Form):
    """A street's plan of a year for developing members (clause 10)."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Street working committee"), to_field_name="code"
    )
    year = forms.IntegerField(label=_("Year"), min_value=2008, max_value=2099)
    adopted_on = DayField(label=_("Adopted on"), required=True)
    text = forms.CharField(label=_("Content"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        streets = units_for(user, Action.ENROL).filter(kind=UnitKind.STREET_COMMITTEE)
        self.fields["unit"].queryset = streets  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """The file of an import, and whose roster it is."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("For the unit"),
        to_field_name="code",
        help_text=_("Rows may name this unit or any below it; a row that names none is its own."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(".xlsx, .xls, .ods, .csv or .tsv, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"}),
        allow_empty_file=True,
    )
    on = DayField(
        label=_("New people are here since"), help_text=_("Empty: since before the portal.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]


class ImportFilterForm(forms.Form):
    """Which imports a list shows."""

    kind = forms.ChoiceField(
        label=_("What was imported"), required=False, choices=[("", _("All")), *BatchKind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *BatchState.choices]
    )
