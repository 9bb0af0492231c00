from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from activities import services
from activities.entries import ActivityConflict, ActivityError
from activities.models import Activity, Holiday, Plan, PlanInvitation
from activities.plan_choices import Answer, PlanState
from activities.repeats import Rule
from organizations.models import Touch
from tests.activities.entries import at, typed
from tests.cast import sign_in
from tests.factories import ActivityFactory, GrantFactory, MemberFactory, PlanFactory

pytestmark = pytest.mark.django_db
CALENDAR, NEW, LOG = "/activities/calendar/", "/activities/plans/new/", "/activities/log/"


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-23 10:00+08:00", tick=False)


def plan_of(unit, **given) -> services.PlanEntry:
    said = {
        "unit": unit,
        "kinds": frozenset({"member_study"}),
        "topic": "学习党章",
        "starts_at": at("2026-12-10 09:00"),
        "ends_at": at("2026-12-10 11:00"),
    }
    return services.PlanEntry(**said | given)


def sent(unit, **given):
    """What a browser sends of a new plan."""
    said = {
        "unit": unit.code,
        "kinds": ["member_study"],
        "topic": "学习党章",
        "day": "2026-12-10",
        "begins": "09:00",
        "ends": "11:00",
        "off_days": "keep",
    }
    return said | given


def days(plans) -> list[str]:
    return [str(timezone.localtime(plan.starts_at).date()) for plan in plans]


def page(plan, verb="") -> str:
    return f"/activities/plans/{plan.pk}/{verb}"


# -- making and changing ------------------------------------------------------
def test_a_plan_counts_for_nothing_and_leaves_no_word_for_verdicts(community, secretary):
    services.make_plan(plan_of(community), by=secretary)

    assert not Activity.objects.exists()
    assert not Touch.objects.exists()
    assert AuditEvent.objects.get().verb == "make_plan"


def test_a_row_minds_the_days_off_of_its_county(community, county, secretary):
    Holiday.objects.create(unit=county, day=date(2026, 12, 17), name="县里放假")

    plans = services.make_plan(
        plan_of(community), by=secretary, rule=Rule("weekly", times=3, off_days="next")
    )

    assert days(plans) == ["2026-12-10", "2026-12-18", "2026-12-24"]
    assert len({plan.series_id for plan in plans}) == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kinds": []}, "至少"),
        ({"topic": " "}, "主题"),
        ({"ends": "08:00"}, "结束"),
        ({"repeat": "weekly"}, "共几次"),
        ({"repeat": "weekly", "until": "2026-12-01"}, "早于"),
        ({"repeat": "weekly", "times": "2", "left_out": "明天"}, "2026-02-17"),
        ({"repeat": "weekly", "until": "2026-12-10", "left_out": "2026-12-10"}, "没有一天"),
        ({"co_host_codes": "nowhere"}, "nowhere"),
        ({"co_host_codes": "s1m1"}, "主办"),
    ],
)
def test_what_can_not_be_planned_is_said_in_words_and_not_written(
    signed_in, community, given, says
):
    answer = signed_in.post(NEW, sent(community, **given))

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not Plan.objects.exists()


def test_a_plan_is_made_in_the_browser_with_guests_from_elsewhere(signed_in, community, neighbour):
    data = sent(community, co_host_codes=neighbour.code, repeat="month_week", times="2")

    answer = signed_in.post(NEW, data, follow=True)

    assert days(Plan.objects.all()) == ["2026-12-10", "2027-01-14"]
    assert PlanInvitation.objects.filter(unit=neighbour, answer=Answer.OPEN).count() == 2
    assert "已保存2项计划" in answer.content.decode()


def test_nobody_plans_for_a_unit_out_of_reach(signed_in, neighbour):
    signed_in.post(NEW, sent(neighbour))

    assert not Plan.objects.exists()


def test_one_of_a_row_is_moved_by_itself(signed_in, community, secretary):
    plans = services.make_plan(plan_of(community), by=secretary, rule=Rule("weekly", times=3))
    data = sent(community, day="2026-12-18", scope="one", sequence="0")

    signed_in.post(page(plans[1], "edit/"), data)

    assert days(Plan.objects.all()) == ["2026-12-10", "2026-12-18", "2026-12-24"]
    assert [plan.sequence for plan in Plan.objects.all()] == [0, 1, 0]


