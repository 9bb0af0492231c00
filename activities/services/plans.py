"""Every change of a plan. It counts for nothing, so no unit's verdicts are touched by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import State
from activities.entries import ActivityConflict, ActivityError
from activities.kinds import mask_of
from activities.models import Activity, Plan, PlanInvitation, PlanSeries
from activities.plan_choices import Answer, PlanState, Scope
from activities.repeats import Rule, days_of
from activities.services.signing import mark_signed
from activities.workdays import table_of
from organizations.models import Unit

YEARS_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """What a person says of a plan."""

    unit: Unit
    kinds: frozenset[str]
    topic: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    chair: str = ""
    note: str = ""
    invited: tuple[Unit, ...] = ()


@transaction.atomic
def make_plan(entry: PlanEntry, *, by: User | None, rule: Rule | None = None) -> list[Plan]:
    """Write the plan, or with a `rule` the whole row of them; each can be changed by itself.

    Raises ActivityError when the entry can't be, or no day is left to hold it on.
    """
    _check(entry)
    shifts, series = [timedelta()], None
    if rule:
        first = timezone.localtime(entry.starts_at).date()
        table = table_of(entry.unit.county_code, first, first + YEARS_AHEAD)
        days = days_of(first, rule, table.is_workday)
        if not days:
            raise ActivityError(_("No day is left on which this would be held."), field="until")
        shifts = [day - first for day in days]
        series = PlanSeries.objects.create(
            unit=entry.unit, repeat=rule.repeat, off_days=rule.off_days
        )
    now = timezone.now()
    plans = [
        Plan(
            **_columns(_shifted(entry, shift)),
            unit=entry.unit,
            series=series,
            created_by=by,
            created_at=now,
            updated_at=now,
        )
        for shift in shifts
    ]
    Plan.objects.bulk_create(plans)
    _invite(plans, entry.invited)
    _audit(plans[0], "make_plan", by=by, plans=len(plans))
    return plans


@transaction.atomic
def change_plan(
    plan: Plan,
    entry: PlanEntry,
    *,
    by: User | None,
    scope: str = Scope.ONE,
    sequence: int | None = None,
) -> int:
    """Make the plan what `entry` says, or it and all that follow in its row; how many changed.

    Those that follow get the same words, time of day and length, and move by as many days.
    Raises ActivityConflict if somebody changed it since it was opened as `sequence`.
    """
    _check(entry, host=plan.unit)
    stored = _claim(plan, sequence)
    rows = [stored]
    if scope == Scope.FOLLOWING and stored.series_id:
        later = Plan.objects.planned().filter(series=stored.series_id)
        rows += later.filter(starts_at__gt=stored.starts_at).select_related("unit")
    begun = stored.starts_at
    for row in rows:
        for name, value in _columns(_shifted(entry, row.starts_at - begun)).items():
            setattr(row, name, value)
    now, names = timezone.now(), [*_columns(entry)]
    for row in rows[1:]:
        row.sequence += 1
    for row in rows:
        row.updated_at = now
    Plan.objects.bulk_update(rows, [*names, "sequence", "updated_at"])
    _invite(rows, entry.invited)
    _audit(stored, "change_plan", by=by, plans=len(rows))
    return len(rows)


@transaction.atomic
def drop_plan(
    plan: Plan,
    reason: str,
    *,
    by: User | None,
    scope: str = Scope.ONE,
    sequence: int | None = None,
) -> int:
    """Say that the plan, or it and all that follow, will not be held, and why; how many."""
    reason = reason.strip()
    if not reason:
        raise ActivityError(_("Say why the plan is dropped."), field="reason")
    stored = _claim(plan, sequence)
    rows = Plan.objects.filter(pk=stored.pk)
    if scope == Scope.FOLLOWING and stored.series_id:
        later = {"series": stored.series_id, "starts_at__gte": stored.starts_at}
        rows = rows | Plan.objects.planned().filter(**later)
    keys = list(rows.values_list("pk", flat=True))
    others = Plan.objects.filter(pk__in=[key for key in keys if key != stored.pk])
    others.update(sequence=F("sequence") + 1)
    Plan.objects.filter(pk__in=keys).update(
        state=PlanState.DROPPED, drop_reason=reason[:200], updated_at=timezone.now()
    )
    _audit(stored, "drop_plan", by=by, plans=len(keys), reason=reason[:200])
    return len(keys)


@transaction.atomic
def take_up_plan(plan: Plan, *, by: User | None) -> None:
    """Plan again what was dropped, or what was held but whose record was withdrawn."""
    now = timezone.now()
    rows = Plan.objects.filter(pk=plan.pk)
    change = {"state": PlanState.PLANNED, "updated_at": now, "sequence": F("sequence") + 1}
    done = rows.filter(state=PlanState.DROPPED).update(**change, drop_reason="")
    done += rows.filter(state=PlanState.HELD, activity__state=State.CANCELLED).update(
        **change, activity=None
    )
    if not done:
        raise _refusal(plan, None)
    _audit(plan, "take_up_plan", by=by)


@transaction.atomic
def hold_plan(plan: Plan, activity: Activity, *, by: User | None) -> bool:
    """Join the plan to the record that was made of it; False if it has one already, or none can be.

    Whoever signed in with a phone and is on the record as present is marked so there.
    """
    held = Plan.objects.planned().filter(pk=plan.pk, unit=activity.unit_id)
    if Plan.objects.filter(activity=activity).exists() or not held.update(
        state=PlanState.HELD,
        activity=activity,
        updated_at=timezone.now(),
        sequence=F("sequence") + 1,
    ):
        return False
    mark_signed(activity)
    _audit(plan, "hold_plan", by=by, activity=str(activity.pk))
    return True


@transaction.atomic
def answer_invitation(invitation: PlanInvitation, answer: str, *, by: User | None) -> None:
    """Say for the invited unit whether it will take part; it may change its mind until then."""
    if answer not in (Answer.ACCEPTED, Answer.DECLINED):
        raise ActivityError(_("Say whether your unit takes part."))
    now = timezone.now()
    waiting = PlanInvitation.objects.filter(pk=invitation.pk, plan__state=PlanState.PLANNED)
    if not waiting.update(answer=answer, answered_by=by, answered_at=now):
        raise ActivityError(_("This plan is not open any more."))
    Plan.objects.filter(pk=invitation.plan_id).update(updated_at=now)
    record(
        by=by,
        verb="answer_invitation",
        target=invitation,
        unit_path=invitation.unit.path,
        answer=str(answer),
        plan=str(invitation.plan_id),
    )


def _check(entry: PlanEntry, *, host: Unit | None = None) -> None:
    if not entry.kinds:
        raise ActivityError(_("Choose at least one kind."), field="kinds")
    if not entry.topic.strip():
        raise ActivityError(_("Say what the activity is about."), field="topic")
    if entry.ends_at <= entry.starts_at:
        raise ActivityError(_("The end is not after the start."), field="ends")
    unit = host or entry.unit
    if unit.pk in {each.pk for each in entry.invited}:
        raise ActivityError(_("The host is named again among the invited."), field="invited")
    day = timezone.localtime(entry.starts_at).date()
    if unit.dissolved_on and day > unit.dissolved_on:
        raise ActivityError(_("%(unit)s does not exist any more on this day.") % {"unit": unit})


def _columns(entry: PlanEntry) -> dict[str, object]:
    return {
        "kind_mask": mask_of(entry.kinds),
        "topic": entry.topic.strip(),
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "place": entry.place.strip(),
        "chair": entry.chair.strip(),
        "note": entry.note.strip(),
    }


def _shifted(entry: PlanEntry, shift: timedelta) -> PlanEntry:
    """The entry some time later. There is no summer time in Shanghai."""
    return replace(entry, starts_at=entry.starts_at + shift, ends_at=entry.ends_at + shift)


def _invite(plans: list[Plan], units: Iterable[Unit]) -> None:
    """Make the invited of each plan exactly `units`; answers that were given stay."""
    wanted = {unit.pk for unit in units}
    rows = PlanInvitation.objects.filter(plan__in=plans)
    rows.exclude(unit__in=wanted).delete()
    there = set(rows.values_list("plan_id", "unit_id"))
    PlanInvitation.objects.bulk_create(
        PlanInvitation(plan=plan, unit_id=key)
        for plan in plans
        for key in wanted
        if (plan.pk, key) not in there
    )


def _claim(plan: Plan, sequence: int | None) -> Plan:
    """Take a plan that is still planned, by raising its sequence; the row's count decides."""
    rows: QuerySet[Plan] = Plan.objects.planned().filter(pk=plan.pk)
    if sequence is not None:
        rows = rows.filter(sequence=sequence)
    if not rows.update(sequence=F("sequence") + 1, updated_at=timezone.now()):
        raise _refusal(plan, sequence)
    return Plan.objects.select_related("unit").get(pk=plan.pk)


def _refusal(plan: Plan, sequence: int | None) -> ActivityError:
    now = Plan.objects.get(pk=plan.pk)
    if now.state == PlanState.PLANNED and sequence is not None:
        return ActivityConflict(
            _("Somebody changed this plan after you had opened it. Open it again and look.")
        )
    return ActivityError(
        _("This can't be done: the plan is now “%(state)s”.") % {"state": now.get_state_display()}
    )


def _audit(plan: Plan, verb: str, *, by: User | None, **details: object) -> None:
    record(by=by, verb=verb, target=plan, unit_path=plan.unit.path, **details)
