"""Nobody comes to a unit that has been dissolved, not even while that is under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connection, transaction

from members import services
from members.choices import FloatingDirection, Nature, Office
from members.errors import MemberError
from members.models import Affiliation
from organizations.models import Unit
from tests.factories import AffiliationFactory, MemberFactory

DAY = date(2026, 5, 1)
LONG_ENOUGH = 0.3
"""Seconds in which the one who waits would have been through if nothing held it."""


def comes_to(person, unit):
    """Each way in which somebody comes to a unit, and it to something new."""
    return [
        lambda: services.register_person(
            unit, by=None, details={"name": "新人"}, membership={"stage": "full"}
        ),
        lambda: services.affiliate(person, unit=unit, nature=Nature.FLOATING_IN, by=None),
        lambda: services.transfer_home(person, to=unit, on=DAY, by=None),
        lambda: services.appoint(
            person, unit=unit, office=Office.GROUP_LEADER, begun_on=DAY, by=None
        ),
        lambda: services.register_floating(
            person, unit=unit, direction=FloatingDirection.IN, by=None
        ),
        lambda: services.set_up_post(unit, name="宣传岗", by=None),
    ]


@pytest.mark.django_db
def test_nobody_comes_to_a_dissolved_unit(community, neighbour):
    person = MemberFactory(unit=neighbour)
    services.dissolve_unit(community, on=DAY, by=None)
    stale = Unit(pk=community.pk, name=community.name)

    for act in comes_to(person, stale):
        with pytest.raises(MemberError, match="已撤销"), transaction.atomic():
            act()
    assert Affiliation.objects.get().unit == neighbour


@pytest.mark.django_db
def test_an_office_that_is_over_is_still_written_down(community):
    services.dissolve_unit(community, on=DAY, by=None)
    person = MemberFactory()

    post = services.appoint(
        person, unit=community, office=Office.GROUP_LEADER, begun_on=None, ended_on=DAY, by=None
    )

    assert post.unit == community


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="has one writer at a time anyway")
def test_whoever_comes_while_the_unit_is_merged_is_not_left_behind(community, neighbour):
    AffiliationFactory(unit=community)
    merged, done = Event(), Event()

    def merge():
        try:
            with transaction.atomic():
                services.merge_units(community, into=neighbour, on=DAY, by=None)
                merged.set()
                done.wait(LONG_ENOUGH)
        finally:
            connection.close()

    def come():
        try:
            merged.wait(10)
            services.register_person(
                Unit.objects.get(code="s1m1"),
                by=None,
                details={"name": "新人"},
                membership={"stage": "full"},
            )
        except MemberError as error:
            return str(error)
        finally:
            done.set()
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        merging, coming = pool.submit(merge), pool.submit(come)
        merging.result()
        refused = coming.result()

    assert "已撤销" in refused
    assert not Affiliation.objects.filter(unit=community, ended_on=None).exists()
