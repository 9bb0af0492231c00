"""Givers of each sort at their places, and what the rule says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations import grant_services as services
from organizations.choices import Role
from organizations.errors import OrganizationError
from tests.cast import sign_in
from tests.factories import (
    CountyFactory,
    GrantFactory,
    StreetFactory,
    UserFactory,
)

LOWER = {Role.VIEWER, Role.SECRETARY, Role.REVIEWER}
YESTERDAY = timedelta(days=-1)


@pytest.fixture
def as_administrator(administrator):
    return sign_in(administrator)


@pytest.fixture
def as_organizer(organizer):
    return sign_in(organizer)


@pytest.fixture
def places(county, street, community):
    """Units by name; the other county has a code that begins like the own one's."""
    other = CountyFactory(code="c2", name="旁县")
    there = StreetFactory(code="t1", name="西街街道", parent=other)
    return {
        "county": county,
        "street": street,
        "community": community,
        "other county": other,
        "street there": there,
        "system": None,
    }


def giver_named(name, places):
    """Who gives: each with the one grant that the name tells."""
    today = timezone.localdate()
    grants = {
        "administrator": {"role": Role.ADMINISTRATOR, "unit": None},
        "past administrator": {
            "role": Role.ADMINISTRATOR,
            "unit": None,
            "ended_on": today + YESTERDAY,
        },
        "deactivated administrator": {
            "role": Role.ADMINISTRATOR,
            "unit": None,
            "user__is_active": False,
        },
        "organizer": {"role": Role.ORGANIZER, "unit": places["county"]},
        "past organizer": {
            "role": Role.ORGANIZER,
            "unit": places["county"],
            "ended_on": today + YESTERDAY,
        },
        "organizer there": {"role": Role.ORGANIZER, "unit": places["other county"]},
        "county secretary": {"role": Role.SECRETARY, "unit": places["county"]},
        "county reviewer": {"role": Role.REVIEWER, "unit": places["county"]},
        "county viewer": {"role": Role.VIEWER, "unit": places["county"]},
    }
    return GrantFactory(**grants[name]).user if name in grants else UserFactory()


GIVERS = [
    "administrator",
    "past administrator",
    "deactivated administrator",
    "organizer",
    "past organizer",
    "organizer there",
    "county secretary",
    "county reviewer",
    "county viewer",
    "nobody",
]


def oracle(giver, role, place):
    if (role == Role.ADMINISTRATOR) != (place == "system"):
        return False  # no such role there
    if giver == "administrator":
        return True
    if giver == "organizer":
        return role in LOWER and place in {"street", "community"}
    if giver == "organizer there":
        return role in LOWER and place == "street there"
    return False


def gives(giver, receiver, role, unit):
    try:
        services.give_role(receiver, role=role, unit=unit, by=giver)
    except OrganizationError:
        return False
    return True
