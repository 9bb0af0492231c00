""" "How to read the numbers", points 4 and 7: rotation and induction training (clause 6)."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.periods import Period
from assessment.terms import Status
from tests.assessment.build import answer, ask, ask_all, person, post, record, setting, unit


def members(*persons, **more):
    return unit(persons=persons, **more)


# -- rotation: points 4 and 7 ------------------------------------------------


def trained(on, school="county"):
    return record("party_school_rotation", on, "5", school=school)


@pytest.mark.parametrize(
    ("as_of", "status", "value"),
    [
        (date(2026, 3, 16), "met", "1"),
        (date(2026, 3, 17), "due", "1"),  # 60 days before 16 May
        (date(2026, 5, 16), "due", "1"),
        (date(2026, 5, 17), "missed", "0"),
    ],
)
def test_point_4_rotation_falls_due_three_years_after_the_last(as_of, status, value):
    secretary = person(post(), records=[trained(date(2023, 5, 16))])

    verdict = ask("rotation-training", members(secretary), as_of)

    assert answer(verdict) == (status, value, "1")
    assert verdict.period == Period(date(2023, 5, 16), date(2026, 5, 16))


def test_point_4_rotation_never_done_runs_from_taking_office():
    verdict = ask(
        "rotation-training", members(person(post(begun=date(2024, 2, 29)))), date(2026, 6, 1)
    )

    assert answer(verdict) == ("on_track", "0", "1")
    assert verdict.period == Period(date(2024, 2, 29), date(2027, 2, 28))


def test_point_4_rotation_runs_from_the_rulebook_for_whoever_was_there_before_it():
    verdict = ask(
        "rotation-training", members(person(post(begun=date(2001, 1, 1)))), date(2026, 6, 1)
    )

    assert verdict.period == Period(date(2008, 8, 7), date(2011, 8, 7))
    assert verdict.status is Status.MISSED


def test_point_4_rotation_of_which_nothing_is_known_is_a_question():
    verdict = ask("rotation-training", members(person(post())), date(2026, 6, 1))

    assert (verdict.status, verdict.period, str(verdict.value)) == (Status.UNKNOWN, None, "0")


def test_point_4_a_baseline_answers_the_question():
    secretary = person(post(), baselines={"rotation-training": date(2025, 3, 1)})

    assert ask("rotation-training", members(secretary), date(2026, 6, 1)).status is Status.MET


def test_clause_6_rotation_without_a_school_of_county_level_does_not_count():
    secretary = person(post(begun=date(2025, 1, 1)), records=[trained(date(2026, 2, 1), school="")])

    assert ask("rotation-training", members(secretary), date(2026, 6, 1)).status is Status.ON_TRACK


def test_point_7_the_worst_status_and_the_first_to_fall_due_speak_for_the_unit():
    both = [
        person(post(), number=1, records=[trained(date(2025, 5, 1))]),
        person(post("residents_director"), number=2, records=[trained(date(2023, 7, 1))]),
        person(post("residents_director", at="m9"), number=3, records=[]),
    ]

    verdict = ask("rotation-training", members(*both), date(2026, 6, 1))

    assert answer(verdict) == ("due", "2", "2")
    assert verdict.period == Period(date(2023, 7, 1), date(2026, 7, 1))


def test_point_7_unknown_is_worse_than_met_but_gives_no_period():
    both = [
        person(post(), number=1),
        person(post("residents_director"), number=2, records=[trained(date(2025, 7, 1))]),
    ]

    verdict = ask("rotation-training", members(*both), date(2026, 6, 1))

    assert answer(verdict) == ("unknown", "1", "2")
    assert verdict.period.last == date(2028, 7, 1)


def test_point_7_a_secretary_of_a_branch_below_is_not_asked_to_rotate():
    facts = members(person(post(kind="branch")), kind="branch")

    assert ask("rotation-training", facts, date(2026, 6, 1)).status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("on", "status"), [(date(2026, 1, 1), "met"), (date(2025, 12, 31), "on_track")]
)
def test_point_11_a_county_may_set_fixed_cycles_of_three_years(on, status):
    secretary = person(post(), records=[trained(on)])

    verdict = ask(
        "rotation-training",
        members(secretary),
        date(2026, 6, 1),
        settings=setting("rotation_cycle", "fixed"),
    )

    assert verdict.status.value == status
    assert verdict.period == Period(date(2026, 1, 1), date(2028, 12, 31))


# -- induction: point 7 ------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 3, 1), "met"),  # the day of taking office
        (date(2025, 3, 1), "met"),  # a year before, to the day
        (date(2025, 2, 28), "missed"),
        (date(2026, 3, 2), "missed"),
    ],
)
def test_point_7_induction_is_in_the_twelve_months_up_to_taking_office(on, status):
    records = [record("induction_training", on)]
    facts = members(person(post(begun=date(2026, 3, 1)), records=records))

    (verdict,) = ask_all("induction-training", facts, date(2026, 6, 1))

    assert (verdict.status.value, verdict.period) == (status, None)


@pytest.mark.parametrize("begun", [None, date(2008, 8, 6), date(2026, 6, 2)])
def test_point_7_induction_is_not_asked_of_whoever_took_office_before_or_has_not_yet(begun):
    facts = members(person(post(begun=begun)))

    assert answer(ask("induction-training", facts, date(2026, 6, 1))) == (
        "not_applicable",
        "0",
        "0",
    )


def test_point_7_induction_is_asked_for_each_office_of_a_person():
    stays = [post(begun=date(2024, 1, 1)), post("residents_director", begun=date(2026, 1, 1))]
    facts = members(person(*stays, records=[record("induction_training", date(2023, 12, 1))]))

    verdict = ask("induction-training", facts, date(2026, 6, 1))

    assert answer(verdict) == ("missed", "0", "1")
    assert verdict.persons[0].reason.day == date(2026, 1, 1)
