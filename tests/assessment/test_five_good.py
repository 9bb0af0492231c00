"""The five-good score: read from the rulebook, worked out by hand, taken apart on a page."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessment.five_good import Score, Stood, in_force
from assessment.five_good_pages import five_good_of, goal_lines
from assessment.models import Verdict
from assessment.rulebook import FOLDER, RulebookError, load_rulebook, parse_rulebook
from assessment.terms import ONE, ZERO, Measure
from assessment.verdicts import refresh
from organizations.choices import BodyKind, RatingAnswer, ServiceKind, ServicePrice
from organizations.models import Service, Touch, Unit
from organizations.services.ratings import Outcome, rate
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    BodyFactory,
    CommunityFactory,
    FundFactory,
    MemberFactory,
    VenueFactory,
)
from tests.kept_factories import RatingFactory, RatingPageFactory

SOURCE = (FOLDER / "guizhou-2008.toml").read_text("utf-8")
BOOK = load_rulebook("guizhou-2008")
COMMUNITY = "community_branch"
GOALS = BOOK.rules["five-good"].scores[0]
TABLES = SOURCE.index("[[rules.five-good.scores]]")
MET, MISSED, OPEN = Stood(ONE, ONE), Stood(ZERO, ONE), Stood(open=1)
NOON = "2026-11-25T04:00:00Z"


def of(goal_id, verdicts=None, answers=None):
    found = Score(GOALS, verdicts or {}, answers or {})
    return next(goal for goal in found.goals if goal.goal.id == goal_id)


def test_the_five_goals_are_a_hundred_points_and_draw_on_what_the_document_says():
    assert [goal.id for goal in GOALS.goals] == [
        "leadership",
        "members",
        "mechanism",
        "results",
        "opinion",
    ]
    assert sum(goal.weight for goal in GOALS.goals) == 100
    assert len(GOALS.rule_ids) == 24
    assert all(BOOK.rules[rule].measure is not Measure.SCORE for rule in GOALS.rule_ids)
    results = next(goal for goal in GOALS.goals if goal.id == "results")
    clauses = {BOOK.rules[rule].clause for rule in results.rules}
    assert clauses == {"4", "10", "13", "14", "15", "16"}


def test_a_goal_splits_its_points_by_weight_and_by_the_share_of_periods_met():
    # weights 2 (monthly), 1, 1 decided: 20 x 2/4 x 9/10 + 20 x 1/4 x 0/1 + 20 x 1/4 x 1/1
    goal = of(
        "mechanism",
        {
            "monthly-activity": [MET] * 9 + [MISSED, OPEN],
            "party-lectures": [MISSED],
            "community-joint-conference": [MET],
        },
    )

    assert [part.points for part in goal.parts] == [9, 0, 5, None]
    assert [part.open for part in goal.parts] == [1, 0, 0, 0]
    assert goal.points == 14


def test_what_is_open_or_not_asked_takes_no_part_for_or_against():
    found = Score(
        GOALS,
        {"venue-and-funds": [MET], "party-lectures": [OPEN], "study-days": [Stood()]},
        {},
    )

    assert (found.points, found.decided, found.undecided) == (20, 20, 80)


def test_parts_are_rounded_to_the_cent():
    goal = of("results", {"venue-and-funds": [MET, MISSED, MISSED]})

    assert goal.points == Decimal("6.67") == sum(p.points for p in goal.parts if p.points)


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({5: 10}, "20.00"),
        ({1: 10}, "0.00"),
        ({5: 3, 4: 3, 3: 2, 2: 1, 1: 1}, "13.80"),  # 20 x (3 + 2.4 + 1.2 + 0.3) / 10
        ({5: 9}, None),
        ({}, None),
    ],
)
def test_opinion_is_what_the_answers_are_worth_on_average_once_there_are_ten(answers, points):
    assert of("opinion", answers=answers).points == (None if points is None else Decimal(points))


def test_numbers_of_another_year_are_a_new_step():
    later = SOURCE + SOURCE[TABLES:].replace("2008-08-07", "2027-01-01")
    steps = parse_rulebook("guizhou-2008", later).rules["five-good"].scores

    assert in_force(steps, date(2026, 12, 31)).since == date(2008, 8, 7)
    assert in_force(steps, date(2027, 12, 31)).since == date(2027, 1, 1)
    assert in_force(steps, date(2000, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('rules.study-days = "1"', 'rules.study-dayz = "1"', "no rule study-dayz"),
        ('rules.study-days = "1"', 'rules.study-days = "0"', "not above zero"),
        ('rules.study-days = "1"', "rules.study-days = 1", "written as a text"),
        ('rules.study-days = "1"', 'rules.study-days = "NaN"', "written as a text"),
        ('weight = "20"', 'weight = "21"', "do not add up to 100"),
        ('answers.3 = "0.6"', 'answers.3 = "0.9"', "the better the more"),
        ('answers.5 = "1"', 'answers.5 = "1.1"', "from 0 to 1"),
        ('answers.3 = "0.6"\n', "", "not those from 1 to 5"),
        ("at_least = 10", 'at_least = "10"', "not a whole number"),
        ("at_least = 10\n", "", "either rules or answers"),
        ('reached_from = "0.8"', 'reached_from = "1.2"', "not above 0 and up to 1"),
        ('rules.study-days = "1"', 'rules.five-good = "1"', "itself a score: five-good"),
        ("goals.results]", "goals.outcome]", "counts names other goals"),
        ('title.en = "Good members"\n', "", "not in both languages"),
        ("since = 2008-08-07", 'since = "x"', "not a date"),
        ("since", "extra = 1\nsince", "missing or unknown: extra"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_its_place(old, new, complaint):
    head, tail = SOURCE[:TABLES], SOURCE[TABLES:]
    assert old in tail

    place = r"guizhou-2008\.toml, line \d+: five-good: scores"
    with pytest.raises(RulebookError, match=f"{place}.*{complaint}"):
        parse_rulebook("guizhou-2008", head + tail.replace(old, new, 1))


def test_three_thirds_of_twenty_points_are_twenty():
    done = {key: [MET] for key in ("spirit-analysis", "staff-training-days", "floating-ledger")}
    goal = of("members", done)

    assert {part.points for part in goal.parts if part.points} == {Decimal("6.67")}
    assert goal.points == 20
    sums = {
        line.score.goal.id: line.sum
        for line in goal_lines(Score(GOALS, done, {}), BOOK.id, COMMUNITY)
    }
    assert sums["members"] == "6.67 + 6.67 + 6.67 ≈ 20.00"


def test_a_score_without_goals_is_refused():
    with pytest.raises(RulebookError, match="scores go with a score"):
        parse_rulebook("guizhou-2008", SOURCE[:TABLES])


def test_opinion_is_a_goal_reached_once_the_answers_are_worth_enough():
    assert of("opinion", answers={4: 10}).is_reached
    assert not of("opinion", answers={4: 9, 3: 1}).is_reached
    assert not of("opinion", answers={5: 9}).is_reached


def test_a_goal_is_reached_when_all_is_met_and_nothing_open():
    full = {"monthly-activity": [MET] * 3, "community-joint-conference": [MET]}

    assert of("mechanism", full).is_reached
    assert not of("mechanism", full | {"party-lectures": [OPEN]}).is_reached
    assert not of("mechanism", full | {"party-lectures": [MISSED]}).is_reached
    assert not of("mechanism", {}).is_reached


@pytest.mark.django_db
def test_of_what_is_merely_shown_counts_what_is_there(kept):
    """Services of two kinds of four; a disclosure in one quarter of three that have ended."""
    for kind in (ServiceKind.HEALTH, ServiceKind.CARE):
        Service.objects.create(unit=kept, name="服务点", kind=kind, price=ServicePrice.FREE)
    ActivityFactory(unit=kept, submitted=True, kinds=["disclosure"], on=date(2026, 2, 1))

    (year,) = five_good_of(kept, [2026], today=date(2026, 11, 25))

    results = next(goal for goal in year.score.goals if goal.goal.id == "results")
    found = {part.rule: (part.met, part.judged, part.open) for part in results.parts}
    assert found["community-services"] == (2, 4, 0)
    assert found["culture-facilities"] == (0, 4, 0)
    assert found["affairs-disclosure"] == (1, 3, 1)
    assert found["four-benefits-community"] == (0, 0, 1)  # the year still runs
    assert found["venue-and-funds"] == (1, 1, 0)
    # of four decided: 20/4 x (2/4 + 0/4 + 1/3 + 1), each rounded
    assert results.points == Decimal("9.17")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?year=2025"])
def test_the_page_of_the_rule_and_the_page_of_the_score_say_the_same(secretary, kept, query):
    RatingFactory.create_batch(10, unit=kept, answer=RatingAnswer.GOOD)
    ActivityFactory(unit=kept, submitted=True, on=date(2026, 1, 10))
    ActivityFactory(unit=kept, submitted=True, kinds=["party_lecture"], on=date(2025, 5, 10))
    with time_machine.travel(NOON, tick=False):
        client = sign_in(secretary)
        own = client.get(reverse("assessment:five_good", args=[kept.code]) + query)
        there = html.unescape(re.search(r'href="([^"]*five-good/\?period[^"]*)"', own.text)[1])
        rule = client.get(there)
        back = reverse("assessment:five_good", args=[kept.code])

    assert f'href="{back}?year={query[-4:] or 2026}"' in rule.text
    why = rule.context["why"]
    assert why.goals == own.context["chosen"].lines
    assert why.verdict.score == own.context["chosen"].score
    assert why.verdict.value == own.context["chosen"].score.reached
    for line in why.goals:
        assert line.sum in own.text
        assert line.sum in rule.text


@pytest.mark.django_db
def test_an_answer_moves_the_stored_verdict_of_the_unit_and_of_its_street(street, community):
    page = RatingPageFactory(unit=community)
    units = Unit.objects.filter(pk__in=[street.pk, community.pk])
    for number in range(10):
        device, address = f"d{number}", f"10.0.0.{number}"
        given = {"answer": RatingAnswer.GOOD, "today": timezone.localdate()}
        assert rate(page, device=device, address=address, **given) is Outcome.TAKEN
    assert set(Touch.objects.values_list("unit", flat=True)) == {street.pk, community.pk}

    refresh(units)

    reached = Verdict.objects.filter(unit__in=units, rule="five-good").order_by("unit__path")
    assert [row.value for row in reached] == [1, 1]


@pytest.fixture
def kept(community):
    """A community with a secretary, a joint conference, a venue and this year's funds."""
    MemberFactory(unit=community)
    AppointmentFactory(unit=community, begun_on=None)
    BodyFactory(unit=community, kind=BodyKind.JOINT_CONFERENCE)
    VenueFactory(unit=community)
    FundFactory(unit=community, year=2026)
    return community


