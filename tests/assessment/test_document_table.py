"""The table of the document, line by line, on a small demo: each rule has a page that shows it.

docs/rules.md is the table; its addresses are those of the demo.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from assessment.columns import Column
from assessment.demo.loading import load
from assessment.demo.sizes import Size
from assessment.engine import compute
from assessment.phrases import WORDS
from assessment.rulebook import load_rulebook
from assessment.terms import Status
from assessment.wording import phrase
from organizations.models import Unit
from tests.cast import sign_in

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 25)
BOOK = load_rulebook("guizhou-2008")
TABLE = (settings.BASE_DIR / "docs" / "rules.md").read_text("utf-8").split("## national-2018")[0]
LINE = re.compile(
    r"^\| (?P<clause>\S+) \| `(?P<rule>[\w-]+)` \| \w+ \|.*`(?P<address>/assessment/\S+)` \|$",
    re.MULTILINE,
)
SMALL = Size("honghuagang_units.csv", streets=2, people=30, months=24)


def evidence_of(why):
    """What a page names as evidence: records, things, persons, goals, or communities."""
    return [
        *(held.activity.topic for held in why.counted),
        *(thing.name for thing in why.things),
        *(line.verdict.name for line in why.persons),
        *(line.sum for line in why.goals if line.sum),
        *(name for name, _mark in why.areas),
    ]


def shown_at(found, rule_id, page):
    """A unit where the rule has evidence; `page`: why it stands there as it does, on its page."""
    statuses = {Status.MET, Status.SHOWN, Status.MISSED, Status.DUE, Status.BEHIND}
    wanted = [r for r in found if r.rule.id == rule_id and r.status in statuses]
    for result in sorted(wanted, key=lambda r: (r.status is not Status.MET, -r.value)):
        period = result.verdict.period if result.rule.cycle.is_calendar else None
        why = page(result.unit.code, rule_id, period)
        if evidence_of(why.context["why"]):
            return why
    return None


def test_each_line_of_the_document_has_a_page_that_shows_it(settings, time_machine):
    time_machine.move_to("2026-11-25 12:00+08:00", tick=False)
    settings.DEMO_PASSWORD = "a password for the demo"
    load(SMALL, seed=1, today=ON, tell=lambda county, written: None)
    client = sign_in(User.objects.get(username="organizer"))
    found = compute(Unit.objects.all(), ON)
    lines = {line["rule"]: line for line in LINE.finditer(TABLE)}
    assert lines.keys() == BOOK.rules.keys()

    def page(code, rule_id, period):
        query = {"period": period.first.isoformat()} if period else {}
        return client.get(reverse("assessment:rule", args=[code, rule_id]), query)

    for rule in BOOK.rules.values():
        line, column = lines[rule.id], Column(BOOK.id, rule)
        named = client.get(line["address"])
        assert named.status_code == 200, rule.id
        assert line["clause"] == rule.clause
        shown = shown_at(found, rule.id, page)
        assert shown is not None, f"{rule.id} has no evidence anywhere in the demo"
        why, text = shown.context["why"], shown.text
        assert column.clause_name in text, rule.id
        assert phrase(rule.asks) in text, rule.id
        assert str(WORDS[why.verdict.status]) in text, rule.id
        for words in [*why.arithmetic, *evidence_of(why)]:
            assert words in text, (rule.id, words)
