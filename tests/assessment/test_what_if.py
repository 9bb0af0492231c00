"""What if: verdicts by other numbers and rules, with nothing stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment.columns import find_column
from assessment.engine import compute
from assessment.services import set_own_number
from assessment.terms import Settings
from assessment.what_if import (
    book_trial,
    lead_trial,
    number_trial,
    rule_trial,
    share_trial,
    try_out,
)
from organizations.models import CountySetting, Unit
from tests.assessment.asking import attend, hold
from tests.cast import sign_in
from tests.factories import CommunityFactory, MemberFactory

pytestmark = pytest.mark.django_db
STUDY = find_column("study-days")
LECTURES = find_column("party-lectures")
DAYS = find_column("member-activity-days")


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


def moved(outcome):
    return [
        (change.unit_code, change.column.rule.id, change.old.status.value, change.new.status.value)
        for change in outcome.changes
    ]


def test_another_number_for_a_past_year_moves_whom_it_moves(county, street):
    hold(street, "central_study", on=date(2025, 3, 10), last_day=date(2025, 3, 18), credit="8")

    outcome = try_out(county, number_trial(STUDY, Decimal(8), 2025))

    assert moved(outcome) == [("s1", "study-days", "missed", "met")]
    assert outcome.units == 1
    assert not CountySetting.objects.exists()


def test_the_current_year_is_judged_as_of_today(county, street):
    assert moved(try_out(county, number_trial(STUDY, Decimal(1), 2026))) == [
        ("s1", "study-days", "behind", "on_track")
    ]


def test_a_rule_that_is_switched_off_asks_nobody(county, community):
    MemberFactory(unit=community)

    outcome = try_out(county, rule_trial(LECTURES, "off", 2025))

    assert moved(outcome) == [("s1m1", "party-lectures", "missed", "not_applicable")]


def test_a_rulebook_that_is_switched_on_brings_its_rules(county, community):
    MemberFactory(unit=community)

    outcome = try_out(county, book_trial("national-2018", "on", 2026))

    assert outcome.changes
    assert {change.either.rulebook for change in outcome.changes} == {"national-2018"}
    assert {change.now for change in outcome.changes} == {None}


def test_what_is_tried_is_what_adopting_it_gives(county, street, community):
    MemberFactory(unit=community)
    hold(street, "central_study", on=date(2025, 3, 10), last_day=date(2025, 3, 18), credit="8")
    tried = try_out(county, number_trial(STUDY, Decimal(8), 2025))

    set_own_number(
        county,
        rule=STUDY.rule,
        number=Decimal(8),
        first=date(2025, 1, 1),
        last=None,
        reason="机构改革",
        by=None,
    )

    units = Unit.objects.filter(pk=street.pk)
    [result] = compute(units, date(2026, 1, 1), rule_ids=["study-days"], year=2025)
    assert [change.new.figures for change in tried.changes] == ["8/8"]
    assert (result.status, result.target) == ("met", 8)


def test_another_share_lets_a_unit_meet_it_with_fewer_persons(county, community):
    """Of two members one had six days of 2025; half of them would be enough."""
    diligent, _other = (MemberFactory(unit=community) for _ in range(2))
    for month in range(1, 7):
        attend(diligent, community, "member_study", on=date(2025, month, 3))

    outcome = try_out(county, share_trial(DAYS, Decimal(50), 2025))

    assert moved(outcome) == [(community.code, "member-activity-days", "missed", "met")]
    assert not moved(try_out(county, share_trial(DAYS, Decimal(80), 2025)))


def test_another_lead_time_moves_what_is_due(county, community):
    """On 20 June the year's end is 194 days away."""
    MemberFactory(unit=community)

    assert not moved(try_out(county, lead_trial(LECTURES, 193, 2026)))
    found = moved(try_out(county, lead_trial(LECTURES, 194, 2026)))

    assert (community.code, "party-lectures", "on_track", "due") in found


@pytest.mark.parametrize(
    ("query", "key", "value"),
    [
        ({"share": "80"}, "share:member-activity-days", "0.8"),
        ({"lead_days": "90"}, "lead_days:member-activity-days", "90"),
    ],
)
def test_adopting_a_share_or_a_lead_time_asks_why(county, community, organizer, query, key, value):
    browser = sign_in(organizer)
    tried = {"what": "member-activity-days", "year": "2026", **query}
    page = browser.get(reverse("assessment:what_if"), tried)
    assert not CountySetting.objects.exists()
    address = page.context["adopt_url"]
    form = browser.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}

    refused = browser.post(address, given)
    assert "请说明" in refused.content.decode()
    assert not CountySetting.objects.exists()
    browser.post(address, given | {"reason": "县委组织部2026年第3号"})

    setting = CountySetting.objects.get()
    assert (setting.key, setting.value, setting.reason) == (key, value, "县委组织部2026年第3号")


def test_a_later_step_of_the_same_key_does_not_hide_the_trial():
    key = "threshold:study-days"
    settings = Settings(((key, date(2025, 1, 1), "10"), (key, date(2025, 6, 1), "11")))

    tried = number_trial(STUDY, Decimal(8), 2025).on(settings)

    assert tried.on(key, date(2025, 12, 31)) == "8"


def ask(user, **query):
    return sign_in(user).get(reverse("assessment:what_if"), query)


def test_the_page_shows_and_hands_out_the_changes(county, street, organizer):
    hold(street, "central_study", on=date(2025, 3, 10), last_day=date(2025, 3, 18), credit="8")
    query = {"what": "study-days", "number": "8", "year": "2025", "state": ""}

    page = ask(organizer, **query)

    assert "东街街道" in page.content.decode()
    assert page.context["adopt_url"].endswith("study-days/number/?county=c&number=8")
    form = sign_in(organizer).get(page.context["adopt_url"])
    assert 'value="8"' in form.content.decode()
    file = ask(organizer, **query, form="csv").content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("s1,东街街道")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"what": "study-days"}, "只试一项"),
        ({"what": "study-days", "number": "8", "state": "off"}, "只试一项"),
        ({"what": "member-activity-days", "share": "80", "lead_days": "9"}, "只试一项"),
        ({"what": "study-days", "share": "80"}, "没有比例"),
        ({"what": "affairs-disclosure", "lead_days": "9"}, "不会到期"),
        ({"what": "book:national-2018", "share": "80"}, "不会到期"),
        ({"what": "book:national-2018", "number": "8"}, "没有可调整的标准"),
        ({"what": "study-days", "number": "400"}, "无法达到"),
    ],
)
def test_what_makes_no_sense_is_said(county, organizer, query, words):
    page = ask(organizer, **query, year="2025")

    assert words in page.content.decode()
    assert "outcome" not in page.context


def test_the_queries_do_not_grow_with_the_units(county, street, organizer):
    query = {"what": "study-days", "number": "8", "year": "2025"}
    few = queries(organizer, query)
    for _number in range(30):
        CommunityFactory(parent=street)

    assert queries(organizer, query) <= few


def queries(user, query):
    browser = sign_in(user)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse("assessment:what_if"), query).status_code == 200
    return len(asked)
