from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities import services
from activities.choices import Grade, Mode, Presence, State
from activities.models import Activity
from members.choices import Nature, Office
from organizations.choices import Role
from organizations.models import Unit
from tests.activities.entries import entry, rows_of, typed
from tests.cast import sign_in
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    BranchFactory,
    GrantFactory,
    MemberFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
LOG = "/activities/log/"


# -- the empty form ---------------------------------------------------------
def test_everybody_expected_is_ticked_and_the_others_can_be(signed_in, community, zhang):
    guest = PersonFactory(name="在职者")
    AffiliationFactory(person=guest, unit=community, nature=Nature.IN_SERVICE)
    worker = PersonFactory(name="社工")
    AppointmentFactory(person=worker, unit=community, office=Office.COMMUNITY_WORKER)

    response = signed_in.get(LOG)

    assert rows_of(response) == {"张三": "present", "在职者": "", "社工": ""}
    assert response.context["form"].initial["unit"] == "s1m1"


def test_a_community_lists_its_branches_members_and_nobody_elses(street, neighbour, secretary):
    community = Unit.objects.get(code="s1m1")
    branch = BranchFactory(parent=community)
    MemberFactory(unit=branch, name="支部党员")
    MemberFactory(unit=neighbour, name="邻居")

    response = sign_in(secretary).get(LOG)

    assert rows_of(response) == {"支部党员": "present"}


def test_a_street_ticks_its_own_staff_and_lists_who_holds_office_below(
    street, community, street_secretary, zhang
):
    cadre, director = PersonFactory(name="干部"), PersonFactory(name="主任")
    AppointmentFactory(person=cadre, unit=street, office=Office.STREET_CADRE)
    AppointmentFactory(person=director, unit=community, office=Office.RESIDENTS_DIRECTOR)

    response = sign_in(street_secretary).get(LOG)

    assert rows_of(response) == {"干部": "present", "主任": ""}


def test_the_address_fills_in_unit_kind_and_day(street_secretary, community, neighbour):
    response = sign_in(street_secretary).get(
        LOG, {"unit": "s1m2", "kind": ["party_lecture", "nonsense"], "day": "2026-05-04"}
    )

    initial = response.context["form"].initial
    assert (initial["unit"], initial["kinds"]) == ("s1m2", ["party_lecture"])
    assert initial["day"] == date(2026, 5, 4)


def test_place_people_and_times_come_from_the_last_record(signed_in, community, secretary):
    services.log_activity(
        entry(community, place="活动室", chair="王书记", recorder="赵六"), by=secretary
    )

    # In the evening: while what began at nine would still go on, no time is proposed.
    with time_machine.travel("2026-06-20T18:00:00+08:00", tick=False):
        response = signed_in.get(LOG)

    form = response.context["form"]
    assert [form[name].value() for name in ("place", "chair", "recorder")] == [
        "活动室",
        "王书记",
        "赵六",
    ]
    assert 'value="09:00"' in response.content.decode()


def test_a_unit_out_of_reach_can_not_be_logged_for(signed_in, community, neighbour):
    assert signed_in.get(LOG, {"unit": "s1m2"}).status_code == 404

    response = signed_in.post(LOG, typed(neighbour))

    assert response.context["form"].errors["unit"]
    assert not Activity.objects.exists()


def test_whoever_may_only_read_has_no_form(viewer, reviewer, community):
    for user in (viewer, reviewer):
        assert sign_in(user).get(LOG).status_code == 404
        sign_in(user).post(LOG, typed(community))
    assert not Activity.objects.exists()


# -- saving -----------------------------------------------------------------
def test_a_meeting_is_logged_with_who_was_there(signed_in, community, zhang, li):
    response = signed_in.post(
        LOG,
        typed(
            community,
            kinds=["member_study", "party_lecture"],
            here=[str(zhang.pk)],
            **{f"away-{zhang.pk}": "absent", f"away-{li.pk}": "leave"},
        ),
    )

    activity = Activity.objects.get()
    assert response.url == f"/activities/{activity.pk}/"
    assert activity.state == State.SUBMITTED
    assert dict(activity.attendances.values_list("person__name", "presence")) == {
        "张三": Presence.PRESENT,
        "李四": Presence.LEAVE,
    }


