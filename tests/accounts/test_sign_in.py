"""The way in and out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def sign_in(client, username, password, wanted="/account/"):
    return client.post(SIGN_IN, {"username": username, "password": password, "next": wanted})


def test_the_right_password_leads_to_the_page_asked_for(client):
    user = UserFactory()
    wanted = reverse("accounts:profile")

    response = sign_in(client, user.username, PASSWORD, wanted)

    assert response.status_code == 302
    assert response.url == wanted


def test_a_step_sent_after_the_session_ended_leads_home(client):
    user = UserFactory()
    wanted = reverse("assessment:notices_read")

    response = sign_in(client, user.username, PASSWORD, wanted)

    assert response.url == reverse("home")


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(client):
    response = client.get(reverse("accounts:profile"))

    assert response.url == f"{SIGN_IN}?next={reverse('accounts:profile')}"


def test_a_foreign_address_is_not_followed_after_sign_in(client):
    user = UserFactory()

    response = sign_in(client, user.username, PASSWORD, "https://example.org/")

    assert "example.org" not in response.url


def test_wrong_unknown_and_inactive_get_the_same_answer(client):
    UserFactory(username="known")
    UserFactory(username="left", is_active=False)

    answers = {
        str(sign_in(client, name, password).context["form"].non_field_errors())
        for name, password in [("known", "wrong"), ("nobody", "wrong"), ("left", PASSWORD)]
    }

    assert len(answers) == 1
    assert "用户名或密码不正确" in answers.pop()


def test_five_wrong_passwords_pause_sign_in_even_for_the_right_one(client):
    user = UserFactory()
    for _ in range(5):
        last = sign_in(client, user.username, "wrong")

    response = sign_in(client, user.username, PASSWORD)

    assert (last.status_code, response.status_code) == (429, 429)
    assert "请等待15分钟" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_pause_ends_after_its_time(client, time_machine):
    user = UserFactory()
    time_machine.move_to("2026-03-02 09:00+08:00", tick=False)
    for _ in range(5):
        sign_in(client, user.username, "wrong")

    time_machine.move_to("2026-03-02 09:16+08:00", tick=False)

    assert sign_in(client, user.username, PASSWORD).status_code == 302


def test_a_colleague_is_not_kept_out_by_someone_elses_mistakes(client):
    user, colleague = UserFactory(), UserFactory()
    for _ in range(5):
        sign_in(client, user.username, "wrong")

    assert sign_in(client, colleague.username, PASSWORD).status_code == 302


def test_signing_out_takes_a_post_and_ends_the_session(client):
    client.force_login(UserFactory())

    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"))
    assert answer.url == SIGN_IN
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in client.session


BEHIND_A_PROXY = {"REMOTE_ADDR": "127.0.0.1"}


def test_behind_a_proxy_nobody_elsewhere_can_keep_somebody_out(client, settings):
    settings.HTTPS = True
    user = UserFactory()
    for _ in range(5):
        guess = {"username": user.username, "password": "wrong"}
        client.post(SIGN_IN, guess, HTTP_X_FORWARDED_FOR="203.0.113.9", **BEHIND_A_PROXY)

    right = {"username": user.username, "password": PASSWORD}
    near = client.post(SIGN_IN, right, HTTP_X_FORWARDED_FOR="198.51.100.7", **BEHIND_A_PROXY)

    assert near.status_code == 302


@pytest.mark.parametrize("said", ["198.51.100.{}, 203.0.113.9", "nonsense"])
def test_what_the_browser_says_of_itself_does_not_hide_who_guesses(client, settings, said):
    settings.HTTPS = True
    user = UserFactory()
    for number in range(6):
        guess = {"username": user.username, "password": "wrong"}
        last = client.post(
            SIGN_IN, guess, HTTP_X_FORWARDED_FOR=said.format(number), **BEHIND_A_PROXY
        )

    assert last.status_code == 429


@pytest.mark.parametrize(("minutes", "is_in"), [(29, True), (31, False)])
def test_whoever_rests_for_half_an_hour_signs_in_again(client, time_machine, minutes, is_in):
    user = UserFactory()
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    sign_in(client, user.username, PASSWORD)
    for seen in (10, 20):
        time_machine.move_to(start + timedelta(minutes=seen), tick=False)
        client.get(reverse("accounts:profile"))

    time_machine.move_to(start + timedelta(minutes=20 + minutes), tick=False)
    answer = client.get(reverse("accounts:profile"), follow=True)

    assert ("_auth_user_id" in client.session) is is_in
    assert ("您长时间未操作" in answer.content.decode()) is not is_in


def test_a_session_ends_twelve_hours_after_it_began_however_busy(client, time_machine):
    user = UserFactory()
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    sign_in(client, user.username, PASSWORD)
    for quarter in range(1, 4 * 12):
        time_machine.move_to(start + timedelta(minutes=15 * quarter), tick=False)
        assert client.get(reverse("accounts:profile")).status_code == 200

    time_machine.move_to(start + timedelta(hours=12, seconds=1), tick=False)

    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_look_at_a_page_writes_no_session_each_time(client):
    client.force_login(UserFactory())
    client.get(reverse("accounts:profile"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("accounts:profile"))

    assert not [one["sql"] for one in asked if not one["sql"].lstrip("(").startswith("SELECT")]


def test_a_part_of_a_page_leads_to_sign_in_as_a_whole(client):
    answer = client.get(
        reverse("members:list"),
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/members/?q=%E5%BC%A0",
    )

    assert answer["HX-Redirect"] == f"{SIGN_IN}?next=%2Fmembers%2F"
    assert "Location" not in answer
