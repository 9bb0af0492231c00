"""Which deadlines are told of, and whom: no database."""

from datetime import date, timedelta

import pytest

from assessment.periods import Cycle, period_of
from assessment.planning import open_in, recipients
from assessment.terms import Status
from tests.assessment.build import ask, home, person, post, record, unit

LIVE = date(2026, 1, 1)
POSTS = {
    "c/": frozenset({("organizer", 1), ("viewer", 9)}),
    "c/s/": frozenset({("secretary", 2), ("reviewer", 3), ("viewer", 9)}),
    "c/s/m/": frozenset({("secretary", 4)}),
}


def told(verdict, on, live=LIVE):
    return [(part.stage.value, part.period.last) for part in open_in(verdict, on=on, live=live)]


@pytest.mark.parametrize(
    ("path", "stage", "users"),
    [
        ("c/s/m/", Status.DUE, {4}),
        ("c/s/n/", Status.DUE, {2}),  # nobody there: the street's secretary
        ("c/t/n/", Status.DUE, set()),  # nobody up to the county, whose organiser keeps no records
        ("c/", Status.DUE, {1}),  # but the county's own
        ("c/s/m/", Status.MISSED, {2, 3}),
        ("c/s/m/b/", Status.MISSED, {4}),
        ("c/s/", Status.MISSED, {1}),
        ("c/t/n/", Status.MISSED, {1}),
        ("c/", Status.MISSED, {1}),
    ],
)
def test_what_is_due_is_told_at_the_unit_and_what_was_missed_above_it(path, stage, users):
    assert recipients(path, stage, POSTS) == users


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 22), []),
        (date(2026, 11, 23), [("due", date(2026, 11, 30))]),
        (date(2026, 11, 30), [("due", date(2026, 11, 30))]),
        (date(2026, 12, 1), [("missed", date(2026, 11, 30))]),
        (date(2027, 1, 29), [("missed", date(2026, 11, 30))]),
        (date(2027, 1, 30), []),  # too long ago
    ],
)
def test_a_month_is_told_of_in_its_last_week_and_for_sixty_days_after(on, expected):
    november = period_of(date(2026, 11, 1), Cycle.MONTH)

    assert told(ask("monthly-activity", unit(), on, november), on) == expected


def test_what_was_done_is_not_told_of():
    november = period_of(date(2026, 11, 1), Cycle.MONTH)
    held = unit(record("themed_day", date(2026, 11, 3)))

    assert (
        told(ask("monthly-activity", held, date(2026, 11, 25), november), date(2026, 11, 25)) == []
    )


@pytest.mark.parametrize(("live", "number"), [(date(2026, 11, 30), 1), (date(2026, 12, 1), 0)])
def test_what_ended_before_the_portal_went_live_is_never_told_of(live, number):
    november = period_of(date(2026, 11, 1), Cycle.MONTH)
    verdict = ask("monthly-activity", unit(), date(2026, 12, 2), november)

    assert len(told(verdict, date(2026, 12, 2), live)) == number


def test_a_standing_rule_has_no_deadline_to_tell_of():
    assert told(ask("leadership-complete", unit(), date(2026, 11, 23)), date(2026, 11, 23)) == []


def test_each_person_who_falls_due_is_told_of_though_another_was_missed_long_ago():
    """The unit's own verdict names only the first of the days."""
    on = date(2026, 11, 23)
    long_missed = person(home(), post(begun=date(2020, 1, 1)), number=1)
    soon = person(home(), post("residents_director", begun=date(2023, 12, 20)), number=2)
    verdict = ask("rotation-training", unit(persons=(long_missed, soon)), on)

    assert told(verdict, on) == [("due", date(2026, 12, 20))]


def test_persons_who_fall_due_on_one_day_are_told_of_once():
    on = date(2026, 11, 23)
    begun = on + timedelta(days=10) - timedelta(days=3 * 365 + 1)
    both = [person(home(), post(begun=begun), number=number) for number in (1, 2)]
    verdict = ask("rotation-training", unit(persons=tuple(both)), on)

    (part,) = open_in(verdict, on=on, live=LIVE)

    assert (part.value, part.target) == (0, 2)
