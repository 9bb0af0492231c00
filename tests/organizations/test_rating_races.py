"""Many phones at the same moment, and one phone many times, on connections of their own."""

import pytest

from organizations import services
from organizations.choices import RatingAnswer
from organizations.models import Rating, RatingTally
from organizations.services.ratings import Outcome
from tests.activities.test_races import at_once
from tests.kept_factories import RatingPageFactory
from tests.organizations.test_ratings import DAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page():
    return RatingPageFactory()


def act(page, device):
    def rate():
        return services.rate(
            page, device=device, answer=RatingAnswer.GOOD, address="192.0.2.1", today=DAY
        )

    return rate


def test_one_device_that_sends_many_times_at_once_is_counted_once(page):
    outcomes = at_once(*[act(page, "one")] * 6)

    assert sorted(outcomes) == [Outcome.AGAIN] * 5 + [Outcome.TAKEN]
    assert Rating.objects.count() == 1


def test_the_limit_of_an_address_holds_for_many_at_once(page, settings):
    settings.RATINGS_PER_ADDRESS = 3

    outcomes = at_once(*(act(page, f"device {number}") for number in range(8)))

    assert outcomes.count(Outcome.TAKEN) == 3
    assert outcomes.count(Outcome.TOO_MANY) == 5
    assert Rating.objects.count() == 3
    assert RatingTally.objects.exclude(source="").get().number == 3
