"""Pages of seals: who seals, who reads, what is shown beside it."""

from __future__ import annotations

import html
import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.models import Seal
from assessment.periods import Cycle, periods_of
from assessment.sealing import seal_period
from organizations.choices import Role
from tests.assessment.asking import hold
from tests.cast import sign_in
from tests.factories import CommunityFactory, GrantFactory, MemberFactory

pytestmark = pytest.mark.django_db
YEAR = periods_of(2025, Cycle.YEAR)[0]
FIRST, *_ = periods_of(2025, Cycle.QUARTER)


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


@pytest.fixture
def sealed(county, community, neighbour):
    MemberFactory(unit=community)
    MemberFactory(unit=neighbour)
    return seal_period(county, FIRST, by=None)


def get(user, name, *args, query=""):
    return sign_in(user).get(reverse(f"assessment:{name}", args=args) + query)


def test_an_organizer_seals_a_quarter_that_is_over(county, community, organizer):
    browser = sign_in(organizer)
    page = browser.get(reverse("assessment:seal_new"))
    assert "2026年第1季度" in page.content.decode()
    assert "2026年第2季度" not in page.content.decode()

    answer = browser.post(reverse("assessment:seal_new"), {"period": "2026-01-01quarter"})

    seal = Seal.objects.get()
    assert answer.headers["Location"] == seal.get_absolute_url()
    assert (seal.by, seal.period_end) == (organizer, date(2026, 3, 31))


def test_what_is_sealed_is_offered_no_more(sealed, organizer):
    answer = sign_in(organizer).post(
        reverse("assessment:seal_new"), {"period": "2025-01-01quarter"}
    )

    assert answer.status_code == 200
    assert Seal.objects.count() == 1


def test_a_secretary_reads_the_verdicts_of_the_own_unit_alone(sealed, community, neighbour):
    secretary = GrantFactory(unit=community, role=Role.SECRETARY).user

    page = get(secretary, "seal", sealed.pk).content.decode()

    assert community.name in page
    assert neighbour.name not in page
    assert get(secretary, "seal_download", sealed.pk, "json").status_code == 404


def test_a_viewer_of_the_county_takes_the_seal_away(sealed, county):
    viewer = GrantFactory(unit=county, role=Role.VIEWER).user

    told = json.loads(get(viewer, "seal_download", sealed.pk, "json").content)

    assert told["digest"] == sealed.digest
    assert len(told["document"]["verdicts"]) == sealed.verdicts.count()
    assert get(viewer, "seal_download", sealed.pk, "xlsx").status_code == 200
    assert get(viewer, "seal_download", sealed.pk, "pdf").status_code == 404
    assert get(viewer, "seal_new").status_code == 404


def test_the_verdicts_are_filtered(sealed, community, neighbour, organizer):
    page = get(organizer, "seal", sealed.pk, query=f"?unit={community.name}&status=missed")
    names = {row.unit_name for row in page.context["rows"]}
    statuses = {row.mark.status for row in page.context["rows"]}

    assert (names, statuses) == ({community.name}, {"missed"})


def test_what_changed_is_named_with_who_wrote_since_and_corrected(sealed, community, organizer):
    hold(community, "member_study", on=date(2025, 2, 5))
    page = get(organizer, "seal_changes", sealed.pk)
    [difference] = page.context["differences"]
    assert (difference.was.mark.status, difference.now.mark.status) == ("missed", "met")

    answer = sign_in(organizer).post(
        reverse("assessment:seal_correct", args=[sealed.pk]), {"reason": "补录二月活动"}
    )

    correction = Seal.objects.get(correction=1)
    assert answer.headers["Location"] == correction.get_absolute_url()
    old = get(organizer, "seal", sealed.pk).content.decode()
    assert "该时段此后已有更正" in old
    assert "补录二月活动" in get(organizer, "seal", correction.pk).content.decode()


def test_nobody_corrects_without_a_reason(sealed, community, organizer):
    hold(community, "member_study", on=date(2025, 2, 5))

    sign_in(organizer).post(reverse("assessment:seal_correct", args=[sealed.pk]))

    assert Seal.objects.count() == 1


def test_the_page_of_a_verdict_tells_what_was_sealed(sealed, community, organizer):
    hold(community, "member_study", on=date(2025, 2, 5))
    query = "?on=2025-12-31&period=2025-02-01"

    page = get(organizer, "rule", community.code, "monthly-activity", query=query)

    told = page.context["sealed"]
    assert (told.was.mark.status, told.is_the_same) == ("missed", False)
    assert "此后有变化" in page.content.decode()


def test_the_page_of_a_unit_tells_that_its_day_is_sealed(sealed, community, organizer):
    during = get(organizer, "unit", community.code, query="?on=2025-03-01")
    after = get(organizer, "unit", community.code, query="?on=2025-04-01")

    assert during.context["seals"] == [sealed]
    assert after.context["seals"] == []


def test_the_dashboard_tells_that_its_day_is_sealed(sealed, organizer):
    page = get(organizer, "dashboard", query="?on=2025-03-01")

    assert page.context["seals"] == [sealed]
    assert sealed.get_absolute_url() in page.content.decode()
    assert get(organizer, "dashboard").context["seals"] == []


@pytest.mark.parametrize("name", ["seal", "seals", "seal_changes"])
def test_the_queries_do_not_grow_with_the_units(name, county, street, organizer):
    args = [] if name == "seals" else [seal_period(county, FIRST, by=None).pk]
    CommunityFactory(parent=street)
    few = queries(organizer, name, args)
    for _number in range(30):
        CommunityFactory(parent=street)
    if name == "seal":
        args = [seal_period(county, periods_of(2025, Cycle.QUARTER)[1], by=None).pk]

    assert queries(organizer, name, args) <= few


def queries(user, name, args):
    browser = sign_in(user)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse(f"assessment:{name}", args=args)).status_code == 200
    return len(asked)


@pytest.mark.parametrize("period", [FIRST, YEAR])
def test_what_was_sealed_leads_to_the_page_of_that_very_period(
    county, community, organizer, period
):
    MemberFactory(unit=community)
    seal = seal_period(county, period, by=None)
    browser = sign_in(organizer)
    address = f"{seal.get_absolute_url()}?status=missed&unit={community.code}"
    listed = browser.get(address).content.decode()
    rule = {FIRST: "monthly-activity", YEAR: "party-lectures"}[period]
    links = re.findall(rf'href="([^"]*/{community.code}/{rule}/[^"]*)"', listed)

    why = browser.get(html.unescape(links[0])).context

    assert why["why"].verdict.period.last in period
    assert why["why"].verdict.status.value == "missed"
    assert why["sealed"].is_the_same
