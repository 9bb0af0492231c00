"""Sums of past months: whatever is stored is what would be found anew."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from assessment.engine import compute
from assessment.models import MonthSummary
from assessment.months import closed_months, fill, fill_missing, fill_nightly, summaries_of
from assessment.places import places_of
from assessment.terms import Status
from assessment.trends import entries_of, points_of
from assessment.verdicts import refresh
from organizations.models import Unit
from organizations.services import touch
from tests.factories import ActivityFactory, CommunityFactory, CountyFactory, MemberFactory

pytestmark = [pytest.mark.django_db]

TODAY = date(2026, 6, 20)
MAY = date(2026, 5, 1)
MONTHLY = ("guizhou-2008", "monthly-activity")


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-20T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def units(community, neighbour):
    """Two communities with members; one of them held something in May."""
    for unit in (community, neighbour):
        MemberFactory(unit=unit)
    ActivityFactory(unit=community, on=date(2026, 5, 12), submitted=True)
    refresh(Unit.objects.all())
    return community, neighbour


def monthly(point):
    return point.by_rule[MONTHLY]


def points(county, **more):
    places = [place for place in places_of(Unit.objects.all(), on=TODAY) if place.pk == county.pk]
    return points_of(Unit.objects.all(), places, [MONTHLY], **more)


def test_the_closed_months_are_those_before_this_one_newest_first():
    months = [month.first for month in closed_months(TODAY)]

    assert months[:2] == [MAY, date(2026, 4, 1)]
    assert months[-1] == date(2024, 6, 1)
    assert len(months) == 24


def test_what_is_stored_is_what_is_found_anew(county, street, units):
    fill([county], TODAY, seconds=60)

    assert MonthSummary.objects.count() == 24 * 2
    for month in closed_months(TODAY):
        found = summaries_of(compute(Unit.objects.all(), month.last), month)
        stored = MonthSummary.objects.filter(month=month.first)
        assert {row.unit.path: (row.counts, row.units) for row in stored} == {
            path: (row.counts, row.units) for path, row in found.items()
        }


def test_a_month_tells_how_the_units_stood_on_its_last_day(county, units):
    fill([county], TODAY, seconds=60)

    found = monthly(points(county)[MAY])

    assert (found[Status.MET], found[Status.DUE]) == (1, 1)


def test_a_write_makes_the_sums_of_its_county_stale_and_the_night_mends_them(county, units):
    other = CountyFactory(code="other")
    fill([county, other], TODAY, seconds=60)
    ActivityFactory(unit=units[1], on=date(2026, 5, 20), submitted=True)
    touch(units[1])

    refresh(Unit.objects.all())

    stale = MonthSummary.objects.filter(is_stale=True)
    assert {row.unit.path.split("/")[0] for row in stale} == {"c"}
    assert monthly(points(county)[MAY])[Status.MET] == 1
    assert fill_nightly() == 0
    assert monthly(points(county)[MAY])[Status.MET] == 2
    assert not MonthSummary.objects.filter(is_stale=True).exists()


def test_the_night_mends_and_tells_of_sums_that_no_write_explains(county, units, caplog):
    fill([county], TODAY, seconds=60)
    MonthSummary.objects.filter(unit=county, month=MAY).update(counts=[])

    assert fill_nightly() == 1

    assert "had to mend 1 sums" in caplog.text
    assert monthly(points(county)[MAY])[Status.MET] == 1


def test_a_page_makes_at_least_one_month_and_says_how_many_are_lacking(county, units, monkeypatch):
    monkeypatch.setattr("assessment.months.PATIENCE", 0)

    assert fill_missing({"c"}, TODAY) == 23
    assert fill_missing({"c"}, TODAY) == 22


def test_a_big_county_is_left_to_the_night(county, units, monkeypatch):
    monkeypatch.setattr("assessment.months.MOST_IN_A_PAGE", 2)

    assert fill_missing({"c"}, TODAY) == 24
    assert not MonthSummary.objects.exists()


def test_the_sums_are_narrowed_by_kind_of_unit(county, street, units):
    fill([county], TODAY, seconds=60)

    assert not monthly(points(county, kind="street_committee")[MAY])
    assert points(county, kind="street_committee")[MAY].units == 1
    assert points(county, kind="community_branch")[MAY].units == 2


def test_who_does_not_see_a_unit_gets_no_sum_of_it(county, units):
    fill([county], TODAY, seconds=60)
    places = [place for place in places_of(Unit.objects.all(), on=TODAY) if place.pk == county.pk]

    assert points_of(Unit.objects.none(), places, [MONTHLY]) == {}


def test_records_are_told_by_the_days_after_which_they_came_in(community):
    for submitted in ("2026-05-13", "2026-05-19", "2026-06-15"):
        with time_machine.travel(f"{submitted}T09:00:00+08:00", tick=False):
            ActivityFactory(unit=community, on=date(2026, 5, 12), submitted=True)

    found = entries_of(Unit.objects.all(), date(2026, 1, 1), TODAY)

    assert found.by_day == {date(2026, 5, 12): 3}
    assert sum(found.by_month[MAY].values()) == 3
    assert found.share_in_time(MAY) == 66


def test_more_units_do_not_make_more_rows(county, street, units):
    for number in range(10):
        MemberFactory(unit=CommunityFactory(code=f"more{number}", parent=street))

    fill([county], TODAY, seconds=0)

    assert MonthSummary.objects.count() == 2
