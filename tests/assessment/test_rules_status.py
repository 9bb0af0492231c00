""" "How to read the numbers", point 8: the status on a day, for rules on units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessment.periods import Cycle, period_of
from assessment.terms import Dated, Level, Status, Thing
from tests.assessment.build import RULES, YEAR, answer, ask, ask_all, record, spell, unit

STREET = {"kind": "street_committee"}


# -- point 8: the status ---------------------------------------------------


@pytest.mark.parametrize(
    ("days", "as_of", "status"),
    [
        ("12", date(2026, 3, 11), "met"),
        ("11.99", date(2027, 1, 1), "missed"),
        ("11.99", date(2026, 12, 31), "due"),
        ("11.99", date(2026, 11, 1), "due"),  # 60 days before the end
        ("9", date(2026, 10, 31), "on_track"),  # floor(12 x 303/365) = 9
        ("8.99", date(2026, 10, 31), "behind"),
        ("0", date(2026, 1, 31), "on_track"),  # floor(12 x 30/365) = 0
        ("0", date(2026, 2, 1), "behind"),  # floor(12 x 31/365) = 1
    ],
)
def test_point_8_status_follows_value_and_day(days, as_of, status):
    facts = unit(record("central_study", date(2026, 1, 1), days), **STREET)

    assert ask("study-days", facts, as_of, YEAR).status.value == status


@pytest.mark.parametrize(
    ("rule", "kind", "last_before_due"),
    [
        ("monthly-activity", "community_branch", date(2026, 3, 23)),
        ("study-sessions", "street_committee", date(2026, 3, 9)),
        ("county-research-inspection", "county_committee", date(2026, 5, 30)),
        ("party-lectures", "community_branch", date(2026, 10, 31)),
        ("development-plan", "street_committee", date(2026, 10, 31)),
    ],
)
def test_point_8_the_lead_time_goes_with_the_length_of_the_period(rule, kind, last_before_due):
    facts = unit(kind=kind)
    next_day = date.fromordinal(last_before_due.toordinal() + 1)

    assert ask(rule, facts, last_before_due).status in {Status.ON_TRACK, Status.BEHIND}
    assert ask(rule, facts, next_day).status is Status.DUE


def test_point_8_an_open_period_is_never_missed():
    for day in range(1, 32):
        assert ask("monthly-activity", unit(), date(2026, 3, day)).status is not Status.MISSED
    assert (
        ask(
            "monthly-activity", unit(), date(2026, 4, 1), period_of(date(2026, 3, 1), Cycle.MONTH)
        ).status
        is Status.MISSED
    )


@pytest.mark.parametrize(
    ("rule", "kind", "code"),
    [
        ("county-guidance-body", "county_committee", "body:guidance_committee"),
        ("street-coordination-body", "street_committee", "body:coordination_committee"),
        ("community-joint-conference", "community_branch", "body:joint_conference"),
        ("leadership-complete", "street_committee", "office:secretary"),
        ("leadership-complete", "community_committee", "office:secretary"),
    ],
)
def test_point_8_a_standing_rule_is_met_or_missed(rule, kind, code):
    here = unit(kind=kind, things=(Thing(code, spell(date(2026, 3, 1), date(2026, 3, 31))),))

    for day, status in [
        (date(2026, 2, 28), "missed"),
        (date(2026, 3, 31), "met"),
        (date(2026, 4, 1), "missed"),
    ]:
        (verdict,) = ask_all(rule, here, day)
        assert (verdict.status.value, verdict.period) == (status, None)
        assert [reason.what for reason in verdict.reasons] == ([] if status == "met" else [code])


def test_point_8_a_rule_is_asked_only_of_its_kinds_of_unit():
    assert ask_all("study-days", unit(kind="community_branch"), date(2026, 6, 1)) == ()
    assert ask_all("monthly-activity", unit(kind="group"), date(2026, 6, 1)) == ()
    assert ask_all("party-lectures", unit(kind="resident_unit"), date(2026, 6, 1)) == ()


def test_point_8_an_encouraged_rule_is_shown_whatever_the_day():
    hearings = replace(
        RULES["party-lectures"],
        level=Level.ENCOURAGED,
        counts=frozenset({"hearing"}),
        threshold=Dated(),
        with_members=False,
    )
    facts = unit(record("hearing", date(2026, 2, 1)))

    for as_of in [date(2026, 2, 1), date(2026, 12, 31), date(2027, 1, 1)]:
        assert answer(ask(hearings, facts, as_of, YEAR)) == ("shown", "1", "0")


@pytest.mark.parametrize(
    ("codes", "status", "lacking"),
    [
        ({"venue", "fund"}, "met", []),
        ({"venue"}, "due", ["fund"]),
        ({"fund"}, "due", ["venue"]),
        (set(), "due", ["fund", "venue"]),
    ],
)
def test_clause_16_wants_both_a_venue_and_funds(codes, status, lacking):
    facts = unit(things=tuple(Thing(code, YEAR) for code in codes))

    verdict = ask("venue-and-funds", facts, date(2026, 12, 1))

    assert verdict.status.value == status
    assert [reason.what for reason in verdict.reasons] == lacking


def test_clause_10_a_plan_is_never_behind_before_it_is_due():
    street = unit(**STREET)

    assert ask("development-plan", street, date(2026, 10, 31)).status is Status.ON_TRACK
    assert ask("development-plan", street, date(2027, 1, 1), YEAR).status is Status.MISSED
