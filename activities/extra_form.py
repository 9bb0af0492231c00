"""The kinds' own fields as a form: drawn, checked and read from what fields.toml declares."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from activities.extras import Field, all_fields, fields_of, kept_values
from activities.kinds import all_kinds
from activities.naming import SORTS, all_named, named, text_of
from organizations.wording import listed

PREFIX = "extra"
MOST_LINES = 100
LONGEST = 4_000
LENGTHS = {"text": 200, "person": 150, "unit": 150}
COUNTABLE = 1_000_000
MANY = frozenset({"units", "people"})


class LinesField(forms.CharField):
    """Several things, one on each line; empty lines are nothing."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().clean(value)
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)s lines.") % {"most": MOST_LINES})
        if any(len(line) > LENGTHS["text"] for line in lines):
            message = _("A line holds at most %(most)s characters.")
            raise ValidationError(message % {"most": LENGTHS["text"]})
        return lines


class NamedLinesField(LinesField):
    """Several units or people, one on each line; a line that names nobody on record is words."""

    def __init__(self, declared: Field, *, user: User | None, kept: Any, **options: Any) -> None:
        super().__init__(**options)
        self.declared, self.user = declared, user
        self.kept = {text_of(each) if isinstance(each, dict) else each: each for each in kept or ()}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(text_of(each) if isinstance(each, dict) else each for each in value)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]
        lines = super().clean(value)
        new = [line for line in lines if line not in self.kept]
        sort = SORTS[self.declared.type]
        found = all_named(sort, new, user=self.user) if self.user and new else new
        meant = self.kept | dict(zip(new, found, strict=True))
        return [meant[line] for line in lines]


class NamedField(forms.CharField):
    """A unit or a person: begun to be typed, chosen from what fits; what is not on record is words.

    What stands on record already stays whom it names, also beyond the reach of whoever changes
    something else.
    """

    def __init__(self, declared: Field, *, user: User | None, kept: Any, **options: Any) -> None:
        super().__init__(max_length=LENGTHS[declared.type], **options)
        self.declared, self.user, self.kept = declared, user, kept
        self.help_text = self.help_text or _("Type and choose from the list, or leave your words.")
        self.widget.attrs |= {
            "list": f"offered-{declared.code}",
            "autocomplete": "off",
            "hx-get": reverse("activities:offered", args=[declared.code]),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#offered-{declared.code}",
            "hx-sync": "this:replace",
        }

    def prepare_value(self, value: Any) -> Any:
        return text_of(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or text == self.prepare_value(self.kept):
            return self.kept if text else text
        return named(self.declared.type, text, user=self.user) if self.user else text


class ExtraForm(forms.Form):
    """Every declared field; only those that the ticked kinds ask for are checked and kept."""

    def __init__(
        self,
        *args: Any,
        kinds: Collection[str] = (),
        is_look: bool = False,
        user: User | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, prefix=PREFIX, **options)
        self.is_look = is_look
        self.asked = {field.code for field in fields_of(kinds)}
        for code, declared in all_fields().items():
            is_asked = code in self.asked
            kept = self.initial.get(code)
            self.fields[code] = _form_field(declared, is_asked=is_asked, user=user, kept=kept)

    def full_clean(self) -> None:
        if not self.is_look:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}

    def _clean_fields(self) -> None:
        """Leave unchecked what nobody is asked for: it is not kept."""
        everything = self.fields
        self.fields = {name: everything[name] for name in everything if name in self.asked}
        try:
            super()._clean_fields()
        finally:
            self.fields = everything

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("shown_from"), data.get("shown_until")
        if first and last and last < first:
            self.add_error("shown_until", _("The last day is before the first."))
        return data

    def values(self, kinds: Collection[str]) -> dict[str, Any]:
        """What was typed, as plain JSON."""
        return kept_values(kinds, {name: _plain(v) for name, v in self.cleaned_data.items()})

    @property
    def is_open(self) -> bool:
        """Whether the ticked kinds ask for anything here."""
        return bool(self.asked)

    @property
    def places(self) -> list[dict[str, Any]]:
        """The fields in the order of the kinds, each with the kinds that ask for it."""
        asking: dict[str, list[str]] = {}
        for kind in all_kinds().values():
            for code in kind.fields:
                asking.setdefault(code, []).append(kind.code)
        codes = sorted(asking, key=lambda code: code not in self.asked)
        return [
            {
                "field": self[code],
                "kinds": " ".join(asking[code]),
                "names": listed(all_kinds()[kind].name for kind in asking[code]),
                "is_wide": all_fields()[code].type in ("long", "choices"),
                "offers": code if all_fields()[code].type in SORTS else "",
                "adds": all_fields()[code].type in MANY,
            }
            for code in codes
        ]


def _form_field(declared: Field, *, is_asked: bool, user: User | None, kept: Any) -> forms.Field:
    options: dict[str, Any] = {
        "label": declared.label,
        "help_text": declared.help,
        "required": declared.required and is_asked,
    }
    choices = [(choice.code, str(choice)) for choice in declared.choices]
    match declared.type:
        case "long":
            widget = forms.Textarea({"rows": 3})
            return forms.CharField(max_length=LONGEST, widget=widget, **options)
        case "choice":
            return forms.ChoiceField(choices=[("", "—"), *choices], **options)
        case "choices":
            widget = forms.CheckboxSelectMultiple()
            return forms.MultipleChoiceField(choices=choices, widget=widget, **options)
        case "date":
            return forms.DateField(**options)
        case "number":
            return forms.IntegerField(min_value=0, max_value=COUNTABLE, **options)
        case "list":
            return LinesField(max_length=LONGEST * 2, **options)
        case "units" | "people":
            longest = LONGEST * 2
            return NamedLinesField(declared, user=user, kept=kept, max_length=longest, **options)
        case "unit" | "person":
            return NamedField(declared, user=user, kept=kept, **options)
        case _:
            return forms.CharField(max_length=LENGTHS[declared.type], **options)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
