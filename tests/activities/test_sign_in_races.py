"""Many phones at once, each on a connection of its own."""

import pytest
from django.db import connection
from django.utils import timezone

from activities import services
from activities.models import Signature, SignInTry
from tests.activities.test_races import at_once
from tests.factories import MemberFactory, SignInFactory
from tests.world import id_number

pytestmark = pytest.mark.django_db(transaction=True)
PHONES = 20


@pytest.fixture
def _one_database():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: what happens at once happens in a row.")


def phone(sign_in, number, last=None):
    last = last or id_number("19700101", number)[-4:]

    def press():
        return services.sign(
            sign_in, name=f"第{number}位", last=last, address="10.0.0.1", now=timezone.now()
        ).outcome

    return press


@pytest.fixture
def sign_in(community):
    opened = SignInFactory(plan__unit=community)
    for number in range(PHONES):
        person = MemberFactory(unit=community, name=f"第{number}位")
        person.set_id_number(id_number("19700101", number))
        person.save()
    return opened


@pytest.mark.usefixtures("_one_database")
def test_twenty_phones_at_once_sign_each_exactly_once(sign_in):
    outcomes = at_once(*(phone(sign_in, number) for number in range(PHONES)))

    assert outcomes == ["signed"] * PHONES
    assert Signature.objects.count() == PHONES
    assert not SignInTry.objects.exists()


@pytest.mark.usefixtures("_one_database")
def test_one_who_presses_at_once_on_four_phones_signs_once(sign_in):
    outcomes = at_once(*[phone(sign_in, 7)] * 4)

    assert sorted(outcomes) == ["again", "again", "again", "signed"]
    assert Signature.objects.count() == 1


@pytest.mark.usefixtures("_one_database")
def test_guesses_sent_all_at_once_are_limited_like_any(sign_in):
    guesses = [phone(sign_in, 7, f"{guess}YYY") for guess in range(1, 10)] * 2

    outcomes = at_once(*guesses)

    assert outcomes.count("unknown") <= 5
    assert outcomes.count("too_many") >= len(guesses) - 5
