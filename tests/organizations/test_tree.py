"""Changes of the tree."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from organizations import services
from organizations.choices import UnitChange, UnitKind, advised_kind
from organizations.errors import OrganizationError
from organizations.models import Area, Touch, Unit
from tests.factories import (
    AreaFactory,
    BodyFactory,
    BranchFactory,
    CommunityFactory,
    CountyFactory,
    StreetFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


def touched():
    return set(Unit.objects.filter(touches__isnull=False))


def assert_paths_are_right():
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.code}/"


def test_a_founded_community_has_its_place_its_event_and_its_line_in_the_trail(street, organizer):
    unit = services.found_unit(
        street,
        code="s1m9",
        name="新城社区",
        kind=UnitKind.COMMUNITY_BRANCH,
        on=DAY,
        by=organizer,
    )

    assert unit.path == "c/s1/s1m9/"
    assert (unit.area.code, unit.area.street) == ("s1m9", street)
    assert unit.events.get().change == UnitChange.FOUNDED
    assert AuditEvent.objects.get(verb="found_unit").by == organizer
    assert touched() == {unit, street}


def test_a_community_that_waited_for_an_organisation_gets_it(street):
    area = AreaFactory(street=street, name="待建社区")

    services.found_unit(
        street, code="n", name="新支部", kind=UnitKind.COMMUNITY_BRANCH, area=area, by=None
    )

    assert not Area.objects.uncovered(DAY).exists()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("s1m1", UnitKind.COMMUNITY_BRANCH),  # taken
        ("S9", UnitKind.COMMUNITY_BRANCH),
        ("a/b", UnitKind.COMMUNITY_BRANCH),
        ("", UnitKind.COMMUNITY_BRANCH),
        ("ok", UnitKind.BRANCH),  # not below a street
        ("ok", UnitKind.COUNTY_COMMITTEE),
    ],
)
def test_a_unit_that_can_not_be_is_refused_and_nothing_written(street, community, code, kind):
    before = (Unit.objects.count(), Area.objects.count(), AuditEvent.objects.count())

    with pytest.raises(OrganizationError):
        services.found_unit(street, code=code, name="某社区", kind=kind, by=None)

    assert (Unit.objects.count(), Area.objects.count(), AuditEvent.objects.count()) == before


def test_nothing_is_founded_below_a_dissolved_unit(street, county):
    services.dissolve_unit(street, on=DAY, by=None)

    with pytest.raises(OrganizationError, match="已撤销"):
        services.found_unit(street, code="n", name="新", kind=UnitKind.COMMUNITY_BRANCH, by=None)


def test_a_renamed_unit_is_found_by_its_new_sound(community):
    services.rename_unit(community, name="朝阳社区", on=DAY, by=None)

    assert list(Unit.objects.search("zysq")) == [community]
    event = community.events.get()
    assert (event.before, event.after) == ({"name": "河滨社区"}, {"name": "朝阳社区"})


def test_a_moved_unit_takes_along_all_below_it_and_its_community(county, street, community):
    community.kind = UnitKind.COMMUNITY_GENERAL_BRANCH
    community.save()
    branch = BranchFactory(parent=community)
    other = StreetFactory(parent=county, code="s2")

    services.move_unit(community, parent=other, on=DAY, by=None)

    branch.refresh_from_db()
    assert branch.path == f"c/s2/s1m1/{branch.code}/"
    assert Area.objects.get(code="s1m1").street == other
    assert touched() == {community, branch, street, other}
    assert community.events.get().after == {"parent": "s2"}


def test_a_move_costs_the_same_however_many_stand_below(county, street):
    def cost(parent):
        with CaptureQueriesContext(connection) as asked:
            services.move_unit(street, parent=parent, on=DAY, by=None)
        return len(asked)

    other = CountyFactory(code="d")
    few = cost(other)
    CommunityFactory.create_batch(30, parent=street)

    assert cost(county) == few
    assert_paths_are_right()


def test_a_unit_is_not_moved_where_it_may_not_stand(county, street, community):
    for parent in (county, community, street):
        with pytest.raises(OrganizationError):
            services.move_unit(community, parent=parent, on=DAY, by=None)

    community.refresh_from_db()
    assert community.path == "c/s1/s1m1/"


def test_codes_that_make_too_long_a_path_are_refused(county):
    above = county
    kinds = [
        UnitKind.STREET_COMMITTEE,
        UnitKind.COMMUNITY_GENERAL_BRANCH,
        UnitKind.BRANCH,
        UnitKind.GROUP,
    ]
    for number, kind in enumerate(kinds):
        above = services.found_unit(above, code=f"{number}" * 30, name="某", kind=kind, by=None)

    assert len(above.path) == 2 + 4 * 31  # far from the 255 that a path may have


def test_an_upgrade_waits_until_what_stands_below_fits(community):
    group = services.found_unit(
        community, code="g1", name="第一党小组", kind=UnitKind.GROUP, by=None
    )

    with pytest.raises(OrganizationError, match="第一党小组"):
        services.change_kind(community, kind=UnitKind.COMMUNITY_GENERAL_BRANCH, on=DAY, by=None)
    services.dissolve_unit(group, on=DAY, by=None)
    services.change_kind(community, kind=UnitKind.COMMUNITY_GENERAL_BRANCH, on=DAY, by=None)

    assert Unit.objects.get(pk=community.pk).kind == UnitKind.COMMUNITY_GENERAL_BRANCH


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (2, None),
        (3, UnitKind.COMMUNITY_BRANCH),
        (49, UnitKind.COMMUNITY_BRANCH),
        (50, UnitKind.COMMUNITY_GENERAL_BRANCH),
        (100, UnitKind.COMMUNITY_COMMITTEE),
    ],
)
def test_the_advised_kind_follows_the_number_of_full_members(members, kind):
    assert advised_kind(members) == kind


def test_a_merged_unit_ends_and_what_stood_below_goes_over(street, community, neighbour):
    venue = BodyFactory(unit=community)
    below = services.found_unit(
        community, code="e1", name="企业支部", kind=UnitKind.ENTERPRISE_BRANCH, by=None
    )

    services.merge_units(community, into=neighbour, on=DAY, by=None)

    community.refresh_from_db()
    below.refresh_from_db()
    venue.refresh_from_db()
    assert community.dissolved_on == venue.ended_on == DAY
    assert below.parent == neighbour
    assert community.events.get(change=UnitChange.MERGED).other == neighbour
    assert {street, community, neighbour, below} <= touched()


def test_a_merged_community_is_covered_by_what_it_was_merged_into(street, community, neighbour):
    services.merge_units(community, into=neighbour, on=DAY, by=None)

    assert not Area.objects.uncovered(date(2026, 5, 2)).exists()
    assert Area.objects.on(DAY).count() == 2
    assert Area.objects.on(date(2026, 5, 2)).get() == neighbour.area


def test_a_unit_is_merged_neither_into_itself_nor_downwards(community):
    below = services.found_unit(
        community, code="e1", name="企业支部", kind=UnitKind.ENTERPRISE_BRANCH, by=None
    )

    for into in (community, below):
        with pytest.raises(OrganizationError):
            services.merge_units(community, into=into, on=DAY, by=None)


def test_a_unit_with_others_below_is_not_dissolved(street, community):
    with pytest.raises(OrganizationError, match="河滨社区"):
        services.dissolve_unit(street, on=DAY, by=None)

    street.refresh_from_db()
    assert street.is_open


def test_a_unit_is_dissolved_once_and_not_before_it_was_founded(street):
    unit = CommunityFactory(parent=street, established_on=DAY)

    with pytest.raises(OrganizationError, match="早于"):
        services.dissolve_unit(unit, on=date(2026, 4, 30), by=None)
    unit.refresh_from_db()
    services.dissolve_unit(unit, on=DAY, by=None)
    with pytest.raises(OrganizationError, match="已撤销"):
        services.dissolve_unit(unit, on=date(2026, 6, 1), by=None)

    assert Unit.objects.get(pk=unit.pk).dissolved_on == DAY


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=6))
def test_after_any_moves_each_path_is_its_superiors_and_its_own_code(db, moves):
    Unit.objects.all().update(parent=None, kind=UnitKind.COUNTY_COMMITTEE, area=None)
    Area.objects.all().delete()
    Touch.objects.all().delete()
    for unit in Unit.objects.all():
        unit.events.all().delete()
    Unit.objects.all().delete()
    counties = [CountyFactory(code=f"c{number}") for number in range(2)]
    streets = [StreetFactory(code=f"s{number}", parent=counties[number % 2]) for number in range(3)]
    communities = [
        CommunityFactory(code=f"m{number}", parent=streets[number % 3]) for number in range(4)
    ]
    units = [*counties, *streets, *communities]

    for one, other in moves:
        try:
            services.move_unit(units[one], parent=units[other], on=DAY, by=None)
        except OrganizationError:
            units[one].refresh_from_db()

    assert_paths_are_right()
