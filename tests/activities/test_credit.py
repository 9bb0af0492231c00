from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.credit import CreditError, checked_credit, credit_of, date_count, dates_of


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("starts", "ends", "credit"),
    [
        ("2026-03-10 09:00", "2026-03-10 11:00", "0.25"),
        ("2026-03-10 09:00", "2026-03-10 12:00", "0.38"),  # 0.375, half up
        ("2026-03-10 08:00", "2026-03-10 16:00", "1.00"),
        ("2026-03-10 06:00", "2026-03-10 22:00", "1.00"),  # one date, one day
        ("2026-03-10 14:00", "2026-03-11 12:00", "2.00"),
        ("2026-03-10 20:00", "2026-03-11 00:00", "0.50"),
        ("2026-03-10 09:00", "2026-03-10 09:01", "0.01"),  # never nothing
    ],
)
def test_credit_is_length_over_eight_hours_and_at_most_one_for_each_date(starts, ends, credit):
    assert str(credit_of(at(starts), at(ends))) == credit


def test_a_county_may_count_six_hours_as_a_day():
    credit = credit_of(at("2026-03-10 09:00"), at("2026-03-10 12:00"), Decimal(6))

    assert credit == Decimal("0.50")


def test_an_end_at_midnight_belongs_to_the_day_before():
    days = dates_of(at("2026-12-31 20:00"), at("2027-01-01 00:00"))

    assert days == (date(2026, 12, 31), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        ("2026-03-10 11:00", "2026-03-10 09:00", "order"),
        ("2026-03-10 11:00", "2026-03-10 11:00", "order"),
        ("2026-12-31 20:00", "2027-01-01 00:01", "year"),
        ("2025-12-31 20:00", "2027-01-01 00:00", "year"),
    ],
)
def test_a_span_that_runs_backwards_or_crosses_a_year_is_refused(starts, ends, code):
    with pytest.raises(CreditError) as refused:
        dates_of(at(starts), at(ends))

    assert refused.value.code == code


@pytest.mark.parametrize("credit", ["0", "-1", "2.01", "0.125", "NaN", "Infinity", "1E+60"])
def test_a_set_credit_lies_above_zero_and_not_above_the_dates(credit):
    with pytest.raises(CreditError):
        checked_credit(Decimal(credit), date(2026, 3, 10), date(2026, 3, 11))


def test_a_set_credit_may_be_as_many_days_as_there_are_dates():
    assert checked_credit(Decimal(2), date(2026, 3, 10), date(2026, 3, 11)) == Decimal("2.00")


starts = st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 30))  # noqa: DTZ001
lengths = st.timedeltas(timedelta(minutes=1), timedelta(days=20))
hours = st.decimals(Decimal(1), Decimal(12), places=1)


@given(starts, lengths, hours)
def test_credit_is_above_zero_at_most_the_dates_and_always_two_decimals(begun, length, per_day):
    first, last = dates_of(begun, begun + length)

    credit = credit_of(begun, begun + length, per_day)

    assert 0 < credit <= date_count(first, last)
    assert credit.as_tuple().exponent == -2
    assert checked_credit(credit, first, last) == credit


@given(starts, lengths, lengths, hours)
def test_what_is_longer_is_never_worth_less(begun, length, more, per_day):
    shorter = credit_of(begun, begun + length, per_day)

    assert credit_of(begun, begun + length + more, per_day) >= shorter
