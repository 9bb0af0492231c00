"""The filters of the list of activities; they live in the query string."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.choices import State
from activities.kinds import all_kinds
from activities.models import Activity
from organizations.models import Unit


def kind_choices() -> list[tuple[str, str]]:
    return [(code, kind.name) for code, kind in all_kinds().items()]


class ActivityFilter(django_filters.FilterSet):
    """By unit and all below it, kind, state, day and words."""

    unit = django_filters.ChoiceFilter(
        label=_("unit"), method="of_unit", choices=[], empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("kind"), method="of_kind", choices=kind_choices, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=State.choices, empty_label=_("All")
    )
    first = django_filters.DateFilter(
        label=_("from day"), field_name="first_day", lookup_expr="gte"
    )
    last = django_filters.DateFilter(label=_("to day"), field_name="first_day", lookup_expr="lte")
    text = django_filters.CharFilter(
        label=_("words"),
        method="with_words",
        widget=forms.TextInput({"placeholder": _("Topic, place, chair or lecturer")}),
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = Unit.objects.visible_to(self.request.user)
        self.filters["unit"].extra["choices"] = [
            (code, "　" * (path.count("/") - 1) + name)
            for code, path, name in units.values_list("code", "path", "name")
        ]

    def of_unit(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        unit = Unit.objects.visible_to(self.request.user).filter(code=value).first()
        return queryset.under(unit.path) if unit else queryset.none()  # type: ignore[attr-defined]

    def of_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.of_kinds([value])  # type: ignore[attr-defined]

    def with_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.naming(value.strip())  # type: ignore[attr-defined]
