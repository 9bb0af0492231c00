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
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView, ListView

from accounts.models import AuditEvent
from activities import services
from activities.choices import ATTENDED, COUNTING_STATES, Presence, State
from activities.counting import told_of_submission, waits_for_confirmation
from activities.entries import ActivityError
from activities.filters import ActivityFilter
from activities.forms import ReturnForm
from activities.hints.reading import hints_about
from activities.history import lines_of
from activities.issue_forms import IssueForm, SettleForm
from activities.models import Activity, Attendance
from activities.naming import extra_of
from activities.plans import planned_of
from activities.views.files import files_context
from activities.votes import from_the_best
from organizations.access import actions_of, may, paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin

PER_PAGE = 50


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
            appraisals=from_the_best(
                activity.appraisals.select_related("person").order_by("person__pinyin")
            ),
            co_hosts=activity.co_hosts.order_by("path"),
            history=lines_of(events),
            return_form=ReturnForm(initial={"version": activity.version}),
            extra=extra_of(activity),
            head_count=head_count(activity),
            waits=activity.state == State.SUBMITTED and waits_for_confirmation(activity),
            versions=activity.versions.count(),
            looks_for_issues=any(kind.has_issues for kind in activity.kinds),
            issues=activity.issues.order_by("pk"),
            issue_form=IssueForm(),
            settle_form=SettleForm(),
            today=timezone.localdate(),
            can=_abilities(activity, user),
            planned=planned_of(activity, user=user),
            hints=hints_about(activity, user),
            **files_context(activity, user),
            **more,
        )


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
            messages.success(request, self.words(activity))
        return redirect(activity)

    def words(self, activity: Activity) -> str:
        """What is said when it is done."""
        return str(self.told)

    def act(self, activity: Activity, **options: Any) -> None:
        type(self).change(activity, by=self.request.user, **options)


class SubmitView(StateView):
    change = staticmethod(services.submit)

    def words(self, activity: Activity) -> str:
        return told_of_submission(activity)


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


def head_count(activity: Activity) -> dict[str, int] | None:
    """How many were expected and how many came; None where nobody is recorded."""
    presences = list(activity.attendances.values_list("presence", flat=True))
    here = sum(presence in ATTENDED for presence in presences)
    return {"expected": len(presences), "here": here} if presences else None


def _abilities(activity: Activity, user: Any) -> dict[str, bool]:
    """What the person may do with the record as it stands."""
    keeps, reviews = (may(user, action, activity.unit) for action in (Action.RECORD, Action.REVIEW))
    open_states = (State.DRAFT, State.RETURNED)
    return {
        "edit": keeps and activity.state in services.EDITABLE,
        "submit": keeps and activity.state in open_states,
        "follow": keeps and activity.state != State.CANCELLED,
        "cancel": keeps and activity.state in services.EDITABLE,
        "confirm": reviews and activity.state == State.SUBMITTED,
        "return": reviews and activity.state in COUNTING_STATES,
    }
