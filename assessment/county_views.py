"""What a county goes by: the documents' clauses, its own settings, what was before the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import FormView, TemplateView

from assessment.columns import all_columns
from assessment.counties import rulebooks_in_use, settings_of
from assessment.dashboards import build_board
from assessment.forms import BaselineForm, SettingForm, setting_name, setting_value
from assessment.models import Baseline
from assessment.notice_rows import day_rows
from assessment.phrases import LEVELS, listed, plain
from assessment.places import places_of
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.services import give_baseline
from assessment.verdict_rows import newest_rows_of
from assessment.wording import name_of, phrase
from organizations.actions import Action
from organizations.errors import OrganizationError
from organizations.mixins import UnitMixin
from organizations.models import CountySetting, Unit
from organizations.services import set_county_setting


class RulebookView(LoginRequiredMixin, TemplateView):
    """The documents' clauses in order, each with how the units within reach stand."""

    template_name = "assessment/rulebook.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        reach = Unit.objects.visible_to(self.request.user)
        columns = all_columns()
        places = places_of(reach, on=today)
        board = build_board(places, newest_rows_of(reach, columns, on=today), columns, on=today)
        counties = settings_of({place.county_code for place in places})
        used = {
            book.id for settings in counties.values() for book in rulebooks_in_use(settings, today)
        }
        entries = [
            {
                "column": column,
                "asks": phrase(column.rule.asks),
                "level": LEVELS[column.rule.level],
                "number": plain(column.rule.threshold.on(today) or 0),
                "counts": listed(name_of(code) for code in sorted(column.rule.counts)),
                "cell": cell,
            }
            for column, cell in zip(board.columns, board.total, strict=True)
        ]
        books = [
            {
                "id": pk,
                "title": phrase(load_rulebook(pk).title),
                "applies_from": load_rulebook(pk).applies_from,
                "is_used": pk in used,
                "entries": [entry for entry in entries if entry["column"].rulebook == pk],
            }
            for pk in rulebook_ids()
        ]
        return super().get_context_data(**kwargs) | {
            "books": books,
            "days": day_rows(),
            "today": today,
        }


class SettingsView(LoginRequiredMixin, FormView):
    """A county's settings with their dates, and a form for one more."""

    template_name = "assessment/settings.html"
    form_class = SettingForm

    def dispatch(self, request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.county = self.chosen_county()
        return super().dispatch(request, *args, **kwargs)

    def chosen_county(self) -> Unit:
        """The county of `?county=`, else the first that the person manages; 404 without one."""
        counties = Unit.objects.visible_to(self.request.user, action=Action.MANAGE)
        self.counties = list(counties.filter(parent__isnull=True).order_by("path"))
        code = self.request.GET.get("county")
        found = [county for county in self.counties if code in {None, county.code}]
        if not found:
            raise Http404
        return found[0]

    def form_valid(self, form: SettingForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            set_county_setting(
                self.county,
                key=form.full_key,
                value=data["value"],
                applies_from=data["applies_from"],
                reason=data["reason"],
                by=self.request.user,
            )
        except OrganizationError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(
            self.request, gettext("The setting is kept; all verdicts are computed again.")
        )
        return redirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = list(
            CountySetting.objects.visible_to(self.request.user, action=Action.MANAGE)
            .filter(unit=self.county)
            .select_related("set_by")
            .order_by("key", "applies_from")
        )
        in_force = {row.key: row.pk for row in rows if row.applies_from <= today}
        return super().get_context_data(**kwargs) | {
            "county": self.county,
            "counties": self.counties,
            "rows": [
                {
                    "row": row,
                    "name": setting_name(row.key),
                    "value": setting_value(row.key, row.value),
                    "in_force": in_force.get(row.key) == row.pk,
                    "to_come": row.applies_from > today,
                }
                for row in rows
            ],
        }


class BaselineView(UnitMixin, FormView):
    """When something was last done before the portal, without an activity made up for it."""

    template_name = "assessment/baseline.html"
    form_class = BaselineForm
    action = Action.MANAGE

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user, "unit": self.unit}

    def get_initial(self) -> dict[str, Any]:
        return {"rule": self.request.GET.get("rule", "")}

    def form_valid(self, form: BaselineForm) -> HttpResponse:
        data = form.cleaned_data
        give_baseline(
            self.unit,
            rule=data["rule"],
            done_on=data["done_on"],
            person=data["person"],
            note=data["note"],
            by=self.request.user,
        )
        messages.success(self.request, gettext("Kept. The unit has been judged again."))
        return redirect("assessment:rule", self.unit.code, data["rule"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        titles = {column.rule.id: column.title for column in all_columns()}
        rows = Baseline.objects.visible_to(self.request.user).filter(unit=self.unit)
        return super().get_context_data(**kwargs) | {
            "rows": [
                {"row": row, "rule": titles.get(row.rule, row.rule)}
                for row in rows.select_related("person", "by")
            ],
        }
