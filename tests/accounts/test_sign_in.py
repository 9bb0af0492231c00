"""The way in and out."""

import pytest
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
    assert client.post(reverse("logout")).url == SIGN_IN
    assert "_auth_user_id" not in client.session
