"""The dashboard over time, in pieces, and who is called; the home page's month."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.months import fill
from organizations.models import Unit
from organizations.services import touch
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    BranchFactory,
    CommunityFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = [pytest.mark.django_db]

TREND = "/dashboard/trend/"
DASHBOARD = "/dashboard/"
TODAY = date(2026, 6, 20)


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-20T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def filled(county, community):
    MemberFactory(unit=community)
    ActivityFactory(unit=community, on=date(2026, 5, 12), submitted=True)
    fill([county], TODAY, seconds=60)
    return community


def text_of(response):
    return response.content.decode()


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_queries_over_time_do_not_grow_with_the_units(organizer, street, filled):
    client = sign_in(organizer)
    few = queries_of(client, TREND)
    for number in range(30):
        MemberFactory(unit=CommunityFactory(code=f"more{number}", parent=street))

    assert queries_of(client, TREND) == few <= 14


def test_each_chart_has_its_table_with_the_same_figures(organizer, filled):
    response = sign_in(organizer).get(TREND)
    page = text_of(response)

    charts = response.context["charts"]
    assert {chart.key for chart in charts} == {
        "trend",
        "years",
        "entry",
        "spread",
        "lag",
        "calendar",
        "heat",
        "members",
    }
    drawn_here = [chart for chart in charts if chart.kind != "tree"]  # test_tree_map.py has it
    for chart in drawn_here:
        script = re.search(rf'<script id="data-{chart.key}"[^>]*>(.*?)</script>', page)[1]
        drawn = json.loads(script)
        assert len(chart.table) == len(drawn["labels"]) + 1
        assert chart.table[0][1:] == [series["name"] for series in drawn["series"]]
    assert "fill=" not in page


def test_each_month_below_a_picture_has_a_short_name_and_its_year(organizer, filled):
    charts = {chart.key: chart for chart in sign_in(organizer).get(TREND).context["charts"]}

    for key in ("trend", "entry", "heat"):
        chart = charts[key]
        assert [f"{year}{month}" for month, year in chart.ticks] == list(chart.labels)
    assert charts["trend"].data["ticks"]
    assert not charts["lag"].ticks


def test_the_table_of_a_chart_can_be_taken_away(organizer, filled):
    response = sign_in(organizer).get(f"{TREND}calendar/")

    table = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert table[0] == ["日期", "记录数"]
    assert [row[1] for row in table[1:] if row[0] == "2026年5月12日"] == ["1"]


def test_a_chart_that_there_is_not_is_not_found(organizer, filled):
    assert sign_in(organizer).get(f"{TREND}no-such/").status_code == 404


def test_a_street_sees_its_own_past_alone(county, street_secretary, filled):
    elsewhere = CommunityFactory(code="e", parent=StreetFactory(code="s2", parent=county))
    MemberFactory(unit=elsewhere)
    ActivityFactory(unit=elsewhere, on=date(2026, 5, 13), submitted=True)
    touch(elsewhere)
    fill([county], TODAY, seconds=60)

    asked = [
        sign_in(street_secretary).get(TREND, {"street": street}).context["charts"]
        for street in ("", "s1", "s2")
    ]

    for charts in asked:
        by_key = {chart.key: chart for chart in charts}
        assert sum(by_key["calendar"].series[0].values) == 1
        assert sum(by_key["spread"].series[0].values) == 2


def test_whoever_has_a_community_alone_is_told_that_there_are_no_sums(signed_in, filled):
    response = signed_in.get(TREND)

    assert {chart.key for chart in response.context["charts"]}.isdisjoint({"trend", "heat"})


def test_the_dashboard_tells_the_change_since_last_month(organizer, filled):
    page = text_of(sign_in(organizer).get(DASHBOARD))

    assert "较上月末" in page
    assert 'class="mx-change"' in page


def test_a_page_that_has_not_changed_is_drawn_once_and_anew_after_a_write(organizer, filled):
    client = sign_in(organizer)
    before = text_of(client.get(DASHBOARD))
    with CaptureQueriesContext(connection) as seen:
        assert text_of(client.get(DASHBOARD)).count("mx-one") == before.count("mx-one")
    assert not [q for q in seen if 'FROM "assessment_verdict"' in q["sql"]]

    ActivityFactory(unit=filled, on=date(2026, 6, 3), submitted=True)
    touch(filled)

    assert text_of(client.get(DASHBOARD)).count("mx-met") == before.count("mx-met") + 1


def test_what_one_person_may_see_is_never_shown_to_another(
    organizer, street_secretary, county, filled
):
    MemberFactory(
        unit=CommunityFactory(parent=StreetFactory(code="s2", name="西街街道", parent=county))
    )

    assert "西街街道" in text_of(sign_in(organizer).get(DASHBOARD))
    assert "西街街道" not in text_of(sign_in(street_secretary).get(DASHBOARD))


@pytest.mark.parametrize("query", ["", "?kind=community_branch", "?cycle=month", "?level=quota"])
def test_the_pieces_add_up_to_the_download(organizer, county, street, filled, query):
    for number in range(3):
        other = StreetFactory(code=f"t{number}", parent=county)
        MemberFactory(unit=CommunityFactory(code=f"t{number}m", parent=other))
    client = sign_in(organizer)

    board = client.get(DASHBOARD + query).context["board"]
    file = client.get("/dashboard/download/csv/" + query).content.decode("utf-8-sig")

    table = list(csv.reader(StringIO(file)))
    assert board.units == len(table) - 1
    met = sum("已达标" in cell for row in table[1:] for cell in row[3:])
    assert met == board.statuses["met"]


def test_streets_stay_the_heads_of_communities_that_are_filtered_by_kind(organizer, county, filled):
    other = CommunityFactory(parent=StreetFactory(code="s2", name="西街街道", parent=county))
    MemberFactory(unit=other)

    page = text_of(sign_in(organizer).get(DASHBOARD, {"kind": "community_branch"}))

    assert 'id="t-s1"' in page
    assert 'id="t-s2"' in page


def test_who_needs_a_call_is_told_with_the_reason_the_most_urgent_first(
    organizer, community, neighbour
):
    for unit in (community, neighbour):
        MemberFactory(unit=unit)
    Unit.objects.filter(pk=neighbour.pk).update(contact="值班电话")
    AppointmentFactory(unit=neighbour, office="secretary", begun_on=date(2020, 1, 1))

    response = sign_in(organizer).get(DASHBOARD)

    calls = response.context["calls"]
    assert calls[0].place.pk == neighbour.pk
    assert calls[0].first[0].column.rule.id == "rotation-training"
    assert calls == sorted(calls, key=lambda call: call.urgency)
    assert "值班电话" in text_of(response)


def test_the_home_page_shows_the_month_and_the_year(signed_in, community):
    MemberFactory(unit=community)
    ActivityFactory(unit=community, topic="学习条例", on=date(2026, 6, 12))
    ActivityFactory(unit=community, on=date(2026, 2, 3), submitted=True)

    response = signed_in.get("/")

    home = response.context["home"]
    days = {day.day: day for day in home.month.busy}
    assert [held.topic for held in days[date(2026, 6, 12)].held] == ["学习条例"]
    assert "monthly-activity" in {
        deadline.column.rule.id for deadline in days[date(2026, 6, 30)].deadlines
    }
    strip = home.strip
    assert [box.held for box in strip[:3]] == [0, 1, 0]
    assert [box.is_to_come for box in strip] == [False] * 6 + [True] * 6
    assert (strip[0].status, strip[1].status) == ("missed", "met")


def test_the_home_page_asks_no_more_with_more_branches(street, community, secretary):
    client = sign_in(secretary)
    MemberFactory(unit=community)
    few = queries_of(client, "/")
    for number in range(30):
        branch = BranchFactory(code=f"b{number}", parent=community)
        MemberFactory(unit=branch)
        ActivityFactory(unit=branch, on=date(2026, 6, 2), submitted=True)

    assert queries_of(client, "/") == few
