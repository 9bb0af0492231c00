"""Residents' ratings: one a device and year, nothing kept of who, abuse held off."""

import re
from datetime import date

import pytest
import time_machine
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from assessment.tasks import recompute_verdicts
from organizations import services
from organizations.choices import RatingAnswer
from organizations.models import Rating, RatingPage, RatingTally
from organizations.rating_views import COOKIE, SALT
from organizations.services.ratings import Outcome
from tests.cast import sign_in
from tests.kept_factories import RatingFactory, RatingPageFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)


@pytest.fixture
def page(community):
    return RatingPageFactory(unit=community, token="secret-of-the-poster")


def phone(page) -> Client:
    """A phone that has looked at the page."""
    client = Client()
    client.get(page.get_absolute_url())
    return client


def say(page, device="one", answer=RatingAnswer.GOOD, address="192.0.2.1", today=DAY):
    return services.rate(page, device=device, answer=answer, address=address, today=today)


def test_a_resident_answers_without_an_account_and_without_a_script(page):
    client = phone(page)

    shown = client.get(page.get_absolute_url()).content.decode()
    response = client.post(page.get_absolute_url(), {"answer": "5"})

    assert page.unit.name in shown
    assert re.findall(r'name="answer" value="(\d)"', shown) == ["5", "4", "3", "2", "1"]
    assert response.status_code == 200
    assert "已计入" in response.content.decode()
    rating = Rating.objects.get()
    assert (rating.unit, rating.answer) == (page.unit, 5)


def test_the_same_device_rates_once_a_year_and_a_replay_changes_nothing(page):
    client = phone(page)
    for answer in ("5", "1"):
        response = client.post(page.get_absolute_url(), {"answer": answer})

    assert "今年已经评价过" in response.content.decode()
    assert [rating.answer for rating in Rating.objects.all()] == [5]
    tally = RatingTally.objects.get(source="")
    assert tally.number == 1


def test_next_year_the_device_may_rate_again(page):
    outcomes = [say(page, today=day) for day in (DAY, date(2026, 12, 31), date(2027, 1, 1))]

    assert outcomes == [Outcome.TAKEN, Outcome.AGAIN, Outcome.TAKEN]
    assert Rating.objects.order_by("year").values_list("year", flat=True)[1] == 2027


def test_whoever_clears_the_cookie_is_held_off_by_the_network_address(page, settings):
    settings.RATINGS_PER_ADDRESS = 3

    outcomes = []
    for _try in range(5):
        client = phone(page)
        outcomes.append(client.post(page.get_absolute_url(), {"answer": "1"}).status_code)

    assert outcomes == [200, 200, 200, 429, 429]
    assert Rating.objects.count() == 3


def test_an_address_that_is_used_up_keeps_nobody_else_out(page, settings):
    settings.RATINGS_PER_ADDRESS = 1
    say(page, device="one")

    assert say(page, device="two") == Outcome.TOO_MANY
    assert say(page, device="two", address="192.0.2.2") == Outcome.TAKEN
    assert say(page, device="three", today=date(2026, 5, 2)) == Outcome.TAKEN


def test_one_household_is_one_address_also_with_the_new_protocol(page, settings):
    settings.RATINGS_PER_ADDRESS = 1
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "no address", ""]

    outcomes = [
        say(page, device=f"d{number}", address=address) for number, address in enumerate(addresses)
    ]

    assert outcomes == ["taken", "too_many", "taken", "taken", "too_many"]


def test_a_page_takes_so_many_a_day_in_all(page, monkeypatch):
    monkeypatch.setattr("organizations.services.ratings.A_DAY", 2)

    outcomes = [say(page, device=f"d{n}", address=f"192.0.2.{n}") for n in range(3)]

    assert outcomes == [Outcome.TAKEN, Outcome.TAKEN, Outcome.TOO_MANY]


@pytest.mark.parametrize("forged", ["", "made-up", "made-up:1abcde:signature"])
def test_an_answer_without_our_cookie_is_not_counted(page, forged):
    client = Client()
    if forged:
        client.cookies[COOKIE] = forged

    response = client.post(page.get_absolute_url(), {"answer": "5"})

    assert response.status_code == 422
    assert "Cookie" in response.content.decode()
    assert not Rating.objects.exists()
    again = client.post(page.get_absolute_url(), {"answer": "5"})
    assert again.status_code == 200


def test_a_cookie_signed_for_something_else_is_not_ours(page):
    client = Client()
    client.cookies[COOKIE] = TimestampSigner(salt="another").sign("device")

    assert client.post(page.get_absolute_url(), {"answer": "5"}).status_code == 422


@pytest.mark.parametrize("answer", ["", "0", "6", "5.0", "٥", "good"])
def test_what_is_no_answer_is_not_counted(page, answer):
    response = phone(page).post(page.get_absolute_url(), {"answer": answer})

    assert response.status_code == 422
    assert "请选择一项" in response.content.decode()
    assert not Rating.objects.exists()


