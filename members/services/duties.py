"""Posts and pledges (clause 11), and cases of unfit members (clause 10)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import CaseOutcome, Nature
from members.errors import MemberError
from members.models import Affiliation, DutyPost, Person, Pledge, PostHolding, UnfitCase
from members.services.saving import refuse_gone, require_open, save_checked, tell, touch_units_of
from organizations.models import Unit
from organizations.services import touch


@transaction.atomic
def set_up_post(
    unit: Unit, *, name: str, by: User | None, duties: str = "", begun_on: date | None = None
) -> DutyPost:
    """A unit has a post for its members from `begun_on`."""
    require_open(unit)
    post = DutyPost(unit=unit, name=name, duties=duties, begun_on=begun_on)
    save_checked(post)
    record(by=by, verb="post_set_up", target=post, unit_path=unit.path)
    return post


@transaction.atomic
def hold_post(
    post: DutyPost, *, person: Person, by: User | None, begun_on: date | None = None
) -> PostHolding:
    """`person` holds `post` from `begun_on`."""
    if post.ended_on is not None:
        raise MemberError(_("This post has ended."))
    refuse_gone(person)
    holding = PostHolding(post=post, person=person, begun_on=begun_on)
    save_checked(holding)
    touch_units_of(person, post.unit)
    tell(person, "post_taken", by=by, target=holding)
    return holding


@transaction.atomic
def leave_post(holding: PostHolding, *, on: date, by: User | None) -> None:
    """`on` is the last day."""
    holding.ended_on = on
    save_checked(holding)
    touch_units_of(holding.person, holding.post.unit)
    tell(holding.person, "post_left", by=by, target=holding, on=on.isoformat())


@transaction.atomic
def make_pledge(person: Person, *, made_on: date, text: str, by: User | None) -> Pledge:
    """A member promises something, in the unit in which the member is at home."""
    pledge = Pledge(person=person, unit=_home_of(person), made_on=made_on, text=text)
    save_checked(pledge)
    touch(pledge.unit)
    tell(person, "pledge_made", by=by, target=pledge)
    return pledge


@transaction.atomic
def report_pledge(pledge: Pledge, *, reported_on: date, report: str, by: User | None) -> None:
    """Note how a pledge was kept."""
    pledge.reported_on, pledge.report = reported_on, report
    save_checked(pledge)
    touch_units_of(pledge.person, pledge.unit)
    tell(pledge.person, "pledge_reported", by=by, target=pledge)


@transaction.atomic
def open_case(
    person: Person, *, opened_on: date, ground: str, by: User | None, measure: str = ""
) -> UnfitCase:
    """A member does not meet the standard: open a case in the home unit."""
    case = UnfitCase(
        person=person,
        unit=_home_of(person),
        opened_on=opened_on,
        ground=ground,
        measure=measure,
        opened_by=by,
    )
    save_checked(case)
    touch(case.unit)
    tell(person, "case_opened", by=by, target=case)
    return case


@transaction.atomic
def settle_case(
    case: UnfitCase, *, settled_on: date, outcome: CaseOutcome, by: User | None, measure: str = ""
) -> None:
    """Close a case; leaving the Party is a change of standing, to be recorded as that."""
    if case.settled_on is not None:
        raise MemberError(_("This case has been settled already."))
    case.settled_on, case.outcome = settled_on, outcome
    case.measure = measure or case.measure
    save_checked(case)
    touch(case.unit)
    tell(case.person, "case_settled", by=by, target=case, outcome=outcome)


def _home_of(person: Person) -> Unit:
    homes = Affiliation.objects.filter(person=person, nature=Nature.HOME, ended_on__isnull=True)
    home = homes.select_related("unit").first()
    if home is None:
        raise MemberError(_("This person is at home in no unit of the portal."))
    return home.unit
