"""Many records at once: for several units, and last month's again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities import services
from activities.choices import Presence, State
from activities.models import Activity, EntryDraft
from activities.moving import month_before, same_day, same_weekday
from tests.activities.entries import at, entry, rows_of, typed
from tests.cast import sign_in
from tests.factories import SHANGHAI, MemberFactory

MANY, COPY = "/activities/log/many/", "/activities/copy/"


@pytest.fixture
def wang(neighbour):
    return MemberFactory(unit=neighbour, name="王五")


@pytest.fixture
def browser(street_secretary):
    return sign_in(street_secretary)


def many(street, *people, **given):
    said = {
        "way": "each",
        "co_hosts": ["s1m1", "s1m2"],
        "roll_for": "s1m1,s1m2",
        "here": [str(person.pk) for person in people],
    }
    return typed(street, **said | given)


# -- for several units ---------------------------------------------------------
@pytest.mark.django_db
def test_each_unit_has_a_record_of_its_own_with_its_own_people(browser, street, zhang, li, wang):
    data = many(street, zhang, wang, **{f"away-{li.pk}": "leave"})

    response = browser.post(MANY, data)

    records = {record.unit.code: record for record in Activity.objects.all()}
    assert response.status_code == 302
    assert records.keys() == {"s1m1", "s1m2"}
    assert {record.state for record in records.values()} == {State.SUBMITTED}
    people = {
        code: dict(r.attendances.values_list("person__name", "presence"))
        for code, r in records.items()
    }
    assert people == {
        "s1m1": {"张三": Presence.PRESENT, "李四": Presence.LEAVE},
        "s1m2": {"王五": Presence.PRESENT},
    }


@pytest.mark.django_db
def test_a_record_that_is_shared_has_the_organiser_as_its_host(browser, street, zhang, wang):
    browser.post(MANY, many(street, zhang, wang, way="together", roll_for="s1,s1m1,s1m2"))

    record = Activity.objects.get()
    assert record.unit == street
    assert set(record.co_hosts.values_list("code", flat=True)) == {"s1m1", "s1m2"}
    assert record.attendances.count() == 2


@pytest.mark.django_db
def test_a_second_press_makes_nothing_new(browser, street, zhang, wang):
    data = many(street, zhang, wang)

    browser.post(MANY, data)
    browser.post(MANY, data)

    assert Activity.objects.count() == 2


@pytest.mark.django_db
def test_all_or_none_and_the_unit_is_named(browser, street, neighbour, zhang, wang):
    neighbour.established_on = date(2026, 6, 1)
    neighbour.save()

    page = browser.post(MANY, many(street, zhang, wang)).content.decode()

    assert not Activity.objects.exists()
    assert "桥头社区：" in page
    assert "成立" in page


@pytest.mark.django_db
def test_somebody_of_another_unit_is_refused_by_name(browser, street, zhang, wang):
    page = browser.post(
        MANY, many(street, zhang, wang, co_hosts=["s1m1"], roll_for="s1m1", extra=[str(wang.pk)])
    ).content.decode()

    assert not Activity.objects.exists()
    assert "王五不属于所选的任何组织" in page


@pytest.mark.django_db
def test_a_unit_out_of_reach_is_none_to_choose(signed_in, community, neighbour, zhang, wang):
    signed_in.post(MANY, many(community, zhang, wang))

    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_the_list_follows_the_units_and_nothing_is_saved_before_it_was_seen(
    browser, street, zhang, wang
):
    response = browser.post(MANY, many(street, zhang, roll_for="s1m1"))

    assert rows_of(response) == {"张三": "present", "王五": "present"}
    assert "尚未保存" in response.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_its_draft_is_kept_and_taken_up(browser, street, zhang, wang):
    data = many(street, zhang)
    more = {"draft-key": data["form_key"], "draft-page": MANY}
    browser.post("/activities/log/kept/", data | more)

    page = browser.get(MANY, {"draft": data["form_key"]})

    assert page.context["form"]["way"].value() == "each"
    assert rows_of(page) == {"张三": "present", "王五": ""}
    browser.post(MANY, data)
    assert not EntryDraft.objects.exists()


@pytest.mark.django_db
def test_what_they_would_serve_is_told_of_each(browser, street, zhang, wang):
    data = many(street, zhang, wang, kinds=["party_lecture"])

    page = browser.post("/assessment/serves/", data, headers={"HX-Request": "true"})

    lines = {one.unit for line in page.context["lines"] for one in line.units}
    assert lines == {"河滨社区", "桥头社区"}


# -- dates -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "weekday", "number"),
    [
        ("2026-10-13", "2026-11-10", "2026-11-13"),
        ("2026-10-01", "2026-11-05", "2026-11-01"),
        ("2026-10-31", "2026-11-28", "2026-11-30"),
    ],
    ids=["second Tuesday", "first Thursday", "no fifth Saturday, no 31st"],
)
def test_days_move_to_another_month(day, weekday, number):
    november, day = date(2026, 11, 1), date.fromisoformat(day)

    assert same_weekday(day, november) == date.fromisoformat(weekday)
    assert same_day(day, november) == date.fromisoformat(number)


def test_the_month_before_january_is_december():
    assert month_before(date(2026, 1, 15)) == date(2025, 12, 1)


# -- last month's again ------------------------------------------------------
@pytest.fixture
def november():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def october(november, community, secretary, zhang):
    return services.log_activity(
        entry(
            community,
            topic="十月例会",
            place="活动室",
            minutes="上月的记录",
            credit=Decimal("0.3"),
            starts_at=at("2026-10-13 09:00"),
            ends_at=at("2026-10-13 11:00"),
            presences={zhang.pk: Presence.LEAVE},
        ),
        by=secretary,
        submit=True,
    )


def take(*records, way="weekday", **more):
    return {"way": way, "form_key": str(uuid4()), "record": [str(one.pk) for one in records]} | more


@pytest.mark.django_db
@pytest.mark.parametrize(("way", "day"), [("weekday", 10), ("day", 13)])
def test_a_record_is_taken_again_as_a_draft(signed_in, october, li, way, day):
    signed_in.post(COPY, take(october, way=way))

    draft = Activity.objects.exclude(pk=october.pk).get()
    assert (draft.state, draft.first_day) == (State.DRAFT, date(2026, 11, day))
    assert (draft.topic, draft.place, draft.minutes) == ("十月例会", "活动室", "")
    assert draft.credit == Decimal("0.30")
    assert set(draft.attendances.values_list("presence", flat=True)) == {Presence.PRESENT}


@pytest.mark.django_db
def test_the_page_shows_last_months_records_and_where_they_would_go(signed_in, october):
    page = signed_in.get(COPY).content.decode()

    assert "十月例会" in page
    assert "2026年11月10日" in page
    assert "2026年11月13日" in page


@pytest.mark.django_db
def test_pressed_twice_it_takes_them_once(signed_in, october):
    data = take(october)

    signed_in.post(COPY, data)
    signed_in.post(COPY, data)

    assert Activity.objects.count() == 2


@pytest.mark.django_db
def test_nothing_chosen_or_of_others_is_nothing_taken(signed_in, october, outsider):
    empty = signed_in.post(COPY, take())
    sign_in(outsider).post(COPY, take(october))

    assert "请至少选择一条记录" in empty.content.decode()
    assert Activity.objects.count() == 1


@pytest.mark.django_db
def test_a_cancelled_record_is_not_offered(signed_in, secretary, october):
    services.cancel(october, by=secretary)

    assert "十月例会" not in signed_in.get(COPY).content.decode()


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_record_and_thirty(
    signed_in, community, secretary, october, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as queries:
        signed_in.get(COPY)
    for number in range(29):
        moment = at(f"2026-10-{number % 28 + 1:02} 15:00")
        later = at(f"2026-10-{number % 28 + 1:02} 16:00")
        services.log_activity(entry(community, starts_at=moment, ends_at=later), by=secretary)

    with django_assert_num_queries(len(queries)):
        signed_in.get(COPY)
