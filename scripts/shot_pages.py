"""The pages that `make shots` takes pictures of: each of the portal's, with keys from the demo.

    python manage.py shell --no-imports -c "from scripts import shot_pages; shot_pages.tell()"

prints a line for each, NAME=PATH@USER, for scripts/shots.py. A new route needs a line here, in
PAGES or in NO_PAGES; tests/test_shots.py fails until it has one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activities.choices import State
from activities.models import Activity, Hint, Plan, ReviewRun, SignIn, SignInOffer, Undertaking
from activities.services.signing import open_sign_in
from assessment.models import Seal
from members.choices import BatchKind, BatchState, Nature
from members.models import (
    Affiliation,
    Appointment,
    FloatingEntry,
    GuestNote,
    ImportBatch,
    Person,
    Pledge,
    PostHolding,
    Transfer,
    UnfitCase,
)
from members.roster.batches import Request, stage_import
from organizations.models import RatingPage, Unit, Venue

SECRETARY, REVIEWER, ORGANIZER, ADMINISTRATOR, NOBODY = (
    "secretary",
    "reviewer",
    "organizer",
    "administrator",
    "",
)
REPORT = "kind=work&unit=520302001001&year=2026"
UNMAPPED = "名字,号码,身份\n测试员,1,正式党员\n".encode()
"""A file whose headings nobody has mapped yet."""


class Lacking(Exception):
    """The demo has nothing to show this page with."""


class Demo:
    """What the demo holds, as one of its users sees it."""

    def __init__(self, username: str) -> None:
        self.user = User.objects.get(username=username) if username else User()

    def first(self, rows: QuerySet[Any], **given: Any) -> Any:
        """The newest of `rows` that the user sees; Lacking where there is none."""
        seen = rows.visible_to(self.user) if self.user.pk else rows  # type: ignore[attr-defined]
        found = seen.filter(**given).order_by("-pk").first()
        if found is None:
            raise Lacking(rows.model.__name__)
        return found

    @property
    def unit(self) -> Unit:
        """The user's own: the organiser's is the county, whose first community is shown."""
        mine = Unit.objects.filter(grants__user=self.user).order_by("path").first()
        return mine or self.first(Unit.objects.all())

    @property
    def community(self) -> Unit:
        return Unit.objects.get(code="520302001001")

    def person(self, **given: Any) -> Person:
        home = {"affiliations__unit": self.community, "affiliations__nature": Nature.HOME}
        return self.first(Person.objects.filter(**home, affiliations__ended_on=None), **given)

    def activity(self, **given: Any) -> Activity:
        return self.first(Activity.objects.filter(unit=self.community), **given)


Keys = Callable[[Demo], list[Any]]


@dataclass(frozen=True)
class Page:
    """As whom a page is looked at, with which objects, and what stands in its query string."""

    user: str
    keys: Keys = lambda demo: []
    query: str = ""


def key(model: type[Model], **given: Any) -> Keys:
    return lambda demo: [demo.first(model._default_manager.all(), **given).pk]


def own(demo: Demo) -> list[Any]:
    return [demo.unit.code]


def community(demo: Demo) -> list[Any]:
    return [demo.community.code]


def member(demo: Demo) -> list[Any]:
    return [demo.person(membership__stage="full").pk]


def newcomer(*stages: str) -> Keys:
    return lambda demo: [demo.first(Person.objects.filter(membership__stage__in=stages)).pk]


def record(*states: str) -> Keys:
    return lambda demo: [demo.activity(state__in=states).pk]


def review_record(demo: Demo) -> list[Any]:
    return [demo.first(Activity.objects.all(), state=State.SUBMITTED).pk]


def venue(demo: Demo) -> list[Any]:
    found = demo.first(Venue.objects.filter(unit=demo.community))
    return [demo.community.code, "venues", found.pk]


def account(demo: Demo) -> list[Any]:
    return [User.objects.get(username="reviewer").pk]


def layout(demo: Demo) -> list[Any]:
    waiting = ImportBatch.objects.filter(state=BatchState.UPLOADED, made_by=demo.user).first()
    asked = Request(BatchKind.ROSTER, demo.unit, UNMAPPED, "测试名册.csv")
    return [(waiting or stage_import(asked, by=demo.user)[0]).pk]


def sign_in(demo: Demo) -> list[Any]:
    """One that is open: the code is drawn anew each half minute."""
    offers = SignInOffer.objects.filter(is_on=True).values("unit")
    soon = Plan.objects.filter(unit__in=offers, state="planned", starts_at__gt=timezone.now())
    return [open_sign_in(demo.first(soon), by=demo.user).pk]


def ratings(demo: Demo) -> list[Any]:
    pages = RatingPage.objects.filter(is_open=True)
    return [demo.first(Unit.objects.all(), pk__in=pages.values("unit")).code]


def run_step(step: str) -> Keys:
    return lambda demo: [demo.first(ReviewRun.objects.all(), closed_at=None).pk, step]


def tie(nature: str) -> Keys:
    return lambda demo: [demo.first(Affiliation.objects.filter(ended_on=None), nature=nature).pk]


PAGES: dict[str, Page] = {
    "home": Page(SECRETARY),
    "login": Page(NOBODY),
    "manual": Page(SECRETARY),
    "manual_page": Page(SECRETARY, lambda demo: ["log"]),
    "rate": Page(NOBODY, lambda demo: [demo.first(RatingPage.objects.filter(is_open=True)).token]),
    "accounts:profile": Page(SECRETARY),
    "accounts:password": Page(SECRETARY),
    # organizations
    "organizations:tree": Page(ORGANIZER),
    "organizations:detail": Page(ORGANIZER, community),
    "organizations:found": Page(ORGANIZER, own),
    "organizations:edit": Page(ORGANIZER, community),
    "organizations:rename": Page(ORGANIZER, community),
    "organizations:move": Page(ORGANIZER, community),
    "organizations:kind": Page(ORGANIZER, community),
    "organizations:add": Page(SECRETARY, lambda demo: [demo.unit.code, "venues"]),
    "organizations:thing": Page(SECRETARY, venue),
    "organizations:change": Page(SECRETARY, venue),
    "organizations:close": Page(SECRETARY, venue),
    "standing:list": Page(ORGANIZER),
    "standing:sheet": Page(SECRETARY, own),
    "standing:file": Page(SECRETARY),
    "standing:ratings": Page(ORGANIZER, ratings),
    "standing:poster": Page(ORGANIZER, ratings),
    "users:list": Page(ADMINISTRATOR),
    "users:create": Page(ADMINISTRATOR),
    "users:detail": Page(ADMINISTRATOR, account),
    "users:edit": Page(ADMINISTRATOR, account),
    "users:give": Page(ADMINISTRATOR, account),
    # members
    "members:list": Page(SECRETARY),
    "members:create": Page(SECRETARY),
    "members:export": Page(ORGANIZER),
    "members:detail": Page(SECRETARY, member),
    "members:edit": Page(SECRETARY, member),
    "members:appoint": Page(SECRETARY, member),
    "members:transfer": Page(SECRETARY, member),
    "members:standing": Page(SECRETARY, member),
    "members:exempt": Page(SECRETARY, member),
    "members:floating": Page(SECRETARY, member),
    "members:pledge": Page(SECRETARY, member),
    "members:case_open": Page(SECRETARY, member),
    "members:guest_add": Page(SECRETARY, member),
    "members:transfer_request": Page(SECRETARY, member),
    "members:import": Page(SECRETARY),
    "members:import_kind": Page(SECRETARY, lambda demo: ["activities"]),
    "members:imports": Page(SECRETARY),
    "members:batch": Page(SECRETARY, key(ImportBatch, state="applied")),
    "members:layout": Page(SECRETARY, layout),
    "members:dissolve": Page(ORGANIZER, community),
    "members:merge": Page(ORGANIZER, community),
    "members:leadership": Page(ORGANIZER, community),
    "members:terms": Page(ORGANIZER),
    "members:posts": Page(ORGANIZER),
    "members:post_create": Page(SECRETARY),
    "members:post": Page(
        ORGANIZER, lambda demo: [demo.first(PostHolding.objects.filter(ended_on=None)).post_id]
    ),
    "members:post_hold": Page(
        SECRETARY, lambda demo: [demo.first(PostHolding.objects.all()).post_id]
    ),
    "members:holding_end": Page(SECRETARY, key(PostHolding, ended_on=None)),
    "members:pledges": Page(ORGANIZER),
    "members:pledge_report": Page(SECRETARY, key(Pledge)),
    "members:cases": Page(ORGANIZER),
    "members:case_settle": Page(ORGANIZER, key(UnfitCase, settled_on=None)),
    "members:in_service": Page(ORGANIZER),
    "members:retirees": Page(ORGANIZER),
    "members:guest_new": Page(SECRETARY),
    "members:guest": Page(ORGANIZER, tie(Nature.IN_SERVICE)),
    "members:guest_edit": Page(ORGANIZER, tie(Nature.IN_SERVICE)),
    "members:guest_note": Page(ORGANIZER, tie(Nature.IN_SERVICE)),
    "members:guest_letter": Page(ORGANIZER, tie(Nature.IN_SERVICE)),
    "members:note_settle": Page(ORGANIZER, key(GuestNote)),
    "members:development": Page(ORGANIZER),
    "members:step": Page(ORGANIZER, newcomer("activist", "candidate")),
    "members:advance": Page(ORGANIZER, newcomer("activist", "candidate")),
    "members:extend": Page(ORGANIZER, newcomer("probationary")),
    "members:cancel_probation": Page(ORGANIZER, newcomer("probationary")),
    "members:floating_list": Page(ORGANIZER),
    "members:floating_contact": Page(SECRETARY),
    "members:floating_edit": Page(ORGANIZER, key(FloatingEntry, ended_on=None)),
    "members:floating_end": Page(ORGANIZER, key(FloatingEntry, ended_on=None)),
    "members:floating_certificate": Page(ORGANIZER, key(FloatingEntry, ended_on=None)),
    "members:floating_check": Page(
        ORGANIZER,
        lambda demo: [demo.first(FloatingEntry.objects.all(), ended_on=None).pk, "review"],
    ),
    "members:transfers": Page(ORGANIZER),
    "members:arrive": Page(SECRETARY),
    "members:transfer_detail": Page(ORGANIZER, key(Transfer)),
    "members:transfer_letter": Page(ORGANIZER, key(Transfer)),
    "members:plans": Page(ORGANIZER),
    "members:plan_create": Page(ORGANIZER),
    "members:exemptions": Page(ORGANIZER),
    "members:exemption_ledger": Page(ORGANIZER),
    "members:appointment_end": Page(ORGANIZER, key(Appointment, ended_on=None)),
    "members:affiliation_end": Page(ORGANIZER, tie(Nature.IN_SERVICE)),
    # activities
    "activities:list": Page(SECRETARY),
    "activities:log": Page(SECRETARY, query="kind=party_lecture&kind=members_meeting"),
    "activities:log_many": Page("street"),
    "activities:copy": Page(SECRETARY),
    "activities:book": Page(SECRETARY),
    "activities:detail": Page(SECRETARY, record(State.SUBMITTED, State.CONFIRMED)),
    "activities:edit": Page(SECRETARY, record(State.DRAFT, State.RETURNED, State.SUBMITTED)),
    "activities:print": Page(SECRETARY, record(State.SUBMITTED, State.CONFIRMED)),
    "activities:versions": Page(SECRETARY, lambda demo: [demo.activity(versions__number=2).pk]),
    "activities:files": Page(SECRETARY, lambda demo: [demo.activity(attachments__isnull=False).pk]),
    "activities:calendar": Page(SECRETARY),
    "activities:unit_calendar": Page(SECRETARY, own),
    "activities:holidays": Page(ORGANIZER),
    "activities:plan_new": Page(SECRETARY),
    "activities:plan": Page(SECRETARY, key(Plan)),
    "activities:plan_edit": Page(SECRETARY, key(Plan, state="planned")),
    "activities:sign_in": Page(SECRETARY, sign_in),
    "activities:phone": Page(NOBODY, key(SignIn)),
    "activities:issues": Page(ORGANIZER),
    "activities:runs": Page(ORGANIZER),
    "activities:run_open": Page(SECRETARY),
    "activities:run": Page(ORGANIZER, key(ReviewRun, closed_at=None)),
    "activities:run_print": Page(ORGANIZER, key(ReviewRun)),
    "activities:run_forms": Page(ORGANIZER, key(ReviewRun, closed_at=None)),
    "activities:run_close": Page(ORGANIZER, key(ReviewRun, closed_at=None)),
    "activities:run_step": Page(ORGANIZER, run_step("grades")),
    "activities:hints": Page(REVIEWER),
    "activities:delays": Page(REVIEWER),
    "activities:hint": Page(REVIEWER, key(Hint, gone_at=None)),
    "activities:undertakings": Page(ORGANIZER),
    "activities:undertaking_new": Page(SECRETARY),
    "activities:undertaking": Page(SECRETARY, key(Undertaking)),
    "activities:undertaking_edit": Page(SECRETARY, key(Undertaking, outcome="")),
    "activities:evidence": Page(SECRETARY, key(Undertaking, outcome="")),
    # assessment
    "assessment:dashboard": Page(ORGANIZER),
    "assessment:trend": Page(ORGANIZER),
    "assessment:of_rule": Page(ORGANIZER, lambda demo: ["study-days"]),
    "assessment:expected": Page(ORGANIZER, lambda demo: ["study-days"]),
    "assessment:unit": Page(ORGANIZER, community),
    "assessment:rule": Page(ORGANIZER, lambda demo: ["520302001", "study-days"]),
    "assessment:unmet_note": Page(ORGANIZER, lambda demo: ["520302001", "study-days"]),
    "assessment:next": Page(SECRETARY, own),
    "assessment:five_good": Page(SECRETARY, own),
    "assessment:person_year": Page(SECRETARY, member),
    "assessment:search": Page(SECRETARY, query="q=dx"),
    "assessment:review": Page(REVIEWER),
    "assessment:review_record": Page(REVIEWER, review_record),
    "assessment:notices": Page(SECRETARY),
    "assessment:reminder_ledger": Page(ORGANIZER),
    "assessment:clauses": Page(ORGANIZER),
    "assessment:formulas": Page(ORGANIZER),
    "assessment:rulebooks": Page(ORGANIZER),
    "assessment:rulebook_switch": Page(ORGANIZER, lambda demo: ["national-2018"]),
    "assessment:rule_switch": Page(ORGANIZER, lambda demo: ["study-days"]),
    "assessment:own_number": Page(ORGANIZER, lambda demo: ["study-days"]),
    "assessment:what_if": Page(ORGANIZER),
    "assessment:seals": Page(ORGANIZER),
    "assessment:seal_new": Page(ORGANIZER),
    "assessment:seal": Page(ORGANIZER, key(Seal)),
    "assessment:seal_changes": Page(ORGANIZER, key(Seal)),
    "assessment:settings": Page(ORGANIZER),
    "assessment:baseline": Page(ORGANIZER, community),
    # reports
    "reports:list": Page(SECRETARY),
    "reports:preview": Page(SECRETARY, query=REPORT),
}
"""By the name of the route."""

NO_PAGES = {
    "live": "a word for a watchdog",
    "ready": "a word for a watchdog",
    "styleguide": "for those who build pages, under DEBUG alone",
    "assessment:dashboard_download": "a file",
    "assessment:chart_download": "a file",
    "assessment:seal_download": "a file",
    "assessment:serves": "a part of a page",
    "activities:offered": "a part of a page",
    "assessment:files_asked": "a part of a page",
    "assessment:month_deadlines": "a part of a page",
    "organizations:children": "a part of a page",
    "members:template": "a file",
    "members:wrong_rows": "a file",
    "activities:draft": "a part of a page",
    "activities:feed": "a file",
    "activities:attachment": "a file",
    "activities:thumbnail": "a file",
    "reports:download": "a file",
    "reports:files": "a part of a page",
}
"""Routes that answer GET with something else, and with what."""


def line(name: str, page: Page) -> str:
    path = reverse(name, args=page.keys(Demo(page.user)))
    query = f"?{page.query}" if page.query else ""
    return f"{name.replace(':', '-')}={path}{query}@{page.user}"


def tell() -> None:
    """Print all pages; what the demo can't show goes to the error output, and is left out."""
    for name, page in PAGES.items():
        try:
            print(line(name, page))
        except Lacking as lacking:
            print(f"{name}: the demo has no {lacking} to show it with", file=sys.stderr)
