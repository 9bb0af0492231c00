"""Who may give and end which role where."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from organizations import grant_services as services
from organizations.choices import Role
from organizations.errors import OrganizationError
from tests.factories import (
    CommunityFactory,
    GrantFactory,
    UserFactory,
)
from tests.organizations.grants.conftest import GIVERS, LOWER, YESTERDAY, giver_named, gives, oracle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", GIVERS)
def test_each_may_give_exactly_the_roles_below_the_own(name, places):
    giver = giver_named(name, places)
    triples = [(role, place) for role in Role for place in places]

    given = {
        (role, place) for role, place in triples if gives(giver, UserFactory(), role, places[place])
    }

    assert given == {(role, place) for role, place in triples if oracle(name, role, place)}


@pytest.mark.parametrize("name", GIVERS)
def test_each_may_end_exactly_what_they_may_give(name, places):
    giver = giver_named(name, places)
    held = {
        (role, place): GrantFactory(role=role, unit=places[place])
        for role in Role
        for place in places
        if (role == Role.ADMINISTRATOR) == (place == "system")
    }
    GrantFactory(role=Role.ADMINISTRATOR, unit=None)  # one is left in any case

    ended = set()
    for what, grant in held.items():
        try:
            services.end_role(grant, on=timezone.localdate() + YESTERDAY, by=giver)
        except OrganizationError:
            continue
        ended.add(what)

    assert ended == {what for what in held if oracle(name, *what)}


@pytest.mark.parametrize("name", ["administrator", "organizer"])
def test_nobody_gives_or_ends_a_role_of_their_own(name, places):
    giver = giver_named(name, places)
    own = giver.grants.get()

    assert not any(gives(giver, giver, role, places["street"]) for role in LOWER)
    with pytest.raises(OrganizationError):
        services.end_role(own, on=timezone.localdate(), by=giver)
    own.refresh_from_db()
    assert own.ended_on is None


def test_a_role_that_would_overlap_the_same_one_is_refused(administrator, street):
    user = UserFactory()
    services.give_role(
        user, role=Role.VIEWER, unit=street, by=administrator, begun_on=date(2026, 1, 1)
    )

    with pytest.raises(OrganizationError):
        services.give_role(
            user,
            role=Role.VIEWER,
            unit=street,
            by=administrator,
            begun_on=date(2026, 3, 1),
            ended_on=date(2027, 3, 31),
        )

    assert user.grants.count() == 1


def test_no_role_is_given_on_a_dissolved_unit(administrator, street):
    gone = CommunityFactory(parent=street, dissolved_on=date(2020, 1, 1))

    assert not gives(administrator, UserFactory(), Role.SECRETARY, gone)


def test_a_role_ended_on_its_first_day_is_taken_back_and_told_of(administrator, street):
    today = timezone.localdate()
    user = UserFactory()
    grant = services.give_role(
        user, role=Role.VIEWER, unit=street, by=administrator, begun_on=today
    )

    services.end_role(grant, on=today + YESTERDAY, by=administrator)

    assert not user.grants.exists()
    assert set(AuditEvent.objects.values_list("verb", flat=True)) == {
        "grant_role",
        "take_back_role",
    }
