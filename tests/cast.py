"""The cast of the tests: one county, a street with two communities, and who acts there."""

from __future__ import annotations

import pytest
from django.test import Client

from organizations.choices import Role
from tests.factories import CommunityFactory, CountyFactory, GrantFactory, StreetFactory


@pytest.fixture
def county(db):
    return CountyFactory(code="c", name="测试县")


@pytest.fixture
def street(county):
    return StreetFactory(code="s1", name="东街街道", parent=county)


@pytest.fixture
def community(street):
    return CommunityFactory(code="s1m1", name="河滨社区", parent=street)


@pytest.fixture
def neighbour(street):
    """A community beside `community`, which its secretary may not see."""
    return CommunityFactory(code="s1m2", name="桥头社区", parent=street)


@pytest.fixture
def secretary(community):
    return GrantFactory(unit=community, role=Role.SECRETARY, user__username="secretary").user


@pytest.fixture
def street_secretary(street):
    return GrantFactory(unit=street, role=Role.SECRETARY, user__username="street").user


@pytest.fixture
def reviewer(street):
    return GrantFactory(unit=street, role=Role.REVIEWER, user__username="reviewer").user


@pytest.fixture
def organizer(county):
    return GrantFactory(unit=county, role=Role.ORGANIZER, user__username="organizer").user


@pytest.fixture
def administrator(db):
    """Keeps users and roles; has no unit."""
    return GrantFactory(unit=None, role=Role.ADMINISTRATOR, user__username="admin").user


@pytest.fixture
def viewer(street):
    return GrantFactory(unit=street, role=Role.VIEWER, user__username="viewer").user


@pytest.fixture
def outsider(db):
    """A secretary of another county, whose codes are no others'."""
    street = StreetFactory(code="xs", parent=CountyFactory(code="xc"))
    unit = CommunityFactory(code="xm", parent=street)
    return GrantFactory(unit=unit, role=Role.SECRETARY, user__username="outsider").user


@pytest.fixture
def signed_in(secretary) -> Client:
    """A browser in which the community's secretary is signed in."""
    return sign_in(secretary)


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
