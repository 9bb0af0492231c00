"""Why a verdict is what it is; the home page; settings and baselines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEvent
from activities.choices import Presence, State
from assessment.models import Baseline
from members.models import Affiliation
from organizations.choices import CountsFrom
from organizations.models import CountySetting, Touch, Unit
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    AttendanceFactory,
    BaselineFactory,
    CoHostFactory,
    CommunityFactory,
    CountySettingFactory,
    ExemptionFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-20T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="王小满")


def why(client, unit, rule, **query):
    response = client.get(reverse("assessment:rule", args=[unit.code, rule]), query)
    assert response.status_code == 200
    return response


def text_of(response):
    return response.content.decode()


def topics(held):
    return [line.activity.topic for line in held]


def attended(activity, person, presence=Presence.PRESENT):
    return AttendanceFactory(activity=activity, person=person, presence=presence)


# -- the page of a verdict -------------------------------------------------------


def test_it_lists_what_counted_with_what_it_is_worth(organizer, street):
    AppointmentFactory(unit=street)
    for month in (2, 3):
        ActivityFactory(
            unit=street,
            on=date(2026, month, 5),
            kinds=("central_study",),
            credit=Decimal("1.50"),
            topic=f"第{month}次",
            submitted=True,
        )

    response = why(sign_in(organizer), street, "study-days")

    page = response.context["why"]
    assert topics(page.counted) == ["第2次", "第3次"]
    assert page.arithmetic == ["应完成12天，已完成3天", "还差9天", "2026年12月31日截止"]
    assert "1.50" in text_of(response)
    assert "3.00" in text_of(response)


def test_what_did_not_count_says_why(signed_in, community, member):
    on = {"unit": community, "on": date(2026, 6, 5)}
    ActivityFactory(**on, topic="还没交")
    ActivityFactory(
        **on, topic="退回来", state=State.RETURNED, return_reason="缺签到", submitted=False,
        submitted_at="2026-06-06T09:00+08:00",
    )  # fmt: skip
    ActivityFactory(**on, topic="取消了", state=State.CANCELLED)
    ActivityFactory(**on, topic="别的事", kinds=("volunteer_service",), submitted=True)

    page = why(signed_in, community, "monthly-activity").context["why"]

    assert {line.activity.topic: line.why_not for line in page.uncounted} == {
        "还没交": "草稿，提交后计入。",
        "退回来": "已退回：缺签到",
        "取消了": "已作废。",
    }
    assert page.counted == []
    assert page.of_other_kinds == 1


def test_before_a_unit_was_founded_it_says_so(signed_in, community):
    """Founded on 20 May: nothing is owed of the first quarter, and nobody dissolved it."""
    Unit.objects.filter(pk=community.pk).update(established_on=date(2026, 5, 20))

    page = why(signed_in, community, "affairs-disclosure", period="2026-01-01")

    assert page.context["why"].unit_reason == "2026年5月20日才成立。"
    assert "9999" not in text_of(page)


def test_a_unit_dissolved_in_the_course_of_the_year_says_so(street_secretary, community, member):
    """It was there for half of June, and has nobody any more at its end."""
    day = date(2026, 6, 16)
    Affiliation.objects.update(ended_on=day)
    Unit.objects.filter(pk=community.pk).update(dissolved_on=day)

    page = why(sign_in(street_secretary), community, "monthly-activity")

    assert page.context["why"].unit_reason == "已于2026年6月16日撤销，期末本组织已没有党员。"


def test_where_the_unit_is_not_asked_a_record_is_not_said_to_be_outdone(signed_in, community):
    """Without members no lecture is owed; the one that was held has none after it."""
    lecture = ActivityFactory(unit=community, kinds=["party_lecture"], submitted=True)

    page = why(signed_in, community, "party-lectures")

    [held] = page.context["why"].uncounted
    assert (held.activity, held.why_not) == (lecture, "本组织在此期间没有该项任务。")


def test_where_only_confirmed_records_count_a_submitted_one_says_so(
    organizer, county, community, member
):
    CountySettingFactory(unit=county, key="counts_from", value="confirmed")
    ActivityFactory(unit=community, on=date(2026, 6, 5), submitted=True)

    page = why(sign_in(organizer), community, "monthly-activity").context["why"]

    assert page.counts_only_confirmed
    assert [line.why_not for line in page.uncounted] == [
        "尚未确认，本县（市、区）自确认之日起计入。"
    ]


def test_any_period_of_the_year_can_be_looked_at(signed_in, community, member):
    ActivityFactory(unit=community, on=date(2026, 3, 5), topic="三月学习", submitted=True)

    march = why(signed_in, community, "monthly-activity", period="2026-03-01")
    june = why(signed_in, community, "monthly-activity")

    assert topics(march.context["why"].counted) == ["三月学习"]
    assert topics(june.context["why"].counted) == []


@pytest.mark.parametrize("period", ["2026-13-01", "nonsense", "2026-03-02", "2026-07-01"])
def test_a_period_that_is_none_does_not_exist(signed_in, community, member, period):
    address = reverse("assessment:rule", args=[community.code, "monthly-activity"])

    assert signed_in.get(address, {"period": period}).status_code == 404


def test_each_person_has_an_own_arithmetic_the_short_ones_first(signed_in, community, member):
    diligent = MemberFactory(unit=community, name="安一诺")
    for number in range(6):
        activity = ActivityFactory(
            unit=community, on=date(2026, 2, 1 + number), credit=Decimal(1), submitted=True
        )
        attended(activity, diligent)
        attended(activity, member, Presence.PRESENT if number < 2 else Presence.LEAVE)

    page = why(signed_in, community, "member-activity-days").context["why"]

    assert [(line.verdict.name, line.value, line.target) for line in page.persons] == [
        ("王小满", "2", "6"),
        ("安一诺", "6", "6"),
    ]
    assert [len(line.records) for line in page.persons] == [2, 6]
    assert page.persons[0].reason


def test_records_of_units_out_of_reach_are_counted_without_being_shown(
    signed_in, community, member
):
    elsewhere = CommunityFactory(name="外地社区")
    activity = ActivityFactory(
        unit=elsewhere, on=date(2026, 2, 1), topic="外地的课", credit=Decimal(1), submitted=True
    )
    attended(activity, member)

    response = why(signed_in, community, "member-activity-days")

    line = response.context["why"].persons[0]
    assert (line.value, line.elsewhere, line.records) == ("1", 1, ())
    assert "外地" not in text_of(response)


def test_what_was_held_together_counts_for_the_co_host(signed_in, community, neighbour, member):
    activity = ActivityFactory(unit=neighbour, on=date(2026, 6, 4), topic="合办", submitted=True)
    CoHostFactory(activity=activity, unit=community)

    page = why(signed_in, community, "monthly-activity").context["why"]

    assert topics(page.counted) == ["合办"]


def test_an_exemption_is_told_and_its_reason_only_to_those_who_keep_the_record(
    secretary, viewer, community, member
):
    ExemptionFactory(person=member)

    kept = text_of(why(sign_in(secretary), community, "member-activity-days"))
    read = text_of(why(sign_in(viewer), community, "member-activity-days"))

    assert "王小满" in kept
    assert "王小满" in read
    assert "疾病" in kept or "因病" in kept
    assert "疾病" not in read
    assert "因病" not in read


def test_the_settings_of_the_county_stand_on_the_page(organizer, county, community, member):
    CountySettingFactory(unit=county, key="share:member-activity-days", value="0.9")
    CountySettingFactory(unit=county, key="lead_days:member-activity-days", value="30")

    page = why(sign_in(organizer), community, "member-activity-days").context["why"]

    assert (page.number, page.number_since) == ("6", date(2008, 8, 7))
    assert (page.share_percent, page.lead_days) == ("90", 30)


def test_the_countys_own_share_and_lead_time_are_told_with_the_reason(
    organizer, county, community, member
):
    for key, value in (("share", "0.8"), ("lead_days", "90")):
        CountySettingFactory(
            unit=county,
            key=f"{key}:member-activity-days",
            value=value,
            applies_from=date(2025, 1, 1),
            reason=f"县委文件{value}",
        )

    page = why(sign_in(organizer), community, "member-activity-days")
    other = why(sign_in(organizer), community, "party-lectures")

    assert len(page.context["why"].own_settings) == 2
    for reason in ("县委文件0.8", "县委文件90"):
        assert reason in text_of(page)
    assert other.context["why"].own_settings == []


def test_a_viewer_is_offered_no_button_that_changes_something(viewer, community, member):
    page = text_of(why(sign_in(viewer), community, "monthly-activity"))

    assert reverse("activities:log") + "?" not in page
    assert reverse("assessment:baseline", args=[community.code]) not in page


def test_the_page_agrees_with_the_stored_verdict(organizer, community, member):
    ActivityFactory(unit=community, on=date(2026, 6, 5), submitted=True)
    client = sign_in(organizer)

    cards = client.get(reverse("assessment:unit", args=[community.code])).context["cards"]

    for card in cards:
        page = why(client, community, card.column.rule.id).context["why"]
        assert (page.verdict.status, page.verdict.value, page.verdict.target) == (
            card.row.status,
            card.row.value,
            card.row.target,
        )


def test_the_fragment_of_an_activity_names_the_rules_that_it_serves(signed_in, community, member):
    activity = ActivityFactory(
        unit=community, on=date(2026, 6, 5), kinds=("party_lecture",), submitted=True
    )

    page = text_of(signed_in.get(reverse("assessment:serves", args=[activity.pk])))

    assert "每月党员学习教育活动" in page
    assert "党课" in page
    assert "党员集中教育活动天数" in page
    assert "党校轮训" not in page


def test_the_fragment_of_an_activity_out_of_reach_does_not_exist(signed_in):
    activity = ActivityFactory(submitted=True)

    assert signed_in.get(reverse("assessment:serves", args=[activity.pk])).status_code == 404


# -- home ------------------------------------------------------------------------


def test_home_tells_first_what_was_missed_and_offers_the_form_filled_in(
    signed_in, community, member
):
    for month in (1, 2, 4, 5, 6):
        ActivityFactory(unit=community, on=date(2026, month, 5), submitted=True)

    response = signed_in.get("/")

    tasks = response.context["home"].urgent
    monthly = next(task for task in tasks if task.column.rule.id == "monthly-activity")
    assert monthly.periods == "2026年3月"
    assert [task.status.value for task in tasks] == sorted(
        (task.status.value for task in tasks),
        key=["missed", "due", "behind", "unknown"].index,
    )
    assert "?unit=s1m1&amp;kind=member_study&amp;day=2026-03-31" in text_of(response)


def test_home_names_all_missed_months_in_one_line(signed_in, community, member):
    tasks = signed_in.get("/").context["home"].urgent

    monthly = [task for task in tasks if task.column.rule.id == "monthly-activity"]
    assert [task.periods for task in monthly] == ["1月、2月、3月、4月、5月"]


def test_home_shows_ones_drafts_and_what_came_back(signed_in, community, neighbour):
    ActivityFactory(unit=community, topic="写了一半")
    ActivityFactory(unit=neighbour, topic="隔壁的草稿")

    page = text_of(signed_in.get("/"))

    assert "写了一半" in page
    assert "隔壁的草稿" not in page


def test_home_of_an_organizer_says_which_streets_need_a_call(organizer, community, member):
    StreetFactory(code="s2", parent=community.parent.parent)

    response = sign_in(organizer).get("/")

    calls = response.context["home"].calls
    assert [(call.place.code, call.units, call.of) for call in calls] == [
        ("s1", 2, 2),
        ("s2", 1, 1),
    ]
    assert "需联系的组织" in text_of(response)


def test_home_of_somebody_without_a_role_says_so(client, django_user_model):
    user = django_user_model.objects.create(username="new")

    assert "尚未分配管辖范围" in text_of(sign_in(user).get("/"))


def test_home_of_a_viewer_has_no_button_that_changes_something(viewer, community, member):
    assert reverse("activities:log") + "?" not in text_of(sign_in(viewer).get("/"))


# -- settings and baselines --------------------------------------------------------


def setting(**changed):
    given = {"key": "lead_days", "subject": "member-activity-days", "value": "30"}
    return given | {"applies_from": "2026-01-01", "reason": "县里决定"} | changed


def test_an_organizer_sets_the_countys_numbers_and_all_its_units_are_judged_again(
    organizer, county, community
):
    response = sign_in(organizer).post(reverse("assessment:settings"), setting())

    assert response.status_code == 302
    kept = CountySetting.objects.get()
    assert (kept.unit, kept.key, kept.value) == (county, "lead_days:member-activity-days", "30")
    assert Touch.objects.filter(unit=community).exists()


def test_a_value_may_be_given_by_the_word_for_it(organizer, county):
    with translation.override("zh-hans"):
        word = str(CountsFrom.CONFIRMED.label)

    sign_in(organizer).post(
        reverse("assessment:settings"), setting(key="counts_from", subject="", value=word)
    )

    assert CountySetting.objects.get().value == "confirmed"


@pytest.mark.parametrize(
    "wrong", [{"value": "many"}, {"subject": ""}, {"key": "counts_from", "value": "30"}]
)
def test_a_setting_that_makes_no_sense_is_refused_on_the_page(organizer, county, wrong):
    response = sign_in(organizer).post(reverse("assessment:settings"), setting(**wrong))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not CountySetting.objects.exists()


def test_nobody_else_sets_anything(secretary, street_secretary, viewer, county):
    for user in (secretary, street_secretary, viewer):
        client = sign_in(user)
        assert client.get(reverse("assessment:settings")).status_code == 404
        assert client.post(reverse("assessment:settings"), setting()).status_code == 404
    assert not CountySetting.objects.exists()


def test_a_baseline_answers_an_unknown_without_an_activity(organizer, community, member):
    client = sign_in(organizer)
    address = reverse("assessment:rule", args=[community.code, "spirit-analysis"])
    assert client.get(address).context["why"].mark.status == "unknown"

    client.post(
        reverse("assessment:baseline", args=[community.code]),
        {"rule": "spirit-analysis", "done_on": "2024-03-01", "note": "会议记录"},
    )

    assert client.get(address).context["why"].mark.status == "met"
    assert AuditEvent.objects.filter(verb="give_baseline").count() == 1


def test_a_second_baseline_replaces_the_first(organizer, community, member):
    BaselineFactory(unit=community, done_on=date(2020, 1, 1))

    sign_in(organizer).post(
        reverse("assessment:baseline", args=[community.code]),
        {"rule": "spirit-analysis", "done_on": "2024-03-01"},
    )

    assert [row.done_on for row in Baseline.objects.all()] == [date(2024, 3, 1)]


@pytest.mark.parametrize(
    ("rule", "done_on", "field"),
    [
        ("rotation-training", "2024-03-01", "person"),
        ("spirit-analysis", "2026-06-21", "done_on"),
        ("monthly-activity", "2024-03-01", "rule"),
    ],
)
def test_a_baseline_that_makes_no_sense_is_refused(organizer, community, rule, done_on, field):
    response = sign_in(organizer).post(
        reverse("assessment:baseline", args=[community.code]), {"rule": rule, "done_on": done_on}
    )

    assert field in response.context["form"].errors
    assert not Baseline.objects.exists()


def test_a_persons_baseline_is_asked_of_those_in_office(organizer, community):
    post = AppointmentFactory(unit=community, begun_on=None)

    sign_in(organizer).post(
        reverse("assessment:baseline", args=[community.code]),
        {"rule": "rotation-training", "person": post.person.pk, "done_on": "2025-03-01"},
    )

    assert Baseline.objects.get().person == post.person
