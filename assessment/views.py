"""A unit's rules, and why a verdict is what it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import TemplateView, View

from activities.counting import counts_now, waits_for_confirmation
from activities.models import Activity
from assessment.columns import Column, all_columns, columns_serving, find_column
from assessment.counties import rulebooks_in_use, settings_of
from assessment.dashboards import CALLING
from assessment.forms import DayForm
from assessment.models import UnmetNote
from assessment.numbers import noted, own_numbers_of
from assessment.periods import Period
from assessment.phrases import MARKS, period_name, short_period_name
from assessment.places import Place, places_of
from assessment.remedies import remedy_for
from assessment.seal_rows import sealed_as, seals_of_day
from assessment.terms import Measure, Status
from assessment.unit_pages import cards_of
from assessment.verdict_rows import rows_of
from assessment.why import explain
from assessment.wording import phrase
from organizations.access import may
from organizations.actions import Action
from organizations.keeping import LED_KINDS
from organizations.mixins import UnitMixin
from organizations.models import Unit


def day_asked(request: HttpRequest) -> tuple[date, DayForm]:
    """The day of `?on=`; today where there is none, or one that makes no sense."""
    form = DayForm({"on": request.GET.get("on", "")})
    if form.is_valid():
        return form.cleaned_data["on"], form
    return timezone.localdate(), form


class UnitView(UnitMixin, TemplateView):
    """All rules of one unit, with the periods of the year."""

    template_name = "assessment/unit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.unit
        on, day_form = day_asked(self.request)
        reach = Unit.objects.visible_to(self.request.user)
        branches = [
            place for place in places_of(reach.under(unit.path), on=on) if place.pk != unit.pk
        ]
        has_branches = unit.depth >= 2 and bool(branches)
        units = reach.under(unit.path) if has_branches else reach.filter(pk=unit.pk)
        rows = rows_of(units, on=on)
        place = Place(unit.pk, unit.code, unit.name, unit.kind, unit.path)
        below = frozenset(branch.pk for branch in branches) if has_branches else frozenset()
        columns = noted(all_columns(), own_numbers_of([unit.county_code]), on)
        cards = cards_of(place, rows, columns, on=on, below=below)
        return super().get_context_data(**kwargs) | {
            "place": place,
            "cards": [card for card in cards if card.row.status is not Status.NOT_APPLICABLE],
            "silent": [card for card in cards if card.row.status is Status.NOT_APPLICABLE],
            "branches": branches if has_branches else [],
            "units_below": 0 if has_branches else len(branches),
            "has_five_good": unit.kind in LED_KINDS,
            "on": on,
            "day_form": day_form,
            "is_today": on == timezone.localdate(),
            "may_manage": may(self.request.user, Action.MANAGE, unit),
            "seals": seals_of_day(self.request.user, {unit.county_code}, on),
        }


class RuleView(UnitMixin, TemplateView):
    """Why a unit stands with a rule as it does."""

    template_name = "assessment/rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.unit
        column = find_column(kwargs["rule"])
        on, day_form = day_asked(self.request)
        if column is None:
            raise Http404
        user = self.request.user
        why = explain(user, unit, column, on=on, period_start=self.period())
        if why is None:
            raise Http404
        verdict = why.verdict
        past = verdict.period.last if verdict.period and verdict.period.last < on else None
        acts = may(user, Action.RECORD, unit) and column.rule.measure is not Measure.SCORE
        is_rolling = column.rule.measure is Measure.LAST_DONE
        return super().get_context_data(**kwargs) | {
            "why": why,
            "column": column,
            "asks": phrase(column.rule.asks),
            "period": period_name(column.rule.cycle, verdict.period),
            "on": on,
            "day_form": day_form,
            "is_today": on == timezone.localdate(),
            "remedy": remedy_for(column.rule, unit.code, day=past) if acts else None,
            "sees_reasons": acts or may(user, Action.REVIEW, unit),
            "gives_baseline": is_rolling and may(user, Action.MANAGE, unit),
            "sealed": sealed_as(user, unit, column.rule.id, why.result),
            "note": self.note(verdict.period),
            "notes_why": acts and why.result.status in CALLING and column.rule.cycle.is_calendar,
            "boxes": [
                {
                    "name": short_period_name(column.rule.cycle, result.verdict.period),
                    "period": result.verdict.period,
                    "mark": MARKS[result.status],
                }
                for result in why.results
                if result.verdict.period and column.rule.cycle.is_calendar
            ],
        }

    def note(self, period: Period | None) -> UnmetNote | None:
        """Why it was not, or can't be, done in the period, as somebody has said."""
        if period is None:
            return None
        about = {"rule": self.kwargs["rule"], "period_start": period.first}
        notes = UnmetNote.objects.visible_to(self.request.user).filter(unit=self.unit, **about)
        return notes.select_related("by").first()

    def period(self) -> date | None:
        """The first day of the period asked for; 404 where it is no day."""
        text = self.request.GET.get("period", "")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Http404 from None


class ServesView(LoginRequiredMixin, View):
    """What one activity counts for: a fragment for the activity's page."""

    template_name = "assessment/serves.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        activity = get_object_or_404(
            Activity.objects.visible_to(request.user).select_related("unit"), pk=kwargs["pk"]
        )
        context = {"activity": activity, **serving(request.user, activity)}
        return render(request, self.template_name, context)


def serving(user: Any, activity: Activity) -> dict[str, Any]:
    """What the activity counts for, with how its host stands there, and whether it does so now."""
    hosts = Unit.objects.visible_to(user).filter(pk=activity.unit_id)
    day = timezone.localdate()
    county = settings_of({activity.unit.county_code})[activity.unit.county_code]
    used = {book.id for book in rulebooks_in_use(county, day)}
    columns = [column for column in columns_serving(activity.kinds) if column.rulebook in used]
    rows = rows_of(hosts, on=day) if hosts else []
    return {
        "lines": served(columns, rows, activity),
        "counts_now": counts_now(activity),
        "waits": waits_for_confirmation(activity),
    }


def served(columns: list[Column], rows: list[Any], activity: Activity) -> list[dict[str, Any]]:
    """The rules that the activity serves, each with how its host stands in that period."""
    lines = []
    for column in columns:
        own = [row for row in rows if (row.rulebook, row.rule_id) == column.key]
        row = next((r for r in own if r.period is None or activity.first_day in r.period), None)
        if row or column.rule.who.is_person:
            lines.append({"column": column, "row": row})
    return lines
