from datetime import date

import pytest

from activities.repeats import AT_MOST, Rule, days_of


def weekday(day: date) -> bool:
    return day.weekday() < 5


def days(first: str, **rule) -> list[str]:
    said = {"until": None} | rule
    if said["until"]:
        said["until"] = date.fromisoformat(said["until"])
    return [str(day) for day in days_of(date.fromisoformat(first), Rule(**said), weekday)]


@pytest.mark.parametrize(
    ("first", "rule", "found"),
    [
        (
            "2026-03-03",
            {"repeat": "weekly", "times": 3},
            ["2026-03-03", "2026-03-10", "2026-03-17"],
        ),
        ("2026-03-03", {"repeat": "weekly", "until": "2026-03-10"}, ["2026-03-03", "2026-03-10"]),
        (  # a month that lacks the date holds it on its last day, and the next has it again
            "2026-01-31",
            {"repeat": "month_day", "times": 3},
            ["2026-01-31", "2026-02-28", "2026-03-31"],
        ),
        (  # across the year's end, in a leap year
            "2027-12-29",
            {"repeat": "month_day", "times": 3},
            ["2027-12-29", "2028-01-29", "2028-02-29"],
        ),
        (  # the second Tuesday
            "2026-11-10",
            {"repeat": "month_week", "times": 3},
            ["2026-11-10", "2026-12-08", "2027-01-12"],
        ),
        (  # a fifth Friday that a month lacks is its last
            "2026-01-30",
            {"repeat": "month_week", "times": 3},
            ["2026-01-30", "2026-02-27", "2026-03-27"],
        ),
        (  # whichever of until and times comes first
            "2026-03-03",
            {"repeat": "weekly", "times": 9, "until": "2026-03-12"},
            ["2026-03-03", "2026-03-10"],
        ),
    ],
)
def test_the_first_day_says_on_which_days_it_repeats(first, rule, found):
    assert days(first, **rule) == found


@pytest.mark.parametrize(
    ("off_days", "found"),
    [
        ("keep", ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"]),
        ("next", ["2026-08-03", "2026-09-01", "2026-10-01", "2026-11-02"]),
        ("skip", ["2026-09-01", "2026-10-01", "2026-12-01", "2027-01-01"]),
    ],
)
def test_a_free_day_is_kept_moved_or_skipped(off_days, found):
    assert days("2026-08-01", repeat="month_day", times=4, off_days=off_days) == found


def test_a_day_that_is_left_out_is_not_counted():
    left_out = frozenset({date(2026, 3, 10)})

    found = days("2026-03-03", repeat="weekly", times=2, left_out=left_out)

    assert found == ["2026-03-03", "2026-03-17"]


def test_a_rule_without_an_end_ends_all_the_same():
    assert len(days("2026-03-03", repeat="weekly")) == AT_MOST


def test_where_nobody_ever_works_the_search_gives_up():
    rule = Rule("weekly", times=2, off_days="next")

    found = days_of(date(2026, 3, 3), rule, lambda day: False)

    assert found == [date(2026, 3, 3), date(2026, 3, 10)]
