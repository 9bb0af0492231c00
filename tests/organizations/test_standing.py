"""What a unit sets up and has, who may act for it, and what a county sets."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent
from organizations import services
from organizations.choices import BodyKind, FundSource, Role, VenueTenure
from organizations.errors import OrganizationError
from organizations.models import Fund, RatingPage, Unit
from organizations.settings import settings_for, settings_of
from tests.cast import sign_in
from tests.factories import CommunityFactory, CountyFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


def test_a_body_is_set_up_once_and_again_after_it_was_closed(community, secretary):
    body = services.set_up_body(community, kind=BodyKind.JOINT_CONFERENCE, by=secretary)

    with pytest.raises(OrganizationError, match="已经成立"):
        services.set_up_body(community, kind=BodyKind.JOINT_CONFERENCE, by=secretary)
    services.close_body(body, on=DAY, by=secretary)
    services.set_up_body(community, kind=BodyKind.JOINT_CONFERENCE, by=secretary)

    assert community.bodies.count() == 2
    assert AuditEvent.objects.filter(verb="set_up_body").count() == 2
    assert community.touches.count() == 3


def test_nothing_ends_before_it_began_or_twice(community):
    venue = services.add_venue(
        community, name="活动室", tenure=VenueTenure.OWN, begun_on=DAY, by=None
    )

    with pytest.raises(OrganizationError):
        services.close_venue(venue, on=date(2026, 4, 30), by=None)
    venue.refresh_from_db()
    services.close_venue(venue, on=DAY, by=None)
    with pytest.raises(OrganizationError):
        services.close_venue(venue, on=DAY, by=None)


def test_funds_of_a_year_and_source_are_replaced_and_the_old_amount_is_in_the_trail(community):
    for amount in ("100.50", "200"):
        services.record_funds(
            community, year=2026, source=FundSource.BUDGET, amount=Decimal(amount), by=None
        )

    assert Fund.objects.get().amount == 200
    newest = AuditEvent.objects.filter(verb="record_funds").latest("at")
    assert newest.details["before"] == "100.50"


def test_funds_below_zero_are_refused(community):
    with pytest.raises(OrganizationError):
        services.record_funds(
            community, year=2026, source=FundSource.OWN, amount=Decimal(-1), by=None
        )

    assert not Fund.objects.exists()


def test_a_role_is_held_from_the_grant_to_its_end(street):
    user = UserFactory()

    grant = services.grant_role(user, role=Role.SECRETARY, unit=street, by=None)
    assert Unit.objects.visible_to(user).exists()
    services.end_grant(grant, on=date(2020, 1, 1), by=None)

    assert not Unit.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    ("role", "has_unit"), [(Role.SECRETARY, False), (Role.ADMINISTRATOR, True)]
)
def test_only_an_administrator_has_no_unit(street, role, has_unit):
    with pytest.raises(OrganizationError):
        services.grant_role(UserFactory(), role=role, unit=street if has_unit else None, by=None)


def test_a_role_is_not_given_twice(secretary, community):
    with pytest.raises(OrganizationError, match="已有"):
        services.grant_role(secretary, role=Role.SECRETARY, unit=community, by=None)


def test_a_setting_holds_from_its_day_until_the_next(county):
    for value, day in [("6", date(2026, 7, 1)), ("7.5", date(2026, 1, 1))]:
        services.set_county_setting(
            county, key="hours_per_day", value=value, applies_from=day, by=None
        )

    hours = settings_for(county).hours_per_day

    assert [hours(date(2025, 12, 31)), hours(date(2026, 1, 1)), hours(date(2026, 7, 1))] == [
        Decimal(8),
        Decimal("7.5"),
        Decimal(6),
    ]


def test_a_setting_of_the_same_day_is_replaced(county):
    for value in ("6", "7"):
        services.set_county_setting(
            county, key="hours_per_day", value=value, applies_from=DAY, by=None
        )

    assert settings_for(county).hours_per_day(DAY) == 7


def test_a_setting_touches_all_of_the_county_and_none_of_another(county, community):
    CommunityFactory()

    services.set_county_setting(
        county, key="counts_from", value="confirmed", applies_from=DAY, by=None
    )

    touched = Unit.objects.filter(touches__isnull=False)
    assert set(touched) == {county, community.parent, community}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hours_per_day", "0"),
        ("hours_per_day", "NaN"),
        ("hours_per_day", "eight"),
        ("counts_from", "now"),
        ("rotation_cycle", ""),
        ("share", "0.5"),
        ("share:study-days", "1.01"),
        ("lead_days:study-days", "-1"),
        ("lead_days:study-days", "١"),
        ("hours_per_day:study-days", "8"),
        ("rulebook:guizhou-2008", "yes"),
        ("went_live_on", "2026-02-30"),
        ("nonsense", "1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(county, key, value):
    with pytest.raises(OrganizationError):
        services.set_county_setting(county, key=key, value=value, applies_from=DAY, by=None)

    assert not county.county_settings.exists()


def test_only_a_county_has_settings(street):
    with pytest.raises(OrganizationError):
        services.set_county_setting(
            street, key="hours_per_day", value="8", applies_from=DAY, by=None
        )


def test_settings_of_many_counties_are_one_query(django_assert_num_queries):
    counties = CountyFactory.create_batch(30)
    for county in counties:
        services.set_county_setting(
            county, key="share:study-days", value="0.9", applies_from=DAY, by=None
        )

    with django_assert_num_queries(1):
        found = settings_of(county.code for county in counties)

    assert {own.value("share:study-days", DAY) for own in found.values()} == {"0.9"}


def test_a_county_goes_live_on_the_day_it_is_loaded_unless_told_otherwise(settings):
    with time_machine.travel("2026-05-01T16:30:00Z", tick=False):  # 2 May in Shanghai
        county = CountyFactory()
    assert settings_for(county).went_live_on() == date(2026, 5, 2)

    settings.WENT_LIVE_ON = "2026-06-01"
    assert settings_for(county).went_live_on() == date(2026, 6, 1)

    services.set_county_setting(
        county, key="went_live_on", value="2026-07-01", applies_from=DAY, by=None
    )
    assert settings_for(county).went_live_on() == date(2026, 7, 1)


def test_an_ended_grant_is_not_ended_later(community):
    grant = GrantFactory(unit=community, ended_on=DAY)

    with pytest.raises(OrganizationError):
        services.end_grant(grant, on=date(2026, 6, 1), by=None)


def test_a_dissolved_unit_sets_nothing_up_and_confirms_nothing(community, organizer):
    venue = services.add_venue(community, name="活动室", tenure=VenueTenure.OWN, by=None)
    client = sign_in(organizer)
    services.dissolve_unit(community, on=DAY, by=None)

    pages = {
        "organizations:add": ("venues",),
        "organizations:change": ("venues", venue.pk),
    }
    for name, rest in pages.items():
        said = {"name": "新活动室", "tenure": "own"}
        page = client.post(reverse(name, args=[community.code, *rest]), said)
        assert "已撤销" in page.content.decode()
    said = {"year": 2026, "source": "budget", "amount": "5"}
    client.post(reverse("organizations:add", args=[community.code, "funds"]), said)
    for name, said in (("confirm", {"thing": "leadership"}), ("ratings_switch", {})):
        answer = client.post(reverse(f"standing:{name}", args=[community.code]), said)
        assert answer.status_code == 404

    assert [row.name for row in community.venues.all()] == ["活动室"]
    assert not community.funds.exists()
    assert not RatingPage.objects.exists()
