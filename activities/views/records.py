"""Reading records, and the buttons that move them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView, ListView

from accounts.models import AuditEvent
from activities import services
from activities.choices import ATTENDED, COUNTING_STATES, Presence, State
from activities.entries import ActivityError
from activities.filters import ActivityFilter
from activities.forms import ReturnForm
from activities.hints.reading import hints_about, with_hints
from activities.history import lines_of
from activities.models import Activity, Attendance
from activities.views.files import files_context
from organizations.access import actions_of, may, paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin

PER_PAGE = 50
SIDES = 2
"""Columns of names on the printed sheet."""


def with_numbers(activities: QuerySet) -> QuerySet:
    """Each with `here`, how many people attended; counted only for the rows that are shown."""
    attended = Attendance.objects.filter(activity=OuterRef("pk"), presence__in=sorted(ATTENDED))
    counted = attended.order_by().values("activity").annotate(count=Count("pk")).values("count")
    return activities.annotate(here=Coalesce(Subquery(counted), 0))


class ActivityListView(ScopedMixin, ListView):
    """What units within reach have held, newest first."""

    queryset = Activity.objects.select_related("unit")
    paginate_by = PER_PAGE

    def get_queryset(self) -> QuerySet:
        self.filter = ActivityFilter(
            self.request.GET, queryset=super().get_queryset(), request=self.request
        )
        return with_numbers(self.filter.qs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        may_log = Action.RECORD in actions_of(self.request.user)
        to_review = 0
        if paths := paths_for(self.request.user, Action.REVIEW):
            to_review = waiting(paths).count()
        return super().get_context_data(
            filter=self.filter, may_log=may_log, to_review=to_review, **more
        )


class ActivityDetailView(ScopedMixin, DetailView):
    """One record: what is known of it, who was there, what became of it, what may be done."""

    queryset = Activity.objects.select_related("unit", "submitted_by", "reviewed_by")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        activity, user = self.object, self.request.user
        events = AuditEvent.objects.filter(
            target_type=Activity._meta.label_lower, target_id=str(activity.pk)
        ).select_related("by")
        return super().get_context_data(
            presences=by_presence(activity),
            appraisals=activity.appraisals.select_related("person").order_by("person__pinyin"),
            co_hosts=activity.co_hosts.order_by("path"),
            history=lines_of(events),
            return_form=ReturnForm(initial={"version": activity.version}),
            can=_abilities(activity, user),
            hints=hints_about(activity, user),
            **files_context(activity, user),
            **more,
        )


class ActivityPrintView(ScopedMixin, DetailView):
    """The record as a sheet to sign and file."""

    queryset = Activity.objects.select_related("unit", "submitted_by")
    template_name = "activities/activity_print.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        people = self.object.attendances.select_related("person").order_by("person__pinyin")
        return super().get_context_data(
            pairs=side_by_side(list(people)),
            sides=range(SIDES),
            co_hosts=self.object.co_hosts.order_by("path"),
            **more,
        )


class ReviewView(LoginRequiredMixin, ListView):
    """What the units below have submitted and nobody has looked at, the oldest first."""

    template_name = "activities/activity_review.html"
    paginate_by = PER_PAGE

    def get_queryset(self) -> QuerySet:
        paths = paths_for(self.request.user, Action.REVIEW)
        rows = waiting(paths).select_related("unit", "submitted_by")
        return with_numbers(with_hints(rows, self.request.user).order_by("submitted_at", "pk"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm every record that was ticked, each as it was when the page was shown."""
        done, refused = 0, []
        mine = Activity.objects.hosted_under(*paths_for(request.user, Action.REVIEW))
        for key, version in _ticked(request):
            activity = get_object_or_404(mine, pk=key)
            try:
                services.confirm(activity, by=request.user, version=version)  # type: ignore[arg-type]
                done += 1
            except ActivityError as error:
                refused.append(f"{activity.topic}: {error}")
        if done:
            messages.success(request, _("Records confirmed: %(count)s.") % {"count": done})
        for told in refused:
            messages.error(request, told)
        return redirect("activities:review")


class StateView(LoginRequiredMixin, View):
    """A button that moves a record on. Outside the reach for `action` it does not exist."""

    http_method_names = ["post"]
    action = Action.RECORD
    change: Callable[..., Activity]
    told: Any = ""

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        mine = Activity.objects.hosted_under(*paths_for(request.user, self.action))
        activity = get_object_or_404(mine.select_related("unit"), pk=pk)
        version = request.POST.get("version", "")
        options = {"version": int(version)} if version.isdecimal() and len(version) < 10 else {}
        try:
            self.act(activity, **options)
        except ActivityError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(self.told))
        return redirect(activity)

    def act(self, activity: Activity, **options: Any) -> None:
        type(self).change(activity, by=self.request.user, **options)


class SubmitView(StateView):
    change = staticmethod(services.submit)
    told = gettext_lazy("Submitted. It counts from now on.")


class CancelView(StateView):
    change = staticmethod(services.cancel)
    told = gettext_lazy("Cancelled. It stays to be read and counts for nothing.")


class ConfirmView(StateView):
    action = Action.REVIEW
    change = staticmethod(services.confirm)
    told = gettext_lazy("Confirmed.")


class ReturnView(StateView):
    action = Action.REVIEW
    told = gettext_lazy("Returned to the unit with your reason.")

    def act(self, activity: Activity, **options: Any) -> None:
        reason = self.request.POST.get("reason", "")[:300]
        services.return_activity(activity, reason, by=self.request.user, **options)  # type: ignore[arg-type]


def side_by_side(rows: list[Attendance]) -> list[list[tuple[int | str, Attendance | None]]]:
    """The rows with their numbers, read down the left half of the sheet, then the right."""
    height = -(-len(rows) // SIDES)
    numbered: list[tuple[int | str, Attendance | None]] = [*enumerate(rows, start=1)]
    numbered += [("", None)] * (height * SIDES - len(rows))
    return [numbered[line::height] for line in range(height)]


def waiting(paths: list[str]) -> QuerySet:
    """Submitted records hosted at or below `paths`."""
    return Activity.objects.hosted_under(*paths).filter(state=State.SUBMITTED)


def by_presence(activity: Activity) -> list[tuple[str, list[Attendance]]]:
    """The attendances under the words for their presence."""
    groups: dict[str, list[Attendance]] = {presence: [] for presence in Presence}
    rows = activity.attendances.select_related("person").order_by("person__pinyin", "person_id")
    for row in rows:
        groups[row.presence].append(row)
    return [(Presence(presence).label, rows) for presence, rows in groups.items() if rows]


def _abilities(activity: Activity, user: Any) -> dict[str, bool]:
    """What the person may do with the record as it stands."""
    keeps, reviews = (may(user, action, activity.unit) for action in (Action.RECORD, Action.REVIEW))
    open_states = (State.DRAFT, State.RETURNED)
    return {
        "edit": keeps and activity.state in services.EDITABLE,
        "submit": keeps and activity.state in open_states,
        "cancel": keeps and activity.state in services.EDITABLE,
        "confirm": reviews and activity.state == State.SUBMITTED,
        "return": reviews and activity.state in COUNTING_STATES,
    }


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
