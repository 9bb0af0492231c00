from datetime import UTC, datetime, timedelta

import pytest

from activities.codes import code_at, is_current, is_good, seconds_left, ticket_at

SECRET, OTHER = b"a" * 32, b"b" * 32
NOW = datetime(2026, 12, 10, 1, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "holds"), [(-1, False), (0, True), (29, True), (30, True), (59, True), (60, False)]
)
def test_a_code_holds_for_its_half_minute_and_the_next(later, holds):
    code = code_at(SECRET, NOW)

    assert is_current(SECRET, code, NOW + timedelta(seconds=later)) is holds


def test_a_code_changes_every_thirty_seconds_and_is_of_one_sign_in():
    codes = {code_at(SECRET, NOW + timedelta(seconds=second)) for second in range(90)}

    assert len(codes) == 3
    assert not is_current(OTHER, code_at(SECRET, NOW), NOW)
    assert seconds_left(NOW + timedelta(seconds=29)) == 1


@pytest.mark.parametrize(
    "text", ["", ".", "x", "1", "é.1", "-1.aa", "1_0.aa", "f" * 17 + ".a", "٣.a", "0x1.a"]
)
def test_any_other_text_is_no_code(text):
    assert not is_current(SECRET, text, NOW)
    assert not is_good(SECRET, text, NOW)


def test_a_forged_code_does_not_hold():
    number, _dot, mac = code_at(SECRET, NOW).partition(".")

    assert not is_current(SECRET, f"{int(number, 16) + 1:x}.{mac}", NOW)
    assert not is_current(SECRET, f"0{number}.{mac}", NOW)


@pytest.mark.parametrize(("later", "holds"), [(-1, False), (0, True), (300, True), (301, False)])
def test_a_ticket_holds_for_five_minutes(later, holds):
    ticket = ticket_at(SECRET, NOW)

    assert is_good(SECRET, ticket, NOW + timedelta(seconds=later)) is holds


def test_a_code_is_no_ticket():
    assert not is_good(SECRET, code_at(SECRET, NOW), NOW)
