"""Filters of the dashboard, a county's settings, and baselines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessment.columns import Column, all_columns
from assessment.periods import Cycle
from assessment.phrases import CYCLES, LEVELS, WORDS, day_name
from assessment.places import Place
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.terms import OF_THE_DOCUMENT, Level, Measure, Status
from assessment.wording import phrase
from members.citing import in_language
from members.deadlines import load_kinds
from members.models import Person
from organizations.choices import CountsFrom, RotationCycle, SettingKey, UnitKind
from organizations.models import Unit
from organizations.settings import why_not

FILTER_STATUSES = (
    Status.MISSED,
    Status.DUE,
    Status.BEHIND,
    Status.UNKNOWN,
    Status.ON_TRACK,
    Status.MET,
)


class DayField(forms.DateField):
    """A day up to today; left empty it is today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, label=_("As of"), **kwargs)

    def clean(self, value: Any) -> date:
        day = super().clean(value) or timezone.localdate()
        if day > timezone.localdate():
            raise forms.ValidationError(_("Nobody knows yet how things stand on a day to come."))
        return day


class DayForm(forms.Form):
    """`on`: the day as of which a page is asked for."""

    on = DayField()


class DashboardFilter(forms.Form):
    """What the dashboard shows; everything may be left out."""

    street = forms.ChoiceField(label=_("Street"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)
    rulebook = forms.ChoiceField(label=_("Rulebook"), required=False)
    level = forms.ChoiceField(label=_("Rules"), required=False)
    cycle = forms.ChoiceField(label=_("Period"), required=False)
    status = forms.ChoiceField(label=_("Units with the status"), required=False)
    on = DayField()

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = [place for place in places if place.depth < 2]
        indent = min((place.depth for place in tops), default=0)
        self.fields["street"].choices = [
            ("", _("All within reach")),
            *((place.code, "\u3000" * (place.depth - indent) + place.name) for place in tops),
        ]
        kinds = {place.kind for place in places}
        self.fields["kind"].choices = [
            ("", _("All kinds")),
            *((kind.value, kind.label) for kind in UnitKind if kind.value in kinds),
        ]
        self.fields["rulebook"].choices = [
            ("", _("All rulebooks")),
            *((pk, phrase(load_rulebook(pk).title)) for pk in rulebook_ids()),
        ]
        self.fields["level"].choices = [
            ("", _("Judged rules")),
            (ALL_LEVELS, _("All rules")),
            *((level.value, LEVELS[level]) for level in _levels()),
        ]
        self.fields["cycle"].choices = [
            ("", _("All periods")),
            *((cycle.value, CYCLES[cycle]) for cycle in _cycles()),
        ]
        self.fields["status"].choices = [
            ("", _("Any")),
            *((status.value, WORDS[status]) for status in FILTER_STATUSES),
        ]

    @property
    def offered(self) -> tuple[Any, ...]:
        """The choices that differ from one reach to another: streets, and kinds of unit."""
        return tuple(tuple(self.fields[name].choices) for name in ("street", "kind"))

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid choices; what makes no sense is shown as an error and left out."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        chosen["on"] = chosen["on"] or timezone.localdate()
        return chosen

    def columns(self) -> list[Column]:
        """The rules that the choices leave."""
        chosen = self.chosen
        return [
            column
            for column in all_columns()
            if _is_of_level(column, chosen["level"])
            and chosen["cycle"] in {"", column.rule.cycle.value}
            and chosen["rulebook"] in {"", column.rulebook}
        ]


def _is_of_level(column: Column, level: str) -> bool:
    """Without a level the rules that are judged, with `all` also those shown."""
    if not level:
        return not column.rule.is_shown_only
    return level in {ALL_LEVELS, column.rule.level.value}


def _cycles() -> list[Cycle]:
    used = {column.rule.cycle for column in all_columns()}
    return [cycle for cycle in Cycle if cycle in used]


ALL_LEVELS = "all"
"""Also the rules that are merely shown; left out they are not."""


def _levels() -> list[Level]:
    used = {column.rule.level for column in all_columns()}
    return [level for level in Level if level in used]


def rolling_columns() -> list[Column]:
    """The rules for which it matters when something was last done."""
    return [column for column in all_columns() if column.rule.measure is Measure.LAST_DONE]


class BaselineForm(forms.Form):
    """When a unit, or a person in it, last did what a rolling rule asks for."""

    rule = forms.ChoiceField(label=_("Rule"))
    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("The unit itself"),
        help_text=_("For a rule that asks each person; else leave it."),
    )
    done_on = forms.DateField(label=_("Last done on"))
    note = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("For example the minutes or the certificate."),
    )

    def __init__(self, *args: Any, user: User, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {column.rule.id: column for column in rolling_columns()}
        self.fields["rule"].choices = [(pk, column.title) for pk, column in self.columns.items()]
        holders = unit.appointments.still_open().values("person")
        people = Person.objects.visible_to(user).filter(pk__in=holders)
        self.fields["person"].queryset = people.order_by("pinyin", "pk")

    def clean_done_on(self) -> date:
        day = self.cleaned_data["done_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        column, person = self.columns.get(data.get("rule", "")), data.get("person")
        if column and column.rule.who.is_person and person is None:
            self.add_error("person", _("This rule asks each person: choose one."))
        if column and not column.rule.who.is_person and person is not None:
            self.add_error("person", _("This rule asks the unit, not a person."))
        return data


ON_PAGES_OF_THEIR_OWN = {SettingKey.RULEBOOK, SettingKey.RULE, SettingKey.THRESHOLD}
"""Settings that are made where the rulebooks are listed."""


OWN_NUMBERS = {SettingKey.SHARE, SettingKey.LEAD_DAYS}
"""Settings that take the place of a number of the rulebook: why has to be said."""


class SettingForm(forms.Form):
    """One setting of a county, from a day on; rulebooks and numbers have forms of their own."""

    key = forms.ChoiceField(label=_("Setting"))
    subject = forms.ChoiceField(
        label=_("Of which rule"),
        required=False,
        help_text=_("Only for the share, the days of lead and files asked for."),
    )
    value = forms.CharField(
        label=_("Value"), max_length=80, widget=forms.TextInput(attrs={"list": "setting-values"})
    )
    applies_from = forms.DateField(label=_("Applies from"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [
            choice for choice in SettingKey.choices if choice[0] not in ON_PAGES_OF_THEIR_OWN
        ]
        rules = [(column.rule.id, column.title) for column in all_columns()]
        self.fields["subject"].choices = [
            ("", "—"),
            (_("Rules"), rules),
        ]

    @property
    def suggestions(self) -> list[str]:
        """The values that are words."""
        return [str(word) for word in _value_words().values()]

    def clean_value(self) -> str:
        """What a person calls it, or its code, as the code."""
        value = self.cleaned_data["value"]
        key = self.cleaned_data.get("key", "")
        codes = {(name, str(word)): code for (name, code), word in _value_words().items()}
        return codes.get((key, value), value)

    @property
    def full_key(self) -> str:
        """The setting with what it is of."""
        subject = self.cleaned_data["subject"]
        return f"{self.cleaned_data['key']}:{subject}" if subject else self.cleaned_data["key"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("key") in OWN_NUMBERS and not data.get("reason"):
            self.add_error("reason", _("Say why the county goes by a number of its own."))
        if not self.errors and (refusal := why_not(self.full_key, data["value"])):
            self.add_error("value", refusal)
        return data


def setting_name(key: str) -> str:
    """What a stored key is called: the setting and what it is of."""
    name, _colon, subject = key.partition(":")
    label = str(SettingKey(name).label)
    if not subject:
        return label
    titles = {column.rule.id: column.title for column in all_columns()}
    titles |= {pk: phrase(load_rulebook(pk).title) for pk in rulebook_ids()}
    titles |= {pk: in_language(kind.title) for pk, kind in load_kinds().items()}
    return gettext("%(setting)s: %(subject)s") % {
        "setting": label,
        "subject": titles.get(subject, subject),
    }


def setting_value(key: str, value: str) -> str:
    """What a stored value is called; a day as days are written."""
    name = key.partition(":")[0]
    if name == SettingKey.WENT_LIVE_ON:
        return day_name(date.fromisoformat(value))
    return str(_value_words().get((name, value), value))


def _value_words() -> dict[tuple[str, str], Any]:
    """What the values that are codes are called, by setting and code."""
    return {
        **{(SettingKey.COUNTS_FROM.value, code): word for code, word in CountsFrom.choices},
        **{(SettingKey.ROTATION_CYCLE.value, code): word for code, word in RotationCycle.choices},
        (SettingKey.RULEBOOK.value, "on"): _("in use"),
        (SettingKey.RULEBOOK.value, "off"): _("not in use"),
        (SettingKey.ATTACHMENT.value, "on"): _("asked for"),
        (SettingKey.ATTACHMENT.value, "off"): _("not asked for"),
        (SettingKey.HINTS.value, "on"): _("shown"),
        (SettingKey.HINTS.value, "off"): _("not shown"),
        (SettingKey.RULE.value, "on"): _("in use"),
        (SettingKey.RULE.value, "off"): _("not in use"),
        (SettingKey.THRESHOLD.value, OF_THE_DOCUMENT): _("the document's number"),
    }