@pytest.mark.django_db
def test_the_page_takes_the_score_apart_with_the_sums(secretary, kept):
    RatingFactory.create_batch(10, unit=kept, answer=RatingAnswer.GOOD)
    with time_machine.travel(NOON, tick=False):
        ActivityFactory(unit=kept, submitted=True, on=date(2026, 1, 10))
        client = sign_in(secretary)
        shown = client.get(reverse("assessment:five_good", args=[kept.code])).text

    assert "20 × 2/3 × 1/10 = 1.33" in shown  # January of ten months, lectures still open
    assert "20 × 1/3 × 1/1 = 6.67" in shown  # the joint conference
    assert "1.33 + 6.67 = 8.00" in shown
    assert "20 × 0.8 = 16.00" in shown
    assert "中心组学习" not in shown  # asked of streets
    for words in ("领导班子好", "群众反映好", "活动场所和经费"):
        assert words in shown


@pytest.mark.django_db
def test_a_unit_stands_beside_its_own_past_years_and_nobody_else(secretary, kept, neighbour):
    RatingFactory.create_batch(10, unit=kept, year=2025, answer=RatingAnswer.VERY_GOOD)
    RatingFactory.create_batch(10, unit=neighbour, year=2026)
    with time_machine.travel(NOON, tick=False):
        client = sign_in(secretary)
        address = reverse("assessment:five_good", args=[kept.code])
        this_year = client.get(address).content.decode()
        last = client.get(address, {"year": "2025"}).content.decode()

        assert neighbour.name not in this_year
        assert client.get(address, {"year": "1999"}).status_code == 404
        assert client.get(address, {"year": "x"}).status_code == 200
        theirs = reverse("assessment:five_good", args=[neighbour.code])
        assert client.get(theirs).status_code == 404
    assert "20 × 1 = 20.00" in last
    assert [f"?year={year}" in this_year for year in (2026, 2025, 2024)] == [True] * 3


