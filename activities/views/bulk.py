"""Entering many records at once: for several units, or last month's again."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import ngettext
from django.views import View

from activities import services
from activities.bulk_forms import CopyForm, ManyForm
from activities.choices import State
from activities.entries import ActivityError
from activities.forms import ActivityForm, blank_values
from activities.memory import memories_of
from activities.models import Activity
from activities.moving import month_before, same_day, same_weekday
from activities.roll import Roll, roll_of
from activities.views.drafts import drop_saved
from activities.views.log import ActivityLogView
from organizations.access import actions_of, paths_for
from organizations.actions import Action
from organizations.models import Unit

MOST = 100
"""Records that are copied at a time."""


class LogManyView(ActivityLogView):
    """One form for what several units held: a record for each, or one that they share."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if page := self.take_up():
            return page
        host = self._wished_unit()
        values = blank_values(host, memories_of(None), day=None, kinds=[]) | {"way": "each"}
        form = ManyForm(initial=values, user=request.user)
        return self.show(form, roll_of([], user=request.user), [])  # type: ignore[arg-type]

    def show(self, form: ActivityForm, roll: Roll, hosts: list[Unit], **more: Any) -> HttpResponse:
        return super().show(form, roll, hosts, **more | {"is_many": True, "takes_files": False})

    def _form(self, data: Any, **options: Any) -> ActivityForm:
        return ManyForm(data, user=self.request.user, **options)

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        if form.cleaned_data["way"] == "together":
            return super().save(form, roll, do)
        user: Any = self.request.user
        key: UUID | None = form.cleaned_data["form_key"]
        units = list(form.cleaned_data["co_hosts"])
        made = services.log_for_each(
            form.entry(roll), units, roll, by=user, submit=do == "submit", form_key=key
        )
        drop_saved(self.request, key)
        told = (
            ngettext("%(count)s record submitted.", "%(count)s records submitted.", len(made))
            if do == "submit"
            else ngettext("%(count)s draft saved.", "%(count)s drafts saved.", len(made))
        )
        messages.success(self.request, told % {"count": len(made)})
        days = {"first": made[0].first_day.isoformat(), "last": made[0].first_day.isoformat()}
        return redirect(f"{reverse('activities:list')}?{urlencode(days)}")


class CopyView(LoginRequiredMixin, View):
    """Last month's records, to be taken again as drafts of this month: choose which."""

    template_name = "activities/activity_copy.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and Action.RECORD not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def month(self) -> date:
        """The month into which is copied: this one."""
        return timezone.localdate().replace(day=1)

    def records(self) -> QuerySet:
        """What the units that the person keeps have held last month, of all or of one of them."""
        before = month_before(self.month)
        paths = paths_for(self.request.user, Action.RECORD)
        held = Activity.objects.hosted_under(*paths).beginning(before, same_day(date.max, before))
        code = self.request.GET.get("unit", "")
        if code:
            held = held.filter(unit__code=code)
        held = held.exclude(state=State.CANCELLED).select_related("unit")
        return held.order_by("starts_at", "pk")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(CopyForm(initial={"way": "weekday", "form_key": uuid4()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CopyForm(request.POST, records=self.records().values_list("pk", flat=True))
        if not form.is_valid():
            return self.show(form)
        data = form.cleaned_data
        chosen = self.records().filter(pk__in=data["record"][:MOST])
        move = same_day if data["way"] == "day" else same_weekday
        try:
            made = services.copy_records(
                chosen,
                self.month,
                move,
                by=request.user,
                form_key=data["form_key"],  # type: ignore[arg-type]
            )
        except ActivityError as error:
            form.add_error(None, str(error))
            return self.show(form)
        told = ngettext("%(count)s draft saved.", "%(count)s drafts saved.", len(made))
        messages.success(request, told % {"count": len(made)})
        query = {"state": "draft", "first": self.month.isoformat()}
        return redirect(f"{reverse('activities:list')}?{urlencode(query)}")

    def show(self, form: CopyForm) -> HttpResponse:
        records = list(self.records()[:MOST])
        ticked = set(form["record"].value() or ()) if form.is_bound else None
        rows = [
            {
                "record": one,
                "weekday": same_weekday(one.first_day, self.month),
                "day": same_day(one.first_day, self.month),
                "is_ticked": ticked is None or str(one.pk) in ticked,
            }
            for one in records
        ]
        units = Unit.objects.visible_to(self.request.user, action=Action.RECORD)
        context = {
            "form": form,
            "rows": rows,
            "before": month_before(self.month),
            "month": self.month,
            "units": units.on(timezone.localdate()).order_by("path"),
            "unit": self.request.GET.get("unit", ""),
        }
        return render(self.request, self.template_name, context)
