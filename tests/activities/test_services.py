from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AuditEvent
from activities import services
from activities.choices import Grade, Presence, State
from activities.entries import ActivityConflict, ActivityError
from activities.models import Activity, Attendance
from organizations.choices import SettingKey
from organizations.models import Touch
from tests.activities.entries import at, entry
from tests.factories import (
    AppointmentFactory,
    CommunityFactory,
    CountySettingFactory,
    MemberFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="张三")


def touched() -> set[str]:
    return set(Touch.objects.values_list("unit__code", flat=True))


def verbs(activity) -> list[str]:
    return list(
        AuditEvent.objects.filter(target_id=str(activity.pk))
        .order_by("at")
        .values_list("verb", flat=True)
    )


# -- logging ----------------------------------------------------------------
def test_a_draft_does_not_count_and_a_submitted_record_does(community, member, secretary):
    here = entry(community, presences={member.pk: Presence.PRESENT})

    draft = services.log_activity(here, by=secretary)
    handed_in = services.log_activity(here, by=secretary, submit=True)

    assert not draft.attendances.get().counts
    assert handed_in.attendances.get().counts
    assert (handed_in.state, handed_in.submitted_by) == (State.SUBMITTED, secretary)


def test_the_day_is_the_local_one(community, secretary):
    early = entry(community, starts_at=at("2026-03-10 00:30"), ends_at=at("2026-03-10 01:30"))

    activity = services.log_activity(early, by=secretary)

    assert Activity.objects.get(pk=activity.pk).first_day == date(2026, 3, 10)


def test_credit_follows_the_countys_hours_of_that_day(county, community, secretary):
    CountySettingFactory(
        unit=county, key=SettingKey.HOURS_PER_DAY, value="4", applies_from=date(2026, 3, 1)
    )
    february = {"starts_at": at("2026-02-10 09:00"), "ends_at": at("2026-02-10 11:00")}

    before = services.log_activity(entry(community, **february), by=secretary)
    after = services.log_activity(entry(community), by=secretary)

    assert (before.credit, after.credit) == (Decimal("0.25"), Decimal("0.50"))


def test_a_set_credit_replaces_the_worked_out_one(community, secretary):
    activity = services.log_activity(entry(community, credit=Decimal(1)), by=secretary)

    assert (activity.credit, activity.credit_is_set) == (Decimal("1.00"), True)


def test_a_second_press_of_the_button_gives_the_same_record(community, secretary):
    key = uuid4()

    first = services.log_activity(entry(community), by=secretary, submit=True, form_key=key)
    second = services.log_activity(entry(community), by=secretary, submit=True, form_key=key)

    assert first == second
    assert Activity.objects.count() == 1


def test_a_press_that_overtakes_the_first_gives_the_same_record(community, secretary, monkeypatch):
    key = uuid4()
    first = services.log_activity(entry(community), by=secretary, form_key=key)
    seen = iter([None, first])
    monkeypatch.setattr(services, "made_by_form", lambda *_, **__: next(seen))

    second = services.log_activity(entry(community), by=secretary, form_key=key)

    assert second == first


def test_a_form_key_of_somebody_else_opens_nothing(community, secretary):
    key = uuid4()
    services.log_activity(entry(community), by=secretary, form_key=key)

    with pytest.raises(IntegrityError):
        services.log_activity(entry(community), by=UserFactory(), form_key=key)


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"kinds": frozenset()}, "kinds", "请至少选择一个活动类型"),
        ({"topic": "  "}, "topic", "请填写活动主题"),
        ({"ends_at": at("2026-03-10 08:00")}, "ends_at", "结束时间"),
        ({"ends_at": at("2026-03-10 09:00")}, "ends_at", "结束时间"),
        ({"ends_at": at("2027-01-02 09:00")}, "ends_at", "跨年"),
        ({"ends_at": at("2028-01-02 09:00")}, "ends_at", "跨年"),
        ({"credit": Decimal(0)}, "credit", "折算天数"),
        ({"credit": Decimal("1.01")}, "credit", "折算天数"),
        ({"grades": {uuid4(): Grade.EXCELLENT}}, "grades", "民主评议"),
    ],
)
def test_what_can_not_be_is_said_in_chinese_and_nothing_is_written(
    community, secretary, wrong, field, says
):
    with translation.override("zh-hans"), pytest.raises(ActivityError) as refused:
        services.log_activity(entry(community, **wrong), by=secretary, submit=True)

    assert refused.value.field == field
    assert says in str(refused.value)
    assert not Activity.objects.exists()
    assert not touched()


