"""How forms are drawn: the portal's own templates before Django's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

# A date is picked in the browser's own calendar, which speaks ISO.
PICKERS: dict[type[forms.Widget], tuple[str, str]] = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}
TICKED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class PortalBoundField(forms.BoundField):
    """A field whose widget carries the classes of the portal's kit."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        invite(field)
        ask(field)
        picker = PICKERS.get(type(field.widget))
        if picker and field.widget.input_type == "text":
            field.widget.input_type, field.widget.format = picker

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        own = attrs.get("class") or widget.attrs.get("class", "")
        attrs["class"] = f"{kit_class(widget)} {own}".strip()
        return attrs


class PortalRenderer(TemplatesSetting):
    """Fields as label, control, help and error, in the portal's components."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"
    bound_field_class = PortalBoundField


def invite(field: forms.Field) -> None:
    """An empty choice asks to be replaced, instead of showing a row of dashes."""
    dashes = BLANK_CHOICE_DASH[0][1]
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == dashes:
            field.empty_label = _("Please choose")
    elif isinstance(field.widget, forms.Select):
        field.widget.choices = [
            (value, _("Please choose") if value == "" and words == dashes else words)
            for value, words in field.widget.choices
        ]


def ask(field: forms.Field) -> None:
    """What was left empty is asked for in words that say what to do; a form may have its own."""
    usual = forms.Field.default_error_messages["required"]
    if field.error_messages.get("required") == usual:
        chosen = isinstance(field.widget, (forms.Select, *TICKED))
        told = _("Please choose.") if chosen else _("Please fill this in.")
        field.error_messages["required"] = told


def kit_class(widget: forms.Widget) -> str:
    """The class that the kit wants on a control of this kind; none on a hidden one."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, TICKED):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
