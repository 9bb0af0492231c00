"""A statement is put together once, and answers as its queryset does."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from assessment.statements import reach_of, rows_of, rows_of_some
from organizations.models import Grant, Touch, Unit
from tests.factories import CommunityFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def again(user) -> User:
    """The same person in another request."""
    return get_user_model().objects.get(pk=user.pk)


def units_of(user):
    touched = Exists(Touch.objects.filter(unit=OuterRef("pk")))
    rows = Unit.objects.visible_to(user).annotate(is_touched=touched)
    return rows.order_by("path").values_list("pk", "established_on", "is_touched")


def test_the_rows_are_those_of_the_queryset(secretary, community):
    Unit.objects.filter(pk=community.pk).update(established_on=date(2020, 2, 29))

    found = rows_of(("units", reach_of(secretary)), lambda: units_of(secretary))

    assert found == list(units_of(secretary))
    assert found[0][1:] in {(date(2020, 2, 29), True), (date(2020, 2, 29), False)}


def test_the_second_time_only_the_answer_is_asked_for(
    secretary, community, django_assert_num_queries
):
    key = ("units", reach_of(secretary))
    rows_of(key, lambda: units_of(secretary))
    Unit.objects.filter(pk=community.pk).update(established_on=date(2021, 1, 1))

    with django_assert_num_queries(1):
        found = rows_of(key, lambda: pytest.fail("put together again"))

    assert [row[1] for row in found] == [date(2021, 1, 1)]


def test_whoever_may_see_something_else_is_asked_anew(street, community):
    other = CommunityFactory(parent=street)
    user = UserFactory()
    grant = GrantFactory(user=user, unit=community)
    before = reach_of(again(user))
    GrantFactory(user=user, unit=other)

    assert reach_of(again(user)) != before
    assert reach_of(again(user)) != reach_of(UserFactory())
    Grant.objects.filter(pk=grant.pk).update(ended_on=timezone.localdate() - timedelta(days=1))
    after = again(user)
    found = rows_of(("units", reach_of(after)), lambda: units_of(after))
    assert [row[0] for row in found] == [other.pk]


def test_whoever_may_see_nothing_finds_nothing():
    nobody = UserFactory()

    assert rows_of(("units", reach_of(nobody)), lambda: units_of(nobody)) == []


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_few_rows_are_asked_for_by_their_keys(number, organizer, street):
    communities = [CommunityFactory(parent=street) for _ in range(6)]
    key = ("units", reach_of(organizer))

    for chosen in (communities[:number], communities[-number:]):
        keys = [unit.pk for unit in chosen]
        found = rows_of_some(key, lambda some: units_of(organizer).filter(pk__in=some), keys)

        assert {row[0] for row in found} == set(keys)
        assert len(found) == number


def test_a_few_rows_outside_ones_reach_are_not_found(secretary, community):
    outside = CommunityFactory()
    key = ("units", reach_of(secretary))

    found = rows_of_some(
        key, lambda some: units_of(secretary).filter(pk__in=some), [outside.pk, community.pk]
    )

    assert [row[0] for row in found] == [community.pk]
