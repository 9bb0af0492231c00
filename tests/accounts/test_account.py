"""One's own language, address and password."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another-horse-and-battery"


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


def change_password(client, old=PASSWORD, new=NEW_PASSWORD):
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("accounts:password"), data)


def test_pages_are_chinese_unless_someone_chooses_otherwise(client):
    page = client.get(reverse("login"), headers={"Accept-Language": "en"})

    assert page.headers["Content-Language"] == "zh-hans"
    assert "基层党组织工作平台" in page.content.decode()


def test_a_language_chosen_before_sign_in_is_kept_in_a_cookie(client):
    client.post(reverse("accounts:language"), {"language": "en", "next": "/sign-in/"})

    assert "Grassroots Party Portal" in client.get(reverse("login")).content.decode()


def test_a_language_chosen_after_sign_in_is_kept_with_the_account(client, user, django_user_model):
    client.post(reverse("accounts:language"), {"language": "en"})
    client.logout()
    client.cookies.clear()
    client.force_login(django_user_model.objects.get())

    assert "My account" in client.get(reverse("accounts:profile")).content.decode()


@pytest.mark.parametrize("wished", ["", "fr", "<script>"])
def test_an_unknown_language_changes_nothing(client, user, wished):
    client.post(reverse("accounts:language"), {"language": wished})

    user.refresh_from_db()
    assert user.language == "zh-hans"


@pytest.mark.parametrize(
    ("wished", "way_back"),
    [
        ("/account/?a=1", "/account/?a=1"),
        ("https://example.org/", "/"),
        ("//example.org", "/"),
        ("/users/1/password/", "/"),  # shown in answer to a button, there for nobody who just goes
        ("/nowhere/", "/"),
    ],
)
def test_the_switch_goes_back_to_a_page_of_the_portal_alone(client, wished, way_back):
    response = client.post(reverse("accounts:language"), {"language": "en", "next": wished})

    assert response.url == way_back


def test_the_profile_saves_and_says_so_in_the_language_chosen(client, user):
    said = {"language": "en", "email": "new@example.org", "theme": "light", "type_size": "normal"}
    response = client.post(reverse("accounts:profile"), said, follow=True)

    user.refresh_from_db()
    assert (user.language, user.email) == ("en", "new@example.org")
    assert "Saved." in response.content.decode()
    assert AuditEvent.objects.get().details == {"fields": ["language", "email"]}


def test_a_refused_profile_changes_nothing_and_marks_the_field(client, user):
    response = client.post(reverse("accounts:profile"), {"language": "en", "email": "no address"})

    page = response.content.decode()
    assert "未保存，请检查以下内容" in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_email_error"' in page
    user.refresh_from_db()
    assert user.language == "zh-hans"


def test_a_new_password_keeps_this_session_and_ends_the_others(client, user, client_elsewhere):
    response = change_password(client)

    assert response.status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client_elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert AuditEvent.objects.get().verb == "change_password"


@pytest.fixture
def client_elsewhere(user):
    other = Client()
    other.force_login(user)
    return other


@pytest.mark.parametrize(
    ("old", "new"), [("wrong", NEW_PASSWORD), (PASSWORD, "short"), (PASSWORD, "123456789012")]
)
def test_a_wrong_old_or_a_weak_new_password_is_refused(client, user, old, new):
    assert change_password(client, old, new).status_code == 200

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# -- the look ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("wish", "shown"),
    [
        ({"theme": "dark"}, 'data-bs-theme="dark"'),
        ({"theme": "auto"}, "(prefers-color-scheme: dark)"),
        ({"type_size": "large"}, 'class="type-large"'),
    ],
)
def test_colours_and_type_are_kept_with_the_account(client, user, wish, shown):
    assert shown not in client.get(reverse("accounts:profile")).content.decode()

    client.post(reverse("accounts:look"), wish)

    assert shown in client.get(reverse("accounts:profile")).content.decode()


def test_one_wish_leaves_the_other_as_it_was(client, user):
    client.post(reverse("accounts:look"), {"type_size": "large"})
    client.post(reverse("accounts:look"), {"theme": "dark"})

    user.refresh_from_db()
    assert (user.theme, user.type_size) == ("dark", "large")


@pytest.mark.parametrize("wish", [{}, {"theme": "pink"}, {"type_size": "<b>"}])
def test_an_unknown_look_changes_nothing(client, user, wish):
    client.post(reverse("accounts:look"), wish)

    user.refresh_from_db()
    assert (user.theme, user.type_size) == ("light", "normal")


def test_paper_is_white_whatever_the_screen_is(client, user):
    client.post(reverse("accounts:look"), {"theme": "dark"})

    page = client.get(reverse("accounts:profile")).content.decode()
    assert re.findall(r'dark\.css" media="([^"]*)"', page) == ["screen", "screen"]


def test_the_old_password_is_guessed_no_more_often_than_at_sign_in(client, user):
    for number in range(5):
        last = change_password(client, old=f"wrong {number}")
    right = change_password(client)

    assert (last.status_code, right.status_code) == (429, 429)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