def test_crossing_the_year_is_answered_with_the_two_parts_to_enter(community, secretary):
    party = entry(community, starts_at=at("2026-12-31 20:00"), ends_at=at("2027-01-01 02:00"))

    with translation.override("zh-hans"), pytest.raises(ActivityError) as refused:
        services.log_activity(party, by=secretary)

    for part in ("2026年12月31日 20:00", "2026年12月31日", "2027年1月1日", "2027年1月1日 02:00"):
        assert part in str(refused.value)


def test_a_unit_holds_nothing_before_it_is_founded_or_after_it_is_dissolved(street, secretary):
    young = CommunityFactory(parent=street, established_on=date(2026, 3, 11))
    gone = CommunityFactory(parent=street, dissolved_on=date(2026, 3, 9))

    for unit in (young, gone):
        with pytest.raises(ActivityError):
            services.log_activity(entry(unit), by=secretary)


@pytest.mark.parametrize("twice", [False, True])
def test_a_host_is_no_co_host_and_no_co_host_comes_twice(community, neighbour, secretary, twice):
    co_hosts = (neighbour, neighbour) if twice else (community,)

    with pytest.raises(ActivityError):
        services.log_activity(entry(community, co_hosts=co_hosts), by=secretary)


# -- states -----------------------------------------------------------------
def test_a_record_goes_to_the_unit_above_comes_back_and_goes_again(
    community, member, secretary, reviewer
):
    activity = services.log_activity(
        entry(community, presences={member.pk: Presence.ONLINE}), by=secretary
    )

    def counts() -> bool:
        return Attendance.objects.get().counts

    services.submit(activity, by=secretary)
    assert counts()
    services.return_activity(activity, " 缺少地点 ", by=reviewer)
    assert not counts()
    services.submit(activity, by=secretary)
    services.confirm(activity, by=reviewer)
    assert counts()

    activity.refresh_from_db()
    assert (activity.state, activity.reviewed_by) == (State.CONFIRMED, reviewer)
    assert activity.return_reason == "缺少地点"
    assert verbs(activity) == [
        "log_activity",
        "submit_activity",
        "return_activity",
        "submit_activity",
        "confirm_activity",
    ]


def test_a_return_needs_a_reason(community, secretary, reviewer):
    activity = services.log_activity(entry(community), by=secretary, submit=True)

    with pytest.raises(ActivityError):
        services.return_activity(activity, "  ", by=reviewer)


def test_a_cancelled_record_counts_for_nothing_and_stays(community, member, secretary):
    activity = services.log_activity(
        entry(community, presences={member.pk: Presence.PRESENT}), by=secretary, submit=True
    )

    services.cancel(activity, by=secretary)

    assert not activity.attendances.get().counts
    with pytest.raises(ActivityError):
        services.submit(activity, by=secretary)


def test_two_who_submit_at_once_are_told_apart(community, secretary):
    draft = services.log_activity(entry(community), by=secretary)
    stale = Activity.objects.get(pk=draft.pk)
    services.submit(draft, by=secretary)

    with translation.override("zh-hans"), pytest.raises(ActivityError, match="已提交"):
        services.submit(stale, by=secretary)


def test_a_confirmed_record_is_changed_only_after_its_return(community, secretary, reviewer):
    activity = services.log_activity(entry(community), by=secretary, submit=True)
    services.confirm(activity, by=reviewer)

    for change in (
        lambda: services.change_activity(activity, entry(community), by=secretary),
        lambda: services.set_attendance(activity, {}, by=secretary),
        lambda: services.set_grades(activity, {}, by=secretary),
        lambda: services.cancel(activity, by=secretary),
    ):
        with pytest.raises(ActivityError):
            change()


def test_nobody_confirms_what_was_changed_behind_the_back(community, secretary, reviewer):
    activity = services.log_activity(entry(community), by=secretary, submit=True)
    seen = activity.version
    services.change_activity(activity, entry(community, topic="别的"), by=secretary)

    with pytest.raises(ActivityConflict):
        services.confirm(activity, by=reviewer, version=seen)


# -- changing ---------------------------------------------------------------
def test_a_change_rewrites_what_attendances_repeat(community, member, secretary):
    activity = services.log_activity(
        entry(community, presences={member.pk: Presence.PRESENT}), by=secretary, submit=True
    )

    services.change_activity(
        activity,
        entry(
            community,
            kinds=frozenset({"member_study", "party_lecture"}),
            starts_at=at("2026-04-02 09:00"),
            ends_at=at("2026-04-02 13:00"),
            presences={member.pk: Presence.PRESENT},
        ),
        by=secretary,
    )

    row = Attendance.objects.get()
    assert (row.day, row.credit) == (date(2026, 4, 2), Decimal("0.50"))
    assert row.kind_mask == (1 << 4) | (1 << 6)
    assert row.counts


