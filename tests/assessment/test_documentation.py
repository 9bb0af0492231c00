"""The pages about the rules: complete, and their example works."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import resolve

from assessment.columns import all_columns
from assessment.rulebook import FOLDER, KINDS_FILE, THINGS, load_rulebook, parse_rulebook
from assessment.rules import judge
from assessment.terms import Measure, Settings, Who
from assessment.wording import name_of
from tests.assessment.build import answer, record, unit

DOCS = settings.BASE_DIR / "docs"
RULES = (DOCS / "rules.md").read_text("utf-8")
RULEBOOKS = (DOCS / "rulebooks.md").read_text("utf-8")


def test_every_rule_has_its_line_with_its_page():
    listed = dict(re.findall(r"\| `([a-z-]+)` \|.*\| `(/assessment/units/\S+)` \|", RULES))

    assert set(listed) == {column.rule.id for column in all_columns()}
    for rule, address in listed.items():
        match = resolve(address)
        assert (match.view_name, match.kwargs["rule"]) == ("assessment:rule", rule)


def test_every_line_names_the_clause_and_the_level():
    for rule in load_rulebook("guizhou-2008").rules.values():
        assert f"| {rule.clause} | `{rule.id}` | {rule.level.value} |" in RULES


def example():
    return re.search(r"```toml\n(.*?)```", RULEBOOKS, re.DOTALL)[1]


@pytest.mark.parametrize("book", ["guizhou-2008", "national-2018"])
def test_a_rule_is_added_as_data_alone(book):
    source = (FOLDER / f"{book}.toml").read_text("utf-8")

    rule = parse_rulebook(book, f"{source}\n{example()}").rules["theme-practice-twice"]

    held = unit(record("theme_practice", date(2026, 3, 1)))
    found = judge(rule, held, as_of=date(2026, 6, 10), settings=Settings())
    assert [answer(verdict) for verdict in found] == [("due", "1", "2")]


def test_every_key_measure_and_subject_is_explained():
    for measure in Measure:
        assert f"`{measure.value}`" in RULEBOOKS
    for who in Who:
        assert f"`{who.value}`" in RULEBOOKS


def test_ids_are_unique_over_all_rulebooks():
    ids = [column.rule.id for column in all_columns()]

    assert len(ids) == len(set(ids))


def test_whatever_counts_has_a_name_and_is_known():
    kinds = KINDS_FILE.read_text("utf-8")

    for column in all_columns():
        for code in column.rule.codes:
            assert name_of(code)
            assert f"[{code}]" in kinds or THINGS.fullmatch(code)


@pytest.mark.parametrize(
    ("old", "new", "line_of", "complaint"),
    [
        ('is = "12" }', 'is = "400" }', 'is = "400"', "can't be reached: at most 365"),
        ('is = "12" }', 'is = "0" }', 'is = "0"', "0 is not above zero"),
        ('is = "2" }]', 'is = "9" }]', 'is = "9"', "9 can't be reached: at most 2"),
        ('measure = "inducted"', 'measure = "guessed"', '"guessed"', "measure"),
        ('["central_study"]', '["central_stuffy"]', "central_stuffy", "nothing that can count"),
        (
            'is = "12" }]',
            'is = "12" }, { since = 2008-08-07, is = "10" }]',
            'is = "10" }]',
            "their dates overlap",
        ),
        (
            'is = "12" }]',
            'is = "12" }]\napplies_until = 2008-01-01',
            "applies_until",
            "before applies_from",
        ),
        (
            'rules.study-days = "1"',
            'rules.study-dayz = "1"',
            "rules.study-dayz",
            "no rule study-dayz",
        ),
        ('mark = "V2"', 'mark = "sure"', "[rules.members-meeting]", "the mark is none of"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(old, new, line_of, complaint):
    book = "national-2018" if "mark" in old else "guizhou-2008"
    text = (FOLDER / f"{book}.toml").read_text("utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    line = next(n for n, words in enumerate(text.splitlines(), 1) if line_of in words)

    with pytest.raises(Exception, match=re.escape(complaint)) as caught:
        parse_rulebook(book, text)

    assert str(caught.value).startswith(f"{book}.toml, line {line}: ")
