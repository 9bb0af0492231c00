"""The plainest valid thing of each model; states as traits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import factory
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from activities.choices import Grade, Presence, State
from activities.kinds import mask_of
from activities.models import Activity, Appraisal, Attendance, CoHost, Plan, SignIn
from assessment.models import Baseline, ReportFile
from assessment.reports.choices import ReportForm, ReportKind, ReportState
from assessment.reports.jobs import FIELD
from members.choices import (
    ExemptionReason,
    ExemptionState,
    FloatingCheckKind,
    FloatingDirection,
    GuestNoteKind,
    Nature,
    Office,
    Stage,
)
from members.crypto import seal_bytes
from members.models import (
    Affiliation,
    Appointment,
    DevelopmentPlan,
    DutyPost,
    Exemption,
    FloatingCheck,
    FloatingEntry,
    GuestNote,
    Membership,
    Person,
    Pledge,
    PostHolding,
    StandingSpell,
    Transfer,
    UnfitCase,
)
from organizations.choices import BodyKind, FundSource, Role, UnitKind, VenueTenure
from organizations.models import Area, Body, CountySetting, Fund, Grant, Unit, Venue
from organizations.pinyin import spell

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct-horse-battery"


class ModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True


class UserFactory(ModelFactory):
    class Meta:
        model = User

    username = factory.Sequence("user{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password(PASSWORD)


class CountyFactory(ModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence("c{}".format)
    name = factory.Sequence("测试{}县".format)
    kind = UnitKind.COUNTY_COMMITTEE


class StreetFactory(ModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence("st{}".format)
    name = factory.Sequence("测试{}街道".format)
    kind = UnitKind.STREET_COMMITTEE
    parent = factory.SubFactory(CountyFactory)


class AreaFactory(ModelFactory):
    class Meta:
        model = Area

    code = factory.Sequence("a{}".format)
    name = factory.Sequence("测试{}社区".format)
    street = factory.SubFactory(StreetFactory)


class CommunityFactory(ModelFactory):
    """A community branch that covers an area of its own code."""

    class Meta:
        model = Unit

    code = factory.Sequence("m{}".format)
    name = factory.Sequence("测试{}社区".format)
    kind = UnitKind.COMMUNITY_BRANCH
    parent = factory.SubFactory(StreetFactory)
    area = factory.LazyAttribute(
        lambda unit: AreaFactory(code=unit.code, name=unit.name, street=unit.parent)
    )


class BranchFactory(ModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence("b{}".format)
    name = factory.Sequence("测试第{}党支部".format)
    kind = UnitKind.BRANCH
    parent = factory.SubFactory(CommunityFactory, kind=UnitKind.COMMUNITY_GENERAL_BRANCH)


class GrantFactory(ModelFactory):
    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(CommunityFactory)
    role = Role.SECRETARY


class CountySettingFactory(ModelFactory):
    class Meta:
        model = CountySetting

    unit = factory.SubFactory(CountyFactory)
    applies_from = date(2008, 8, 7)


class BodyFactory(ModelFactory):
    class Meta:
        model = Body

    unit = factory.SubFactory(CommunityFactory)
    kind = BodyKind.JOINT_CONFERENCE


class VenueFactory(ModelFactory):
    class Meta:
        model = Venue

    unit = factory.SubFactory(CommunityFactory)
    name = "党员活动室"
    tenure = VenueTenure.SHARING


class FundFactory(ModelFactory):
    class Meta:
        model = Fund

    unit = factory.SubFactory(CommunityFactory)
    year = 2026
    source = FundSource.BUDGET
    amount = Decimal(10_000)


class PersonFactory(ModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence("测试员{}".format)


class MembershipFactory(ModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    stage = Stage.FULL
    joined_on = date(2001, 7, 1)
    full_on = date(2002, 7, 1)


class StandingSpellFactory(ModelFactory):
    class Meta:
        model = StandingSpell

    person = factory.SubFactory(PersonFactory)


class AffiliationFactory(ModelFactory):
    class Meta:
        model = Affiliation

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(CommunityFactory)
    nature = Nature.HOME


class MemberFactory(PersonFactory):
    """A full member with an open home affiliation, there since before the portal.

    `MemberFactory(unit=..., begun_on=..., joined_on=...)`.
    """

    @classmethod
    def _generate(cls, strategy, params):
        given = {
            name: params.pop(name)
            for name in ("unit", "begun_on", "ended_on", "stage", "joined_on", "full_on")
            if name in params
        }
        person = super()._generate(strategy, params)
        stage = given.get("stage", Stage.FULL)
        full = given.get("full_on", date(2002, 7, 1) if stage == Stage.FULL else None)
        MembershipFactory(
            person=person,
            stage=stage,
            joined_on=given.get("joined_on", date(2001, 7, 1)),
            full_on=full,
        )
        AffiliationFactory(
            person=person,
            unit=given.get("unit") or CommunityFactory(),
            begun_on=given.get("begun_on"),
            ended_on=given.get("ended_on"),
        )
        return person


class AppointmentFactory(ModelFactory):
    class Meta:
        model = Appointment

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(CommunityFactory)
    office = Office.SECRETARY
    begun_on = date(2024, 3, 1)


class ExemptionFactory(ModelFactory):
    """An approved exemption."""

    class Meta:
        model = Exemption

    person = factory.SubFactory(PersonFactory)
    reason = ExemptionReason.ILLNESS
    begun_on = date(2026, 1, 1)
    state = ExemptionState.APPROVED
    decided_at = factory.LazyFunction(timezone.now)


class DevelopmentPlanFactory(ModelFactory):
    class Meta:
        model = DevelopmentPlan

    unit = factory.SubFactory(StreetFactory)
    year = 2026
    adopted_on = date(2026, 1, 15)


class FloatingEntryFactory(ModelFactory):
    class Meta:
        model = FloatingEntry

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(CommunityFactory)
    direction = FloatingDirection.OUT


class FloatingCheckFactory(ModelFactory):
    class Meta:
        model = FloatingCheck

    entry = factory.SubFactory(FloatingEntryFactory)
    kind = FloatingCheckKind.REVIEW
    done_on = date(2026, 5, 1)


class GuestNoteFactory(ModelFactory):
    """Community work that an in-service member has claimed."""

    class Meta:
        model = GuestNote

    affiliation = factory.SubFactory(AffiliationFactory, nature=Nature.IN_SERVICE)
    kind = GuestNoteKind.CLAIM
    on = date(2026, 3, 1)
    text = "周末义务巡逻"


class DutyPostFactory(ModelFactory):
    class Meta:
        model = DutyPost

    unit = factory.SubFactory(CommunityFactory)
    name = "环境卫生监督岗"


class PostHoldingFactory(ModelFactory):
    class Meta:
        model = PostHolding

    post = factory.SubFactory(DutyPostFactory)
    person = factory.SubFactory(PersonFactory)


class PledgeFactory(ModelFactory):
    class Meta:
        model = Pledge

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(CommunityFactory)
    made_on = date(2026, 3, 1)
    text = "每月参加一次义务劳动"


class UnfitCaseFactory(ModelFactory):
    class Meta:
        model = UnfitCase

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(CommunityFactory)
    opened_on = date(2026, 3, 1)
    ground = "长期不参加组织生活"


class TransferFactory(ModelFactory):
    """On the way from a unit to the outside."""

    class Meta:
        model = Transfer

    person = factory.SubFactory(PersonFactory)
    from_unit = factory.SubFactory(CommunityFactory)
    to_name = "外地某街道党工委"
    issued_on = date(2026, 5, 1)


class ActivityFactory(ModelFactory):
    """A draft of a members' study; `submitted=True` makes it count.

    `on=date(...)` sets the day (09:00 to 12:00), `kinds=["..."]` the kinds.
    """

    class Meta:
        model = Activity
        exclude = ("on", "kinds")

    class Params:
        submitted = factory.Trait(
            state=State.SUBMITTED, submitted_at=factory.LazyFunction(timezone.now)
        )

    on = date(2026, 3, 10)
    kinds = ("member_study",)
    unit = factory.SubFactory(CommunityFactory)
    kind_mask = factory.LazyAttribute(lambda activity: mask_of(activity.kinds))
    topic = factory.Sequence("学习{}".format)
    topic_pinyin = factory.LazyAttribute(lambda activity: spell(activity.topic))
    starts_at = factory.LazyAttribute(
        lambda activity: datetime(
            activity.on.year, activity.on.month, activity.on.day, 9, tzinfo=SHANGHAI
        )
    )
    ends_at = factory.LazyAttribute(lambda activity: activity.starts_at + timedelta(hours=3))
    first_day = factory.SelfAttribute("on")
    last_day = factory.SelfAttribute("first_day")
    credit = Decimal("0.38")


class CoHostFactory(ModelFactory):
    class Meta:
        model = CoHost


class AttendanceFactory(ModelFactory):
    """Present at an activity; carries its day, credit and kinds as the service writes them."""

    class Meta:
        model = Attendance

    activity = factory.SubFactory(ActivityFactory, submitted=True)
    person = factory.SubFactory(PersonFactory)
    presence = Presence.PRESENT
    day = factory.SelfAttribute("activity.first_day")
    credit = factory.SelfAttribute("activity.credit")
    kind_mask = factory.SelfAttribute("activity.kind_mask")
    counts = factory.LazyAttribute(
        lambda row: (
            row.presence in (Presence.PRESENT, Presence.ONLINE)
            and row.activity.state in (State.SUBMITTED, State.CONFIRMED)
        )
    )


class PlanFactory(ModelFactory):
    """Two hours of members' study, planned for 10 December 2026."""

    class Meta:
        model = Plan

    unit = factory.SubFactory(CommunityFactory)
    kind_mask = factory.LazyFunction(lambda: mask_of(["member_study"]))
    topic = factory.Sequence("计划{}".format)
    starts_at = datetime(2026, 12, 10, 9, tzinfo=SHANGHAI)
    ends_at = factory.LazyAttribute(lambda plan: plan.starts_at + timedelta(hours=2))


class SignInFactory(ModelFactory):
    """Open, of a plan."""

    class Meta:
        model = SignIn

    plan = factory.SubFactory(PlanFactory)
    opened_at = factory.LazyFunction(timezone.now)


class AppraisalFactory(ModelFactory):
    class Meta:
        model = Appraisal

    activity = factory.SubFactory(ActivityFactory, submitted=True, kinds=("member_review",))
    person = factory.SubFactory(PersonFactory)
    grade = Grade.QUALIFIED


class BaselineFactory(ModelFactory):
    class Meta:
        model = Baseline

    unit = factory.SubFactory(CommunityFactory)
    rule = "spirit-analysis"
    done_on = date(2024, 6, 1)


class ReportFileFactory(ModelFactory):
    """A report that is ready, its file sealed on the disk."""

    class Meta:
        model = ReportFile

    id = factory.LazyFunction(uuid4)
    made_for = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(CommunityFactory)
    kind = ReportKind.WORK
    form = ReportForm.DOCX
    year = 2026
    language = "zh-hans"
    state = ReportState.READY
    progress = 100
    size = 7
    file = factory.LazyAttribute(
        lambda report: ContentFile(
            seal_bytes(FIELD, report.id, b"content"), name=f"{report.id}.sealed"
        )
    )
