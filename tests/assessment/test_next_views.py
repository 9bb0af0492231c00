"""What next on the page: proposals, plans made of them, notes on what is unmet."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from activities.models import Plan
from assessment.models import UnmetNote
from assessment.next_rows import next_of
from tests.assessment.asking import attend
from tests.cast import sign_in
from tests.factories import AreaFactory, CommunityFactory, MemberFactory, PlanFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
COVERAGE = "community-coverage"


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to("2026-11-25 12:00+08:00", tick=False)


@pytest.fixture
def members(community):
    """One lacks half a day, one two days."""
    almost, far = MemberFactory(unit=community), MemberFactory(unit=community)
    attend(almost, community, "member_study", credit="5.5")
    attend(far, community, "member_study", on=date(2026, 4, 8), credit="4")
    return almost, far


def get(user, name, *args, query=""):
    return sign_in(user).get(reverse(f"assessment:{name}", args=args) + query)


def plan_it(user, unit, key):
    address = reverse("assessment:next_plan", args=[unit.code])
    return sign_in(user).post(address, {"session": key})


def test_it_tells_what_each_session_meets_and_whom_it_lifts(community, members, secretary):
    page = get(secretary, "next", community.code).content.decode()

    assert "计入：党课（2026年度）" in page or "党课" in page
    assert "可使1人达到全年天数" in page
    assert members[1].name in page


def test_the_days_of_all_members_are_complete_after_the_last_session(community, members):
    found = next_of(community, today=TODAY)

    study = [row for row in found.sessions if "party_lecture" in row.session.kinds]
    assert sum(row.session.days for row in study) >= 2
    assert study[-1].short == []


def test_one_click_makes_it_a_plan_which_is_then_reckoned_with(community, members, secretary):
    before = next_of(community, today=TODAY).sessions

    answer = plan_it(secretary, community, before[0].key)

    plan = Plan.objects.get()
    assert answer.headers["Location"] == plan.get_absolute_url()
    assert plan.first_day == before[0].session.day
    assert {kind.code for kind in plan.kinds} == set(before[0].session.kinds)
    after = next_of(community, today=TODAY)
    assert after.planned == [plan]
    assert len(after.sessions) == len(before) - 1
    assert members[1].name not in plan.note


def test_a_proposal_that_is_none_any_more_makes_no_plan(community, members, secretary):
    answer = plan_it(secretary, community, "2026-12-01 party_lecture")

    assert answer.headers["Location"] == reverse("assessment:next", args=[community.code])
    assert not Plan.objects.exists()


def test_what_is_not_attainable_is_told_with_the_days_left(street, street_secretary):
    """Twelve days of central study are owed, and two sessions a quarter are far from them."""
    found = next_of(street, today=date(2026, 12, 28))

    rules = {row.column.rule.id: row.words for row in found.unattainable}
    assert "study-days" in rules
    assert "仅剩4个工作日" in rules["study-days"]


def test_a_community_with_its_own_organisation_owes_none(street, community):
    AreaFactory(street=street)

    owed, of_street = (next_of(unit, today=TODAY).others for unit in (community, street))

    assert COVERAGE not in {row.column.rule.id for row in owed}
    assert COVERAGE in {row.column.rule.id for row in of_street}


def test_it_says_how_many_sessions_have_to_go_into_how_many_days(street):
    found = next_of(street, today=TODAY)

    assert any("中心组" in line and "12次活动" in line for line in found.tight)


def test_why_something_stays_undone_is_kept_and_shown(community, members, secretary):
    query = "?period=2026-02-01"
    address = reverse("assessment:unmet_note", args=[community.code, "monthly-activity"]) + query

    answer = sign_in(secretary).post(address, {"words": "二月道路施工，未能组织"})

    page = sign_in(secretary).get(answer.headers["Location"]).content.decode()
    assert "二月道路施工，未能组织" in page
    assert AuditEvent.objects.get(verb="note_unmet").details["after"] == "二月道路施工，未能组织"


def test_a_new_word_replaces_the_one_before(community, secretary):
    address = reverse("assessment:unmet_note", args=[community.code, "monthly-activity"])
    for words in ("甲", "乙"):
        sign_in(secretary).post(f"{address}?period=2026-02-01", {"words": words})

    assert [note.words for note in UnmetNote.objects.all()] == ["乙"]


@pytest.mark.parametrize("query", ["?period=2026-02-03", "?period=x"])
def test_there_is_no_note_on_what_is_no_period(community, secretary, query):
    answer = get(secretary, "unmet_note", community.code, "monthly-activity", query=query)

    assert answer.status_code == 404


def test_a_note_needs_words(community, secretary):
    address = reverse("assessment:unmet_note", args=[community.code, "monthly-activity"])

    answer = sign_in(secretary).post(f"{address}?period=2026-02-01", {"words": " "})

    assert "请说明未完成" in answer.content.decode()
    assert not UnmetNote.objects.exists()


def test_the_queries_do_not_grow_with_the_members(community, members, secretary):
    few = queries(secretary, community)
    for _number in range(30):
        MemberFactory(unit=community)

    assert queries(secretary, community) <= few


def queries(user, unit):
    browser = sign_in(user)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse("assessment:next", args=[unit.code])).status_code == 200
    return len(asked)


def test_a_street_sees_what_the_units_below_it_have_to_hold(
    street, community, members, street_secretary
):
    page = get(street_secretary, "next", street.code)

    [below] = page.context["below"]
    own = next_of(community, today=TODAY)
    assert [row.key for row in below.sessions] == [row.key for row in own.sessions]
    assert f'href="{reverse("assessment:next", args=[community.code])}"' in page.text
    assert 'id="below"' not in get(street_secretary, "next", community.code).text


def test_the_queries_do_not_grow_with_the_units_below(street, community, members, street_secretary):
    few = queries(street_secretary, street)
    for _number in range(30):
        unit = CommunityFactory(parent=street)
        MemberFactory(unit=unit)
        PlanFactory(unit=unit)

    assert queries(street_secretary, street) <= few
