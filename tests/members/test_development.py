"""The way into the Party: the earliest day of each stage, what is missing, decisions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from members import services
from members.choices import Stage, Standing, StepKind
from members.development import STAGES, add_months, load_rules, next_stage
from members.errors import MemberError
from members.models import DevelopmentStep, Membership
from tests.cast import sign_in
from tests.factories import AffiliationFactory, MemberFactory, MembershipFactory

TODAY = date(2026, 11, 23)
DAYS = some.dates(date(2015, 1, 1), date(2090, 1, 1))


# -- the rules ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "days", "following", "on"),
    [
        ("applicant", {"applied_on": date(2026, 3, 1)}, "activist", date(2026, 3, 1)),
        ("activist", {"activist_on": date(2026, 3, 1)}, "candidate", date(2027, 3, 1)),
        ("candidate", {"candidate_on": date(2026, 3, 1)}, "probationary", date(2026, 3, 1)),
        ("probationary", {"joined_on": date(2024, 2, 29)}, "full", date(2025, 2, 28)),
        ("probationary", {}, "full", None),
    ],
)
def test_the_next_stage_has_its_earliest_day(stage, days, following, on):
    found = next_stage(stage, days, today=TODAY)

    assert (found.stage, found.on) == (following, on)


def test_a_full_member_has_no_next_stage():
    assert next_stage("full", {}, today=TODAY) is None


def test_an_extended_probation_ends_later():
    days = {"joined_on": date(2025, 12, 1)}

    found = next_stage("probationary", days, today=TODAY, extended_until=date(2027, 5, 31))

    assert found.on == date(2027, 6, 1)


def test_steps_on_record_are_no_longer_missing():
    found = next_stage("applicant", {}, today=TODAY, done={"talk"})

    assert [step.kind for step in found.missing] == ["recommendation"]


def test_every_stage_and_step_of_the_rules_is_one_that_the_portal_knows():
    rules = load_rules()

    assert {wait.stage for wait in rules.waits} == set(STAGES[1:]) == set(Stage) - {"applicant"}
    assert {step.kind for step in rules.steps} <= set(StepKind)
    assert {entry.confidence for entry in (*rules.waits, *rules.steps)} <= {"V", "V2", "G"}


@given(DAYS, DAYS)
def test_who_began_by_the_latest_day_is_not_too_early_and_nobody_later(begun, day):
    for wait in load_rules().waits:
        assert (begun <= wait.latest_begun(day)) == (wait.earliest(begun) <= day)


@given(DAYS, some.integers(-30, 30))
def test_months_are_added_to_the_same_day_or_the_months_last(day, months):
    found = add_months(day, months)

    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


# -- what is written ------------------------------------------------------------
@pytest.fixture
def on_the_way(community):
    def make(stage, name="李晓梅", **days):
        tie = AffiliationFactory(unit=community, person__name=name)
        days = {"joined_on": None, "full_on": None} | days
        return MembershipFactory(person=tie.person, stage=stage, **days)

    return make


@pytest.mark.django_db
def test_the_next_stage_is_reached_on_a_day(secretary, on_the_way):
    membership = on_the_way(Stage.CANDIDATE, candidate_on=date(2026, 1, 1))

    sign_in(secretary).post(
        reverse("members:advance", args=[membership.person_id]), {"on": "2026-05-01"}
    )

    membership.refresh_from_db()
    assert (membership.stage, membership.joined_on) == ("probationary", date(2026, 5, 1))


@pytest.mark.django_db
def test_no_stage_is_reached_before_the_one_below_it(on_the_way):
    membership = on_the_way(Stage.CANDIDATE, candidate_on=date(2026, 1, 1))

    with pytest.raises(MemberError):
        services.advance(membership, on=date(2025, 12, 31), by=None)

    membership.refresh_from_db()
    assert membership.stage == Stage.CANDIDATE


@pytest.mark.django_db
def test_a_step_stands_on_the_persons_page(secretary, on_the_way):
    person = on_the_way(Stage.ACTIVIST, activist_on=date(2026, 1, 1)).person
    client = sign_in(secretary)

    wrote = {"kind": "half_year_review", "on": "2026-06-30", "note": "培养联系人王建国"}
    client.post(reverse("members:step", args=[person.pk]), wrote)

    words = client.get(person.get_absolute_url()).content.decode()
    assert "培养联系人王建国" in words
    assert "2027年1月1日" in words


@pytest.mark.django_db
def test_a_decision_is_not_recorded_as_a_plain_step(secretary, on_the_way):
    person = on_the_way(Stage.PROBATIONARY, joined_on=date(2026, 1, 1)).person
    wrote = {"kind": "cancellation", "on": "2026-06-30"}

    sign_in(secretary).post(reverse("members:step", args=[person.pk]), wrote)

    assert not DevelopmentStep.objects.exists()


@pytest.mark.django_db
def test_a_probation_is_extended_and_leaves_the_list_of_those_ending(secretary, on_the_way):
    joined = add_months(timezone.localdate(), -11)
    person = on_the_way(Stage.PROBATIONARY, joined_on=joined).person
    assert listed(secretary, shown="probation") == ["李晓梅"]
    until = add_months(timezone.localdate(), 7)

    sign_in(secretary).post(
        reverse("members:extend", args=[person.pk]),
        {"on": timezone.localdate(), "until": until, "note": "支部大会决议"},
    )

    assert listed(secretary, shown="probation") == []
    assert listed(secretary) == ["李晓梅"]


@pytest.mark.django_db
def test_a_cancelled_probation_leaves_the_party_and_the_list(secretary, on_the_way):
    membership = on_the_way(Stage.PROBATIONARY, joined_on=date(2026, 1, 1))

    sign_in(secretary).post(
        reverse("members:cancel_probation", args=[membership.person_id]),
        {"on": "2026-06-30", "note": "不履行义务"},
    )

    membership.refresh_from_db()
    assert membership.standing == Standing.LEFT
    assert membership.person.steps.get().kind == StepKind.CANCELLATION
    assert listed(secretary) == []


@pytest.mark.django_db
def test_only_a_probation_is_extended_or_cancelled(on_the_way):
    membership = on_the_way(Stage.ACTIVIST, activist_on=date(2026, 1, 1))

    with pytest.raises(MemberError):
        services.extend_probation(membership, on=TODAY, until=date(2027, 6, 1), by=None)
    with pytest.raises(MemberError):
        services.cancel_probation(membership, on=TODAY, by=None)


# -- the list -------------------------------------------------------------------
def listed(user, **query):
    page = sign_in(user).get(reverse("members:development"), query)
    return [line.row.person.name for line in page.context["lines"]]


@pytest.mark.django_db
def test_the_list_shows_who_is_on_the_way_within_reach(secretary, community, neighbour, on_the_way):
    on_the_way(Stage.APPLICANT, applied_on=date(2026, 1, 1))
    MemberFactory(unit=community, name="正式的人")
    MemberFactory(unit=neighbour, name="别处的人", stage="activist", joined_on=None)

    assert listed(secretary) == ["李晓梅"]
    assert listed(secretary, stage="activist") == []


@pytest.mark.django_db
def test_who_has_waited_long_enough_is_listed(secretary, on_the_way):
    today = timezone.localdate()
    on_the_way(Stage.ACTIVIST, "满一年", activist_on=add_months(today, -12))
    on_the_way(Stage.ACTIVIST, "未满", activist_on=add_months(today, -11))

    assert listed(secretary, shown="ready") == ["满一年"]


@pytest.mark.django_db
def test_the_list_costs_the_same_however_long(
    secretary, on_the_way, django_assert_num_queries, django_assert_max_num_queries
):
    on_the_way(Stage.APPLICANT, applied_on=date(2026, 1, 1))
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:development"))
    for number in range(29):
        on_the_way(Stage.ACTIVIST, f"积极分子{number}", activist_on=date(2026, 1, 1))

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:development"))
    assert Membership.objects.count() == 30
