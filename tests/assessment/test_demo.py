"""The demo: the same for a seed and a day, of every kind of verdict, and never over other data."""

from collections import Counter
from datetime import date
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from activities.models import Activity, Attendance
from assessment.demo import DEMO_USERS
from assessment.demo.loading import load
from assessment.demo.names import id_number
from assessment.demo.sizes import SIZES, Size
from assessment.engine import compute
from assessment.models import Verdict
from members.models import Appointment, DutyPost, Person, Pledge, Transfer
from members.roster.cleaning import birth_date_of, check_digit, sex_of
from organizations.models import Area, Grant, Unit
from tests.factories import CountyFactory

ON = date(2026, 9, 16)
TINY = Size("honghuagang_units.csv", streets=2, people=12, months=24)

PASSWORD = "a password for the demo"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _password(settings):
    settings.DEMO_PASSWORD = PASSWORD


def made_up(seed=1, today=ON):
    return load(TINY, seed=seed, today=today, tell=lambda county, written: None)


def content_of(seed):
    """What a demo says, without keys that the database draws; nothing of it stays."""
    with transaction.atomic():
        made_up(seed=seed)
        people = Person.objects.order_by("pk").values_list("pk", "name", "id_number_index")
        held = Activity.objects.order_by("pk").values_list("pk", "unit__code", "topic", "first_day")
        there = Attendance.objects.order_by("activity", "person")
        found = list(people), list(held), list(there.values_list("person", "presence", "credit"))
        transaction.set_rollback(True)
    return found


def test_the_same_seed_and_day_make_the_same_demo_and_another_seed_another():
    first = content_of(seed=1)

    assert content_of(seed=1) == first
    assert content_of(seed=2) != first


def test_the_places_are_real_and_every_community_is_covered_but_the_new_one():
    made_up()

    assert Unit.objects.get(code="520302001001").name == "大兴路社区居民委员会"
    assert Area.objects.filter(organizations__isnull=True).count() == 1


def test_units_do_well_and_badly():
    made_up()

    found = Counter(result.status.value for result in compute(Unit.objects.all(), ON))

    assert set(found) >= {"met", "missed", "due", "behind", "on_track", "not_applicable"}


def test_the_demo_secretarys_unit_has_nothing_yet_in_the_current_month():
    """So that the first record that a visitor logs changes a verdict."""
    made_up()
    (verdict,) = [
        result
        for result in compute(Unit.objects.filter(code="520302001001"), ON)
        if result.rule.id == "monthly-activity" and ON in result.verdict.period
    ]

    assert (verdict.value, verdict.status.value) == (0, "on_track")


def test_nothing_lies_in_the_future():
    made_up()

    assert not Activity.objects.filter(last_day__gt=ON).exists()
    assert not Appointment.objects.filter(begun_on__gt=ON).exists()


def test_communities_keep_posts_pledges_and_letters():
    made_up()

    posts = DutyPost.objects.all()
    assert posts
    assert all(post.holdings.count() == 2 for post in posts)
    assert Pledge.objects.filter(reported_on=None).exists()
    assert not Pledge.objects.filter(made_on__gt=ON).exists()
    assert Transfer.objects.on_the_way().exists()


def test_every_demo_user_can_sign_in_and_acts_where_it_is_said():
    made = made_up()

    assert made == DEMO_USERS
    for name, role, code in DEMO_USERS:
        grant = Grant.objects.select_related("user", "unit").get(user__username=name)
        assert grant.user.check_password(PASSWORD)
        assert (grant.role, grant.unit.code if grant.unit else "") == (role, code)


def test_id_numbers_are_well_formed_and_of_nobody():
    """No region has the code that they begin with."""
    made_up()
    person = Person.objects.first()
    number = person.reveal_id_number()

    assert number.startswith("9901")
    assert check_digit(number[:17]) == number[17]
    assert birth_date_of(number) == person.birth_date
    assert sex_of(number) == person.sex


def test_half_a_million_id_numbers_of_one_birth_date_are_all_different():
    dice = Random(1)
    numbers = dice.sample(range(600_000), 2_000)

    assert len({id_number(number, date(1970, 1, 1), "male") for number in numbers}) == 2_000
    assert all(len(id_number(number, date(1970, 1, 1), "female")) == 18 for number in numbers)


def run(*args):
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


def test_the_command_computes_the_verdicts_and_names_the_users(monkeypatch):
    monkeypatch.setitem(SIZES, "small", TINY)

    said = run("--size", "small")

    assert Verdict.objects.exists()
    assert all(name in said for name, _role, _unit in DEMO_USERS)
    assert PASSWORD in said


def test_a_portal_that_holds_data_is_left_alone():
    CountyFactory()

    with pytest.raises(CommandError) as refused:
        run()

    assert refused.value.returncode == 2
    assert not User.objects.exists()


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(CommandError) as refused:
        run("--on", "tomorrow")

    assert refused.value.returncode == 2


def test_on_a_server_no_password_known_to_all_is_set(settings):
    settings.DEMO_PASSWORD = ""

    with pytest.raises(CommandError) as refused:
        run()

    assert refused.value.returncode == 2
    assert not Unit.objects.exists()
