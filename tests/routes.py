"""Every address of the portal: who may go there, and with which objects it is tried.

A new route needs one line in ROUTES; tests/test_access.py fails until it has one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from activities.choices import State
from activities.models import EntryDraft, Holiday, PlanInvitation, Signature
from assessment.models import Notice
from assessment.periods import Cycle, periods_of
from assessment.sealing import seal_period
from members.choices import BatchKind, BatchState, ExemptionState, Nature
from members.models import Affiliation, ImportBatch
from members.roster.batches import Request, stage_import
from organizations.actions import ROLES_FOR, Action
from organizations.choices import Role
from organizations.models import CountySetting
from tests.evidence import AttachmentFactory, HintFactory
from tests.factories import (
    ActivityFactory,
    AffiliationFactory,
    AppointmentFactory,
    CommunityFactory,
    CountyFactory,
    ExemptionFactory,
    FloatingEntryFactory,
    GrantFactory,
    GuestNoteFactory,
    MemberFactory,
    PlanFactory,
    PledgeFactory,
    PostHoldingFactory,
    ReportFileFactory,
    SignInFactory,
    StreetFactory,
    TransferFactory,
    UnfitCaseFactory,
    VenueFactory,
)
from tests.kept_factories import RatingPageFactory, UndertakingFactory
from tests.review_factories import IssueFactory, ReviewEntryFactory

EVERYONE = frozenset(Role)
KEEPERS = frozenset({Role.ORGANIZER, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class Place:
    """A county with what may be in one; `user` is who will ask for it."""

    def __init__(self, name: str, user: User) -> None:
        self.name = name
        self.user = user
        self.county = CountyFactory(code=f"{name}c")
        self.street = StreetFactory(code=f"{name}s", parent=self.county)
        self.community = CommunityFactory(code=f"{name}m", parent=self.street)
        self.person = MemberFactory(unit=self.community)
        self.account = GrantFactory(unit=self.community, role=Role.VIEWER).user

    def activity(self, state: State = State.DRAFT):
        return ActivityFactory(unit=self.community, submitted=state is State.SUBMITTED)

    def issue(self):
        return IssueFactory(activity__unit=self.community)

    def run(self):
        return ReviewEntryFactory(run__unit=self.community, person=self.person).run

    def closed_run(self):
        run = self.run()
        run.activity = self.activity(State.SUBMITTED)
        run.closed_at = timezone.now()
        run.save()
        return run

    def plan(self, **given):
        return PlanFactory(unit=self.community, **given)

    def dropped(self):
        return self.plan(state="dropped", drop_reason="改期")

    def invitation(self):
        """Ours is asked of us by a unit elsewhere, theirs of them."""
        return PlanInvitation.objects.create(plan=PlanFactory(), unit=self.community)

    def sign_in(self):
        return SignInFactory(plan=self.plan())

    def signature(self):
        return Signature.objects.create(
            sign_in=self.sign_in(), person=self.person, signed_at="2026-12-10T01:00Z"
        )

    def holiday(self):
        day = {"day": "2027-02-08", "name": "春节"}
        return Holiday.objects.get_or_create(unit=self.county, **day)[0]

    def attachment(self):
        return AttachmentFactory(activity=self.activity())

    def hint(self, *, settled: bool = False):
        """Shown, because the county wants hints."""
        on = {"unit": self.county, "key": "hints", "applies_from": date(2020, 1, 1)}
        CountySetting.objects.update_or_create(**on, defaults={"value": "on"})
        by = self.account if settled else None
        return HintFactory(records=[self.activity(State.SUBMITTED)], dismissed_by=by)

    def batch(self, state: BatchState = BatchState.PLANNED):
        return ImportBatch.objects.create(
            kind=BatchKind.ROSTER,
            unit=self.community,
            state=state,
            file_name="roster.csv",
            made_by=self.user,
        )

    def uploaded(self):
        """A file whose headings nobody has mapped yet."""
        data = "名字,号码,身份\n测试员,1,正式党员\n".encode()
        request = Request(BatchKind.ROSTER, self.community, data, "roster.csv")
        return stage_import(request, by=self.user)[0]

    def draft(self):
        """Ours is the user's, theirs somebody else's."""
        owner = self.user if self.name == "ours" else self.account
        return EntryDraft.objects.create(
            owner=owner, key=uuid4(), page="/activities/log/", content={}, saved_at=timezone.now()
        )

    def holding(self):
        return PostHoldingFactory(person=self.person, post__unit=self.community)

    def guest(self):
        return AffiliationFactory(unit=self.community, nature=Nature.IN_SERVICE)

    def guest_note(self):
        return GuestNoteFactory(affiliation=self.guest())

    def newcomer(self):
        return MemberFactory(unit=self.community, stage="probationary")

    def floating(self):
        return FloatingEntryFactory(person=self.person, unit=self.community)

    def transfer(self):
        return TransferFactory(person=self.person, from_unit=self.community)

    def report(self, **more):
        """A file of the user's; in a county that is not theirs they no longer see it."""
        return ReportFileFactory(made_for=self.user, unit=self.community, **more)

    def failed_report(self):
        return self.report(state="failed", failure="error", file="")

    def venue(self):
        return VenueFactory(unit=self.community)

    def rated(self):
        """The code of a community that residents may rate."""
        return RatingPageFactory(unit=self.community).unit.code

    def undertaking(self):
        return UndertakingFactory(unit=self.community)

    def notice(self):
        """Ours is to the user, theirs to someone else."""
        to = self.user if self.name == "ours" else self.account
        return Notice.objects.get_or_create(recipient=to, day="2026-01-01")[0]


