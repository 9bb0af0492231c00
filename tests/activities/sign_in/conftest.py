"""A plan with a sign-in, members whose numbers are known, and what their phones do."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from activities import services
from activities.codes import code_at, ticket_at
from tests.activities.entries import at
from tests.factories import (
    MemberFactory,
    PlanFactory,
    SignInFactory,
)
from tests.world import id_number

START = "2026-12-10 09:00"


@pytest.fixture(autouse=True)
def _at_the_start(time_machine):
    time_machine.move_to("2026-12-10 08:55+08:00", tick=False)


def member(unit, name="张三", number=101, **given):
    """A member whose ID number is known."""
    person = MemberFactory(unit=unit, name=name, **given)
    return with_number(person, number)


def with_number(person, number=101):
    person.set_id_number(id_number("19700101", number))
    person.save()
    return person


def last_of(person) -> str:
    return person.reveal_id_number()[-4:]


@pytest.fixture
def sign_in(community):
    return SignInFactory(plan=PlanFactory(unit=community, topic="年度讨论", starts_at=at(START)))


def phone_page(sign_in) -> str:
    return f"/activities/sign/{sign_in.pk}/"


def scan(sign_in, phone=None):
    """What a phone sees that scans the code now."""
    phone = phone or Client()
    code = code_at(bytes(sign_in.secret), timezone.now())
    return phone.get(phone_page(sign_in), {"code": code})


def send(sign_in, name, last, *, phone=None, ticket=None):
    ticket = ticket or ticket_at(bytes(sign_in.secret), timezone.now())
    data = {"ticket": ticket, "name": name, "last": last}
    return (phone or Client()).post(phone_page(sign_in), data)


def text_of(answer) -> str:
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def tried(sign_in, name, last, address="10.0.0.1"):
    now = timezone.now()
    return services.sign(sign_in, name=name, last=last, address=address, now=now).outcome