def test_one_and_all_that_follow_are_changed_and_what_came_before_stays(
    signed_in, community, secretary
):
    plans = services.make_plan(plan_of(community), by=secretary, rule=Rule("weekly", times=4))
    Plan.objects.filter(pk=plans[3].pk).update(state=PlanState.DROPPED, drop_reason="停办")
    data = sent(community, day="2026-12-18", begins="14:00", ends="15:30", topic="新的主题")

    signed_in.post(page(plans[1], "edit/"), data | {"scope": "following", "sequence": "0"})

    found = list(Plan.objects.all())
    assert days(found) == ["2026-12-10", "2026-12-18", "2026-12-25", "2026-12-31"]
    assert [plan.topic for plan in found] == ["学习党章", "新的主题", "新的主题", "学习党章"]
    assert found[2].ends_at - found[2].starts_at == timedelta(minutes=90)
    assert [plan.sequence for plan in found] == [0, 1, 1, 0]


def test_the_second_of_two_who_change_it_at_once_is_told(signed_in, community):
    plan = PlanFactory(unit=community)
    signed_in.post(page(plan, "edit/"), sent(community, topic="甲的", sequence="0"))

    answer = signed_in.post(page(plan, "edit/"), sent(community, topic="乙的", sequence="0"))

    assert "已被他人修改" in answer.content.decode()
    assert Plan.objects.get().topic == "甲的"
    with pytest.raises(ActivityConflict):
        services.drop_plan(plan, "x", by=None, sequence=0)


def test_dropping_needs_a_reason_and_can_take_all_that_follow(signed_in, community, secretary):
    plans = services.make_plan(plan_of(community), by=secretary, rule=Rule("weekly", times=3))

    signed_in.post(page(plans[1], "drop/"), {"reason": " ", "scope": "one"})
    assert not Plan.objects.filter(state=PlanState.DROPPED).exists()
    signed_in.post(page(plans[1], "drop/"), {"reason": "换届", "scope": "following"})

    states = list(Plan.objects.values_list("state", "drop_reason", "sequence"))
    assert states == [("planned", "", 0), ("dropped", "换届", 1), ("dropped", "换届", 1)]


def test_a_dropped_plan_is_taken_up_again_and_a_planned_one_can_not_be(signed_in, community):
    plan = PlanFactory(unit=community, state=PlanState.DROPPED, drop_reason="改期")

    signed_in.post(page(plan, "take-up/"))

    plan.refresh_from_db()
    assert (plan.state, plan.drop_reason, plan.sequence) == (PlanState.PLANNED, "", 1)
    with pytest.raises(ActivityError):
        services.take_up_plan(plan, by=None)


# -- invitations --------------------------------------------------------------
def test_an_invited_unit_sees_the_plan_answers_and_may_change_its_mind(
    community, neighbour, secretary
):
    (plan,) = services.make_plan(plan_of(community, invited=(neighbour,)), by=secretary)
    theirs = sign_in(GrantFactory(unit=neighbour).user)
    answer_page = f"/activities/plans/invitations/{plan.invitations.get().pk}/answer/"

    assert "学习党章" in theirs.get(CALENDAR).content.decode()
    theirs.post(answer_page, {"answer": "accepted"})
    assert plan.invitations.get().answer == Answer.ACCEPTED
    theirs.post(answer_page, {"answer": "declined"})
    theirs.post(answer_page, {"answer": "perhaps"})

    assert plan.invitations.get().answer == Answer.DECLINED
    assert "学习党章" not in theirs.get(CALENDAR, {"month": "2026-12"}).content.decode()
    assert theirs.get(page(plan, "edit/")).status_code == 404


def test_the_host_does_not_answer_for_its_guests(signed_in, community, neighbour, secretary):
    (plan,) = services.make_plan(plan_of(community, invited=(neighbour,)), by=secretary)
    answer_page = f"/activities/plans/invitations/{plan.invitations.get().pk}/answer/"

    assert signed_in.post(answer_page, {"answer": "accepted"}).status_code == 404


