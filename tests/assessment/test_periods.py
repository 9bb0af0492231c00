"""Calendar arithmetic; properties by hypothesis."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.periods import (
    Cycle,
    Period,
    add_years,
    as_seen,
    covers,
    expected,
    fixed_cycle,
    intersect,
    merge,
    outside,
    period_of,
    periods_begun,
    periods_of,
    round_up,
)

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
calendar_cycles = st.sampled_from([Cycle.MONTH, Cycle.QUARTER, Cycle.HALF, Cycle.YEAR])
spells = st.lists(
    st.tuples(days, st.integers(0, 900)).map(
        lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
    ),
    max_size=6,
)


@given(days, calendar_cycles)
def test_periods_partition_the_year(day, cycle):
    periods = periods_of(day.year, cycle)

    assert sum(len(period) for period in periods) == len(period_of(day, Cycle.YEAR))
    assert [day in period for period in periods].count(True) == 1
    assert period_of(day, cycle) in periods


@given(days, calendar_cycles)
def test_a_period_has_begun_when_its_first_day_has_come(day, cycle):
    begun = periods_begun(cycle, day)

    assert period_of(day, cycle) == begun[-1]
    assert all(period.first <= day for period in begun)


@given(spells, days)
def test_a_day_is_either_in_the_spells_or_outside_them(some, day):
    inside = any(day in spell for spell in merge(some))

    assert inside == any(day in spell for spell in some)
    assert inside != any(day in spell for spell in outside(some))


@given(spells, spells, days)
def test_the_intersection_has_the_days_of_both(some, others, day):
    both = any(day in spell for spell in intersect(some, others))

    assert both == (any(day in s for s in some) and any(day in s for s in others))


@given(spells, days)
def test_what_is_seen_on_a_day_neither_begins_later_nor_ends_later(some, day):
    seen = as_seen(some, day)

    assert all(spell.first <= day for spell in seen)
    assert all(spell.last <= day or spell.last == date.max for spell in seen)


@given(days, st.integers(-20, 20))
def test_adding_years_keeps_month_and_day_but_on_february_29(day, years):
    moved = add_years(day, years)

    assert (moved.year, moved.month) == (day.year + years, day.month)
    assert moved.day == day.day or (day.day, moved.day) == (29, 28)


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 29), -1, date(2023, 2, 28)),
        (date(2023, 3, 1), 3, date(2026, 3, 1)),
    ],
)
def test_february_29_becomes_28_where_there_is_none(day, years, moved):
    assert add_years(day, years) == moved


@given(st.decimals(0, 400, places=2), st.sampled_from([Decimal("0.5"), Decimal(1)]))
def test_rounding_up_is_to_the_next_multiple_and_no_further(amount, step):
    raised = round_up(amount, step)

    assert raised % step == 0
    assert 0 <= raised - amount < step


@given(st.integers(0, 60), st.integers(0, 366))
def test_what_is_expected_is_whole_and_never_more_than_the_target(target, past):
    part = expected(Decimal(target), past, 366)

    assert part == target * past // 366 <= target


def test_fixed_cycles_run_from_the_start_year():
    assert fixed_cycle(date(2008, 9, 1), 2008, 3) == Period(date(2008, 1, 1), date(2010, 12, 31))
    assert fixed_cycle(date(2026, 1, 1), 2008, 3) == Period(date(2026, 1, 1), date(2028, 12, 31))
    assert fixed_cycle(date(2025, 12, 31), 2008, 3) == Period(date(2023, 1, 1), date(2025, 12, 31))


def test_neighbouring_spells_cover_as_one():
    april, may = Period(date(2026, 4, 1), date(2026, 4, 30)), Period(date(2026, 5, 1), date.max)

    assert covers([may, april], Period(date(2026, 4, 15), date(2026, 5, 15)))
    assert not covers([may], Period(date(2026, 4, 30), date(2026, 5, 15)))


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 2, 1), date(2026, 1, 31))


def test_a_rolling_cycle_has_no_calendar_period():
    with pytest.raises(ValueError, match="not a calendar cycle"):
        period_of(date(2026, 1, 1), Cycle.ROLLING)
