""" "How to read the numbers", for rules on units. Each test is named for its point."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assessment.periods import Period
from assessment.rules import evaluate
from assessment.terms import Dated, Settings, Status
from tests.assessment.build import (
    RULES,
    answer,
    ask,
    ask_all,
    record,
    setting,
    spell,
    unit,
)

STREET = {"kind": "street_committee"}


# -- point 2: what counts, and when ----------------------------------------


def test_point_2_a_record_counts_in_the_period_of_its_first_day():
    facts = unit(record("central_study", date(2026, 3, 31)), **STREET)

    first, second = ask_all("study-sessions", facts, date(2026, 6, 30))[:2]

    assert (first.status, second.status) == (Status.MET, Status.DUE)


def test_point_2_a_record_of_another_year_counts_nothing():
    facts = unit(record("central_study", date(2025, 12, 31), "12"), **STREET)

    assert ask("study-days", facts, date(2026, 6, 30)).value == 0


def test_point_2_a_record_with_two_kinds_of_one_rule_counts_once():
    both = record({"party_lecture", "member_study"}, date(2026, 3, 3))

    verdict = ask("monthly-activity", unit(both), date(2026, 3, 20))

    assert answer(verdict) == ("met", "1", "1")
    assert verdict.evidence == (both,)


# -- point 3: counts and days of a unit ------------------------------------


def test_point_3_a_count_quota_counts_records():
    facts = unit(
        record("party_lecture", date(2026, 2, 1)), record("party_lecture", date(2026, 3, 1))
    )

    assert answer(ask("party-lectures", facts, date(2026, 3, 2))) == ("met", "2", "2")


def test_point_3_a_day_quota_sums_credits():
    facts = unit(
        record("central_study", date(2026, 2, 1), "5.25"),
        record("central_study", date(2026, 3, 1), "6.75"),
        record("member_study", date(2026, 3, 1), "3"),
        **STREET,
    )

    assert answer(ask("study-days", facts, date(2026, 3, 2))) == ("met", "12.00", "12")


@pytest.mark.parametrize(
    ("kinds", "value", "lacking"),
    [
        ([], "0", {"county_research", "county_inspection"}),
        (["county_research", "county_research"], "1", {"county_inspection"}),
        (["county_inspection"], "1", {"county_research"}),
    ],
)
def test_point_3_study_and_inspection_are_two_things(kinds, value, lacking):
    records = [record(kind, date(2026, 7, 2)) for kind in kinds]

    verdict = ask(
        "county-research-inspection", unit(*records, kind="county_committee"), date(2026, 7, 9)
    )

    assert answer(verdict) == ("on_track", value, "2")
    assert {reason.what for reason in verdict.reasons} == lacking


def test_point_3_one_record_may_be_both_study_and_inspection():
    both = record({"county_research", "county_inspection"}, date(2026, 7, 2))

    verdict = ask(
        "county-research-inspection", unit(both, kind="county_committee"), date(2026, 8, 1)
    )

    assert answer(verdict) == ("met", "2", "2")


# -- point 4: periods ------------------------------------------------------


def test_point_4_every_begun_period_of_the_year_is_judged():
    verdicts = ask_all("study-sessions", unit(**STREET), date(2026, 7, 1))

    assert [verdict.period.first for verdict in verdicts] == [
        date(2026, 1, 1),
        date(2026, 4, 1),
        date(2026, 7, 1),
    ]


def test_point_4_a_past_year_can_be_asked_for():
    facts = unit(record("central_study", date(2025, 11, 1)), **STREET)

    verdicts = ask_all("study-sessions", facts, date(2026, 3, 1), year=2025)

    assert [verdict.status.value for verdict in verdicts] == ["missed", "missed", "missed", "met"]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2026, 4, 2), "met"),
        (date(2026, 5, 1), "due"),
        (date(2026, 6, 30), "due"),
        (date(2026, 7, 1), "missed"),
    ],
)
def test_point_4_a_rolling_rule_runs_from_the_last_time(as_of, status):
    done = record("spirit_analysis", date(2021, 6, 30))

    verdict = ask("spirit-analysis", unit(done), as_of)

    assert verdict.status.value == status
    assert verdict.period == Period(date(2021, 6, 30), date(2026, 6, 30))
    assert verdict.value == (0 if status == "missed" else 1)


def test_point_4_the_latest_time_counts_record_or_baseline():
    done = record("spirit_analysis", date(2019, 6, 30))
    facts = unit(done, baselines={"spirit-analysis": date(2023, 3, 1)})

    verdict = ask("spirit-analysis", facts, date(2026, 1, 1))

    assert verdict.period == Period(date(2023, 3, 1), date(2028, 3, 1))
    assert verdict.evidence == ()


def test_point_4_what_is_done_later_is_not_seen():
    facts = unit(
        record("spirit_analysis", date(2020, 6, 1)),
        record("spirit_analysis", date(2026, 6, 1)),
        baselines={"spirit-analysis": date(2026, 5, 1)},
    )

    assert ask("spirit-analysis", facts, date(2026, 4, 30)).status is Status.MISSED


def test_point_4_never_done_runs_from_the_founding():
    facts = unit(existed=spell(date(2022, 1, 10)))

    verdict = ask("spirit-analysis", facts, date(2026, 6, 1))

    assert answer(verdict) == ("on_track", "0", "1")
    assert verdict.period == Period(date(2022, 1, 10), date(2027, 1, 10))


def test_point_4_never_done_runs_from_the_rulebook_where_that_is_later():
    facts = unit(existed=spell(date(1999, 1, 1)))

    verdict = ask("spirit-analysis", facts, date(2026, 6, 1))

    assert verdict.period == Period(date(2008, 8, 7), date(2013, 8, 7))
    assert verdict.status is Status.MISSED


def test_point_4_where_nothing_is_known_it_is_a_question():
    verdict = ask("spirit-analysis", unit(), date(2026, 6, 1))

    assert (verdict.status, verdict.period) == (Status.UNKNOWN, None)
    assert [reason.code for reason in verdict.reasons] == ["since_unknown"]


# -- point 5: part of a period ---------------------------------------------


@pytest.mark.parametrize(
    ("begun", "ended", "status"),
    [
        (date(2026, 7, 2), None, "due"),  # 183 of 365 days
        (date(2026, 7, 3), None, "not_applicable"),  # 182 of 365
        (None, date(2026, 7, 2), "due"),
        (None, date(2026, 7, 1), "not_applicable"),
        (None, None, "due"),
        (None, date(2026, 12, 20), "due"),  # an end to come is not yet known
    ],
)
def test_point_5_a_unit_owes_a_period_if_it_existed_for_half_of_it(begun, ended, status):
    facts = unit(existed=spell(begun, ended), **STREET)

    (verdict,) = ask_all("study-days", facts, date(2026, 12, 10))

    assert verdict.status.value == status


def test_point_5_exactly_half_of_the_days_is_enough():
    facts = unit(existed=spell(date(2026, 4, 16)))

    verdicts = ask_all("monthly-activity", facts, date(2026, 4, 20))

    assert verdicts[-1].status is Status.ON_TRACK
    assert verdicts[-2].status is Status.NOT_APPLICABLE


def test_point_5_a_unit_not_yet_founded_is_not_judged():
    assert (
        ask_all("study-days", unit(existed=spell(date(2026, 3, 1)), **STREET), date(2026, 2, 28))
        == ()
    )


def test_point_5_a_dissolved_unit_answers_for_its_own_quotas_alone():
    gone = {"existed": spell(None, date(2026, 5, 31))}
    as_of = date(2026, 9, 1)

    months = ask_all(
        "monthly-activity", unit(members=(spell(None, date(2026, 5, 31)),), **gone), as_of
    )

    assert [verdict.status.value for verdict in months] == ["missed"] * 5 + ["not_applicable"] * 4
    assert ask_all("leadership-complete", unit(**gone), as_of) == ()
    assert ask_all("spirit-analysis", unit(**gone), as_of) == ()
    assert ask_all("member-activity-days", unit(**gone), as_of) == ()
    assert ask_all("monthly-activity", unit(**gone), date(2027, 1, 1)) == ()


def test_point_5_an_organisation_without_members_of_its_own_owes_no_lecture():
    assert ask("party-lectures", unit(members=()), date(2026, 3, 1)).status is Status.NOT_APPLICABLE


def test_point_5_members_are_looked_for_at_the_end_of_the_month_or_today():
    came = unit(members=(spell(date(2026, 3, 20), date(2026, 5, 10)),))

    months = ask_all("monthly-activity", came, date(2026, 6, 15))

    assert [verdict.status.value for verdict in months] == [
        "not_applicable",
        "not_applicable",
        "missed",
        "missed",
        "not_applicable",
        "not_applicable",
    ]


# -- point 10: time travel -------------------------------------------------


def test_point_10_a_record_to_come_is_not_seen():
    facts = unit(
        record("party_lecture", date(2026, 3, 1)), record("party_lecture", date(2026, 5, 1))
    )

    assert ask("party-lectures", facts, date(2026, 4, 30)).value == 1


# -- point 11: what a county sets ------------------------------------------


def test_point_11_a_county_sets_its_own_lead():
    settings = setting("lead_days:study-days", "90")

    verdict = ask("study-days", unit(**STREET), date(2026, 10, 2), settings=settings)

    assert verdict.status is Status.DUE


def test_point_11_a_setting_holds_for_periods_that_begin_from_its_day_on():
    settings = setting("lead_days:study-days", "90", since=date(2026, 1, 2))

    verdict = ask("study-days", unit(**STREET), date(2026, 10, 2), settings=settings)

    assert verdict.status is Status.BEHIND


def test_point_11_a_county_may_count_only_what_is_confirmed():
    facts = unit(
        record("party_lecture", date(2026, 2, 1), is_confirmed=False),
        record("party_lecture", date(2026, 3, 1), is_confirmed=True),
    )

    verdict = ask(
        "party-lectures", facts, date(2026, 4, 1), settings=setting("counts_from", "confirmed")
    )

    assert verdict.value == 1


def test_point_11_nothing_is_owed_before_the_rulebook_applies():
    facts = unit(**STREET)

    assert ask_all("study-days", facts, date(2008, 12, 1)) == ()
    assert [v.period.first for v in ask_all("study-sessions", facts, date(2008, 12, 1))] == [
        date(2008, 10, 1)
    ]
    assert ask_all("leadership-complete", facts, date(2008, 8, 6)) == ()
    assert len(ask_all("leadership-complete", facts, date(2008, 8, 7))) == 1


def test_a_new_number_is_a_new_step_and_old_years_keep_theirs():
    steps = (
        (date(2008, 8, 7), Decimal(12)),
        (date(2026, 1, 1), Decimal(10)),
        (date(2027, 1, 1), None),
    )
    rule = replace(RULES["study-days"], threshold=Dated(steps))

    targets = [ask_all(rule, unit(**STREET), date(year, 6, 1)) for year in (2025, 2026, 2027)]

    assert [[str(v.target) for v in verdicts] for verdicts in targets] == [["12"], ["10"], []]


def test_a_calendar_rule_without_a_period_is_refused():
    rule, facts = RULES["study-days"], unit(**STREET)

    with pytest.raises(ValueError, match="give the period"):
        evaluate(rule, facts, None, as_of=date(2026, 1, 1), settings=Settings())
