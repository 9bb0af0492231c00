"""The calendar: a month of plans and records, what asks for an answer, feeds and days off."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from activities import services
from activities.entries import ActivityError
from activities.feeds import calendar_file, days_of_feed, feed_of, plans_of_feed, tag_of
from activities.models import CalendarFeed, Holiday, Plan, SignInOffer
from activities.months import month_of
from activities.plan_forms import CalendarForm, HolidayForm, OfferForm
from activities.views.plans import asked_of
from activities.workdays import built_in_days, is_announced
from organizations.access import actions_of, paths_for, within
from organizations.actions import Action
from organizations.mixins import UnitMixin
from organizations.models import Unit

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
OVERDUE_SHOWN = 10
READS_A_WINDOW, WINDOW_SECONDS = 60, 600
"""How often a feed may be read, by each of the portal's processes; unknown secrets together."""


class CalendarView(LoginRequiredMixin, TemplateView):
    """A month, `?month=2026-11&unit=CODE&below=1&view=list`; on a phone a list in any case."""

    template_name = "activities/calendar.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        user: Any = self.request.user
        now, asked = timezone.now(), self.request.GET
        units = list(Unit.objects.visible_to(user).on(timezone.localdate(now)).order_by("path"))
        unit = next((each for each in units if each.code == asked.get("unit")), None)
        unit = unit or next(iter(units), None)
        first = _month(asked.get("month", "")) or timezone.localdate(now).replace(day=1)
        with_below = asked.get("below", "1") != "0"
        view = "list" if asked.get("view") == "list" else "month"
        context = super().get_context_data(first=first, view=view, unit=unit, **more)
        if unit is None:
            return context
        kept = paths_for(user, Action.RECORD)
        late = Plan.objects.hosted_under(*kept).filter(within("unit__path", [unit.path]))
        late = late.overdue(now).select_related("unit")
        said = {"unit": unit.code, "below": str(int(with_below)), "view": view}
        return context | {
            "month": month_of(first, unit, user=user, with_below=with_below, now=now),
            "form": CalendarForm({**said, "month": f"{first:%Y-%m}"}, units=units),
            "with_below": with_below,
            "said": said,
            "is_this_month": first == timezone.localdate(now).replace(day=1),
            "overdue": late[:OVERDUE_SHOWN],
            "overdue_count": late.count(),
            "invitations": asked_of(user).to_answer(now)[:OVERDUE_SHOWN],
            "may_record": bool(kept),
            "keeps_unit": any(unit.path.startswith(path) for path in kept),
            "keeps_days": actions_of(user) & {Action.MANAGE, Action.ADMINISTER},
            "is_announced": is_announced(first.year),
        }


class UnitCalendarView(UnitMixin, TemplateView):
    """The unit's secret calendar address, and whether it offers sign-in by QR code."""

    action = Action.RECORD
    template_name = "activities/unit_calendar.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        user = self.request.user
        offers = SignInOffer.objects.visible_to(user, action=Action.RECORD)
        feeds = CalendarFeed.objects.visible_to(user, action=Action.RECORD)
        return {
            "offer_form": OfferForm(instance=offers.filter(unit=self.unit).first()),
            "feed": feeds.filter(unit=self.unit, revoked_at=None).select_related("made_by").first(),
            **super().get_context_data(**more),
        }


class OfferView(UnitCalendarView):
    """Turn sign-in by QR code on or off."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        form = OfferForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(offer_form=form))
        services.set_offer(self.unit, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("activities:unit_calendar", self.unit.code)


class FeedOpenView(UnitCalendarView):
    """Make a secret address, or a new one in place of the old; it is shown this once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        with_below = request.POST.get("with_below") == "on"
        with_deadlines = request.POST.get("with_deadlines") == "on"
        user: Any = request.user
        secret = services.open_feed(
            self.unit, with_below=with_below, with_deadlines=with_deadlines, by=user
        )
        address = request.build_absolute_uri(f"{reverse('activities:feed')}?key={secret}")
        return self.render_to_response(self.get_context_data(address=address))


class FeedRevokeView(UnitMixin, View):
    action = Action.RECORD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        user: Any = request.user
        if services.revoke_feed(self.unit, by=user):
            messages.success(request, _("The address is closed: nobody can read it any more."))
        return redirect("activities:unit_calendar", self.unit.code)


class FeedView(View):
    """A feed for whoever has its address. The secret is in the query, which no log keeps."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponseBase:
        feed = feed_of(request.GET.get("key", ""))
        if _reads_too_often(feed.fingerprint if feed else "unknown"):
            return HttpResponse(status=429, headers={"Retry-After": str(WINDOW_SECONDS)})
        if feed is None:
            raise Http404
        plans = plans_of_feed(feed, timezone.now())
        content = calendar_file(feed, plans, days_of_feed(feed, timezone.localdate()))
        changed = max([feed.made_at, *(plan.updated_at for plan in plans)])
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="plans.ics"'
        response.headers["ETag"] = tag_of(content)
        if not feed.with_deadlines:  # what is due changes with every record
            response.headers["Last-Modified"] = http_date(int(changed.timestamp()))
        patch_cache_control(response, private=True, max_age=900)
        return get_conditional_response(request, etag=tag_of(content), response=response)


class HolidayListView(LoginRequiredMixin, View):
    """Days off and adjusted workdays: what was entered, and what the built-in table says."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not _keeps_days(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(HolidayForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        form = HolidayForm(request.POST)
        county = _county_kept_by(user)
        if county is None and Action.ADMINISTER not in actions_of(user):
            raise Http404
        if form.is_valid():
            try:
                services.set_holiday(county, **form.cleaned_data, by=user)
            except ActivityError as error:
                form.add_error(error.field or None, str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("activities:holidays")
        return self.show(form)

    def show(self, form: HolidayForm) -> HttpResponse:
        year = timezone.localdate().year
        context = {
            "form": form,
            "county": _county_kept_by(self.request.user),
            "entered": Holiday.objects.visible_to(self.request.user).select_related("unit"),
            "built_in": built_in_days(year) if is_announced(year) else [],
            "year": year,
            "next_year": year + 1,
            "next_is_announced": is_announced(year + 1),
        }
        return render(self.request, "activities/holidays.html", context)


class HolidayForgetView(LoginRequiredMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        holiday = get_object_or_404(Holiday.objects.visible_to(user), pk=pk)
        services.forget_holiday(holiday, by=user)
        messages.success(request, _("The entry is gone."))
        return redirect("activities:holidays")


def _month(text: str) -> date | None:
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) > 1900 else None


def _keeps_days(user: Any) -> bool:
    return bool(actions_of(user) & {Action.MANAGE, Action.ADMINISTER})


def _county_kept_by(user: Any) -> Unit | None:
    """The county whose days an organiser enters; None for an administrator: days for all."""
    return Unit.objects.visible_to(user, action=Action.MANAGE).order_by("path").first()


def _reads_too_often(name: str) -> bool:
    """Count a read of this feed, or of none; each process of the portal counts for itself."""
    key = f"feed-reads-{name}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > READS_A_WINDOW
    except ValueError:  # it ran out between the two
        return False
