"""Whom which units exist for."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.actions import ROLES_FOR, Action
from organizations.choices import Role
from organizations.models import Area, Grant, Unit
from tests.factories import (
    AreaFactory,
    BranchFactory,
    CommunityFactory,
    CountyFactory,
    GrantFactory,
    StreetFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
UNIT_ROLES = [role for role in Role if role != Role.ADMINISTRATOR]


def test_a_grant_reaches_down_and_never_across(county):
    ours = StreetFactory(parent=county, code="s1")
    StreetFactory(parent=county, code="s10")  # a path that begins alike
    secretary = GrantFactory(unit=ours).user
    organizer = GrantFactory(unit=county, role=Role.ORGANIZER).user

    assert set(Unit.objects.visible_to(secretary)) == {ours}
    assert Unit.objects.visible_to(organizer).count() == 3


def test_a_code_with_a_hyphen_or_a_dot_is_no_way_into_a_neighbour(county):
    ours = StreetFactory(parent=county, code="s")
    for code in ("s-1", "s.1", "s_1", "s0"):
        StreetFactory(parent=county, code=code)

    assert set(Unit.objects.visible_to(GrantFactory(unit=ours).user)) == {ours}


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [(None, None, True), (0, 0, True), (None, -1, False), (1, None, False), (-3, 3, True)],
)
def test_a_grant_holds_from_its_first_to_its_last_day(street, first, last, seen):
    today = timezone.localdate()
    days = [None if shift is None else today + timedelta(days=shift) for shift in (first, last)]
    user = GrantFactory(unit=street, begun_on=days[0], ended_on=days[1]).user

    assert Unit.objects.visible_to(user).exists() is seen


def test_a_superuser_without_a_grant_sees_nothing(street):
    assert not Unit.objects.visible_to(UserFactory(is_superuser=True)).exists()


def test_an_administrator_sees_no_unit_by_that_role(street):
    user = GrantFactory(unit=None, role=Role.ADMINISTRATOR).user

    assert not Unit.objects.visible_to(user).exists()


def test_one_who_is_not_signed_in_or_shut_out_sees_nothing(street):
    shut_out = GrantFactory(unit=street, user__is_active=False).user

    assert not Unit.objects.visible_to(AnonymousUser()).exists()
    assert not Unit.objects.visible_to(shut_out).exists()


def test_a_code_in_capitals_is_refused_by_the_database(db):
    with pytest.raises(IntegrityError):
        CountyFactory(code="C1")


def test_a_unit_exists_from_its_first_to_its_last_day(street):
    unit = CommunityFactory(
        parent=street, established_on=date(2026, 3, 1), dissolved_on=date(2026, 5, 31)
    )

    def exists(day):
        return Unit.objects.on(day).filter(pk=unit.pk).exists()

    assert [exists(date(2026, 2, 28)), exists(date(2026, 3, 1))] == [False, True]
    assert [exists(date(2026, 5, 31)), exists(date(2026, 6, 1))] == [True, False]


@pytest.mark.parametrize("text", ["红花", "honghuagang", "hhg", "HHG", "5203", " 红花岗 "])
def test_a_unit_is_found_by_name_code_pinyin_and_initials(db, text):
    wanted = CountyFactory(code="520302", name="红花岗区")
    CountyFactory(code="520102", name="南明区")

    assert list(Unit.objects.search(text)) == [wanted]


def test_a_community_without_a_standing_organisation_is_uncovered(street):
    bare = AreaFactory(street=street)
    left = CommunityFactory(parent=street, dissolved_on=date(2026, 6, 30)).area
    CommunityFactory(parent=street)

    assert set(Area.objects.uncovered(date(2026, 6, 30))) == {bare}
    assert set(Area.objects.uncovered(date(2026, 7, 1))) == {bare, left}


@st.composite
def trees(draw):
    """Up to twelve units: for each below the county its superior's number, then grants."""
    size = draw(st.integers(2, 12))
    above = [draw(st.integers(0, number)) for number in range(size - 1)]
    grants = draw(
        st.lists(st.tuples(st.integers(0, size - 1), st.sampled_from(UNIT_ROLES)), max_size=4)
    )
    return above, sorted(set(grants))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=trees())
def test_reach_is_what_walking_up_from_each_unit_finds(db, tree):
    above, grants = tree
    Grant.objects.all().delete()
    Unit.objects.all().update(parent=None, kind="county_committee")
    Unit.objects.all().delete()
    units = [CountyFactory(code="u")]
    for number, at in enumerate(above, start=1):
        # The kinds' table is the services' business; a gate must hold for any tree.
        units.append(BranchFactory(code=f"u{number}", parent=units[at]))
    user = UserFactory()
    for at, role in grants:
        GrantFactory(user=user, unit=units[at], role=role)

    for action in Action:
        expected = set()
        for unit in units:
            over = unit
            while over is not None:
                if any(units[at] == over and role in ROLES_FOR[action] for at, role in grants):
                    expected.add(unit)
                over = over.parent
        fresh = type(user).objects.get(pk=user.pk)
        assert set(Unit.objects.visible_to(fresh, action=action)) == expected
