"""The five-good score: read from the rulebook, worked out by hand, taken apart on a page."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from assessment.five_good import in_force, score
from assessment.five_good_pages import five_good_of
from assessment.rulebook import FOLDER, RulebookError, load_rulebook, parse_rulebook
from assessment.terms import Status
from organizations.choices import BodyKind, RatingAnswer
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
from tests.kept_factories import RatingFactory

SOURCE = (FOLDER / "guizhou-2008.toml").read_text("utf-8")
GOALS = load_rulebook("guizhou-2008").five_good[0]
MET, MISSED, OPEN = Status.MET, Status.MISSED, Status.ON_TRACK
NOON = "2026-11-25T04:00:00Z"


def of(goal_id, verdicts=None, answers=None):
    found = score(GOALS, verdicts or {}, answers or {})
    return next(goal for goal in found.goals if goal.goal.id == goal_id)


def test_the_five_goals_are_a_hundred_points_and_draw_on_rules_that_can_be_met():
    assert [goal.id for goal in GOALS.goals] == [
        "leadership",
        "members",
        "mechanism",
        "results",
        "opinion",
    ]
    assert sum(goal.weight for goal in GOALS.goals) == 100
    assert len(GOALS.rule_ids) == 17


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
    found = score(
        GOALS,
        {"venue-and-funds": [MET], "party-lectures": [OPEN], "study-days": [Status.UNKNOWN]},
        {},
    )

    assert (found.points, found.decided, found.undecided) == (20, 20, 80)


def test_parts_are_rounded_to_the_cent_and_add_up_to_the_goal():
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
    later = SOURCE + SOURCE[SOURCE.index("[[five_good]]") :].replace("2008-08-07", "2027-01-01")
    steps = parse_rulebook("guizhou-2008", later).five_good

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
        ('title.en = "Good members"\n', "", "not in both languages"),
        (
            'units = ["street", "community"]\n\n[five_good',
            'units = ["x"]\n\n[five_good',
            "no group x",
        ),
        ("[[five_good]]\nsince = 2008-08-07", '[[five_good]]\nsince = "x"', "not a date"),
        ("[[five_good]]\nsince", "[[five_good]]\nextra = 1\nsince", "missing or unknown: extra"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_its_place(old, new, complaint):
    head, tail = SOURCE[: SOURCE.index("[[five_good]]")], SOURCE[SOURCE.index("[[five_good]]") :]
    assert old in tail

    place = r"guizhou-2008\.toml(?:, line \d+)?: five_good"
    with pytest.raises(RulebookError, match=f"{place}.*{complaint}"):
        parse_rulebook("guizhou-2008", head + tail.replace(old, new, 1))


def test_what_is_only_shown_can_not_be_drawn_on():
    place = SOURCE.index("[rules.venue-and-funds]")
    rule = SOURCE[place:].replace('level = "standing"', 'level = "encouraged"', 1)

    with pytest.raises(RulebookError, match="only shown, never met: venue-and-funds"):
        parse_rulebook("guizhou-2008", SOURCE[:place] + rule)


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
        html = client.get(reverse("assessment:five_good", args=[kept.code])).content.decode()

    assert "20 × 2/3 × 1/10 = 1.33" in html  # January of ten months, lectures still open
    assert "20 × 1/3 × 1/1 = 6.67" in html  # the joint conference
    assert "1.33 + 6.67 = 8.00" in html
    assert "20 × 0.8 = 16.00" in html
    assert "中心组学习" not in html  # asked of streets
    for words in ("领导班子好", "群众反映好", "活动场所和经费"):
        assert words in html


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
def test_a_past_year_is_judged_as_it_ended(secretary, kept):
    """Lectures of 2025 are missed once the year is over, though on its last day they were due."""
    (past,) = five_good_of(kept, [2025], user=secretary, today=date(2026, 11, 25))
    mechanism = next(goal for goal in past.score.goals if goal.goal.id == "mechanism")
    lectures = next(part for part in mechanism.parts if part.rule == "party-lectures")

    assert (lectures.met, lectures.judged, lectures.open) == (0, 1, 0)


@pytest.mark.django_db
def test_a_street_hears_what_residents_say_of_its_communities(
    street_secretary, outsider, street, community
):
    RatingFactory.create_batch(6, unit=community, answer=RatingAnswer.VERY_GOOD)
    RatingFactory.create_batch(4, unit=CommunityFactory(parent=street), answer=RatingAnswer.FAIR)
    elsewhere = outsider.grants.get().unit
    RatingFactory.create_batch(20, unit=elsewhere, answer=RatingAnswer.VERY_POOR)

    (year,) = five_good_of(street, [2026], user=street_secretary, today=date(2026, 11, 25))

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
