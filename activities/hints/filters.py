"""The filters of the list of hints; they live in the query string."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.choices import HintKind
from activities.models import Hint
from organizations.actions import Action
from organizations.models import Unit

WAITING, SETTLED = "waiting", "settled"


class HintFilter(django_filters.FilterSet):
    """By unit and all below it, kind, day, and whether somebody has settled it."""

    unit = django_filters.ChoiceFilter(
        label=_("unit"), method="of_unit", choices=[], empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("kind"), choices=HintKind.choices, empty_label=_("All")
    )
    settled = django_filters.ChoiceFilter(
        label=_("state"),
        method="in_state",
        choices=[(WAITING, _("Not settled")), (SETTLED, _("Settled"))],
        empty_label=_("All"),
    )
    first = django_filters.DateFilter(label=_("from day"), field_name="day", lookup_expr="gte")
    last = django_filters.DateFilter(label=_("to day"), field_name="day", lookup_expr="lte")

    class Meta:
        model = Hint
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = Unit.objects.visible_to(self.request.user, action=Action.REVIEW)
        self.filters["unit"].extra["choices"] = [
            (code, "　" * (path.count("/") - 1) + name)
            for code, path, name in units.values_list("code", "path", "name")
        ]

    def of_unit(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        units = Unit.objects.visible_to(self.request.user, action=Action.REVIEW)
        unit = units.filter(code=value).first()
        return queryset.under(unit.path) if unit else queryset.none()  # type: ignore[attr-defined]

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(dismissed_at__isnull=value == WAITING)
