"""The documents' clauses with how the county stands, who is expected, and the formulas."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils import timezone
from django.views.generic import TemplateView

from activities.models import Activity
from assessment.board_views import BoardView
from assessment.clause_rows import clauses_of
from assessment.columns import all_columns
from assessment.counties import rulebooks_in_use, settings_of
from assessment.expected_rows import changes_of, expected_units
from assessment.forms import DashboardFilter
from assessment.formulas import formulas_of
from assessment.notice_rows import day_rows
from assessment.numbers import noted, own_numbers_of
from assessment.places import Place, places_of
from assessment.reach_views import BIG
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rulebook_views import asked_column
from assessment.verdict_rows import newest_rows_of, rows_of
from assessment.wording import phrase
from organizations.models import Unit
from organizations.querysets import UnitQuerySet
from organizations.settings import HOURS_PER_DAY, settings_for

FEW_UNITS = 40
"""Units whose verdicts, with what is short, are read for the examples."""


class ScopeMixin(LoginRequiredMixin):
    """A page on all units within reach, or on one (`?street=CODE`) and those below, on a day."""

    def read_scope(self) -> dict[str, Any]:
        """Sets `on`, `reach`, `places` and `top`; returns what the template needs of them."""
        today = timezone.localdate()
        reach = Unit.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        everything = places_of(reach, on=today)
        request = self.request  # type: ignore[attr-defined]
        filters = DashboardFilter(request.GET, places=everything)
        for name in ("kind", "rulebook", "level", "cycle", "status"):
            filters.fields.pop(name)
        chosen = filters.chosen
        code = chosen["street"] or request.GET.get("unit", "")
        self.top = next((place for place in everything if place.code == code), None)
        self.reach: UnitQuerySet = reach.under(self.top.path) if self.top else reach
        self.on: date = chosen["on"]
        self.places: list[Place] = places_of(self.reach, on=self.on)
        is_too_big = self.on != today and len(self.places) > BIG
        if is_too_big:
            self.on = today
        return {
            "filter": filters,
            "top": self.top,
            "on": self.on,
            "is_today": self.on == today,
            "is_too_big": is_too_big,
        }

    @property
    def counties(self) -> set[str]:
        return {place.county_code for place in self.places}


class ClausesView(ScopeMixin, TemplateView):
    """The documents' clauses in order: what is met, by whom, and what is shown."""

    template_name = "assessment/clauses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = self.read_scope()
        own = own_numbers_of(self.counties)
        columns = noted(all_columns(), own, self.on)
        rows = newest_rows_of(self.reach, columns, on=self.on)
        settings = settings_of(self.counties).values()
        used = {book.id for county in settings for book in rulebooks_in_use(county, self.on)}
        alone = own[next(iter(own))] if len(own) == len(self.counties) == 1 else []
        books = [
            {
                "id": pk,
                "title": phrase(load_rulebook(pk).title),
                "applies_from": load_rulebook(pk).applies_from,
                "is_used": pk in used,
                "clauses": clauses_of(
                    [column for column in columns if column.rulebook == pk],
                    rows,
                    self.places,
                    alone,
                    on=self.on,
                ),
            }
            for pk in rulebook_ids()
        ]
        days = day_rows(settings, self.on)
        return super().get_context_data(**kwargs) | scope | {"books": books, "days": days}


class ExpectedView(ScopeMixin, TemplateView):
    """Who was expected by one rule: every unit by name, with why one owes it or does not."""

    template_name = "assessment/expected.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = self.read_scope()
        own = own_numbers_of(self.counties)
        (column,) = noted([asked_column(kwargs["rule"])], own, self.on)
        is_too_many = len(self.places) > BIG
        units = self.reach.none() if is_too_many else self.reach
        expected = expected_units(units, column, self.places, on=self.on)
        period = column.newest_period(self.on)
        first = period.first if period else date(self.on.year, 1, 1)
        return (
            super().get_context_data(**kwargs)
            | scope
            | {
                "column": column,
                "asks": phrase(column.rule.asks),
                "period": column.newest_period_name(self.on),
                "expected": expected,
                "changes": changes_of(self.request.user, self.reach, first, self.on),
                "is_too_many": is_too_many,
            }
        )


class FormulasView(BoardView):
    """The formula of every percentage, with an example from the reader's own data."""

    template_name = "assessment/formulas.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        judged = [column for column in all_columns() if not column.rule.is_shown_only]
        context = super().get_context_data(**kwargs) | self.read(judged)
        user, on = self.request.user, context["on"]
        lines = [line for group in self.board.groups for line in group.lines]
        few = [line.place.pk for line in lines][:FEW_UNITS]
        rows = rows_of(Unit.objects.visible_to(user).filter(pk__in=few), on=on)
        held = Activity.objects.visible_to(user).counted().filter(first_day__lte=on)
        activity = held.select_related("unit").order_by("-first_day", "pk").first()
        hours = settings_for(activity.unit).hours_per_day(on) if activity else HOURS_PER_DAY
        return context | {
            "formulas": formulas_of(self.board, rows, on=on, activity=activity, hours_a_day=hours),
        }
