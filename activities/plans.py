"""From a plan to the log form: what it fills in, and who has signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from activities import services
from activities.choices import ATTENDED, Presence, State
from activities.models import Activity, Plan, Signature, SignIn, SignInOffer
from activities.plan_choices import Answer
from activities.roll import OTHERS, Roll, RollRow
from organizations.access import may, paths_for
from organizations.actions import Action
from organizations.models import Unit


def plan_wanted(text: str | None, *, user: User) -> Plan | None:
    """The plan that `?plan=` names, if it is still to be held and `user` may log for its host."""
    try:
        key = UUID(text or "")
    except ValueError:
        return None
    mine = Plan.objects.hosted_under(*paths_for(user, Action.RECORD))
    return mine.planned().select_related("unit", "sign_in").filter(pk=key).first()


def values_of_plan(plan: Plan, *, user: User) -> dict[str, Any]:
    """What the plan says, as the log form's initial values.

    Who accepted and lies beyond the reach of `user` is named by code, as in the plan.
    """
    begins, ends = timezone.localtime(plan.starts_at), timezone.localtime(plan.ends_at)
    joined = plan.invitations.filter(answer=Answer.ACCEPTED)
    codes = set(joined.values_list("unit__code", flat=True))
    offered = Unit.objects.visible_to(user).on(timezone.localdate())
    near = set(offered.filter(code__in=codes).values_list("code", flat=True))
    return {
        "unit": plan.unit.code,
        "kinds": [kind.code for kind in plan.kinds],
        "topic": plan.topic,
        "day": begins.date(),
        "begins": begins.time(),
        "ends": ends.time(),
        "last_day": ends.date() if ends.date() != begins.date() else None,
        **{name: getattr(plan, name) for name in ("place", "chair") if getattr(plan, name)},
        "co_hosts": sorted(near),
        "co_host_codes": ",".join(sorted(codes - near)),
    }


def hosts_of_plan(plan: Plan, *, user: User) -> list[Unit]:
    """The host, and those who accepted as far as `user` sees them: whose people are listed."""
    joined = Unit.objects.visible_to(user).filter(
        plan_invitations__plan=plan, plan_invitations__answer=Answer.ACCEPTED
    )
    return [plan.unit, *joined.order_by("path")]


def hold_if_wanted(plan: Plan | None, activity: Activity, *, user: User) -> bool:
    """Join the record to the plan with which its form was opened."""
    return plan is not None and services.hold_plan(plan, activity, by=user)


def sign_in_of(held: Plan | Activity | None) -> SignIn | None:
    """The sign-in of a plan or draft; of a record, also that of the plan it was made of."""
    if isinstance(held, Activity):
        rows = SignIn.objects.filter(activity=held) | SignIn.objects.filter(plan__activity=held)
        return rows.first()
    return SignIn.objects.filter(plan=held).first() if held else None


def tick_signed(roll: Roll, sign_in: SignIn | None) -> int:
    """Propose on the list what the sign-in says: present who signed, absent who was expected and
    did not. Nobody signed: the list stays as it is. How many signed.
    """
    signed = _signed(sign_in)
    for key, signature in signed.items():
        row = roll.rows.setdefault(key, _row_of(signature))
        row.presence = row.presence if row.is_here else str(Presence.PRESENT)
        if signature.is_late:
            row.notes.append(late_note(signature))
    for key, row in roll.rows.items():
        if signed and key not in signed and row.is_usual and row.presence != Presence.LEAVE:
            row.presence = Presence.ABSENT
    return len(signed)


def admit_signed(roll: Roll, data: QueryDict, sign_in: SignIn | None) -> None:
    """Let those stay on a list that was sent who signed, though they are out of the user's reach:
    members of other units of the county whom the host let in.
    """
    here = set(data.getlist("here"))
    for key, signature in _signed(sign_in).items():
        away = data.get(f"away-{key}", "")
        if key in roll.rows or not (str(key) in here or away):
            continue
        row = roll.rows[key] = _row_of(signature)
        is_away = str(key) not in here and away in set(Presence) - ATTENDED
        row.presence = away if is_away else str(Presence.PRESENT)
        roll.unknown = max(0, roll.unknown - 1)


def planned_of(activity: Activity, *, user: User) -> dict[str, Any]:
    """What a record's page says of its plan and its sign-in: a fixed number of queries."""
    keeps = may(user, Action.RECORD, activity.unit)
    sign_in = sign_in_of(activity)
    signatures = list(sign_in.signatures.select_related("person")) if sign_in else []
    is_open = activity.state in (State.DRAFT, State.RETURNED)
    offers = SignInOffer.objects.filter(unit=activity.unit_id, is_on=True)
    return {
        "plan": Plan.objects.visible_to(user).filter(activity=activity).first(),
        "sign_in": sign_in,
        "signed": len(signatures),
        "late": [row for row in signatures if row.is_late],
        "keeps": keeps,
        "may_open": keeps and is_open and offers.exists(),
    }


def late_note(signature: Signature) -> str:
    """Beside the name of somebody who came late."""
    at = date_format(timezone.localtime(signature.signed_at), "TIME_FORMAT")
    return _("came at %(time)s") % {"time": at}


def _row_of(signature: Signature) -> RollRow:
    person = signature.person
    return RollRow(person.pk, person.name, person.pinyin, _("From elsewhere"), OTHERS)


def _signed(sign_in: SignIn | None) -> dict[UUID, Signature]:
    if sign_in is None:
        return {}
    return {row.person_id: row for row in sign_in.signatures.select_related("person")}