def test_answers_stay_when_the_plan_is_changed(community, neighbour, secretary):
    (plan,) = services.make_plan(plan_of(community, invited=(neighbour,)), by=secretary)
    services.answer_invitation(plan.invitations.get(), "accepted", by=None)

    entry = plan_of(community, topic="别的", invited=(neighbour,))
    services.change_plan(plan, entry, by=secretary)

    assert plan.invitations.get().answer == Answer.ACCEPTED


# -- holding it ---------------------------------------------------------------
def test_the_log_form_is_filled_in_from_the_plan(signed_in, community, neighbour, zhang):
    plan = PlanFactory(unit=community, topic="讨论年度工作", place="活动室", chair="王书记")
    services.make_plan(plan_of(community), by=None)
    PlanInvitation.objects.create(
        plan=plan, unit=neighbour, answer="accepted", answered_at=timezone.now()
    )

    answer = signed_in.get(LOG, {"plan": str(plan.pk)})

    form = answer.context["form"]
    names = ("topic", "place", "chair", "co_hosts", "co_host_codes")
    found = {name: form[name].value() for name in names}
    assert found == {
        "topic": "讨论年度工作",
        "place": "活动室",
        "chair": "王书记",
        "co_hosts": [],  # the neighbour is beyond the reach, and is no box to tick
        "co_host_codes": neighbour.code,
    }
    assert (str(form["day"].value()), form["kinds"].value()) == ("2026-12-10", ["member_study"])
    assert "按计划预先填好" in answer.content.decode()


def test_the_record_that_is_made_turns_the_plan_to_held(signed_in, community):
    plan = PlanFactory(unit=community, starts_at=at("2026-11-20 09:00"))

    signed_in.post(f"{LOG}?plan={plan.pk}", typed(community, day="2026-11-20"))

    plan.refresh_from_db()
    assert plan.state == PlanState.HELD
    assert plan.activity == Activity.objects.get()
    assert page(plan) in signed_in.get(plan.activity.get_absolute_url()).content.decode()
    assert plan.activity.get_absolute_url() in signed_in.get(page(plan)).content.decode()


def test_a_plan_is_held_once_and_of_its_own_unit_alone(community, neighbour):
    plan = PlanFactory(unit=community)
    first, second = ActivityFactory(unit=community), ActivityFactory(unit=community)

    held = [
        services.hold_plan(plan, ActivityFactory(unit=neighbour), by=None),
        services.hold_plan(plan, first, by=None),
        services.hold_plan(plan, second, by=None),
        services.hold_plan(PlanFactory(unit=community), first, by=None),
    ]

    assert held == [False, True, False, False]


@pytest.mark.parametrize("wanted", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_plan_that_is_not_there_leaves_the_form_blank(signed_in, wanted):
    assert signed_in.get(LOG, {"plan": wanted}).context["plan"] is None


def test_a_plan_of_others_is_not_held(signed_in, neighbour):
    plan = PlanFactory(unit=neighbour)

    assert signed_in.get(LOG, {"plan": str(plan.pk)}).context["plan"] is None


def test_a_plan_whose_record_was_withdrawn_can_be_planned_again(signed_in, community, secretary):
    plan, record = PlanFactory(unit=community), ActivityFactory(unit=community)
    services.hold_plan(plan, record, by=secretary)
    with pytest.raises(ActivityError):
        services.take_up_plan(plan, by=secretary)

    services.cancel(record, by=secretary)
    signed_in.post(page(plan, "take-up/"))

    plan.refresh_from_db()
    assert (plan.state, plan.activity) == (PlanState.PLANNED, None)


# -- the calendar -------------------------------------------------------------
def shown(answer) -> set[str]:
    month = answer.context["month"]
    return {item.topic for week in month.weeks for day in week for item in day.items}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"街道的", "社区的", "记录"}),
        ({"below": "0"}, {"街道的"}),
        ({"unit": "s1m1"}, {"社区的", "记录"}),
        ({"month": "2027-02"}, set()),
        ({"month": "2026-13"}, {"街道的", "社区的", "记录"}),
        ({"unit": "elsewhere"}, {"街道的", "社区的", "记录"}),
    ],
)
def test_the_calendar_shows_what_the_address_asks_for(
    street_secretary, street, community, asked, found
):
    PlanFactory(unit=street, topic="街道的", starts_at=at("2026-11-26 09:00"))
    PlanFactory(unit=community, topic="社区的", starts_at=at("2026-11-27 09:00"))
    ActivityFactory(unit=community, topic="记录", on=date(2026, 11, 5))
    PlanFactory(topic="别处的", starts_at=at("2026-11-26 09:00"))

    assert shown(sign_in(street_secretary).get(CALENDAR, asked)) == found