@pytest.mark.django_db
def test_a_past_year_is_judged_as_it_ended(kept):
    """Lectures of 2025 are missed once the year is over, though on its last day they were due."""
    (past,) = five_good_of(kept, [2025], today=date(2026, 11, 25))
    mechanism = next(goal for goal in past.score.goals if goal.goal.id == "mechanism")
    lectures = next(part for part in mechanism.parts if part.rule == "party-lectures")

    assert (lectures.met, lectures.judged, lectures.open) == (0, 1, 0)


@pytest.mark.django_db
def test_a_street_hears_what_residents_say_of_its_communities(outsider, street, community):
    RatingFactory.create_batch(6, unit=community, answer=RatingAnswer.VERY_GOOD)
    RatingFactory.create_batch(4, unit=CommunityFactory(parent=street), answer=RatingAnswer.FAIR)
    elsewhere = outsider.grants.get().unit
    RatingFactory.create_batch(20, unit=elsewhere, answer=RatingAnswer.VERY_POOR)

    (year,) = five_good_of(street, [2026], today=date(2026, 11, 25))

    opinion = year.score.goals[-1]
    assert (opinion.answers, opinion.points) == (10, Decimal("16.80"))


@pytest.mark.django_db
def test_the_county_itself_is_given_no_score(organizer, county):
    response = sign_in(organizer).get(reverse("assessment:five_good", args=[county.code]))

    assert response.status_code == 404


@pytest.mark.django_db
def test_the_page_costs_the_same_with_one_member_and_with_thirty(
    secretary, kept, django_assert_max_num_queries
):
    client = sign_in(secretary)
    address = reverse("assessment:five_good", args=[kept.code])
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address)
        number = len(few)
    MemberFactory.create_batch(29, unit=kept)
    RatingFactory.create_batch(29, unit=kept)
    client.get(address)

    with django_assert_max_num_queries(number):
        client.get(address)