def test_a_draft_is_kept_and_counts_for_nothing(signed_in, community, zhang):
    signed_in.post(LOG, typed(community, do="draft", here=[str(zhang.pk)]))

    activity = Activity.objects.get()
    assert activity.state == State.DRAFT
    assert not activity.attendances.get().counts


def test_the_length_in_hours_does_instead_of_the_end(signed_in, community):
    signed_in.post(LOG, typed(community, ends="", hours="3"))

    assert Activity.objects.get().credit == Decimal("0.38")


def test_an_end_at_midnight_is_the_end_of_the_day(signed_in, community):
    signed_in.post(LOG, typed(community, begins="20:00", ends="00:00"))

    activity = Activity.objects.get()
    assert (activity.last_day, activity.credit) == (date(2026, 3, 10), Decimal("0.50"))


@pytest.mark.parametrize(
    ("mode", "online", "presence"),
    [
        (Mode.ONLINE, False, Presence.ONLINE),
        (Mode.MIXED, True, Presence.ONLINE),
        (Mode.MIXED, False, Presence.PRESENT),
        (Mode.IN_PERSON, True, Presence.PRESENT),
    ],
)
def test_who_took_part_online(signed_in, community, zhang, mode, online, presence):
    key = str(zhang.pk)

    signed_in.post(LOG, typed(community, mode=mode, here=[key], online=[key] if online else []))

    assert Activity.objects.get().attendances.get().presence == presence


def test_grades_of_a_review_are_kept(signed_in, community, zhang):
    signed_in.post(
        LOG,
        typed(
            community,
            kinds=["member_review"],
            here=[str(zhang.pk)],
            **{f"grade-{zhang.pk}": Grade.EXCELLENT},
        ),
    )

    assert Activity.objects.get().appraisals.get().grade == Grade.EXCELLENT


