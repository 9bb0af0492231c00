"""Logging an activity and changing a record: one form, with the list of people below it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from activities import services
from activities.entries import ActivityConflict, ActivityError
from activities.forms import ActivityForm, blank_values, differences_between, values_of
from activities.kinds import all_kinds
from activities.models import Activity, Plan
from activities.plans import (
    admit_signed,
    hold_if_wanted,
    hosts_of_plan,
    plan_wanted,
    sign_in_of,
    tick_signed,
    values_of_plan,
)
from activities.roll import Roll, recorded_roll, roll_of, sent_roll
from organizations.access import paths_for
from organizations.actions import Action
from organizations.models import Unit
from organizations.settings import settings_for

LOOKS = ("refresh", "find")
"""Buttons that show the form anew and save nothing."""


class ActivityFormView(LoginRequiredMixin, View):
    """What logging and changing share. `do` says which button was pressed."""

    template_name = "activities/activity_form.html"
    activity: Activity | None = None

    @cached_property
    def units(self) -> Any:
        """The units for which the person may log."""
        return Unit.objects.visible_to(self.request.user, action=Action.RECORD)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan that is held, where `?plan=` names one."""
        return plan_wanted(self.request.GET.get("plan"), user=self.request.user)  # type: ignore[arg-type]

    def show(
        self,
        form: ActivityForm,
        roll: Roll,
        hosts: list[Unit],
        *,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        host = hosts[0] if hosts else None
        day = _day(form["day"].value()) or timezone.localdate()
        context = {
            "form": form,
            "activity": self.activity,
            "roll": roll,
            "roll_for": _codes(hosts),
            "host": host,
            "kind_groups": form.kind_groups(host),
            "asks": form.asks(),
            "hours_per_day": settings_for(host).hours_per_day(day) if host else 8,
            **more,
        }
        return render(self.request, self.template_name, context, status=status)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        do = request.POST.get("do", "draft")
        if do == "refresh" and request.POST.get("find", "").strip():
            do = "find"  # Enter was pressed in the search field
        hosts = self._hosts()
        is_new_list = bool(hosts) and request.POST.get("roll_for", "") != _codes(hosts)
        roll = sent_roll(
            request.POST,
            hosts,
            user=request.user,  # type: ignore[arg-type]
            activity=self.activity,
            is_new_list=is_new_list,
            find=request.POST.get("find", "") if do == "find" else "",
        )
        admit_signed(roll, request.POST, sign_in_of(self.activity or self.plan))
        if do in LOOKS or is_new_list:
            form = self._form(request.POST, is_look=True)
            return self.show(form, roll, hosts, is_unasked=do not in LOOKS)
        form = self._form(request.POST, is_final=self.is_final(do))
        if form.is_valid():
            try:
                roll.check()
                return self.save(form, roll, do)
            except ActivityConflict as error:
                return self._conflict(error, form, roll, hosts)
            except ActivityError as error:
                _complain(form, error)
        return self.show(form, roll, hosts)

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        raise NotImplementedError

    def is_final(self, do: str) -> bool:
        """Whether the record counts once it is saved, and so must be whole."""
        return do == "submit"

    def _form(self, data: Any, **options: Any) -> ActivityForm:
        return ActivityForm(data, user=self.request.user, activity=self.activity, **options)

    def _hosts(self) -> list[Unit]:
        """The host and the co-hosts that were sent, as far as the person may use them."""
        data = self.request.POST
        own = self.units.filter(code=data.get("unit", "")).first()
        if own is None:
            return []
        near = Unit.objects.visible_to(self.request.user).filter(code__in=data.getlist("co_hosts"))
        return [own, *near.exclude(pk=own.pk).order_by("path")]

    def _conflict(
        self, error: ActivityConflict, form: ActivityForm, roll: Roll, hosts: list[Unit]
    ) -> HttpResponse:
        """Both versions: what is on record now, and what was typed, which can be saved over it."""
        assert self.activity is not None  # noqa: S101
        theirs = Activity.objects.visible_to(self.request.user).get(pk=self.activity.pk)
        form.data = form.data.copy()
        form.data["version"] = str(theirs.version)
        differences = differences_between(form, theirs, user=self.request.user)  # type: ignore[arg-type]
        return self.show(
            form, roll, hosts, status=409, conflict=str(error), differences=differences
        )


class ActivityLogView(ActivityFormView):
    """A new record; `?unit=CODE&kind=…&day=…` fill it in beforehand, `?plan=` holds a plan."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.units.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        host = self._wished_unit()
        kinds = [code for code in request.GET.getlist("kind") if code in all_kinds()]
        values = blank_values(
            host, day=_day(request.GET.get("day")) or timezone.localdate(), kinds=kinds
        )
        hosts = [host] if host else []
        if self.plan:
            values |= values_of_plan(self.plan)
            hosts = hosts_of_plan(self.plan, user=request.user)  # type: ignore[arg-type]
        form = ActivityForm(initial=values, user=request.user)
        roll = roll_of(hosts, user=request.user)  # type: ignore[arg-type]
        signed = tick_signed(roll, sign_in_of(self.plan))
        return self.show(form, roll, hosts, plan=self.plan, signed=signed)

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        key: UUID | None = form.cleaned_data["form_key"]
        user: Any = self.request.user
        if earlier := services.made_by_form(key, by=user):
            messages.info(self.request, _("This form was saved before; this is the record."))
            return redirect(earlier)
        activity = services.log_activity(
            form.entry(roll), by=user, submit=do == "submit", form_key=key
        )
        hold_if_wanted(self.request.GET.get("plan"), activity, user=user)
        told = _("Submitted. It counts from now on.") if do == "submit" else _("Saved as a draft.")
        messages.success(self.request, told)
        return redirect(activity)

    def _wished_unit(self) -> Unit | None:
        """The unit of the address, else the only or topmost one that the person keeps."""
        if self.plan:
            return self.plan.unit
        if code := self.request.GET.get("unit"):
            return get_object_or_404(self.units, code=code)
        return self.units.on(timezone.localdate()).order_by("path").first()


class ActivityEditView(ActivityFormView):
    """A record that may still be changed, by whoever may log for its host."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            paths = paths_for(request.user, Action.RECORD)
            held = Activity.objects.hosted_under(*paths).select_related("unit")
            self.activity = get_object_or_404(held, pk=kwargs["pk"])

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        activity: Any = self.activity
        if activity.state not in services.EDITABLE:
            messages.error(request, _("This record can't be changed any more."))
            return redirect(activity)
        user: Any = request.user
        form = ActivityForm(initial=values_of(activity, user=user), user=user, activity=activity)
        near = Unit.objects.visible_to(user).filter(co_hosted=activity).order_by("path")
        roll = recorded_roll(activity, user=user)
        signed = tick_signed(roll, sign_in_of(activity)) if "signed" in request.GET else 0
        return self.show(form, roll, [activity.unit, *near], signed=signed)

    def is_final(self, do: str) -> bool:
        counts_already = bool(self.activity) and self.activity.state == "submitted"
        return do == "submit" or counts_already

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        user: Any = self.request.user
        version = form.cleaned_data["version"]
        activity = services.change_activity(
            self.activity, form.entry(roll), by=user, version=version
        )
        if do == "submit" and activity.state in ("draft", "returned"):
            services.submit(activity, by=user)
            messages.success(self.request, _("Submitted. It counts from now on."))
        else:
            messages.success(self.request, _("Saved."))
        return redirect(activity)


def _day(text: Any) -> date | None:
    """The day that is written; None if there is none, or no such day."""
    try:
        return parse_date(str(text or ""))
    except ValueError:
        return None


def _codes(hosts: list[Unit]) -> str:
    return ",".join(unit.code for unit in hosts)


def _complain(form: ActivityForm, error: ActivityError) -> None:
    """Put a service's complaint beside the field that it is about."""
    name = {"ends_at": "ends", "starts_at": "begins"}.get(error.field, error.field)
    form.add_error(name if name in form.fields else None, str(error))