def test_a_form_of_another_site_is_refused(page):
    client = Client(enforce_csrf_checks=True)
    client.get(page.get_absolute_url())

    assert client.post(page.get_absolute_url(), {"answer": "5"}).status_code == 403
    assert not Rating.objects.exists()


def test_looking_writes_nothing_and_the_cookie_holds_a_number_alone(page):
    client = Client()
    response = client.get(page.get_absolute_url())

    cookie = response.cookies[COOKIE]
    assert len(TimestampSigner(salt=SALT).unsign(cookie.value)) == 24
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == ("/rate/", "Lax")
    assert not RatingTally.objects.exists()
    assert set(response.cookies) == {COOKIE, "csrftoken"}
    assert "no-store" in response.headers["Cache-Control"]


def test_nothing_is_kept_by_which_a_person_or_a_device_could_be_told(page, neighbour):
    other = RatingPageFactory(unit=neighbour)
    for each in (page, other):
        say(each, device="the-number", address="192.0.2.77")
    say(page, device="the-number", today=date(2027, 1, 1), address="192.0.2.77")

    stored = [str(value) for row in Rating.objects.values() for value in row.values()]
    stored += [str(value) for row in RatingTally.objects.values() for value in row.values()]

    assert len(set(Rating.objects.values_list("device", flat=True))) == 3
    assert not any("the-number" in text or "192.0.2" in text for text in stored)
    names = {field.name for field in Rating._meta.fields}
    assert names == {"id", "unit", "year", "answer", "device"}
    assert not AuditEvent.objects.filter(verb__startswith="rate").exists()


def test_of_yesterday_nothing_is_kept_of_where_ratings_came_from(page):
    with time_machine.travel("2026-05-01T04:00:00Z", tick=False):
        say(page)
    with time_machine.travel("2026-05-01T16:05:00Z", tick=False):  # five past midnight, Shanghai
        recompute_verdicts()

    assert not RatingTally.objects.exists()
    assert Rating.objects.count() == 1


def test_a_rating_touches_the_unit_and_the_one_above(page):
    say(page)

    assert page.unit.touches.count() == page.unit.parent.touches.count() == 1


def test_a_unit_opens_and_closes_its_page_and_the_old_code_comes_back(signed_in, community):
    switch = reverse("standing:ratings_switch", args=[community.code])
    signed_in.post(switch)
    page = RatingPage.objects.get()
    address = page.get_absolute_url()
    device = phone(page)

    signed_in.post(switch, {"to": "close"})
    closed = Client().get(address)
    assert closed.status_code == 410
    assert "未开展评价" in closed.content.decode()
    assert device.post(address, {"answer": "5"}).status_code == 410
    signed_in.post(switch, {"to": "open"})

    assert Client().get(address).status_code == 200
    verbs = AuditEvent.objects.order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["open_ratings", "close_ratings", "open_ratings"]


def test_a_new_code_makes_the_old_one_lead_nowhere(signed_in, page):
    old = page.get_absolute_url()

    signed_in.post(reverse("standing:ratings_switch", args=[page.unit.code]), {"to": "renew"})

    page.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(page.get_absolute_url()).status_code == 200


def test_a_dissolved_unit_is_not_rated(page):
    type(page.unit).objects.filter(pk=page.unit.pk).update(dissolved_on=date(2026, 1, 1))
    page.unit.refresh_from_db()

    assert say(page) == Outcome.CLOSED
    assert Client().get(page.get_absolute_url()).status_code == 410


def test_the_poster_bears_the_code_and_is_there_only_while_residents_may_rate(
    signed_in, page, settings
):
    settings.SITE_URL = "https://portal.example"
    poster = reverse("standing:poster", args=[page.unit.code])

    html = signed_in.get(poster).content.decode()

    assert f"https://portal.example/rate/{page.token}/" in html
    assert re.search(r'<svg [^>]*class="qr"', html)
    assert "style=" not in html
    RatingPage.objects.update(is_open=False)
    assert signed_in.get(poster).status_code == 404


def test_answers_are_shown_from_ten_on_by_year(signed_in, community):
    RatingFactory.create_batch(9, unit=community, year=2025)
    RatingFactory.create_batch(10, unit=community, year=2026, answer=RatingAnswer.FAIR)

    html = signed_in.get(reverse("standing:ratings", args=[community.code])).content.decode()

    assert "9份评价" in html
    assert html.count("<dt>一般</dt>") == 1
    assert "满10份评价后显示" in html


def test_who_may_not_record_may_look_but_not_switch(viewer, page):
    client = sign_in(viewer)

    html = client.get(reverse("standing:ratings", args=[page.unit.code])).content.decode()
    switched = client.post(reverse("standing:ratings_switch", args=[page.unit.code]))

    assert 'name="to"' not in html
    assert switched.status_code == 404