def nothing(place: Place) -> list[Any]:
    return []


@dataclass(frozen=True)
class Route:
    """Who is let in at what is theirs. A route without objects is open to `roles` as it is."""

    roles: frozenset[Role]
    args: Callable[[Place], list[Any]] = nothing
    reaches_everywhere: frozenset[Role] = frozenset()
    """Roles to which what belongs to another county is open as well."""
    data: dict[str, str] = field(default_factory=dict)
    """What a POST must say to be understood."""


def at(action: Action, args: Callable[[Place], list[Any]], **data: str) -> Route:
    return Route(ROLES_FOR[action], args, data=data)


def unit(place: Place) -> list[Any]:
    return [place.community.code]


def person(place: Place) -> list[Any]:
    return [place.person.pk]


def seal(place: Place) -> list[Any]:
    return [seal_period(place.county, periods_of(2020, Cycle.QUARTER)[0], by=None).pk]


def newcomer(place: Place) -> list[Any]:
    return [place.newcomer().pk]


def account(place: Place) -> list[Any]:
    return [place.account.pk]


def activity(state: State = State.DRAFT) -> Callable[[Place], list[Any]]:
    return lambda place: [place.activity(state).pk]


def keeping(roles: frozenset[Role], args: Callable[[Place], list[Any]] = account) -> Route:
    return Route(roles, args, reaches_everywhere=ADMINISTRATORS)


PUBLIC = {
    "live",
    "ready",
    "login",
    "logout",
    "accounts:language",
    # The code or the secret in the address is the gate: tests of the sign-in and test_feeds.py.
    "activities:phone",
    "activities:feed",
    "rate",  # the secret in the address is the gate: test_ratings.py
}
"""Open to anyone, signed in or not."""

VIEW, RECORD, ENROL = Action.VIEW, Action.RECORD, Action.ENROL
REVIEW, MANAGE, IDENTIFY = Action.REVIEW, Action.MANAGE, Action.IDENTIFY
READERS = ROLES_FOR[RECORD] | ROLES_FOR[REVIEW]
"""Who may open what was handed in with a record."""

