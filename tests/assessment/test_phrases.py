"""Figures and lists as short as people say them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from assessment.phrases import arithmetic, clause_name, fraction, plural, signed
from assessment.rulebook import load_rulebook
from assessment.terms import Reason, Status, Verdict
from assessment.wording import tell_reason
from organizations.wording import listed
from tests.test_wording import words_of


@pytest.mark.parametrize(
    ("value", "target", "told"), [("4", "0", "4"), ("2.50", "6", "2.5/6"), ("0", "1", "0/1")]
)
def test_where_nothing_is_to_be_reached_the_value_stands_alone(value, target, told):
    assert fraction(Decimal(value), Decimal(target)) == told


@pytest.mark.parametrize(("language", "told"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_words_are_set_apart_as_the_language_does(language, told):
    with translation.override(language):
        assert listed(["甲", "乙"]) == told


def told(rule_id, value, target, status=Status.ON_TRACK):
    rule = load_rulebook("guizhou-2008").rules[rule_id]
    verdict = Verdict(rule, "c1", None, status, Decimal(value), Decimal(target))
    with translation.override("en"):
        return arithmetic(rule, verdict)


@pytest.mark.parametrize(
    ("rule_id", "value", "target", "phrases"),
    [
        ("party-lectures", "0", "1", ["0 of 1 time", "once short"]),
        ("party-lectures", "0", "2", ["0 of 2 times", "2 times short"]),
        ("study-days", "0", "1", ["0 of 1 day", "1 day short"]),
        ("study-days", "0.5", "1", ["0.5 of 1 day", "0.5 days short"]),
        ("study-days", "1", "1.5", ["1 of 1.5 days", "0.5 days short"]),
        ("staff-training-days", "0", "1", ["0 of 1 person has met it", "1 person still to go"]),
        (
            "staff-training-days",
            "1",
            "3",
            ["1 of 3 persons have met it", "2 persons still to go"],
        ),
    ],
)
def test_english_says_one_day_and_half_days(rule_id, value, target, phrases):
    assert told(rule_id, value, target) == phrases


def test_what_is_merely_shown_was_held_once_or_so_many_times():
    assert told("democratic-practice", "1", "0", Status.SHOWN) == ["held once"]
    assert told("democratic-practice", "0", "0", Status.SHOWN) == ["held 0 times"]
    assert told("democratic-practice", "5", "0", Status.SHOWN) == ["held 5 times"]


@pytest.mark.parametrize(
    ("code", "amount", "words"),
    [
        ("days", "1", "1 more day to do"),
        ("days", "0.50", "0.5 more days to do"),
        ("hours", "1", "1 more class-hour to do"),
        ("hours", "8", "8 more class-hours to do"),
    ],
)
def test_what_is_lacking_agrees_with_its_number(code, amount, words):
    with translation.override("en"):
        assert tell_reason(Reason(code, amount=Decimal(amount))) == words


def test_one_alone_takes_the_singular():
    assert [plural(Decimal(n)) for n in ("0", "0.38", "1", "1.00", "1.5", "2")] == [
        2,
        2,
        1,
        1,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("language", "clause", "long", "short"),
    [
        ("zh-hans", "9", "第9条", "第9条"),
        ("zh-hans", "§2", "第2部分", "第2部分"),
        ("zh-hans", "1–3", "第1–3条", "第1–3条"),
        ("en", "9", "Clause 9", "Cl. 9"),
        ("en", "§2", "Section 2", "Sec. 2"),
    ],
)
def test_a_clause_is_called_alike_wherever_it_stands(language, clause, long, short):
    rule = replace(load_rulebook("guizhou-2008").rules["party-lectures"], clause=clause)

    with translation.override(language):
        assert clause_name(rule) == long
        assert clause_name(rule, short=True) == short


@pytest.mark.parametrize(
    ("language", "change", "words"),
    [
        ("zh-hans", -65, "（−65 较上月末）"),
        ("zh-hans", 3, "（+3 较上月末）"),
        ("zh-hans", 0, "（±0 较上月末）"),
        ("en", -65, "(−65 since the end of last month)"),
    ],
)
def test_a_change_has_a_true_minus_and_the_brackets_of_the_language(language, change, words):
    with translation.override(language):
        page = render_to_string("assessment/change.html", {"change": signed(change)})

    assert words_of(page) == words


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "2.5 / 6天"), ("en", "2.5 / 6 days")])
def test_figures_and_their_unit_stand_as_the_language_has_them(language, words):
    with translation.override(language):
        told = {"value": "2.5", "target": "6", "unit": "天" if language != "en" else "days"}
        page = render_to_string("components/progress.html", told)

    assert words_of(page).endswith(words)
