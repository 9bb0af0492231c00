"""What a county goes by: its own settings, and what was done before the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import FormView

from assessment.columns import all_columns
from assessment.forms import BaselineForm, SettingForm, setting_name, setting_value
from assessment.models import Baseline
from assessment.rulebook_views import CountyMixin
from assessment.services import give_baseline
from organizations.actions import Action
from organizations.errors import OrganizationError
from organizations.mixins import UnitMixin
from organizations.models import CountySetting
from organizations.services import set_county_setting


class SettingsView(CountyMixin, FormView):
    """A county's settings with their dates, and a form for one more."""

    template_name = "assessment/settings.html"
    form_class = SettingForm

    def get_initial(self) -> dict[str, Any]:
        """What was tried before, where somebody comes to adopt it."""
        return {name: self.request.GET.get(name, "") for name in ("key", "subject", "value")}

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
        return self.back_to("assessment:settings")

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