def test_the_second_of_two_editors_learns_who_was_first_and_overwrites_nothing(
    community, secretary
):
    colleague = UserFactory(display_name="李书记")
    activity = services.log_activity(entry(community), by=secretary)
    opened = activity.version
    services.change_activity(
        activity, entry(community, topic="先到的"), by=colleague, version=opened
    )

    with translation.override("zh-hans"), pytest.raises(ActivityConflict, match="李书记"):
        services.change_activity(
            activity, entry(community, topic="后到的"), by=secretary, version=opened
        )

    activity.refresh_from_db()
    assert activity.topic == "先到的"


def test_what_changed_is_in_the_trail(community, secretary):
    activity = services.log_activity(entry(community), by=secretary)

    services.change_activity(activity, entry(community, topic="学习条例"), by=secretary)

    event = AuditEvent.objects.get(verb="change_activity")
    assert event.details["fields"] == {"topic": ["学习党章", "学习条例"]}
    assert event.unit_path == community.path


def test_attendance_is_replaced_as_a_whole(community, secretary):
    stays, leaves, comes = (MemberFactory(unit=community) for _ in range(3))
    activity = services.log_activity(
        entry(community, presences={stays.pk: Presence.PRESENT, leaves.pk: Presence.PRESENT}),
        by=secretary,
        submit=True,
    )

    services.set_attendance(
        activity, {stays.pk: Presence.LEAVE, comes.pk: Presence.ONLINE}, by=secretary
    )

    rows = {row.person_id: (row.presence, row.counts) for row in Attendance.objects.all()}
    assert rows == {stays.pk: ("leave", False), comes.pk: ("online", True)}


def test_grades_are_replaced_as_a_whole_and_only_in_a_review(community, member, secretary):
    review = services.log_activity(
        entry(
            community,
            kinds=frozenset({"member_review"}),
            grades={member.pk: Grade.QUALIFIED},
        ),
        by=secretary,
    )
    study = services.log_activity(entry(community), by=secretary)

    services.set_grades(review, {member.pk: Grade.EXCELLENT}, by=secretary)

    assert review.appraisals.get().grade == Grade.EXCELLENT
    with pytest.raises(ActivityError):
        services.set_grades(study, {member.pk: Grade.EXCELLENT}, by=secretary)


# -- whom a change concerns -------------------------------------------------
def test_host_co_hosts_and_everyones_own_units_are_touched(street, community, neighbour, secretary):
    abroad = CommunityFactory(code="far", parent=street)
    office = CommunityFactory(code="office", parent=street)
    guest = MemberFactory(unit=abroad)
    worker = PersonFactory()
    AppointmentFactory(person=worker, unit=office)

    services.log_activity(
        entry(
            community,
            co_hosts=(neighbour,),
            presences={guest.pk: Presence.PRESENT, worker.pk: Presence.ABSENT},
        ),
        by=secretary,
    )

    assert touched() == {"s1m1", "s1m2", "far", "office"}


def test_whoever_is_taken_off_a_record_is_touched_as_well(
    street, community, neighbour, member, secretary
):
    guest = MemberFactory(unit=CommunityFactory(code="far", parent=street))
    activity = services.log_activity(
        entry(community, co_hosts=(neighbour,), presences={guest.pk: Presence.PRESENT}),
        by=secretary,
    )
    Touch.objects.all().delete()

    services.change_activity(activity, entry(community), by=secretary)

    assert touched() == {"s1m1", "s1m2", "far"}


def test_a_home_that_was_left_is_not_touched(street, community, secretary):
    left = CommunityFactory(code="left", parent=street)
    person = MemberFactory(unit=left, begun_on=date(2020, 1, 1), ended_on=date(2021, 1, 1))

    services.log_activity(entry(community, presences={person.pk: Presence.PRESENT}), by=secretary)

    assert touched() == {"s1m1"}


def test_logging_takes_the_same_number_of_queries_for_one_and_for_thirty(community, secretary):
    def cost(people: int) -> int:
        present = {MemberFactory(unit=community).pk: Presence.PRESENT for _ in range(people)}
        with CaptureQueriesContext(connection) as queries:
            services.log_activity(entry(community, presences=present), by=secretary)
        return len(queries)

    assert cost(1) == cost(30)
