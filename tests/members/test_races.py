"""Two who do the same at the same moment: one effect, and words for the other one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from members import services
from members.choices import Office
from members.errors import MemberError
from members.models import Appointment, Person
from organizations import services as of_units
from organizations.choices import BodyKind, FundSource, Role
from organizations.errors import OrganizationError
from organizations.grant_services import give_role
from organizations.models import Body, Fund, Grant
from tests.factories import MemberFactory, UserFactory
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def told_at_once(act) -> list[str]:
    """What each of several who `act` at the same moment is told; nothing for whom it worked."""
    start = Barrier(AT_ONCE)

    def run(number):
        start.wait()
        try:
            act(number)
        except (MemberError, OrganizationError) as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(run, range(AT_ONCE)))


def test_one_person_is_registered_once(community):
    told = told_at_once(
        lambda _number: services.register_person(
            community,
            by=None,
            details={"name": "新人"},
            membership={"stage": "full"},
            id_number=id_number(1),
        )
    )

    assert (told[0], all(told[1:])) == ("", True)
    assert Person.objects.count() == 1


def test_a_single_seat_is_taken_once(community):
    people = [MemberFactory(unit=community) for _ in range(AT_ONCE)]

    told = told_at_once(
        lambda number: services.appoint(
            people[number],
            unit=community,
            office=Office.SECRETARY,
            begun_on=date(2026, 5, 1),
            by=None,
        )
    )

    assert (told[0], all(told[1:])) == ("", True)
    assert Appointment.objects.count() == 1


def test_a_body_is_set_up_once_and_funds_are_one_amount(community):
    told = told_at_once(
        lambda _number: of_units.set_up_body(community, kind=BodyKind.JOINT_CONFERENCE, by=None)
    )
    assert (told[0], all(told[1:])) == ("", True)
    assert Body.objects.count() == 1

    told_at_once(
        lambda number: of_units.record_funds(
            community, year=2026, source=FundSource.OWN, amount=Decimal(number), by=None
        )
    )
    assert Fund.objects.count() == 1


def test_a_role_is_given_once(community):
    user = UserFactory()

    told = told_at_once(lambda _number: give_role(user, role=Role.VIEWER, unit=community, by=None))

    assert (told[0], all(told[1:])) == ("", True)
    assert Grant.objects.filter(user=user).count() == 1