ROUTES: dict[str, Route] = {
    "home": Route(EVERYONE),
    "manual": Route(EVERYONE),
    "manual_page": Route(EVERYONE, lambda place: ["log"]),
    "styleguide": Route(frozenset()),
    "accounts:profile": Route(EVERYONE),
    "accounts:password": Route(EVERYONE),
    "accounts:look": Route(EVERYONE, data={"theme": "dark"}),
    # organizations
    "organizations:tree": Route(EVERYONE),
    "organizations:detail": at(VIEW, unit),
    "organizations:children": at(VIEW, unit),
    "organizations:found": at(MANAGE, unit),
    "organizations:edit": at(MANAGE, unit),
    "organizations:rename": at(MANAGE, unit),
    "organizations:move": at(MANAGE, unit),
    "organizations:kind": at(MANAGE, unit),
    "organizations:add": at(RECORD, lambda place: [place.community.code, "venues"]),
    "organizations:thing": at(
        VIEW, lambda place: [place.community.code, "venues", place.venue().pk]
    ),
    "organizations:change": at(
        RECORD, lambda place: [place.community.code, "venues", place.venue().pk]
    ),
    # what units keep
    "standing:list": Route(EVERYONE),
    "standing:file": Route(ROLES_FOR[RECORD]),
    "standing:sheet": at(VIEW, unit),
    "standing:confirm": at(RECORD, unit),
    "standing:ratings": at(VIEW, unit),
    "standing:ratings_switch": at(RECORD, unit),
    "standing:poster": at(VIEW, lambda place: [place.rated()]),
    "organizations:close": at(
        RECORD,
        lambda place: [place.community.code, "venues", VenueFactory(unit=place.community).pk],
    ),
    # users and their roles
    "users:list": Route(KEEPERS),
    "users:create": Route(ADMINISTRATORS),
    "users:detail": keeping(KEEPERS),
    "users:edit": keeping(ADMINISTRATORS),
    "users:reset": keeping(ADMINISTRATORS),
    "users:deactivate": keeping(ADMINISTRATORS),
    "users:activate": keeping(ADMINISTRATORS),
    "users:give": keeping(KEEPERS),
    "users:end": keeping(KEEPERS, lambda place: [place.account.pk, place.account.grants.get().pk]),
    # members
    "members:list": Route(EVERYONE),
    "members:export": Route(ROLES_FOR[ENROL], data={"columns": "name"}),
    "members:create": Route(ROLES_FOR[ENROL]),
    "members:import": Route(ROLES_FOR[ENROL]),
    "members:import_kind": Route(ROLES_FOR[ENROL], lambda place: ["posts"]),
    "members:template": Route(ROLES_FOR[ENROL], lambda place: ["roster"]),
    "members:imports": Route(ROLES_FOR[ENROL]),
    "members:batch": at(ENROL, lambda place: [place.batch(BatchState.APPLIED).pk]),
    "members:layout": at(ENROL, lambda place: [place.uploaded().pk]),
    "members:discard": at(ENROL, lambda place: [place.batch().pk]),
    "members:confirm": at(ENROL, lambda place: [place.batch().pk]),
    "members:decide": at(ENROL, lambda place: [place.batch().pk]),
    "members:wrong_rows": at(ENROL, lambda place: [place.batch().pk]),
    "members:undo": at(ENROL, lambda place: [place.batch(BatchState.APPLIED).pk]),
    "members:plans": Route(EVERYONE),
    "members:plan_create": Route(ROLES_FOR[ENROL]),
    "members:exemptions": Route(EVERYONE),
    "members:exemption_ledger": Route(EVERYONE),
    "members:exemption_decide": at(
        REVIEW,
        lambda place: [
            ExemptionFactory(
                person=place.person, state=ExemptionState.REQUESTED, decided_at=None
            ).pk
        ],
        decision="approve",
    ),
    "members:appointment_end": at(
        ENROL,
        lambda place: [AppointmentFactory(person=place.person, unit=place.community).pk],
    ),
    "members:affiliation_end": at(
        ENROL, lambda place: [Affiliation.objects.get(person=place.person).pk]
    ),
    "members:floating_end": at(
        ENROL, lambda place: [FloatingEntryFactory(person=place.person, unit=place.community).pk]
    ),
    "members:floating_check": at(
        RECORD,
        lambda place: [
            FloatingEntryFactory(person=place.person, unit=place.community).pk,
            "review",
        ],
    ),
    "members:dissolve": at(MANAGE, unit),
    "members:merge": at(MANAGE, unit),
    "members:posts": Route(EVERYONE),
    "members:post_create": Route(ROLES_FOR[ENROL]),
    "members:post": at(VIEW, lambda place: [place.holding().post_id]),
    "members:post_hold": at(RECORD, lambda place: [place.holding().post_id]),
    "members:holding_end": at(RECORD, lambda place: [place.holding().pk]),
    "members:pledges": Route(EVERYONE),
    "members:pledge": at(RECORD, person),
    "members:pledge_report": at(
        RECORD, lambda place: [PledgeFactory(person=place.person, unit=place.community).pk]
    ),
    "members:cases": Route(EVERYONE),
    "members:case_open": at(RECORD, person),
    "members:case_settle": at(
        RECORD, lambda place: [UnfitCaseFactory(person=place.person, unit=place.community).pk]
    ),
    "members:terms": Route(EVERYONE),
    "members:leadership": at(VIEW, unit),
    "members:in_service": Route(EVERYONE),
    "members:retirees": Route(EVERYONE),
    "members:guest_new": Route(ROLES_FOR[ENROL]),
    "members:guest": at(VIEW, lambda place: [place.guest().pk]),
    "members:guest_edit": at(ENROL, lambda place: [place.guest().pk]),
    "members:guest_note": at(RECORD, lambda place: [place.guest().pk]),
    "members:guest_letter": at(VIEW, lambda place: [place.guest().pk]),
    "members:note_settle": at(RECORD, lambda place: [place.guest_note().pk]),
    "members:guest_add": at(ENROL, person),
    "members:development": Route(EVERYONE),
    "members:step": at(ENROL, newcomer),
    "members:advance": at(ENROL, newcomer),
    "members:extend": at(ENROL, newcomer),
    "members:cancel_probation": at(ENROL, newcomer),
    "members:floating_list": Route(EVERYONE),
    "members:floating_contact": Route(ROLES_FOR[RECORD]),
    "members:floating_edit": at(ENROL, lambda place: [place.floating().pk]),
    "members:floating_certificate": at(VIEW, lambda place: [place.floating().pk]),
    "members:transfers": Route(EVERYONE),
    "members:arrive": Route(ROLES_FOR[ENROL]),
    "members:transfer_detail": at(VIEW, lambda place: [place.transfer().pk]),
    "members:transfer_letter": at(VIEW, lambda place: [place.transfer().pk]),
    "members:transfer_answer": at(ENROL, lambda place: [place.transfer().pk], decision="return"),
    "members:transfer_withdraw": at(ENROL, lambda place: [place.transfer().pk]),
    "members:transfer_request": at(ENROL, person),
    "members:detail": at(VIEW, person),
    "members:edit": at(ENROL, person),
    "members:reveal": at(IDENTIFY, person),
    "members:appoint": at(ENROL, person),
    "members:transfer": at(ENROL, person),
    "members:standing": at(ENROL, person),
    "members:standing_back": at(ENROL, person),
    "members:exempt": at(ENROL, person),
    "members:floating": at(ENROL, person),
    # activities
    "activities:list": Route(EVERYONE),
    "activities:log": Route(ROLES_FOR[RECORD]),
    "activities:book": Route(EVERYONE),
    "activities:log_many": Route(ROLES_FOR[RECORD]),
    "activities:copy": Route(ROLES_FOR[RECORD]),
    "activities:offered": Route(ROLES_FOR[RECORD], lambda _place: ["organiser"]),
    "activities:draft": Route(ROLES_FOR[RECORD], data={"draft-key": str(UUID(int=7))}),
    "activities:draft_discard": Route(EVERYONE, lambda place: [place.draft().key]),
    "activities:calendar": Route(EVERYONE),
    "activities:holidays": Route(KEEPERS),
    "activities:holiday_forget": Route(
        frozenset({Role.ORGANIZER}), lambda place: [place.holiday().pk]
    ),
    "activities:unit_calendar": at(RECORD, unit),
    "activities:sign_in_offer": at(RECORD, unit, grace_minutes="10"),
    "activities:feed_open": at(RECORD, unit),
    "activities:feed_revoke": at(RECORD, unit),
    "activities:plan_new": Route(ROLES_FOR[RECORD]),
    "activities:plan": at(VIEW, lambda place: [place.plan().pk]),
    "activities:plan_edit": at(RECORD, lambda place: [place.plan().pk]),
    "activities:plan_drop": at(RECORD, lambda place: [place.plan().pk], reason="改期"),
    "activities:plan_take_up": at(RECORD, lambda place: [place.dropped().pk]),
    "activities:plan_sign_in": at(RECORD, lambda place: [place.plan().pk]),
    "activities:record_sign_in": at(RECORD, activity()),
    "activities:invitation_answer": at(
        RECORD, lambda place: [place.invitation().pk], answer="accepted"
    ),
    "activities:sign_in": at(RECORD, lambda place: [place.sign_in().pk]),
    "activities:sign_in_close": at(RECORD, lambda place: [place.sign_in().pk]),
    "activities:sign_in_add": at(RECORD, lambda place: [place.sign_in().pk]),
    "activities:signature_undo": at(RECORD, lambda place: [place.signature().pk]),
    "activities:detail": at(VIEW, activity()),
    "activities:edit": at(RECORD, activity()),
    "activities:print": at(VIEW, activity()),
    "activities:submit": at(RECORD, activity()),
    "activities:confirm": at(REVIEW, activity(State.SUBMITTED)),
    "activities:return": at(REVIEW, activity(State.SUBMITTED)),
    "activities:cancel": at(RECORD, activity()),
    "activities:versions": at(VIEW, activity(State.SUBMITTED)),
    "activities:issues": Route(EVERYONE),
    "activities:issue_add": at(RECORD, activity()),
    "activities:issue_settle": at(RECORD, lambda place: [place.issue().pk]),
    "activities:runs": Route(EVERYONE),
    "activities:run_open": Route(ROLES_FOR[RECORD]),
    "activities:run": at(VIEW, lambda place: [place.run().pk]),
    "activities:run_print": at(VIEW, lambda place: [place.run().pk]),
    "activities:run_forms": at(RECORD, lambda place: [place.run().pk]),
    "activities:run_renew": at(RECORD, lambda place: [place.run().pk]),
    "activities:run_reopen": at(REVIEW, lambda place: [place.closed_run().pk], reason="漏报一人"),
    "activities:run_close": at(RECORD, lambda place: [place.run().pk]),
    "activities:run_step": at(RECORD, lambda place: [place.run().pk, "grades"]),
    "activities:files": at(VIEW, activity()),
    "activities:attach": at(RECORD, activity()),
    "activities:attachment": Route(READERS, lambda place: [place.attachment().pk]),
    "activities:thumbnail": Route(READERS, lambda place: [place.attachment().pk]),
    "activities:detach": at(RECORD, lambda place: [place.attachment().pk], because="mistaken"),
    "activities:hints": Route(ROLES_FOR[REVIEW]),
    "activities:delays": Route(ROLES_FOR[REVIEW]),
    "activities:hint": at(REVIEW, lambda place: [place.hint().pk]),
    "activities:hint_dismiss": at(REVIEW, lambda place: [place.hint().pk], because="asked"),
    "activities:hint_reopen": at(REVIEW, lambda place: [place.hint(settled=True).pk]),
    "activities:undertakings": Route(EVERYONE),
    "activities:undertaking_new": Route(ROLES_FOR[RECORD]),
    "activities:undertaking": at(VIEW, lambda place: [place.undertaking().pk]),
    "activities:undertaking_edit": at(RECORD, lambda place: [place.undertaking().pk]),
    "activities:evidence": at(RECORD, lambda place: [place.undertaking().pk]),
    "activities:undertaking_settle": at(
        RECORD, lambda place: [place.undertaking().pk], outcome="done"
    ),
    # assessment
    "assessment:five_good": at(VIEW, unit),
    "assessment:search": Route(EVERYONE),
    "assessment:dashboard": Route(EVERYONE),
    "assessment:dashboard_download": Route(EVERYONE, lambda place: ["csv"]),
    "assessment:trend": Route(EVERYONE),
    "assessment:chart_download": Route(EVERYONE, lambda place: ["calendar"]),
    "assessment:of_rule": Route(EVERYONE, lambda place: ["study-days"]),
    "assessment:serves_draft": Route(ROLES_FOR[RECORD]),
    "assessment:serves": at(VIEW, activity()),
    "assessment:person_year": at(VIEW, person),
    "assessment:files_asked": at(VIEW, activity()),
    "assessment:month_deadlines": at(VIEW, unit),
    "assessment:unit": at(VIEW, unit),
    "assessment:rule": at(VIEW, lambda place: [place.street.code, "study-days"]),
    "assessment:review": Route(EVERYONE),
    "assessment:review_record": at(REVIEW, activity(State.SUBMITTED)),
    "reports:list": Route(EVERYONE),
    "reports:preview": Route(EVERYONE),
    "reports:files": Route(EVERYONE),
    "reports:download": at(VIEW, lambda place: [place.report().pk]),
    "reports:retry": at(VIEW, lambda place: [place.failed_report().pk]),
    "reports:delete": at(VIEW, lambda place: [place.report().pk]),
    "assessment:notices": Route(EVERYONE),
    "assessment:notices_read": Route(EVERYONE),
    "assessment:notice_read": Route(EVERYONE, lambda place: [place.notice().pk]),
    "assessment:reminder_ledger": Route(ROLES_FOR[MANAGE]),
    "assessment:clauses": Route(EVERYONE),
    "assessment:formulas": Route(EVERYONE),
    "assessment:expected": Route(EVERYONE, lambda place: ["study-days"]),
    "assessment:rulebooks": Route(ROLES_FOR[MANAGE]),
    "assessment:rulebook_switch": Route(ROLES_FOR[MANAGE], lambda place: ["national-2018"]),
    "assessment:rule_switch": Route(ROLES_FOR[MANAGE], lambda place: ["study-days"]),
    "assessment:own_number": Route(ROLES_FOR[MANAGE], lambda place: ["study-days"]),
    "assessment:next": at(VIEW, unit),
    "assessment:next_plan": at(RECORD, unit),
    "assessment:unmet_note": at(
        RECORD, lambda place: [place.street.code, "study-days"], words="机构改革"
    ),
    "assessment:what_if": Route(ROLES_FOR[MANAGE]),
    "assessment:seals": Route(EVERYONE),
    "assessment:seal_new": Route(ROLES_FOR[MANAGE]),
    "assessment:seal": at(VIEW, seal),
    "assessment:seal_changes": at(VIEW, seal),
    "assessment:seal_correct": at(MANAGE, seal),
    # The whole county's: the others' grants are below it.
    "assessment:seal_download": at(MANAGE, lambda place: [*seal(place), "json"]),
    "assessment:settings": Route(ROLES_FOR[MANAGE]),
    "assessment:baseline": at(MANAGE, unit),
}
