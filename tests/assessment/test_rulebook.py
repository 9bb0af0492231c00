"""The rulebook's file: complete, and refused where it says something unknown."""

from __future__ import annotations

import re
from datetime import date

import pytest

from activities.kinds import all_kinds
from assessment.periods import Cycle
from assessment.rulebook import (
    FOLDER,
    RulebookError,
    load_rulebook,
    parse_rulebook,
    rulebook_ids,
)
from assessment.wording import name_of
from members.choices import Office
from organizations.choices import UnitKind

BOOK = load_rulebook("guizhou-2008")
SOURCE = (FOLDER / "guizhou-2008.toml").read_text("utf-8")

CLAUSES = {
    "community-coverage": "1",
    "floating-branch-coverage": "1",
    "county-research-inspection": "3",
    "county-guidance-body": "3",
    "street-coordination-body": "3",
    "community-joint-conference": "3",
    "democratic-practice": "4",
    "affairs-disclosure": "4",
    "secretary-director-one": "5",
    "leadership-complete": "5",
    "study-sessions": "6",
    "study-days": "6",
    "induction-training": "6",
    "rotation-training": "6",
    "staff-training-days": "7",
    "monthly-activity": "8",
    "member-activity-days": "8",
    "party-lectures": "9",
    "organisational-life": "9",
    "member-review": "9",
    "spirit-analysis": "9",
    "in-service-liaison": "10",
    "retired-transfer": "10",
    "development-plan": "10",
    "unfit-members": "10",
    "posts-and-duties": "11",
    "floating-ledger": "12",
    "floating-card-review": "12",
    "floating-situation": "12",
    "four-benefits-community": "13",
    "community-services": "14",
    "culture-facilities": "15",
    "venue-and-funds": "16",
    "five-good": "§2",
}


def test_every_row_of_the_document_has_its_clause():
    assert {rule.id: rule.clause for rule in BOOK.rules.values()} == CLAUSES


@pytest.mark.parametrize(
    ("rule_id", "cycle", "number", "lead"),
    [
        ("study-sessions", Cycle.QUARTER, 1, 21),
        ("study-days", Cycle.YEAR, 12, 60),
        ("staff-training-days", Cycle.YEAR, 7, 60),
        ("monthly-activity", Cycle.MONTH, 1, 7),
        ("member-activity-days", Cycle.YEAR, 6, 60),
        ("party-lectures", Cycle.YEAR, 2, 60),
        ("county-research-inspection", Cycle.HALF, 2, 30),
        ("rotation-training", Cycle.ROLLING, 1, 60),
        ("induction-training", Cycle.ONCE, 1, 0),
    ],
)
def test_the_numbers_are_those_of_the_document(rule_id, cycle, number, lead):
    rule = BOOK.rules[rule_id]

    assert (rule.cycle, rule.lead_days) == (cycle, lead)
    assert rule.threshold.on(date(2008, 8, 7)) == number
    assert rule.threshold.on(date(2008, 8, 6)) is None


def test_rolling_rules_know_their_years():
    years = {rule.id: rule.every_years.on(date(2026, 1, 1)) for rule in BOOK.rules.values()}

    assert (years["rotation-training"], years["spirit-analysis"]) == (3, 5)


def test_kinds_units_and_offices_are_ones_that_the_portal_knows():
    for rule in BOOK.rules.values():
        assert rule.units <= set(UnitKind.values)
        assert rule.offices.keys() <= set(Office.values)
        for code in rule.counts:
            assert code in all_kinds() or name_of(code)


def test_every_phrase_is_in_both_languages():
    for rule in BOOK.rules.values():
        for text in (rule.title, rule.asks):
            assert re.search(r"[一-鿿]", text.zh)
            assert not re.search(r"[一-鿿]", text.en)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('clause = "16"', 'clause = "16"\ncolour = "red"', r"venue-and-funds: unknown colour"),
        ('clause = "16"\n', "", r"venue-and-funds: missing clause"),
        ('measure = "inducted"', 'measure = "guessed"', r"induction-training: measure"),
        ('is = "12"', "is = 12", r"study-days: threshold: 12 is not a number written as a text"),
        ('is = "12"', 'is = "NaN"', r"study-days: threshold"),
        ('is = "12" }]', 'is = "12" }, { since = 2008-01-01 }]', r"study-days: .*order of time"),
        ('is = "12" }]', 'was = "12" }]', r"study-days: threshold: unknown was"),
        ('title.zh = "党课"', 'title.zh = " "', r"party-lectures: title: an empty phrase"),
        ('title.zh = "党课"\n', "", r"party-lectures: title: missing zh"),
        ('counts = ["party_lecture"]', "counts = []", r"party-lectures: counts nothing"),
        ('units = ["county"]', 'units = ["planet"]', r"'planet' is no group nor kind of unit"),
        ('fixed_by = "rotation_cycle"', 'share = "1.5"', r"rotation-training: share"),
        ('fixed_by = "rotation_cycle"', "lead_days = -1", r"rotation-training: lead_days"),
        ('every_years = [{ since = 2008-08-07, is = "3" }]', "", r"every_years goes with"),
        ('id = "guizhou-2008"', 'id = "other"', r"its id is 'other'"),
        ("applies_from = 2008-08-07", 'applies_from = "2008"', r"applies_from: not a date"),
        ("[unit_groups]", "[unit_groups", r"guizhou-2008.toml, line \d+: "),
        ("[rules.party-lectures]", "[rules.study-days]", r"guizhou-2008.toml, line \d+: "),
    ],
)
def test_a_slip_is_refused_by_name_of_file_and_rule(old, new, complaint):
    assert old in SOURCE

    with pytest.raises(RulebookError, match=complaint) as caught:
        parse_rulebook("guizhou-2008", SOURCE.replace(old, new, 1))

    assert re.match(r"guizhou-2008\.toml, line \d+: ", str(caught.value))


def test_an_encouraged_rule_can_be_added_as_data_alone():
    added = """
[rules.hearings]
clause = "4"
title = { en = "Hearings", zh = "听证恳谈" }
asks = { en = "Hearings and consultations are held.", zh = "开展听证恳谈。" }
level = "encouraged"
who = "unit"
units = ["community"]
measure = "count"
counts = ["hearing", "secretary_report"]
cycle = "year"
"""

    book = parse_rulebook("guizhou-2008", SOURCE + added)

    assert book.rules["hearings"].is_shown_only


def test_an_unknown_rulebook_is_refused():
    with pytest.raises(RulebookError, match="no such rulebook"):
        load_rulebook("../secrets")


def test_every_rulebook_in_the_folder_can_be_read():
    assert "guizhou-2008" in rulebook_ids()
    for rulebook_id in rulebook_ids():
        assert load_rulebook(rulebook_id).rules
