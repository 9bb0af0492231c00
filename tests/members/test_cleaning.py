"""Cells as people write them, and what becomes of each."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.choices import Election, Office, Sex, Stage, Standing
from members.roster import wordlists
from members.roster.cleaning import (
    Noted,
    PartyStatus,
    Problem,
    check_digit,
    clean_education,
    clean_election,
    clean_ethnicity,
    clean_id_number,
    clean_name,
    clean_office,
    clean_party_status,
    clean_phone,
    clean_sex,
    clean_stage,
    clean_yes_no,
    text_up_to,
)
from members.roster.days import clean_date
from members.roster.messages import MESSAGES, message
from tests.members.sheets import id_number

GOOD = id_number(21)
CLEANERS = [
    clean_date,
    clean_education,
    clean_election,
    clean_ethnicity,
    clean_id_number,
    clean_name,
    clean_office,
    clean_party_status,
    clean_phone,
    clean_sex,
    clean_stage,
    clean_yes_no,
    text_up_to(20),
]
CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(allow_nan=False), st.booleans(),
    st.dates(), st.datetimes(),
)  # fmt: skip


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(cell=CELLS)
def test_no_cell_breaks_a_cleaner_and_each_problem_has_words(cleaner, cell):
    outcome = cleaner(cell)

    found = outcome.problem if isinstance(outcome, Noted) else outcome
    if isinstance(found, Problem):
        assert message(found)


@pytest.mark.parametrize(
    "mark", ["", "  ", "无", "—", "-", "/", "／", "不详", "N/A", "#N/A", "null"]
)
@pytest.mark.parametrize("cleaner", [cleaner for cleaner in CLEANERS if cleaner != clean_yes_no])
def test_marks_for_nothing_are_empty(cleaner, mark):
    assert cleaner(mark) is None


# -- ID numbers ---------------------------------------------------------------
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_every_number_with_a_right_check_digit_is_taken(birth, sequence):
    number = id_number(sequence, birth=f"{birth:%Y%m%d}")

    assert clean_id_number(number) == number


@given(st.integers(0, 16), st.integers(1, 9))
def test_a_single_wrong_digit_is_always_found(place, step):
    digit = str((int(GOOD[place]) + step) % 10)
    wrong = GOOD[:place] + digit + GOOD[place + 1 :]

    assert isinstance(clean_id_number(wrong), Problem)


@pytest.mark.parametrize(
    "spelling",
    [
        f" {GOOD} ",
        f"'{GOOD}",
        f'="{GOOD}"',
        f"\t{GOOD}",
        f"{GOOD[:6]} {GOOD[6:14]} {GOOD[14:]}",
        GOOD.translate({ord("0") + n: ord("０") + n for n in range(10)}),
    ],
)
def test_spellings_of_an_id_number_are_one(spelling):
    assert clean_id_number(spelling) == GOOD


def test_a_small_x_becomes_a_capital():
    number = next(n for n in (id_number(k) for k in range(100)) if n.endswith("X"))

    assert clean_id_number(number.lower()) == number
    assert clean_id_number(number[:-1] + "ｘ") == number


@pytest.mark.parametrize("cell", [520399198005120211, 520399198005120000.0, "5.20399E+17"])
def test_a_number_that_lost_its_digits_is_refused_and_the_cure_told(cell):
    outcome = clean_id_number(cell)

    assert outcome == Problem("id_number_precision")
    assert "文本" in message(outcome)


@pytest.mark.parametrize("cell", ["520399800512021", 520399800512021, 520399800512021.0])
def test_an_old_number_of_15_digits_is_lengthened_and_noted(cell):
    outcome = clean_id_number(cell)

    assert outcome.value == "52039919800512021" + check_digit("52039919800512021")
    assert outcome.problem.code == "id_number_from_15"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2"), "id_number_check"),
        (id_number(21, birth="19801301"), "id_number_birth"),
        ("12345", "id_number_form"),
        ("520399801301021", "id_number_birth"),
    ],
)
def test_a_bad_id_number_says_why(cell, code):
    assert clean_id_number(cell).code == code


# -- dates ----------------------------------------------------------------------
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_usual_way_to_write_a_date_is_read(day):
    ways = ["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y.%m.%d}", "{0:%Y%m%d}"]
    written = [way.format(day) for way in ways]
    written += [f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}"]

    assert {clean_date(text) for text in written} == {day}
    assert clean_date(day) == clean_date(datetime(day.year, day.month, day.day, 8)) == day  # noqa: DTZ001


@given(st.dates(date(1927, 5, 18), date(2099, 12, 31)))
def test_serial_numbers_of_the_spreadsheet_are_dates(day):
    serial = (day - date(1899, 12, 30)).days

    assert clean_date(serial) == clean_date(float(serial)) == clean_date(str(serial)) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1985-02-30", "date_impossible"),
        ("1985-13-01", "date_impossible"),
        ("1785-01-01", "date_range"),
        ("1985.07", "date_month_only"),
        ("1985年7月", "date_month_only"),
        ("1985.07.00", "date_month_only"),
        (1985.07, "date_month_only"),
        (1985.12, "date_month_only"),
        ("1985", "date_year_only"),
        (1985, "date_year_only"),
        (1985.1, "date_january_or_october"),
        (1985.13, "date_impossible"),
        ("1985.13", "date_impossible"),
        ("85.7", "date_ambiguous"),
        ("85.7.1", "date_ambiguous"),
        ("7/1/1985", "date_ambiguous"),
        ("一九八五年七月", "date_month_only"),
        ("七月一日", "date_form"),
        ("1985-07-01 1986-07-01", "date_two"),
        ("1985.7/1986.7", "date_two"),
        (date(1899, 12, 31), "date_range"),
    ],
)
def test_what_is_no_clear_date_is_refused(cell, code):
    assert clean_date(cell).code == code


# -- names, words, phones ---------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张　三", "张三"),
        ("张 三", "张三"),
        (" 欧阳 小 明 ", "欧阳小明"),
        ("阿依•古丽", "阿依·古丽"),
        ("阿依 . 古丽", "阿依 . 古丽"),
        ("阿依．古丽", "阿依·古丽"),
        ("Anna  Li", "Anna Li"),
        ("𠮷田", "𠮷田"),
        ("=1+1", "=1+1"),
    ],
)
def test_names_lose_what_does_not_belong_and_keep_rare_characters(cell, name):
    assert clean_name(cell) == name


@pytest.mark.parametrize("cell", ["+-*", "张\u200b三", "张" * 61])
def test_what_is_no_name_is_refused(cell):
    assert isinstance(clean_name(cell), Problem)


@pytest.mark.parametrize("cell", ["男", "男性", "1", 1, 1.0, "1_男", "①男", "01 男"])
def test_ways_to_write_male(cell):
    assert clean_sex(cell) == "male"


@pytest.mark.parametrize(
    ("cell", "stage"),
    [
        ("正式党员", "full"),
        ("01 正式党员", "full"),
        ("中共预备党员", "probationary"),
        ("发展对象", "candidate"),
        ("入党积极分子", "activist"),
        ("入党申请人", "applicant"),
    ],
)
def test_categories_are_read(cell, stage):
    assert clean_stage(cell) == stage


def test_a_bare_party_member_is_taken_as_full_and_noted():
    assert clean_stage("中共党员") == Noted("full", Problem("stage_taken_as_full"))


def test_the_standing_column_may_hold_categories():
    assert clean_party_status("停止党籍") == PartyStatus(standing="suspended")
    assert clean_party_status("预备党员") == PartyStatus(stage="probationary")
    assert clean_party_status("随便").code == "standing"


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("是", True),
        ("√", True),
        (1, True),
        (True, True),
        ("否", False),
        ("无", False),
        ("0", False),
    ],
)
def test_yes_and_no(cell, answer):
    assert clean_yes_no(cell) is answer


@pytest.mark.parametrize(
    ("cell", "ethnicity"), [("苗", "苗族"), ("苗族", "苗族"), ("汉", "汉族"), ("穿青人", "穿青人")]
)
def test_ethnicities(cell, ethnicity):
    assert clean_ethnicity(cell) == ethnicity


@pytest.mark.parametrize(
    ("cell", "education"),
    [("本科", "大学"), ("中专", "中等专科"), ("省(区、市)委党校大学", "省（区、市）委党校大学")],
)
def test_educations(cell, education):
    assert clean_education(cell) == education


def test_an_education_outside_the_list_is_kept_and_noted():
    assert clean_education("私塾") == Noted("私塾", Problem("education_not_in_list"))


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13800000001.0, "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("(0851)28900001", "0851-28900001"),
        ("0851-28900001转12", "0851-28900001-12"),
    ],
)
def test_phones(cell, phone):
    assert clean_phone(cell) == phone


def test_of_two_phones_the_mobile_one_is_taken_and_noted():
    outcome = clean_phone("0851-28900001/13800000001")

    assert (outcome.value, outcome.problem.code) == ("13800000001", "phone_two")


@pytest.mark.parametrize("cell", ["12345", "13800000001/123", "张三"])
def test_what_is_no_phone_is_refused(cell):
    assert clean_phone(cell) == Problem("phone")


def test_an_unknown_way_into_office_is_left_out_and_noted():
    assert clean_election("抓阄") == Noted(None, Problem("election"))
    assert clean_election("两推一选") == "two_recommendations"


@pytest.mark.parametrize(
    ("codes", "choices"),
    [
        (wordlists.SEXES, Sex),
        (wordlists.STAGES | wordlists.STAGES_TO_CHECK, Stage),
        (wordlists.STANDINGS, Standing),
        (wordlists.OFFICES, Office),
        (wordlists.ELECTIONS, Election),
    ],
)
def test_every_word_of_a_list_stands_for_a_real_choice(codes, choices):
    assert set(codes.values()) == set(choices.values)


PLACE = re.compile(r"%\(\w+\)s")


def test_every_message_is_translated():
    from django.utils import translation

    with translation.override("en"):
        english = {code: str(translation.gettext(text)) for code, text in MESSAGES.items()}
    with translation.override("zh-hans"):
        chinese = {code: str(translation.gettext(text)) for code, text in MESSAGES.items()}

    said = [code for code, text in MESSAGES.items() if re.search("[A-Za-z]", PLACE.sub("", text))]
    assert [code for code in said if english[code] == chinese[code]] == []
