"""Forms of the ledgers: the bars above the lists, and what is entered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from members.choices import (
    DECISIONS,
    MEMBER_STAGES,
    CaseOutcome,
    ExemptionReason,
    ExemptionState,
    FloatingCheckKind,
    FloatingDirection,
    GuestNoteKind,
    Nature,
    Office,
    Stage,
    StepKind,
)
from members.forms import PAPER_DAYS, PAPERS, CheckForm, DayField, NewPersonForm, units_for
from members.models import DutyPost, FloatingEntry, Person
from organizations.actions import Action
from organizations.forms import not_in_the_future
from organizations.models import Unit

ALL = ("", _("All"))


class LedgerFilterForm(forms.Form):
    """The bar above a ledger: whose row, and which unit's."""

    q = forms.CharField(label=_("Name or pinyin"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.VIEW)  # type: ignore[attr-defined]


class TransferFilterForm(LedgerFilterForm):
    SHOWN = [
        ("", _("On the way")),
        ("overdue", _("Overdue")),
        ("mine", _("Waiting for our answer")),
        ("all", _("All")),
    ]
    shown = forms.ChoiceField(label=_("State"), required=False, choices=SHOWN)


class TransferForm(forms.Form):
    """Where the Party relation goes: to a unit of the user's reach, or to any other by name."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("To the unit"), to_field_name="code", required=False
    )
    to_name = forms.CharField(
        label=_("Or to another organisation"),
        max_length=100,
        required=False,
        help_text=_("Its full name, as it stands in the letter."),
    )
    to_code = forms.CharField(
        label=_("Its code"),
        max_length=30,
        required=False,
        help_text=_(
            "If it uses this portal as well: then it finds the letter there and answers it. Leave "
            "it empty for an organisation outside: then you note the slip that comes back."
        ),
    )
    letter_number = forms.CharField(label=_("Letter number"), max_length=40, required=False)
    issued_on = DayField(label=_("Issued on"), required=True)
    valid_until = DayField(label=_("Valid until"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.VIEW)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("unit") and not data.get("to_name"):
            self.add_error("unit", _("Choose a unit, or name the organisation."))
        if data.get("unit") and data.get("to_code"):
            self.add_error("to_code", _("Only for an organisation that is not in the list."))
        if data.get("unit") and data.get("to_name"):
            self.add_error("to_name", _("Either a unit or another organisation, not both."))
        return data

    def clean_to_code(self) -> str:
        """Whether there is such a unit is not told: it would give away what lies beyond reach."""
        return self.cleaned_data["to_code"].strip().lower()


class ArrivalForm(forms.Form):
    """The answer to a letter: when the relation arrived, or why it goes back."""

    on = DayField(label=_("There from"), validators=[not_in_the_future])
    answer = forms.CharField(label=_("Answer"), max_length=200, required=False)


class NewcomerForm(NewPersonForm):
    """A member who comes with a letter from outside the portal."""

    from_name = forms.CharField(label=_("Coming from"), max_length=100)
    letter_number = forms.CharField(label=_("Letter number"), max_length=40, required=False)
    issued_on = DayField(label=_("Issued on"))
    begun_on = DayField(label=_("There from"), required=True, validators=[not_in_the_future])
    field_order = ["unit", "from_name", "letter_number", "issued_on", "begun_on", "name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("stage") not in MEMBER_STAGES:
            self.add_error("stage", _("A Party relation is a probationary or full member's."))
        return data


class ExemptionFilterForm(LedgerFilterForm):
    SHOWN = [("", _("In force")), *ExemptionState.choices, ("all", _("All"))]
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[ALL, *ExemptionReason.choices]
    )
    shown = forms.ChoiceField(label=_("State"), required=False, choices=SHOWN)


class FloatingFilterForm(LedgerFilterForm):
    SHOWN = [
        ("", _("In the ledger now")),
        ("review", _("Cards not yet reviewed this year")),
        ("situation", _("No note on the situation this year")),
        ("contact", _("No contact noted this year")),
        ("papers", _("Certificate or a card missing")),
        ("ended", _("Ended")),
        ("all", _("All")),
    ]
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=[ALL, *FloatingDirection.choices]
    )
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class EntriesField(forms.ModelMultipleChoiceField):
    """People to be ticked, by name, with what tells two of one name apart."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: FloatingEntry) -> str:
        place = f" · {obj.place}" if obj.place else ""
        return f"{obj.person.name} · {obj.get_direction_display()}{place}"


class ContactForm(CheckForm):
    """One contact, review or look into the situation, noted for several floating members."""

    entries = EntriesField(FloatingEntry.objects.none(), label=_("For whom"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=FloatingCheckKind.choices, initial=FloatingCheckKind.CONTACT
    )
    field_order = ["kind", "done_on", "note", "entries"]

    def __init__(self, *args: Any, entries: QuerySet[FloatingEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = entries  # type: ignore[attr-defined]


class FloatingEditForm(forms.ModelForm):
    """Certificate, cards and contact of an entry in the ledger (clause 12)."""

    begun_on = DayField(label=_("Since"))

    class Meta:
        model = FloatingEntry
        fields = ["place", "begun_on", *PAPERS, "contact_person"]
        field_classes = dict.fromkeys(PAPER_DAYS, DayField)

    def _post_clean(self) -> None:
        """The service checks and saves; the form leaves the instance alone."""


class DevelopmentFilterForm(LedgerFilterForm):
    SHOWN = [
        ("", _("All on the way")),
        ("ready", _("Next stage may follow")),
        ("probation", _("Probation ends within 60 days")),
    ]
    STAGES = [(stage.value, stage.label) for stage in Stage if stage != Stage.FULL]
    stage = forms.ChoiceField(label=_("Category"), required=False, choices=[ALL, *STAGES])
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class StepForm(forms.Form):
    """A step on the way into the Party."""

    STEPS = [(kind.value, kind.label) for kind in StepKind if kind not in DECISIONS]
    kind = forms.ChoiceField(label=_("Step"), choices=STEPS)
    on = DayField(label=_("Day"), required=True)
    note = forms.CharField(label=_("Who, and what was said"), max_length=300, required=False)


class DecisionForm(forms.Form):
    """A decision on the probation."""

    on = DayField(label=_("Decided on"), required=True)
    note = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ExtensionForm(DecisionForm):
    field_order = ["on", "until", "note"]
    until = DayField(
        label=_("Extended until"),
        required=True,
        help_text=_("As a rule once, by half a year up to one year."),
    )


class StageDayForm(forms.Form):
    """The day on which the next stage is reached."""

    on = DayField(label=_("Reached on"), required=True)


class GuestFilterForm(LedgerFilterForm):
    SHOWN = [
        ("", _("Now")),
        ("unclaimed", _("Nothing noted this year")),
        ("all", _("All")),
    ]
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


GUEST_NATURES = [
    (nature.value, nature.label) for nature in (Nature.IN_SERVICE, Nature.RETIRED_RESIDENT)
]


class GuestForm(forms.Form):
    """Where the home unit is, and whom to reach there."""

    elsewhere = forms.CharField(label=_("Home unit"), max_length=100, required=False)
    contact = forms.CharField(label=_("Contact there"), max_length=100, required=False)


class GuestTieForm(GuestForm):
    """Somebody on record who belongs to a further unit."""

    field_order = ["unit", "nature", "begun_on"]
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    nature = forms.ChoiceField(label=_("Belongs as"), choices=GUEST_NATURES)
    begun_on = DayField(label=_("Since"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]


class NewGuestForm(NewPersonForm):
    """Somebody new whose home unit is outside the portal."""

    office = None  # type: ignore[assignment]
    nature = forms.ChoiceField(label=_("Belongs as"), choices=GUEST_NATURES)
    elsewhere = forms.CharField(label=_("Home unit"), max_length=100)
    contact = forms.CharField(label=_("Contact there"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("stage") not in MEMBER_STAGES:
            self.add_error("stage", _("A Party relation is a probationary or full member's."))
        return data


class GuestNoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=GuestNoteKind.choices)
    on = DayField(label=_("Day"), required=True)
    text = forms.CharField(label=_("Content"), max_length=300)


class SettleForm(forms.Form):
    done_on = DayField(label=_("Done on"), required=True)
    result = forms.CharField(label=_("Result"), max_length=300, required=False)


class TermFilterForm(LedgerFilterForm):
    SHOWN = [
        ("", _("All in office")),
        ("due", _("Term ends within six months")),
        ("over", _("Term is over")),
        ("unknown", _("End of the term not on record")),
        ("outside", _("Not members of the Party")),
    ]
    office = forms.ChoiceField(label=_("Office"), required=False, choices=[ALL, *Office.choices])
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class PostFilterForm(LedgerFilterForm):
    SHOWN = [("", _("Now")), ("vacant", _("Held by nobody")), ("all", _("All"))]
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class PostForm(forms.Form):
    """A post that a unit sets up for its members."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code")
    name = forms.CharField(label=_("Post"), max_length=60)
    duties = forms.CharField(label=_("Duties"), max_length=300, required=False)
    begun_on = DayField(label=_("Since"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_for(user, Action.ENROL)  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """Who takes a post: somebody of the unit or of one below it."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"))
    begun_on = DayField(label=_("Since"))

    def __init__(self, *args: Any, user: User, post: DutyPost, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.visible_to(user, action=Action.RECORD).under(post.unit.path)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class PledgeFilterForm(LedgerFilterForm):
    SHOWN = [("", _("This year")), ("open", _("Not yet reported on")), ("all", _("All"))]
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class PledgeForm(forms.Form):
    made_on = DayField(label=_("Made on"), required=True)
    text = forms.CharField(label=_("Pledge"), max_length=300)


class PledgeReportForm(forms.Form):
    reported_on = DayField(label=_("Reported on"), required=True)
    report = forms.CharField(label=_("How it was kept"), max_length=300)


class CaseFilterForm(LedgerFilterForm):
    SHOWN = [("", _("Open")), ("all", _("All"))]
    shown = forms.ChoiceField(label=_("Shown"), required=False, choices=SHOWN)


class CaseForm(forms.Form):
    opened_on = DayField(label=_("Opened on"), required=True)
    ground = forms.CharField(label=_("Ground"), max_length=300)
    measure = forms.CharField(label=_("Measure"), max_length=300, required=False)


class CaseSettleForm(forms.Form):
    settled_on = DayField(label=_("Settled on"), required=True)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CaseOutcome.choices)
    measure = forms.CharField(label=_("Measure"), max_length=300, required=False)
