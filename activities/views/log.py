"""Logging an activity and changing a record: one form, with the list of people below it."""

from __future__ import annotations

import json
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
from activities.conflicts import conflict_of, kept_as_chosen
from activities.counting import told_of_submission
from activities.entries import ActivityConflict, ActivityError
from activities.forms import ActivityForm, blank_values, values_of
from activities.kinds import all_kinds
from activities.memory import LAST, memories_of
from activities.models import Activity, Plan
from activities.models.activity import SOON_DAYS
from activities.plans import (
    admit_signed,
    hold_if_wanted,
    hosts_of_plan,
    plan_wanted,
    sign_in_of,
    tick_signed,
    values_of_plan,
)
from activities.roll import Roll, recorded_roll, roll_of, sent_roll, tick_as_last_time
from activities.unsaved import hosts_sent
from activities.views.drafts import draft_context, draft_data, drop_saved, keep_other
from activities.views.files import choices_context, hand_in
from organizations.access import paths_for
from organizations.actions import Action
from organizations.models import Unit
from organizations.settings import settings_for

LOOKS = ("refresh", "find", "last")
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
        """The plan that is held, where `?plan=` names one, or the form that it was filled into."""
        text = self.request.GET.get("plan") or self.request.POST.get("plan")
        return plan_wanted(text, user=self.request.user)  # type: ignore[arg-type]

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
        memories = memories_of(host)
        context = {
            "memories_json": json.dumps(memories.as_data(timezone.localtime())),
            "topics": memories.topics,
            "late_after": SOON_DAYS,
            "form": form,
            "activity": self.activity,
            "plan": self.plan,
            "roll": roll,
            "roll_for": _codes(hosts),
            "host": host,
            "kind_groups": form.kind_groups(host),
            "asks": form.asks(),
            "hours_per_day": settings_for(host).hours_per_day(day) if host else 8,
            **draft_context(self.request, self._draft_key(form)),
            **choices_context(),
            "takes_files": self.activity is None,
            "files_again": bool(self.request.FILES),
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
        if do == "last" and hosts:
            last = memories_of(hosts[0]).of(request.POST.getlist("kinds") or [LAST])
            tick_as_last_time(roll, last and last.activity, user=request.user)  # type: ignore[arg-type]
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

    def take_up(self) -> HttpResponse | None:
        """The form as it was kept by itself, where the address asks for one."""
        data = draft_data(self.request)
        if data is None:
            return None
        user: Any = self.request.user
        self.plan = plan_wanted(data.get("plan"), user=user)
        hosts = hosts_sent(data, user=user)
        roll = sent_roll(data, hosts, user=user, activity=self.activity)
        admit_signed(roll, data, sign_in_of(self.activity or self.plan))
        return self.show(self._form(data, is_look=True), roll, hosts)

    def _draft_key(self, form: ActivityForm) -> Any:
        """By what the form's draft is kept: the record that it changes, else the form's own key."""
        return self.activity.pk if self.activity else form["form_key"].value()

    def is_final(self, do: str) -> bool:
        """Whether the record counts once it is saved, and so must be whole."""
        return do == "submit"

    def _form(self, data: Any, **options: Any) -> ActivityForm:
        return ActivityForm(data, user=self.request.user, activity=self.activity, **options)

    def _hosts(self) -> list[Unit]:
        return hosts_sent(self.request.POST, user=self.request.user)  # type: ignore[arg-type]

    def _conflict(
        self, error: ActivityConflict, form: ActivityForm, roll: Roll, hosts: list[Unit]
    ) -> HttpResponse:
        """Both versions: what is on record now, and what was typed, which can be saved over it."""
        assert self.activity is not None  # noqa: S101
        user: Any = self.request.user
        theirs = Activity.objects.visible_to(user).select_related("unit").get(pk=self.activity.pk)
        opened = form.cleaned_data.get("version")
        form.data = form.data.copy()
        form.data["version"] = str(theirs.version)
        conflict = conflict_of(str(error), form, roll, theirs, user=user, opened=opened)
        return self.show(form, roll, hosts, status=409, conflict=conflict)


class ActivityLogView(ActivityFormView):
    """A new record; `?unit=CODE&kind=…&day=…` fill it in beforehand, `?plan=` holds a plan."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.units.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if page := self.take_up():
            return page
        host = self._wished_unit()
        kinds = [code for code in request.GET.getlist("kind") if code in all_kinds()]
        day = _day(request.GET.get("day"))
        values = blank_values(host, memories_of(host), day=day, kinds=kinds)
        hosts = [host] if host else []
        if self.plan:
            values |= values_of_plan(self.plan, user=request.user)  # type: ignore[arg-type]
            hosts = hosts_of_plan(self.plan, user=request.user)  # type: ignore[arg-type]
        form = ActivityForm(initial=values, user=request.user)
        roll = roll_of(hosts, user=request.user)  # type: ignore[arg-type]
        signed = tick_signed(roll, sign_in_of(self.plan))
        return self.show(form, roll, hosts, signed=signed)

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        key: UUID | None = form.cleaned_data["form_key"]
        user: Any = self.request.user
        if earlier := services.made_by_form(key, by=user):
            if keep_other(self.request, earlier):
                told = _(
                    "This form was saved before, from another window; this is the record. What you "
                    "have typed besides is kept as an unfinished entry."
                )
            else:
                told = _("This form was saved before; this is the record.")
            messages.info(self.request, told)
            self.add_files(earlier)
            return redirect(earlier)
        activity = services.log_activity(
            form.entry(roll), by=user, submit=do == "submit", form_key=key
        )
        drop_saved(self.request, key)
        hold_if_wanted(self.plan, activity, user=user)
        told = told_of_submission(activity) if do == "submit" else _("Saved as a draft.")
        messages.success(self.request, told)
        self.add_files(activity)
        return redirect(activity)

    def add_files(self, activity: Activity) -> None:
        """Attach what was chosen with the form; the record is saved, whatever becomes of them."""
        kind = self.request.POST.get("file_kind", "")
        done, refused = hand_in(self.request, activity, kind=kind)
        for line in refused:
            messages.error(self.request, line)
        if done:
            messages.success(self.request, _("Files added: %d.") % done)

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
        if page := self.take_up():
            return page
        user: Any = request.user
        form = ActivityForm(initial=values_of(activity, user=user), user=user, activity=activity)
        near = Unit.objects.visible_to(user).filter(co_hosted=activity).order_by("path")
        roll = recorded_roll(activity, user=user)
        signed = tick_signed(roll, sign_in_of(activity)) if "signed" in request.GET else 0
        return self.show(form, roll, [activity.unit, *near], signed=signed)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        request.POST = kept_as_chosen(request.POST, self.activity, user=user)
        return super().post(request, **kwargs)

    def is_final(self, do: str) -> bool:
        counts_already = bool(self.activity) and self.activity.state == "submitted"
        return do == "submit" or counts_already

    def save(self, form: ActivityForm, roll: Roll, do: str) -> HttpResponse:
        user: Any = self.request.user
        version = form.cleaned_data["version"]
        activity = services.change_activity(
            self.activity, form.entry(roll), by=user, version=version
        )
        drop_saved(self.request, activity.pk)
        if do == "submit" and activity.state in ("draft", "returned"):
            services.submit(activity, by=user)
            messages.success(self.request, told_of_submission(activity))
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
