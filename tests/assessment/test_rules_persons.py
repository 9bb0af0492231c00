""" "How to read the numbers", for rules on persons. Each test is named for its point."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.terms import Status
from tests.assessment.build import (
    YEAR,
    answer,
    ask,
    ask_all,
    floating,
    home,
    person,
    post,
    record,
    setting,
    spell,
    unit,
)


def members(*persons, **more):
    return unit(persons=persons, **more)


def studied(days, on=date(2026, 1, 1)):
    return record("member_study", on, days)


def days_owed(*stays, **more):
    """Target of the only member, on the last day of the year."""
    verdict = ask("member-activity-days", members(person(*stays, **more)), date(2026, 12, 31))
    return f"{verdict.persons[0].target:.1f}" if verdict.persons else None


# -- point 3 ---------------------------------------------------------------


def test_point_3_a_persons_days_are_summed_whoever_hosted():
    facts = members(person(records=[studied("2.25"), studied("3.75", date(2026, 5, 1))]))

    verdict = ask("member-activity-days", facts, date(2026, 6, 1))

    assert answer(verdict) == ("met", "1", "1")
    assert str(verdict.persons[0].value) == "6.00"


# -- point 5 ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "owed"),
    [
        (None, "6.0"),
        (date(2026, 1, 31), "6.0"),
        (date(2026, 2, 1), "5.5"),
        (date(2026, 6, 30), "3.5"),  # seven months
        (date(2026, 8, 1), "2.5"),
        (date(2026, 12, 31), "0.5"),
    ],
)
def test_point_5_a_member_owes_for_the_months_there_on_any_day(begun, owed):
    assert days_owed(home(begun)) == owed


@pytest.mark.parametrize(
    ("begun", "owed"), [(date(2026, 8, 15), "3.0"), (date(2026, 10, 1), "2.0"), (None, "7.0")]
)
def test_point_5_part_of_seven_days_is_raised_to_the_half_day(begun, owed):
    facts = members(person(post("street_cadre", begun)), kind="street_committee")

    (worker,) = ask("staff-training-days", facts, date(2026, 12, 31)).persons

    assert str(worker.target) == owed


def test_point_5_months_in_several_units_add_up_and_the_quota_follows_the_person():
    stays = [home(None, date(2026, 3, 10), at="m2"), home(date(2026, 3, 11))]

    assert days_owed(*stays) == "6.0"
    assert days_owed(stays[0], home(date(2026, 6, 1))) == "5.0"  # ten months: none in between


def test_point_5_months_at_a_unit_that_the_rule_is_not_about_do_not_count():
    street = home(None, date(2026, 6, 30), at="s1", kind="street_committee")

    assert days_owed(street, home(date(2026, 7, 1))) == "3.0"


def test_point_5_a_member_owes_from_joining_the_party():
    assert days_owed(membership=(spell(date(2026, 7, 1)),)) == "3.0"


def test_point_5_a_member_who_left_is_shown_nowhere():
    facts = members(person(home(None, date(2026, 5, 31))))

    verdict = ask("member-activity-days", facts, date(2026, 6, 1))

    assert answer(verdict) == ("not_applicable", "0", "0")


def test_point_5_an_open_spell_lasts_to_the_years_end():
    facts = members(person(home(date(2026, 5, 1))))

    (member,) = ask("member-activity-days", facts, date(2026, 5, 2)).persons

    assert str(member.target) == "4.0"


def test_point_5_a_suspended_member_owes_nothing_for_that_time():
    away = (spell(None, date(2026, 3, 31)), spell(date(2026, 7, 1)))

    assert days_owed(membership=away) == "4.5"


# -- point 6 ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "ended", "owed"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), None),
        (date(2020, 1, 1), None, None),
        (date(2026, 1, 2), date(2026, 12, 31), "0.5"),  # January is not exempt as a whole
        (date(2026, 3, 1), date(2026, 8, 31), "3.0"),
        (date(2026, 3, 2), date(2026, 8, 30), "4.0"),  # April to July
        (date(2026, 3, 2), date(2026, 3, 30), "6.0"),
    ],
)
def test_point_6_an_exemption_reduces_by_whole_months(begun, ended, owed):
    assert days_owed(exempt=(spell(begun, ended),)) == owed


def test_point_6_a_month_is_exempt_when_all_the_days_there_are():
    assert (
        days_owed(home(date(2026, 6, 20)), exempt=(spell(date(2026, 6, 20), date(2026, 7, 31)),))
        == "2.5"
    )


def test_point_6_a_month_with_a_day_outside_the_exemption_is_owed():
    stays = [home(None, date(2026, 3, 5)), home(date(2026, 3, 20))]

    assert days_owed(*stays, exempt=(spell(date(2026, 3, 20), date(2026, 4, 30)),)) == "5.5"


def test_point_6_an_exemption_that_begins_later_is_not_seen_but_its_end_is_known():
    member = person(exempt=(spell(date(2026, 7, 1), date(2026, 9, 30)),))

    before, after = (
        ask("member-activity-days", members(member), day).persons[0]
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    )

    assert (str(before.target), str(after.target)) == ("6.0", "4.5")


# -- point 7 ---------------------------------------------------------------


def test_point_7_value_is_who_met_it_of_who_owes_it():
    facts = members(
        person(number=1, records=[studied("6")]),
        person(number=2, records=[studied("5.99")]),
        person(number=3, exempt=(spell(date(2025, 1, 1)),)),
    )

    verdict = ask("member-activity-days", facts, date(2026, 12, 1))

    assert answer(verdict) == ("due", "1", "2")
    assert [short.person for short in verdict.persons_short] == [2]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2026, 5, 1), "behind"),  # floor(6 x 120/365) = 1
        (date(2026, 2, 1), "on_track"),
        (date(2026, 11, 1), "due"),
        (date(2027, 1, 1), "missed"),
    ],
)
def test_point_7_a_unit_is_behind_when_fewer_than_all_are_in_time(as_of, status):
    facts = members(person(number=1, records=[studied("6")]), person(number=2))

    assert ask("member-activity-days", facts, as_of, YEAR).status.value == status


def test_point_7_a_share_below_one_forgives_the_few():
    four = [person(number=n, records=[studied("6")] if n < 4 else []) for n in range(1, 5)]
    settings = setting("share:member-activity-days", "0.75")

    verdict = ask("member-activity-days", members(*four), date(2026, 9, 1), settings=settings)

    assert answer(verdict) == ("met", "3", "4")
    assert [short.person for short in verdict.persons_short] == [4]


def test_point_7_a_person_is_behind_by_the_persons_own_days():
    late = person(home(date(2026, 7, 1)))  # owes 3 in 184 days

    on_track = ask("member-activity-days", members(late), date(2026, 8, 31))  # 61 past: 0.99
    behind = ask("member-activity-days", members(late), date(2026, 9, 1))  # 62 past: 1.01

    assert (on_track.status, behind.status) == (Status.ON_TRACK, Status.BEHIND)


def test_point_7_a_street_committee_has_members_but_not_this_quota():
    facts = members(person(home(kind="street_committee")), kind="street_committee")

    assert ask_all("member-activity-days", facts, date(2026, 6, 1)) == ()


def test_point_7_no_subject_at_all_is_not_applicable():
    assert answer(ask("staff-training-days", members(), date(2026, 6, 1))) == (
        "not_applicable",
        "0",
        "0",
    )


def test_point_7_staff_are_shown_at_the_unit_of_the_office():
    worker = person(
        post("community_worker"),
        home(at="m2"),
        records=[record("staff_training", date(2026, 4, 1), "7")],
    )

    assert answer(ask("staff-training-days", members(worker), date(2026, 5, 1))) == (
        "met",
        "1",
        "1",
    )


# -- clause 9, the member review ---------------------------------------------


def graded(on):
    return [record("review:graded", on)]


def test_member_review_asks_a_grade_for_every_full_member_who_is_not_exempt():
    facts = members(
        person(number=1, records=graded(date(2026, 3, 1))),
        person(number=2),
        person(number=3, full=None),
        person(number=4, exempt=(spell(date(2025, 1, 1)),)),
        person(number=5, full=spell(date(2026, 9, 1))),
    )

    verdict = ask("member-review", facts, date(2026, 6, 1))

    assert answer(verdict) == ("on_track", "1", "2")
    assert [short.person for short in verdict.persons_short] == [2]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2026, 10, 31), "on_track"), (date(2026, 11, 1), "due"), (date(2027, 1, 1), "missed")],
)
def test_point_8_member_review_is_never_behind(as_of, status):
    assert ask("member-review", members(person()), as_of, YEAR).status.value == status


@pytest.mark.parametrize("begun", [date(2026, 3, 1), date(2026, 7, 1)])
def test_point_8_nor_for_whom_the_rest_of_the_year_is_exempt(begun):
    """What is left of their own time is past, and still the review may be held in December."""
    facts = members(person(exempt=(spell(begun),)))

    verdict = ask("member-review", facts, date(2026, 9, 1))

    assert answer(verdict) == ("on_track", "0", "1")
    assert [short.status.value for short in verdict.persons_short] == ["on_track"]


def test_member_review_is_owed_by_the_unit_that_existed_for_half_the_year():
    facts = members(person(), existed=spell(date(2026, 8, 1)))

    assert ask("member-review", facts, date(2026, 12, 1)).status is Status.NOT_APPLICABLE
    assert ask("member-activity-days", facts, date(2026, 12, 1)).status is Status.DUE


# -- clause 12, floating members ---------------------------------------------


def test_point_8_a_rule_about_floating_members_is_not_applicable_without_any():
    for rule in ("floating-card-review", "floating-situation"):
        assert ask(rule, members(person()), date(2026, 6, 1)).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("rule", "check"),
    [("floating-card-review", "floating:review"), ("floating-situation", "floating:situation")],
)
def test_clause_12_each_floating_member_is_checked_once_a_year(rule, check):
    facts = members(
        person(floating(), number=1, records=[record(check, date(2026, 2, 1))]),
        person(floating(date(2026, 5, 20)), number=2),
        person(floating(None, date(2026, 5, 1)), number=3),
    )

    verdict = ask(rule, facts, date(2026, 6, 1))

    assert answer(verdict) == ("on_track", "1", "2")
    assert [str(member.target) for member in verdict.persons] == ["1", "1"]
