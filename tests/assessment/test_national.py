"""The later national rules: off until a county wants them, the unsure ones until it confirms."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.engine import compute
from assessment.periods import ALWAYS, Period
from assessment.reminders import find_deadlines
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.rules import evaluate, judge
from assessment.terms import Facts, Settings, Thing
from organizations.models import Unit
from tests.assessment.build import HERE, YEAR, answer, home, person, record, spell, unit
from tests.factories import CountySettingFactory, MemberFactory

RULES = load_rulebook("national-2018").rules
JUNE = date(2026, 6, 20)
SEVEN = date(2026, 7, 31)


def ask(rule, facts, as_of=JUNE, settings=None):
    """The newest verdict, as (status, value, target)."""
    found = judge(RULES[rule], facts, as_of=as_of, settings=settings or Settings())
    return answer(found[-1])


def with_things(*things, **more):
    return unit(things=things, **more)


def test_every_rule_names_its_instrument_article_and_mark():
    assert len(RULES) == 9
    for rule in RULES.values():
        assert rule.source is not None
        assert rule.clause
        assert rule.mark in {"V", "V2", "G", "?"}


def test_what_was_not_seen_in_the_text_waits_for_the_county():
    unsure = {rule.id for rule in RULES.values() if not rule.is_sure}
    confirmed = Settings((("rule:members-meeting", date(2026, 1, 1), "on"),))

    assert unsure == {"members-meeting"}
    assert judge(RULES["members-meeting"], unit(), as_of=JUNE, settings=Settings()) == ()
    assert ask("members-meeting", unit(), settings=confirmed) == ("due", "0", "1")


def test_a_county_switches_a_single_rule_off_from_a_day_on():
    off = Settings((("rule:themed-day", date(2026, 4, 1), "off"),))

    found = judge(RULES["themed-day"], unit(), as_of=JUNE, settings=off)

    assert [verdict.period.first.month for verdict in found] == [1, 2, 3]


def test_a_committee_meets_each_month_where_there_is_a_committee():
    committee = Thing("office:committee_member", ALWAYS)

    assert ask("committee-meeting", unit()) == ("not_applicable", "0", "0")
    assert ask("committee-meeting", with_things(committee)) == ("on_track", "0", "1")
    held = with_things(committee, records=(record("committee_meeting", date(2026, 6, 3)),))
    assert ask("committee-meeting", held) == ("met", "1", "1")


def test_groups_meet_each_month_where_there_are_groups():
    assert ask("group-meeting", unit()) == ("not_applicable", "0", "0")
    assert ask("group-meeting", with_things(Thing("unit:group", ALWAYS)))[0] == "on_track"


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("organisational-life-meeting", "organisational_life_meeting"),
        ("member-appraisal", "member_review"),
    ],
)
def test_once_a_year_the_branch_meets_for_it(rule, kind):
    assert ask(rule, unit()) == ("on_track", "0", "1")
    assert ask(rule, unit(record(kind, date(2026, 2, 2)))) == ("met", "1", "1")


def hours(*records, as_of=date(2026, 12, 31), **more):
    facts = Facts(HERE, "community_branch", persons=(person(records=records, **more),))
    rule = RULES["member-class-hours"]
    return evaluate(rule, facts, YEAR, as_of=as_of, settings=Settings()).persons[0]


def test_a_day_is_eight_class_hours_and_thirty_two_are_owed():
    days = [record("member_study", date(2026, month, 1), "0.38", ref=month) for month in (1, 2)]

    mine = hours(*days)

    assert (str(mine.value), str(mine.target)) == ("6.08", "32.0")
    assert str(mine.reason.amount) == "25.92"


def test_four_days_are_thirty_two_class_hours():
    assert hours(record("party_lecture", date(2026, 3, 1), "4.00")).status == "met"


def test_who_comes_in_october_owes_a_quarter_of_the_class_hours():
    mine = hours(membership=(Period(date(2026, 10, 5), date.max),))

    assert str(mine.target) == "8.0"


def term(begun, due=None):
    return with_things(Thing("term:secretary", spell(begun), 7, due))


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        (term(date(2021, 8, 1)), date(2026, 1, 1), ("met", "1", "1")),
        (term(date(2021, 8, 1)), date(2026, 2, 2), ("due", "1", "1")),  # 180 days before
        (term(date(2021, 8, 1)), date(2026, 8, 1), ("due", "1", "1")),
        (term(date(2021, 8, 1)), date(2026, 8, 2), ("missed", "0", "1")),
        (term(date(2021, 8, 1), date(2027, 8, 1)), date(2026, 8, 2), ("met", "1", "1")),
        (term(None), JUNE, ("unknown", "0", "1")),
        (unit(), JUNE, ("not_applicable", "0", "0")),
    ],
)
def test_a_community_is_elected_anew_every_five_years(facts, as_of, expected):
    assert ask("re-election-community", facts, as_of) == expected


def test_other_branches_are_elected_anew_every_three():
    facts = with_things(Thing("term:secretary", spell(date(2023, 1, 1))), kind="branch")

    found = judge(RULES["re-election-branch"], facts, as_of=JUNE, settings=Settings())

    assert found[0].period == Period(date(2023, 1, 1), date(2026, 1, 1))
    assert found[0].status == "missed"


def test_class_hours_and_days_stand_side_by_side():
    mine = person(home(), records=[record("member_study", date(2026, 3, 1), "4.00")])
    facts = Facts(HERE, "community_branch", persons=(mine,))
    local = load_rulebook("guizhou-2008").rules["member-activity-days"]

    told = [
        evaluate(rule, facts, YEAR, as_of=SEVEN, settings=Settings()).persons[0].status
        for rule in (RULES["member-class-hours"], local)
    ]

    assert told == ["met", "on_track"]


@pytest.mark.django_db
def test_it_is_off_until_the_county_turns_it_on(county, community):
    MemberFactory(unit=community)
    assert {result.rulebook for result in compute([community], JUNE)} == {"guizhou-2008"}

    CountySettingFactory(
        unit=county, key="rulebook:national-2018", value="on", applies_from=date(2026, 6, 20)
    )

    assert {result.rulebook for result in compute([community], JUNE)} == set(rulebook_ids())
    day_before = compute([community], date(2026, 6, 19))
    assert {result.rulebook for result in day_before} == {"guizhou-2008"}


@pytest.mark.django_db
def test_it_asks_for_no_period_that_began_before_the_county_went_by_it(county, community):
    MemberFactory(unit=community)
    CountySettingFactory(
        unit=county, key="rulebook:national-2018", value="on", applies_from=date(2026, 6, 20)
    )

    found = [
        (result.rule.id, result.verdict.period.first)
        for result in compute([community], date(2026, 7, 15))
        if result.rulebook == "national-2018" and result.rule.cycle.is_calendar
    ]

    assert ("themed-day", date(2026, 7, 1)) in found
    assert min(first for _rule, first in found) == date(2026, 7, 1)


@pytest.mark.django_db
def test_a_rulebook_that_is_not_in_use_can_be_tried_on_the_whole_year(county, community):
    MemberFactory(unit=community)

    found = compute([community], JUNE, ["national-2018"], ["themed-day"])

    assert [result.verdict.period.first.month for result in found] == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db
def test_nobody_is_reminded_of_what_was_asked_by_a_rulebook_before_it_was_turned_on(
    county, community, reviewer
):
    MemberFactory(unit=community)
    CountySettingFactory(
        unit=county, key="rulebook:national-2018", value="on", applies_from=date(2026, 6, 20)
    )

    wanted = find_deadlines(Unit.objects.all(), date(2026, 7, 15))

    assert not [one for one in wanted.values() if one.rulebook == "national-2018"]
