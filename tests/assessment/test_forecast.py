"""What a record would serve, before it is saved, is what it serves once it is."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from activities.unsaved import read_unsaved
from assessment.forecast import forecast
from assessment.supposing import SUPPOSED, Supposed, with_supposed
from assessment.terms import Facts
from tests.activities.entries import typed
from tests.assessment.asking import hold
from tests.assessment.build import person, record
from tests.cast import sign_in
from tests.factories import MemberFactory

ADDRESS = "/assessment/serves/"
TAGS = re.compile(r"<[^>]+>|\s+")


def text_of(response) -> str:
    return TAGS.sub("", response.content.decode())


def said(unit, people=(), **given):
    today = timezone.localdate()
    times = {"day": today.isoformat(), "begins": "00:00", "ends": "00:01", "credit": "0.25"}
    return typed(unit, **times | {"topic": "", "here": [str(one.pk) for one in people]} | given)


def look(client, data, **query):
    query = f"?activity={query['activity']}" if query else ""
    return client.post(ADDRESS + query, data, headers={"HX-Request": "true"})


# -- the facts -------------------------------------------------------------
def test_a_supposed_record_takes_its_place_by_day_among_units_and_persons():
    june, march = date(2026, 6, 1), date(2026, 3, 1)
    there, absent = person(number=1), person(number=2)
    facts = {
        1: Facts("m1", "community_branch", records=(record("party_lecture", june),)),
        2: Facts("m2", "community_branch", persons=(there, absent)),
    }
    supposed = Supposed(
        units=frozenset({1}),
        kinds=frozenset({"party_lecture"}),
        day=march,
        days=record("x", june).days,
        attended=frozenset({1}),
        graded=frozenset({2}),
    )

    then = with_supposed(facts, supposed)

    assert [one.ref for one in then[1].records] == [SUPPOSED, 1]
    assert then[2].records == ()
    assert [one.ref for one in then[2].persons[0].records] == [SUPPOSED]
    assert then[2].persons[1].records[0].kinds == {"review:graded"}


def test_a_record_that_is_changed_does_not_count_beside_itself():
    old = record("party_lecture", date(2026, 3, 1), ref="old")
    supposed = Supposed(
        frozenset({1}), frozenset({"party_lecture"}), date(2026, 4, 1), old.days, instead_of="old"
    )

    then = with_supposed({1: Facts("m1", "community_branch", records=(old,))}, supposed)

    assert [one.ref for one in then[1].records] == [SUPPOSED]


# -- the page --------------------------------------------------------------
@pytest.fixture
def members(community):
    return [MemberFactory(unit=community) for _ in range(3)]


@pytest.mark.django_db
def test_it_names_rules_and_who_moves_to_what_and_writes_nothing(signed_in, community, members):
    page = text_of(look(signed_in, said(community, members, kinds=["party_lecture"])))

    assert "党课" in page
    assert "3人达到0.25天（应" in page
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_what_it_says_is_what_the_verdict_says_once_it_is_saved(signed_in, community, members):
    data = said(community, members, kinds=["party_lecture"])
    lines = look(signed_in, data).context["lines"]
    told = {(line.column.rule.id): line.units[0].figures for line in lines if line.units}

    signed_in.post("/activities/log/", data | {"topic": "党课"})
    page = signed_in.get(reverse("assessment:serves", args=[Activity.objects.get().pk]))
    now = {
        line["column"].rule.id: line["row"].figures for line in page.context["lines"] if line["row"]
    }

    assert "party-lectures" in told
    assert {rule: now[rule] for rule in told} == told


@pytest.mark.django_db
def test_who_was_absent_moves_nowhere(signed_in, community, members):
    page = text_of(look(signed_in, said(community, members[:1], kinds=["party_lecture"])))

    assert "1人达到" in page
    assert "3人达到" not in page


@pytest.mark.django_db
def test_a_changed_record_is_not_counted_twice(signed_in, community, members):
    earlier = hold(community, "party_lecture", on=timezone.localdate())
    data = said(community, members, kinds=["party_lecture"])

    def figures(**query):
        lines = look(signed_in, data, **query).context["lines"]
        return {line.column.rule.id: line.units[0].figures for line in lines if line.units}

    alone, beside = figures(activity=earlier.pk), figures()

    assert alone["party-lectures"].startswith("1/")
    assert beside["party-lectures"].startswith("2/")


@pytest.mark.django_db
def test_each_host_is_told_by_name(street_secretary, community, neighbour, members):
    MemberFactory(unit=neighbour)
    data = said(community, members, kinds=["party_lecture"], co_hosts=["s1m2"])

    page = text_of(look(sign_in(street_secretary), data))

    assert "河滨社区·" in page
    assert "桥头社区·" in page


@pytest.mark.django_db
def test_people_of_units_out_of_reach_are_not_told_of(signed_in, secretary, community, neighbour):
    stranger = MemberFactory(unit=neighbour)

    lines = look(signed_in, said(community, [stranger], kinds=["party_lecture"])).context["lines"]

    assert [line.people for line in lines if line.people] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kinds": []}, "选择类型"),
        ({"ends": ""}, "选择类型"),
        ({"kinds": ["joint_conference"]}, "没有指标要求"),
        ({"day": "2099-01-05"}, "尚未举行"),
        ({"begins": "10:00", "ends": "09:00"}, "结束时间应晚于开始时间"),
    ],
)
def test_it_says_what_is_lacking(signed_in, community, given, told):
    assert told in text_of(look(signed_in, said(community, **given)))


@pytest.mark.django_db
def test_without_script_it_is_a_page_of_its_own(signed_in, community, members):
    page = signed_in.post(ADDRESS, said(community, members, kinds=["party_lecture"]))

    assert "<!DOCTYPE html>" in page.content.decode()
    assert "党课" in text_of(page)


@pytest.mark.django_db
def test_a_record_of_last_year_is_judged_by_that_year(signed_in, community, members):
    day = timezone.localdate().replace(month=1, day=1) - timedelta(days=20)

    lines = look(
        signed_in, said(community, members, kinds=["party_lecture"], day=day.isoformat())
    ).context["lines"]

    assert any(str(day.year) in one.period for line in lines for one in line.units)


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_people(secretary, community):
    def cost() -> int:
        people = community.affiliations.values_list("person_id", flat=True)
        data = QueryDict(mutable=True)
        for name, value in said(community, kinds=["party_lecture", "member_study"]).items():
            data.setlist(name, value if isinstance(value, list) else [value])
        data.setlist("here", [str(key) for key in people])
        with CaptureQueriesContext(connection) as queries:
            unsaved = read_unsaved(data, user=secretary)
            assert forecast(secretary, unsaved, today=timezone.localdate())
        return len(queries)

    MemberFactory(unit=community)
    cost()  # reads the grants, once for a user
    one = cost()
    for _ in range(29):
        MemberFactory(unit=community)

    assert cost() == one
