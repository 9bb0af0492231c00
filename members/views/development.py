"""The way into the Party: who is on it, how far, what may follow and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members import services
from members.choices import ACTIVE_STANDINGS, Stage, StepKind
from members.citing import cite
from members.development import Next, load_rules, next_stage
from members.ledger_forms import (
    DecisionForm,
    DevelopmentFilterForm,
    ExtensionForm,
    StageDayForm,
    StepForm,
)
from members.ledgers import Column
from members.models import Membership, Person
from members.services.people import STAGE_DAYS
from members.views.ledgers import LedgerView, home_names, with_homes
from members.views.mixins import ChangeView

LEAD = timedelta(days=60)


def next_of(membership: Any, today: date, done: Any = ()) -> Next | None:
    """What comes next for `membership`, which carries `extended_until`."""
    days = {name: getattr(membership, name) for name in STAGE_DAYS}
    extended = getattr(membership, "extended_until", None)
    return next_stage(membership.stage, days, today=today, extended_until=extended, done=done)


def _next(membership: Any) -> Next | None:
    return next_of(membership, timezone.localdate())


def _stage_day(membership: Membership) -> date | None:
    return getattr(membership, STAGE_DAYS[list(Stage).index(Stage(membership.stage))])


def _next_words(membership: Membership) -> str:
    following = _next(membership)
    return str(Stage(following.stage).label) if following else ""


def _earliest(membership: Membership) -> date | str:
    following = _next(membership)
    return (following.on if following else None) or gettext("not known")


def _basis(membership: Membership) -> str:
    following = _next(membership)
    return cited(following) if following and following.months else ""


def cited(following: Next) -> str:
    """Where the number stands, and whether it is sure."""
    source = load_rules().source
    return cite(source, following.article, is_confirmed=following.is_confirmed)


def way_of(person: Person, today: date) -> dict[str, Any]:
    """For the person's page: steps so far, and what comes next."""
    steps = list(person.steps.select_related("by"))
    membership = getattr(person, "membership", None)
    if membership is None or membership.standing not in ACTIVE_STANDINGS:
        return {"steps": steps, "following": None}
    ends = [step.until for step in steps if step.until]
    membership.extended_until = max(ends, default=None)
    following = next_of(membership, today, done={step.kind for step in steps})
    missing = [StepKind(step.kind).label for step in following.missing] if following else []
    return {
        "steps": steps,
        "following": following,
        "following_stage": Stage(following.stage).label if following else "",
        "following_basis": cited(following) if following and following.months else "",
        "missing_steps": missing,
    }


class DevelopmentListView(LedgerView):
    """Applicants, activists, candidates and probationary members, with what may follow when."""

    queryset = Membership.objects.on_the_way().with_extension().select_related("person")
    form_class = DevelopmentFilterForm
    title = _("On the way into the Party")
    hint = _("The earliest day is computed from the minimum times; it is advice, not a lock.")
    nothing = _("Nobody on the way")
    file_name = "development"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Unit"), home_names),
        Column(_("Category"), lambda row: row.get_stage_display()),
        Column(_("Since"), _stage_day),
        Column(_("Next stage"), _next_words),
        Column(_("Not before"), _earliest),
        Column(_("Basis"), _basis),
        Column(_("Extended until"), lambda row: row.extended_until),
    )

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        today = timezone.localdate()
        if said.get("stage"):
            rows = rows.filter(stage=said["stage"])
        if said.get("shown") == "ready":
            rows = rows.ready_on(today)
        elif said.get("shown") == "probation":
            rows = rows.ready_on(today + LEAD).filter(stage=Stage.PROBATIONARY)
        return with_homes(rows.order_by("person__pinyin", "person_id"), self.request.user)


class OnTheWayView(ChangeView):
    """A change of somebody's membership."""

    queryset = Person.objects.filter(membership__isnull=False).select_related("membership")


class StepView(OnTheWayView):
    form_class = StepForm
    title = _("Record a step")

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate(), "kind": self.request.GET.get("kind")}

    def change(self, data: dict[str, Any]) -> None:
        kind = StepKind(data.pop("kind"))
        services.record_step(self.object, kind=kind, by=self.request.user, **data)


class AdvanceView(OnTheWayView):
    form_class = StageDayForm

    @property
    def title(self) -> Any:  # type: ignore[override]
        following = next_of(self.object.membership, timezone.localdate())
        if following is None:
            return gettext("Next stage")
        return gettext("Next stage: %(stage)s") % {"stage": Stage(following.stage).label}

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def change(self, data: dict[str, Any]) -> None:
        services.advance(self.object.membership, on=data["on"], by=self.request.user)


class ExtendView(OnTheWayView):
    form_class = ExtensionForm
    title = _("Extend the probation")

    def change(self, data: dict[str, Any]) -> None:
        services.extend_probation(self.object.membership, by=self.request.user, **data)


class CancelProbationView(OnTheWayView):
    form_class = DecisionForm
    title = _("Cancel the probationary membership")

    def change(self, data: dict[str, Any]) -> None:
        services.cancel_probation(self.object.membership, by=self.request.user, **data)
