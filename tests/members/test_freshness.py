"""Whoever changes a person leaves word at every unit whose verdicts the person counts in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from members import services
from members.choices import FloatingCheckKind, FloatingDirection, Nature, Standing
from organizations.models import Touch
from tests.factories import AffiliationFactory, FloatingEntryFactory, MemberFactory

pytestmark = pytest.mark.django_db


def touched():
    return set(Touch.objects.values_list("unit__code", flat=True))


@pytest.fixture
def member(community, neighbour):
    """At home in `community`, and until next week a guest of `neighbour`."""
    person = MemberFactory(unit=community, name="王五")
    until = timezone.localdate() + timedelta(days=7)
    AffiliationFactory(person=person, unit=neighbour, nature=Nature.IN_SERVICE, ended_on=until)
    return person


def test_a_tie_that_ends_later_counts_until_then(member):
    services.change_standing(
        member.membership, standing=Standing.SUSPENDED, on=timezone.localdate(), by=None
    )

    assert touched() == {"s1m1", "s1m2"}


def test_a_new_name_reaches_the_verdicts_that_show_it(member):
    services.change_details(member, by=None, name="王六")

    assert touched() == {"s1m1", "s1m2"}


def test_a_new_address_changes_no_verdict(member):
    services.change_details(member, by=None, address="一号")

    assert touched() == set()


def test_a_check_of_a_floating_member_reaches_the_home(member, street):
    entry = FloatingEntryFactory(person=member, unit=street)

    services.record_check(
        entry, kind=FloatingCheckKind.REVIEW, done_on=timezone.localdate(), by=None
    )

    assert touched() == {"s1", "s1m1", "s1m2"}


def test_entering_the_ledger_and_leaving_it_reaches_the_home(member, street):
    entry = services.register_floating(
        member, unit=street, direction=FloatingDirection.OUT, by=None
    )
    assert touched() == {"s1", "s1m1", "s1m2"}
    Touch.objects.all().delete()

    services.end_floating(entry, on=timezone.localdate(), by=None)

    assert touched() == {"s1", "s1m1", "s1m2"}