def test_a_second_press_leads_to_the_same_record(signed_in, community):
    said = typed(community)

    first = signed_in.post(LOG, said)
    second = signed_in.post(LOG, said)

    assert first.url == second.url
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"ends": "08:00"}, "ends", "结束时间应晚于开始时间"),
        ({"ends": "", "hours": ""}, "ends", "结束时间"),
        ({"day": "2025-12-31", "last_day": "2026-01-01"}, "ends", "跨年"),
        ({"kinds": []}, "kinds", "请至少选择一个活动类型"),
        ({"topic": " "}, "topic", "请填写"),
        ({"day": "2026-02-30"}, "day", "日期"),
        ({"credit": "1.5"}, "credit", "折算天数"),
        ({"unit": "nowhere"}, "unit", ""),
        ({"co_host_codes": "nowhere"}, "co_host_codes", "nowhere"),
        ({"co_host_codes": "s1m1"}, "co_hosts", "主办组织"),
        ({"kinds": ["party_school_rotation"]}, "school_level", "党校"),
        ({"day": "2099-01-01"}, "day", "草稿"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_and_what_was_typed_is_kept(
    signed_in, community, zhang, wrong, field, says
):
    said = typed(community, place="三楼", here=[str(zhang.pk)]) | wrong

    response = signed_in.post(LOG, said)

    form = response.context["form"]
    assert says in str(form.errors[field])
    assert form["place"].value() == "三楼"
    assert rows_of(response)["张三"] == "present"
    assert not Activity.objects.exists()


def test_a_person_ticked_twice_is_refused(signed_in, community, zhang):
    response = signed_in.post(LOG, typed(community, here=[str(zhang.pk), str(zhang.pk)]))

    assert "张三：重复勾选" in str(response.context["form"].errors)
    assert not Activity.objects.exists()


def test_a_person_out_of_reach_can_not_be_ticked(signed_in, community, neighbour):
    stranger = MemberFactory(unit=neighbour, name="陌生人")

    response = signed_in.post(LOG, typed(community, here=[str(stranger.pk)]))

    assert response.context["form"].errors
    assert "陌生人" not in response.content.decode()
    assert not Activity.objects.exists()


def test_whoever_may_only_read_of_somebody_gives_no_grade(
    signed_in, secretary, street, community, neighbour, zhang
):
    GrantFactory(user=secretary, unit=street, role=Role.VIEWER)
    other = MemberFactory(unit=neighbour, name="邻居")
    review = {"kinds": ["member_review"], f"grade-{zhang.pk}": Grade.QUALIFIED}

    alone = typed(community, **review | {f"grade-{other.pk}": Grade.NOT_QUALIFIED})
    together = alone | {"co_hosts": ["s1m2"], "roll_for": "s1m1,s1m2"}
    pages = [signed_in.post(LOG, data).content.decode() for data in (alone, together)]

    assert not Activity.objects.exists()
    assert all("邻居" in page and "只有其所在组织才能评定" in page for page in pages)
    signed_in.post(LOG, typed(community, **review))
    assert Activity.objects.get().appraisals.get().person == zhang


def test_a_draft_may_lack_the_schools_level_and_lie_ahead(signed_in, community):
    day = timezone.localdate() + timedelta(days=30)
    if day.year != (day - timedelta(days=1)).year:
        day += timedelta(days=1)

    signed_in.post(
        LOG,
        typed(community, do="draft", day=day.isoformat(), kinds=["party_school_rotation"]),
    )

    assert Activity.objects.get().state == State.DRAFT


def test_a_co_host_beside_is_named_by_its_code(signed_in, community, neighbour):
    signed_in.post(LOG, typed(community, co_host_codes=" S1M2 "))

    assert list(Activity.objects.get().co_hosts.all()) == [neighbour]


# -- the list of people -----------------------------------------------------
def test_another_host_brings_its_own_people_and_keeps_what_was_typed(
    street_secretary, community, neighbour, zhang
):
    MemberFactory(unit=neighbour, name="邻居")

    response = sign_in(street_secretary).post(
        LOG, typed(neighbour, do="refresh", roll_for="s1m1", here=[str(zhang.pk)])
    )

    assert rows_of(response) == {"邻居": "present"}
    assert response.context["form"]["topic"].value() == "学习党章"
    assert not response.context["form"].errors


def test_nothing_is_saved_with_the_former_hosts_people(
    street_secretary, community, neighbour, zhang
):
    response = sign_in(street_secretary).post(
        LOG, typed(neighbour, roll_for="s1m1", here=[str(zhang.pk)])
    )

    assert "尚未保存" in response.content.decode()
    assert not Activity.objects.exists()


def test_somebody_from_elsewhere_is_found_and_ticked(street_secretary, community, neighbour, zhang):
    guest = MemberFactory(unit=neighbour, name="欧阳客")
    browser = sign_in(street_secretary)
    said = typed(community, here=[str(zhang.pk)])

    found = browser.post(LOG, said | {"do": "find", "find": "ouyang"})
    assert rows_of(found) == {"张三": "present", "欧阳客": ""}

    browser.post(LOG, said | {"here": [str(zhang.pk), str(guest.pk)]})
    assert Activity.objects.get().attendances.count() == 2


def test_nobody_out_of_reach_is_found(signed_in, community, neighbour):
    MemberFactory(unit=neighbour, name="欧阳客")

    found = signed_in.post(LOG, typed(community, do="find", find="欧阳"))

    assert rows_of(found) == {}


def test_the_form_costs_the_same_queries_for_one_member_and_thirty(signed_in, community):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(LOG)
        return len(queries)

    MemberFactory(unit=community)
    one = cost()
    for _ in range(29):
        MemberFactory(unit=community)

    assert cost() == one
