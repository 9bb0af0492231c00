"""What the dashboard keeps: after any change it is the page that is drawn with nothing in store."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import stamps
from assessment.models import MonthSummary, UnitAssessment
from assessment.months import summarise
from assessment.periods import Cycle, period_of
from assessment.shelf import forget_all
from assessment.statements import statements
from config.templatetags.kept import frames
from organizations.choices import Role
from organizations.models import Unit
from organizations.services import touch
from organizations.services.tree import dissolve_unit, move_unit, rename_unit
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AreaFactory,
    CommunityFactory,
    CountySettingFactory,
    GrantFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = [pytest.mark.django_db]

ADDRESSES = (
    "/dashboard/",
    "/dashboard/?open=s1&calls=all",
    "/dashboard/?status=missed",
    "/dashboard/?street=s1&kind=community_branch",
    "/dashboard/?kind=community_branch&calls=all&open=s1",
)
OF_ONE_REQUEST = re.compile(r'nonce="[^"]+"|"X-CSRFToken": "\w+"|value="\w{64}"')
TODAY = date(2026, 6, 20)


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel("2026-06-20T12:00:00+08:00", tick=False):
        yield


@pytest.fixture
def other_street(county):
    street = StreetFactory(code="s2", name="西街街道", parent=county)
    MemberFactory(unit=CommunityFactory(code="s2m1", name="西门社区", parent=street))
    return street


@pytest.fixture
def readers(
    organizer, street_secretary, viewer, secretary, outsider, county, neighbour, other_street
):
    """Everybody with another reach, the widest first: what is kept of one must suit the others."""
    of_two = GrantFactory(unit=county, role=Role.ORGANIZER, user__username="two").user
    GrantFactory(user=of_two, unit=Unit.objects.get(code="xc"), role=Role.ORGANIZER)
    of_both = GrantFactory(unit=neighbour, user__username="both").user  # not their street's
    GrantFactory(user=of_both, unit=secretary.grants.get().unit)
    GrantFactory(user=of_both, unit=Unit.objects.get(code="s2m1"))
    english = GrantFactory(unit=county, role=Role.ORGANIZER, user__username="english").user
    english.language = "en"
    english.save()
    people = (organizer, english, of_two, street_secretary, viewer, of_both, secretary, outsider)
    return {user.username: sign_in(user) for user in people}


def pages_of(readers):
    return {
        (name, address): OF_ONE_REQUEST.sub("", client.get(address).content.decode())
        for name, client in readers.items()
        for address in ADDRESSES
    }


def forget_everything():
    forget_all()
    frames.clear()
    statements.clear()
    for kept in (stamps.stamp, stamps._address, stamps._word, stamps._over_all):
        kept.cache_clear()


def record(community, **_others):
    ActivityFactory(unit=community, on=date(2026, 6, 3), submitted=True)
    touch(community)


def rename(neighbour, **_others):
    rename_unit(neighbour, name="<新>桥社区", on=TODAY, by=None)


def rename_the_street(street, **_others):
    rename_unit(street, name="新街街道", on=TODAY, by=None)


def rename_the_county(county, **_others):
    rename_unit(county, name="改名县", on=TODAY, by=None)


def move(community, other_street, **_others):
    move_unit(community, parent=other_street, on=TODAY, by=None)


def move_the_street_chosen(street, **_others):
    move_unit(street, parent=Unit.objects.get(code="xc"), on=TODAY, by=None)


def dissolve(other_street, **_others):
    dissolve_unit(Unit.objects.get(code="s2m1"), on=TODAY, by=None)


def found(street, **_others):
    touch(CommunityFactory(code="s1m0", name="新社区", parent=street))


def leave_uncovered(street, **_others):
    for number in range(2):
        AreaFactory(code=f"new{number}", street=street)
    touch(street)


def number_of_its_own(county, **_others):
    CountySettingFactory(
        unit=county, key="threshold:monthly-activity", value="2", applies_from=date(2026, 1, 1)
    )
    touch(*Unit.objects.under(county.path))


def rulebook_off(county, **_others):
    CountySettingFactory(unit=county, key="rulebook:guizhou-2008", value="off")
    touch(*Unit.objects.under(county.path))


def sum_last_month(county, **_others):
    summarise(county, period_of(date(2026, 5, 1), Cycle.MONTH))


@pytest.mark.parametrize(
    "change",
    [
        record,
        rename,
        rename_the_street,
        rename_the_county,
        move,
        move_the_street_chosen,
        dissolve,
        found,
        leave_uncovered,
        number_of_its_own,
        rulebook_off,
        sum_last_month,
    ],
)
def test_after_a_change_everybody_sees_what_is_drawn_with_nothing_in_store(
    change, readers, county, street, community, neighbour, other_street
):
    for unit in (community, neighbour):
        MemberFactory(unit=unit)
    before = pages_of(readers)

    change(
        county=county,
        street=street,
        community=community,
        neighbour=neighbour,
        other_street=other_street,
    )

    after = pages_of(readers)
    forget_everything()
    assert after == pages_of(readers)
    assert after["organizer", "/dashboard/"] != before["organizer", "/dashboard/"]
    assert after["outsider", "/dashboard/"] == before["outsider", "/dashboard/"] or (
        change is move_the_street_chosen  # into the outsider's county, though not within reach
    )


def judge_anew(unit):
    """As after a write, with nothing to recompute."""
    UnitAssessment.objects.filter(unit=unit).delete()
    UnitAssessment.objects.create(unit=unit, as_of=TODAY, computed_at="2026-06-20T04:00:00Z")


def test_after_a_change_only_the_unit_is_read_however_many_there_are(
    organizer, street, community, django_assert_max_num_queries
):
    client = sign_in(organizer)
    MemberFactory(unit=community)
    asked = []
    for number in (0, 30):
        for more in range(number):
            MemberFactory(unit=CommunityFactory(code=f"more{more}", parent=street))
        client.get("/dashboard/")
        judge_anew(community)
        with CaptureQueriesContext(connection) as seen:
            client.get("/dashboard/")
        asked.append([query["sql"] for query in seen])

    few, many = asked
    assert len(few) == len(many) <= 10
    (read,) = (sql for sql in many if 'FROM "assessment_verdict"' in sql)
    assert re.search(rf'"id" IN \({community.pk}\)', read)


def test_another_way_to_show_the_same_units_reads_no_verdicts(organizer, community, neighbour):
    client = sign_in(organizer)
    client.get("/dashboard/")

    with CaptureQueriesContext(connection) as seen:
        page = client.get("/dashboard/?open=s1").content.decode()

    assert "桥头社区" in page
    assert not [query for query in seen if 'FROM "assessment_verdict"' in query["sql"]]


def test_the_sums_of_last_month_are_read_once_for_each_state(organizer, county, community):
    sum_last_month(county)
    client = sign_in(organizer)
    client.get("/dashboard/")
    judge_anew(community)

    with CaptureQueriesContext(connection) as seen:
        client.get("/dashboard/")
    MonthSummary.objects.update(is_stale=True)
    with CaptureQueriesContext(connection) as stale:
        client.get("/dashboard/")

    sums = [[q for q in asked if '"counts"' in q["sql"]] for asked in (seen, stale)]
    assert [len(found) for found in sums] == [0, 1]
