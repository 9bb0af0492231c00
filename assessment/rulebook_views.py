"""The rulebooks of a county: which it goes by, since when, and the numbers of its own."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import TemplateView, View

from assessment.columns import Column, find_column
from assessment.counties import is_in_use, settings_of
from assessment.errors import AssessmentError
from assessment.forms import setting_name, setting_value
from assessment.notice_rows import day_rows
from assessment.numbers import OwnNumber, in_force, own_numbers_of
from assessment.phrases import plain
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rulebook_forms import EndNumberForm, OwnNumberForm, SwitchForm
from assessment.services import end_own_number, set_own_number
from assessment.terms import Rulebook, Settings
from assessment.wording import phrase
from members.deadlines import load_kinds
from organizations.actions import Action
from organizations.choices import SettingKey
from organizations.errors import OrganizationError
from organizations.models import CountySetting, Unit
from organizations.services import set_county_setting


class CountyMixin(LoginRequiredMixin):
    """The county of `?county=`, else the first that the person manages; 404 without one."""

    @cached_property
    def counties(self) -> list[Unit]:
        counties = Unit.objects.visible_to(self.request.user, action=Action.MANAGE)  # type: ignore[attr-defined]
        return list(counties.filter(parent__isnull=True).order_by("path"))

    @cached_property
    def county(self) -> Unit:
        code = self.request.GET.get("county")  # type: ignore[attr-defined]
        found = [county for county in self.counties if code in {None, county.code}]
        if not found:
            raise Http404
        return found[0]

    @cached_property
    def settings(self) -> Settings:
        return settings_of([self.county.code])[self.county.code]

    @cached_property
    def own(self) -> list[OwnNumber]:
        return own_numbers_of([self.county.code]).get(self.county.code, [])

    def back_to(self, name: str, *args: str) -> HttpResponse:
        return redirect(f"{reverse(name, args=args)}?county={self.county.code}")


class RulebookListView(CountyMixin, TemplateView):
    """Every rulebook with its rules, the number in force for each, and whether it is in use."""

    template_name = "assessment/rulebook_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        books = [self.book(load_rulebook(pk), today) for pk in rulebook_ids()]
        return super().get_context_data(**kwargs) | {
            "county": self.county,
            "counties": self.counties,
            "books": books,
            "days": day_rows([self.settings], today),
        }

    def book(self, book: Rulebook, today: date) -> dict[str, Any]:
        return {
            "id": book.id,
            "title": phrase(book.title),
            "applies_from": book.applies_from,
            "is_used": is_in_use(book.id, self.settings, today),
            "history": history_of(self, f"{SettingKey.RULEBOOK.value}:{book.id}"),
            "rules": [
                {
                    "column": (column := Column(book.id, rule)),
                    "clause": column.clause_name,
                    "in_force": in_force(rule, self.own, today),
                    "is_on": self.settings.asks(rule, today),
                    "mark": rule.mark,
                    "is_sure": rule.is_sure,
                }
                for rule in book.rules.values()
            ],
        }


def history_of(view: CountyMixin, key: str) -> list[dict[str, Any]]:
    """What the county set for one key, earliest first."""
    rows = CountySetting.objects.visible_to(view.request.user, action=Action.MANAGE)  # type: ignore[attr-defined]
    rows = rows.filter(unit=view.county, key=key).select_related("set_by").order_by("applies_from")
    return [{"row": row, "value": setting_value(row.key, row.value)} for row in rows]


class RulebookSwitchView(CountyMixin, View):
    """A rulebook, or (`rule`) a rule or a kind of day on records, in use or not from a day on."""

    template_name = "assessment/rulebook_switch.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        turned = "off" if self.is_on() else "on"
        tried = request.GET.get("value")
        return self.show(SwitchForm(initial={"value": tried or turned}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, key = SwitchForm(request.POST), self.key()
        if form.is_valid():
            try:
                set_county_setting(self.county, key=key, by=request.user, **form.cleaned_data)
            except OrganizationError as error:
                form.add_error(None, str(error))
            else:
                words = gettext("The setting is kept; all verdicts are computed again.")
                messages.success(request, words)
                return self.back_to("assessment:rulebooks")
        return self.show(form)

    def show(self, form: SwitchForm) -> HttpResponse:
        context = {
            "form": form,
            "county": self.county,
            "title": setting_name(self.key()),
            "history": history_of(self, self.key()),
        }
        return render(self.request, self.template_name, context)

    def is_on(self) -> bool:
        today = timezone.localdate()
        rule_id = self.kwargs.get("rule")
        if kind := load_kinds().get(rule_id or ""):
            return kind.holds(self.settings.on(kind.setting, today))
        if rule_id:
            return self.settings.asks(asked_column(rule_id).rule, today)
        return is_in_use(self.kwargs["book"], self.settings, today)

    def key(self) -> str:
        rule_id = self.kwargs.get("rule")
        if rule_id in load_kinds():
            return f"{SettingKey.RULE.value}:{rule_id}"
        if rule_id:
            return f"{SettingKey.RULE.value}:{asked_column(rule_id).rule.id}"
        if self.kwargs["book"] not in rulebook_ids():
            raise Http404
        return f"{SettingKey.RULEBOOK.value}:{self.kwargs['book']}"


def asked_column(rule_id: str) -> Column:
    """The rule of that id; 404 where there is none."""
    column = find_column(rule_id)
    if column is None:
        raise Http404
    return column


class OwnNumberView(CountyMixin, View):
    """The numbers that the county set for one rule, and a form for another."""

    template_name = "assessment/own_number.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {"number": request.GET.get("number")}
        return self.show(OwnNumberForm(rule=self.column.rule, initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "end" in request.POST:
            return self.end(request)
        form = OwnNumberForm(request.POST, rule=self.column.rule)
        if form.is_valid():
            try:
                set_own_number(
                    self.county, rule=self.column.rule, by=request.user, **form.cleaned_data
                )
            except AssessmentError as error:
                form.add_error(None, str(error))
            else:
                return self.done()
        return self.show(form)

    def end(self, request: HttpRequest) -> HttpResponse:
        form = EndNumberForm(request.POST)
        if form.is_valid():
            try:
                end_own_number(
                    self.county, rule=self.column.rule, by=request.user, **form.cleaned_data
                )
            except AssessmentError as error:
                form.add_error(None, str(error))
            else:
                return self.done()
        return self.show(OwnNumberForm(rule=self.column.rule), ending=form)

    def done(self) -> HttpResponse:
        words = gettext("The number is kept; all verdicts are computed again.")
        messages.success(self.request, words)
        return self.back_to("assessment:own_number", self.column.rule.id)

    @cached_property
    def column(self) -> Column:
        column = asked_column(self.kwargs["rule"])
        if not column.rule.numbers.steps:
            raise Http404
        return column

    def show(self, form: OwnNumberForm, ending: EndNumberForm | None = None) -> HttpResponse:
        today, rule = timezone.localdate(), self.column.rule
        mine = [own for own in self.own if own.rule == rule.id]
        running = [own for own in mine if own.last is None or own.last >= today]
        if ending is None and running:
            initial = {"first": running[0].first, "last": max(today, running[0].first)}
            ending = EndNumberForm(initial=initial)
        context = {
            "form": form,
            "ending": ending,
            "county": self.county,
            "column": self.column,
            "asks": phrase(rule.asks),
            "in_force": in_force(rule, self.own, today),
            "own": [{"own": own, "number": plain(own.number)} for own in mine],
            "today": today,
        }
        return render(self.request, self.template_name, context)