def test_a_held_plan_is_shown_once(signed_in, community):
    plan = PlanFactory(unit=community, starts_at=at("2026-11-20 09:00"))
    record = ActivityFactory(unit=community, on=date(2026, 11, 20), topic="记录")
    services.hold_plan(plan, record, by=None)

    assert shown(signed_in.get(CALENDAR)) == {plan.topic}


def test_what_lasts_over_days_stands_on_each(signed_in, community):
    PlanFactory(unit=community, starts_at=at("2026-11-25 09:00"), ends_at=at("2026-11-27 17:00"))

    month = signed_in.get(CALENDAR).context["month"]

    busy = [day.day.day for week in month.weeks for day in week if day.items]
    assert busy == [25, 26, 27]


@pytest.mark.parametrize(
    ("starts", "ends", "on"),
    [
        ("2026-11-25 19:00", "2026-11-26 00:00", [25]),
        ("2026-10-20 09:00", "2026-10-27 17:00", [26, 27]),
    ],
)
def test_midnight_ends_the_day_and_what_began_before_the_page_is_on_it(
    signed_in, community, starts, ends, on
):
    PlanFactory(unit=community, starts_at=at(starts), ends_at=at(ends))

    month = signed_in.get(CALENDAR).context["month"]

    assert [day.day.day for week in month.weeks for day in week if day.items] == on


def test_overdue_plans_are_asked_about(signed_in, community):
    PlanFactory(unit=community, topic="忘了说", starts_at=at("2026-10-10 09:00"))
    PlanFactory(unit=community, topic="还没到")

    answer = signed_in.get(CALENDAR)

    assert [plan.topic for plan in answer.context["overdue"]] == ["忘了说"]
    assert "待确认是否举行" in answer.content.decode()


def test_a_viewer_reads_and_is_offered_nothing_to_do(viewer, community):
    plan = PlanFactory(unit=community, starts_at=at("2026-10-10 09:00"))
    browser = sign_in(viewer)

    calendar = browser.get(CALENDAR, {"month": "2026-10"})

    assert shown(calendar) == {plan.topic}
    assert NEW not in calendar.content.decode()
    assert page(plan, "edit/") not in browser.get(page(plan)).content.decode()


@pytest.mark.parametrize("address", [CALENDAR, f"{CALENDAR}?view=list"])
def test_the_calendar_costs_the_same_for_one_plan_and_thirty(signed_in, community, address):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(address).status_code == 200
        return len(queries)

    def fill(number):
        for each in range(number):
            PlanFactory(unit=community, starts_at=at(f"2026-11-{each % 28 + 1:02} 09:00"))
            ActivityFactory(unit=community, on=date(2026, 11, each % 28 + 1))

    fill(1)
    one = cost()
    fill(30)

    assert cost() == one


def test_a_day_that_holds_more_says_how_many_more(signed_in, community):
    for _ in range(53):
        PlanFactory(unit=community, starts_at=at("2026-11-25 09:00"))

    text = signed_in.get(CALENDAR).content.decode()

    assert "另有50项" in text  # the square shows 3
    assert "当天还有3项" in text  # and the list 50


def test_members_of_the_plan_are_no_concern_of_others(outsider, community):
    plan = PlanFactory(unit=community)
    MemberFactory(unit=community)

    assert sign_in(outsider).get(page(plan)).status_code == 404
