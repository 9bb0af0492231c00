"""Deadlines on the calendar page and, where it is asked for, in the calendar feed."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import services
from organizations.services import touch_ids
from tests.activities import ical
from tests.cast import sign_in
from tests.factories import ActivityFactory, CommunityFactory, MemberFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
DAY = ";VALUE=DATE"


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-25 10:00+08:00", tick=False)
    cache.clear()


@pytest.fixture
def member(community):
    """Makes the community owe what units with members owe."""
    return MemberFactory(unit=community)


def page(browser, unit, **query):
    return browser.get(f"/assessment/deadlines/{unit.code}/", query, headers=HTMX).content.decode()


def events(secret):
    feed = ical.parse(Client().get("/activities/plans.ics", {"key": secret}).content)
    return {ical.text(event, "SUMMARY"): event for event in feed.get("VEVENT", [])}


def test_what_is_open_and_falls_due_in_the_month_is_told_with_its_day(signed_in, community, member):
    november = page(signed_in, community, month="2026-11")
    december = page(signed_in, community, month="2026-12")

    assert "<html" not in november
    assert "11月30日" in november
    assert "党课" not in november
    assert "党课" in december
    assert "12月31日" in december


def test_what_was_missed_in_an_earlier_month_leads_to_that_month(signed_in, community, member):
    march = page(signed_in, community, month="2026-03")

    assert f"/assessment/units/{community.code}/monthly-activity/?period=2026-03-01" in march


def test_what_is_met_is_not_told_any_more(signed_in, community, member):
    ActivityFactory(
        unit=community,
        on=date(2026, 11, 10),
        kinds=["member_study"],
        submitted=True,
    )

    assert "11月30日" not in page(signed_in, community, month="2026-11")


def test_units_below_are_counted_where_they_are_asked_for(street, community, reviewer, member):
    MemberFactory(unit=CommunityFactory(code="s1m3", parent=street))
    browser = sign_in(reviewer)

    assert "2个组织" in page(browser, street, month="2026-11", below="1")
    assert "2个组织" not in page(browser, street, month="2026-11", below="0")


def test_without_a_script_it_is_a_page_and_the_calendar_leads_there(signed_in, community, member):
    calendar = signed_in.get("/activities/calendar/").content.decode()
    address = "/assessment/deadlines/s1m1/?month=2026-11&amp;below=1"

    assert f'href="{address}"' in calendar
    assert f'hx-get="{address}"' in calendar
    assert "<html" in signed_in.get(address.replace("&amp;", "&")).content.decode()


def test_queries_do_not_grow_with_units(street, community, reviewer, django_assert_num_queries):
    MemberFactory(unit=community)
    browser = sign_in(reviewer)
    page(browser, street, month="2026-11", below="1")
    with CaptureQueriesContext(connection) as few:
        page(browser, street, month="2026-11", below="1")
    number = len(few)  # the next request empties it
    for _number in range(30):
        MemberFactory(unit=CommunityFactory(parent=street))
    page(browser, street, month="2026-11", below="1")  # judges what was touched

    with django_assert_num_queries(number):
        page(browser, street, month="2026-11", below="1")


def test_a_feed_tells_of_deadlines_only_where_that_was_asked_for(signed_in, community, member):
    silent = services.open_feed(community, with_below=False, by=None)
    assert not [name for name in events(silent) if "到期" in name]

    made = signed_in.post("/activities/calendar/units/s1m1/open/", {"with_deadlines": "on"})
    secret = made.context["address"].partition("key=")[2]

    event = events(secret)["到期：党课"]
    assert event["DTSTART"] == [(DAY, "20261231")]
    assert event["DTEND"] == [(DAY, "20270101")]
    assert ical.text(event, "DESCRIPTION") == "河滨社区"


def test_a_deadline_that_is_met_leaves_the_feed(community, member):
    secret = services.open_feed(community, with_below=False, with_deadlines=True, by=None)
    before = set(events(secret))
    ActivityFactory(
        unit=community,
        on=date(2026, 11, 10),
        kinds=["member_study"],
        submitted=True,
    )
    touch_ids({community.pk})

    assert len(before - set(events(secret))) == 1


def test_the_same_deadlines_give_the_same_bytes(community, member):
    secret = services.open_feed(community, with_below=True, with_deadlines=True, by=None)
    address = {"key": secret}
    first = Client().get("/activities/plans.ics", address)

    again = Client().get("/activities/plans.ics", address, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
