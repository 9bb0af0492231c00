"""Reviewing what the units below have submitted: the queue, and one record after another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from activities import services
from activities.choices import State
from activities.counting import waits_for_confirmation
from activities.differences import difference
from activities.entries import ActivityError
from activities.hints.reading import with_hints
from activities.models import Activity
from activities.naming import extra_of
from activities.views.records import by_presence, head_count, with_numbers
from activities.votes import from_the_best
from assessment.review import queue_of, reasons_of
from assessment.views import serving
from organizations.access import paths_for
from organizations.actions import Action

PER_PAGE = 50
USUAL_REASONS = [
    gettext_lazy("The list of those present is not complete."),
    gettext_lazy("Time or place is not right."),
    gettext_lazy("The kind does not fit what was held."),
    gettext_lazy("The minutes are missing or too short."),
]
LONGEST_REASON = 300


class ReturnReasonForm(forms.Form):
    """A frequent reason, words of one's own, or both."""

    usual = forms.ChoiceField(
        label=gettext_lazy("frequent reasons"), required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("in your own words"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea({"rows": 2, "data-key": "r"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reasons: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        known = list(dict.fromkeys([*reasons, *map(str, USUAL_REASONS)]))
        self.fields["usual"].choices = [(each, each) for each in known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = [data.get("usual", ""), data.get("reason", "").strip()]
        data["whole"] = " ".join(part for part in parts if part)
        if not data["whole"]:
            self.add_error("reason", _("Say why the record is returned."))
        elif len(data["whole"]) > LONGEST_REASON:
            message = _("The reason is longer than %(most)s characters.")
            self.add_error("reason", message % {"most": LONGEST_REASON})
        return data


class ReviewQueueView(LoginRequiredMixin, View):
    """What the units below have submitted and nobody has looked at; many confirmed at once."""

    template_name = "activities/activity_review.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen, places = queue_of(request.user, request.GET, request)
        page = Paginator(places, PER_PAGE).get_page(request.GET.get("page"))
        due = {place.key: place.due_on for place in page.object_list}
        mine = Activity.objects.hosted_under(*paths_for(request.user, Action.REVIEW))
        rows = with_hints(mine.filter(pk__in=due), request.user)
        rows = with_numbers(rows.select_related("unit", "submitted_by"))
        by_key = {row.pk: row for row in rows}
        lines = [
            {"activity": by_key[place.key], "due_on": place.due_on}
            for place in page.object_list
            if place.key in by_key
        ]
        context = {
            "filter": chosen,
            "page_obj": page,
            "is_paginated": page.has_other_pages(),
            "lines": lines,
            "today": timezone.localdate(),
            "query": _filters(request),
        }
        return render(request, self.template_name, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm every record that was ticked, each as it was when the page was shown."""
        done, refused = 0, []
        user: Any = request.user
        mine = Activity.objects.hosted_under(*paths_for(user, Action.REVIEW))
        for key, version in _ticked(request):
            activity = get_object_or_404(mine, pk=key)
            try:
                services.confirm(activity, by=user, version=version)
                done += 1
            except ActivityError as error:
                refused.append(f"{activity.topic}: {error}")
        if done:
            words = ngettext("%(count)s record confirmed.", "%(count)s records confirmed.", done)
            messages.success(request, words % {"count": done})
        for told in refused:
            messages.error(request, told)
        if not done and not refused:
            messages.info(request, _("Nothing was ticked."))
        return redirect(_with_filters("assessment:review", request))


class ReviewRecordView(LoginRequiredMixin, View):
    """One record beside what it serves; from here to the next without going back."""

    template_name = "activities/review_record.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            mine = Activity.objects.hosted_under(*paths_for(request.user, Action.REVIEW))
            self.activity = get_object_or_404(
                mine.select_related("unit", "submitted_by", "reviewed_by"), pk=kwargs["pk"]
            )

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        return self.show(self._form())

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        user: Any = request.user
        before, after = self._neighbours()
        form = self._form(request.POST)
        is_return = request.POST.get("do") == "return"
        if is_return and not form.is_valid():
            return self.show(form)
        version = form["version"].value() or ""
        options = {"version": int(version)} if str(version).isdecimal() else {}
        try:
            if is_return:
                reason = form.cleaned_data["whole"]
                services.return_activity(self.activity, reason, by=user, **options)
                messages.success(request, _("Returned to the unit with your reason."))
            else:
                services.confirm(self.activity, by=user, **options)
                messages.success(request, _("“%(topic)s” is confirmed.") % {"topic": self.activity})
        except ActivityError as error:
            messages.error(request, str(error))
            return redirect(_with_filters("assessment:review_record", request, pk))
        if following := after or before:
            return redirect(_with_filters("assessment:review_record", request, following))
        messages.info(request, _("That was the last one."))
        return redirect(_with_filters("assessment:review", request))

    def _form(self, data: Any = None) -> ReturnReasonForm:
        reasons = reasons_of(self.request.user)
        return ReturnReasonForm(data, reasons=reasons, initial={"version": self.activity.version})

    def _neighbours(self) -> tuple[UUID | None, UUID | None]:
        """The records before and after this one in the queue as it is filtered."""
        self.chosen, places = queue_of(self.request.user, self.request.GET, self.request)
        keys = [place.key for place in places]
        self.total, self.place = len(keys), 0
        self.due_on = None
        if self.activity.pk not in keys:
            return None, keys[0] if keys else None
        index = keys.index(self.activity.pk)
        self.place, self.due_on = index + 1, places[index].due_on
        before = keys[index - 1] if index else None
        return before, keys[index + 1] if index + 1 < len(keys) else None

    def show(self, form: ReturnReasonForm) -> HttpResponse:
        activity, request = self.activity, self.request
        before, after = self._neighbours()
        context = {
            "activity": activity,
            "presences": by_presence(activity),
            "appraisals": from_the_best(
                activity.appraisals.select_related("person").order_by("person__pinyin")
            ),
            "co_hosts": activity.co_hosts.order_by("path"),
            "extra": extra_of(activity),
            "head_count": head_count(activity),
            "issues": activity.issues.order_by("pk"),
            "waits": waits_for_confirmation(activity),
            "is_waiting": activity.state == State.SUBMITTED,
            "corrected": corrected_since_return(activity),
            "form": form,
            "before": _with_filters("assessment:review_record", request, before) if before else "",
            "after": _with_filters("assessment:review_record", request, after) if after else "",
            "back": _with_filters("assessment:review", request),
            "place": self.place,
            "total": self.total,
            "due_on": self.due_on,
            "today": timezone.localdate(),
            **serving(request.user, activity),
        }
        return render(request, self.template_name, context)


def corrected_since_return(activity: Activity) -> Any:
    """What has changed since the record was last returned; None where it never was."""
    if not activity.return_reason or not activity.reviewed_at:
        return None
    versions = list(activity.versions.order_by("number"))
    seen = [version for version in versions if version.at <= activity.reviewed_at]
    if not seen or not versions or seen[-1] is versions[-1]:
        return None
    return difference(seen[-1].snapshot, versions[-1].snapshot)


def _filters(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _with_filters(name: str, request: HttpRequest, *args: Any) -> str:
    """An address of the review that keeps the filters which are chosen."""
    query = _filters(request)
    return f"{reverse(name, args=args)}{'?' if query else ''}{query}"


def _ticked(request: HttpRequest) -> list[tuple[UUID, int]]:
    """The records that were ticked, each with its version: `KEY:VERSION`."""
    found = []
    for text in request.POST.getlist("record")[:PER_PAGE]:
        key, _colon, version = text.partition(":")
        try:
            found.append((UUID(key), int(version)))
        except ValueError:
            continue
    return found
