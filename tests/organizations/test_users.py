"""Accounts: one-time passwords, deactivation, the last administrator, the first one."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from organizations import grant_services as services
from organizations.choices import Role
from organizations.errors import OrganizationError
from organizations.models import Grant
from tests.cast import sign_in
from tests.factories import PASSWORD, GrantFactory

pytestmark = pytest.mark.django_db
OWN_PASSWORD = "an-own-word-for-spring"
YESTERDAY = timedelta(days=-1)


@pytest.fixture
def as_administrator(administrator):
    return sign_in(administrator)


NEW = {"username": "sunli", "display_name": "孙丽", "email": "", "language": "zh-hans"}


def created(client, **changes):
    response = client.post(reverse("users:create"), NEW | changes)
    return response, response.context.get("password", "")


def browser_of(username, password):
    client = Client()
    client.post(reverse("login"), {"username": username, "password": password})
    return client


def test_a_new_user_gets_a_one_time_password_that_is_kept_nowhere(as_administrator):
    response, password = created(as_administrator)

    user = User.objects.get(username="sunli")
    assert password in response.text
    assert len(password) >= 16
    assert user.check_password(password)
    assert "no-store" in response.headers["Cache-Control"]
    trail = json.dumps(list(AuditEvent.objects.values_list("verb", "details")))
    assert "create_user" in trail
    assert password not in trail
    later = as_administrator.get(reverse("users:detail", args=[user.pk])).text
    assert password not in later + json.dumps(dict(as_administrator.session))


def test_one_time_passwords_differ():
    assert len({services.draw_password() for _ in range(100)}) == 100


def test_a_one_time_password_leads_to_the_choice_of_an_own_one_and_nowhere_else(as_administrator):
    _, password = created(as_administrator)
    client = browser_of("sunli", password)
    choice = reverse("accounts:password")

    for name in ["home", "organizations:tree", "members:list", "accounts:profile"]:
        assert client.get(reverse(name)).headers["Location"] == choice
    inside = client.get(reverse("members:list"), headers={"HX-Request": "true"})
    assert inside.headers["HX-Redirect"] == choice
    assert client.get(choice).status_code == 200
    assert client.post(reverse("logout")).url == reverse("login")


def test_an_own_password_opens_the_portal_and_ends_the_one_time_one(as_administrator):
    _, password = created(as_administrator)
    client = browser_of("sunli", password)
    choice = reverse("accounts:password")

    same = client.post(choice, {"new_password1": password, "new_password2": password})
    own = client.post(choice, {"new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD})

    assert "这是一次性密码" in same.text
    assert own.url == reverse("home")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert "_auth_user_id" not in browser_of("sunli", password).session
    assert "_auth_user_id" in browser_of("sunli", OWN_PASSWORD).session


@pytest.mark.parametrize("username", ["Secretary", "sun li", ""])
def test_a_user_name_that_is_taken_or_no_name_is_refused(username, as_administrator, secretary):
    before = User.objects.count()

    response, password = created(as_administrator, username=username)

    assert (response.status_code, password) == (200, "")
    assert User.objects.count() == before


def test_a_reset_ends_all_sessions_and_the_old_password(as_administrator, secretary):
    browser = sign_in(secretary)

    response = as_administrator.post(reverse("users:reset", args=[secretary.pk]))

    assert browser.get(reverse("accounts:profile")).status_code == 302
    assert "_auth_user_id" not in browser_of("secretary", PASSWORD).session
    fresh = browser_of("secretary", response.context["password"])
    assert fresh.get(reverse("home")).url == reverse("accounts:password")


def test_a_reset_forgives_wrong_guesses(as_administrator, secretary):
    for _ in range(5):
        browser_of("secretary", "wrong")

    response = as_administrator.post(reverse("users:reset", args=[secretary.pk]))

    client = browser_of("secretary", response.context["password"])
    assert "_auth_user_id" in client.session


def test_a_deactivated_users_session_ends_at_once_and_never_comes_back(as_administrator, secretary):
    browser = sign_in(secretary)
    assert browser.get(reverse("accounts:profile")).status_code == 200

    as_administrator.post(reverse("users:deactivate", args=[secretary.pk]))

    assert browser.get(reverse("accounts:profile")).status_code == 302
    assert "_auth_user_id" not in browser_of("secretary", PASSWORD).session
    secretary.refresh_from_db()
    assert not secretary.has_usable_password()
    again = as_administrator.post(reverse("users:activate", args=[secretary.pk]))
    assert browser.get(reverse("accounts:profile")).status_code == 302
    assert "_auth_user_id" in browser_of("secretary", again.context["password"]).session


def test_name_and_mail_are_put_right(as_administrator, secretary):
    as_administrator.post(
        reverse("users:edit", args=[secretary.pk]),
        {"display_name": "李四", "email": "li@example.org", "is_superuser": "on"},
    )

    secretary.refresh_from_db()
    assert (secretary.display_name, secretary.email) == ("李四", "li@example.org")
    assert not secretary.is_superuser


# -- the last administrator ----------------------------------------------------


@pytest.fixture
def for_a_month(administrator):
    """An administrator until next month, who could otherwise remove the only lasting one."""
    until = timezone.localdate() + timedelta(days=30)
    return GrantFactory(unit=None, role=Role.ADMINISTRATOR, ended_on=until).user


def test_the_last_lasting_administrator_is_neither_ended_nor_deactivated(
    administrator, for_a_month
):
    client = sign_in(for_a_month)
    grant = administrator.grants.get()

    ended = client.post(reverse("users:end", args=[administrator.pk, grant.pk]), follow=True)
    off = client.post(reverse("users:deactivate", args=[administrator.pk]), follow=True)

    assert "至少须保留一名系统管理员" in ended.text
    assert "至少须保留一名系统管理员" in off.text
    administrator.refresh_from_db()
    grant.refresh_from_db()
    assert (administrator.is_active, grant.ended_on) == (True, None)
    assert administrator.check_password(PASSWORD)


def test_a_deactivated_administrator_does_not_count_as_one_that_is_left(administrator, for_a_month):
    GrantFactory(unit=None, role=Role.ADMINISTRATOR, user__is_active=False)
    to_come = timezone.localdate() + timedelta(days=2)
    GrantFactory(unit=None, role=Role.ADMINISTRATOR, begun_on=to_come)

    with pytest.raises(OrganizationError):
        services.set_active(administrator, active=False, by=for_a_month)


def test_one_of_two_administrators_may_go(administrator):
    second = GrantFactory(unit=None, role=Role.ADMINISTRATOR)

    services.end_role(second, on=timezone.localdate() + YESTERDAY, by=administrator)

    assert Grant.objects.filter(role=Role.ADMINISTRATOR).still_open().count() == 1


# -- the command ---------------------------------------------------------------


def test_the_command_makes_an_administrator_who_signs_in_with_what_it_prints():
    out = StringIO()
    call_command("create_administrator", "chief", "--email", "c@example.org", "--json", stdout=out)

    answer = json.loads(out.getvalue())
    user = User.objects.get(username="chief")
    assert user.email == "c@example.org"
    assert len(answer["password"]) >= 16
    client = browser_of("chief", answer["password"])
    client.post(
        reverse("accounts:password"),
        {"new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD},
    )
    assert client.get(reverse("users:list")).status_code == 200


def test_the_command_says_the_password_once_in_words():
    out = StringIO()
    call_command("create_administrator", "chief", stdout=out)

    password = next(line.strip() for line in out.getvalue().splitlines() if line.startswith("  "))
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize("name", ["Admin", "not a name"])
def test_the_command_refuses_a_name_that_is_taken_or_none(name, administrator):
    with pytest.raises(CommandError) as refused:
        call_command("create_administrator", name)

    assert refused.value.returncode == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize(("hours", "opens"), [(71, True), (73, False)])
def test_a_one_time_password_is_good_for_three_days(as_administrator, time_machine, hours, opens):
    drawn = timezone.now()
    time_machine.move_to(drawn, tick=False)
    _, password = created(as_administrator)

    time_machine.move_to(drawn + timedelta(hours=hours), tick=False)
    client = Client()
    answer = client.post(reverse("login"), {"username": "sunli", "password": password})

    assert ("_auth_user_id" in client.session) is opens
    assert ("一次性密码已过期" in answer.text) is not opens
    wrong = client.post(reverse("login"), {"username": "sunli", "password": "wrong"})
    assert "已过期" not in wrong.text


def test_a_password_of_ones_own_does_not_run_out(as_administrator, time_machine):
    drawn = timezone.now()
    time_machine.move_to(drawn, tick=False)
    _, password = created(as_administrator)
    own = {"new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}
    browser_of("sunli", password).post(reverse("accounts:password"), own)

    time_machine.move_to(drawn + timedelta(days=30), tick=False)

    assert "_auth_user_id" in browser_of("sunli", OWN_PASSWORD).session


def test_the_list_tells_whose_one_time_password_was_not_used_in_time(as_administrator):
    created(as_administrator)
    User.objects.filter(username="sunli").update(
        one_time_until=timezone.now() - timedelta(minutes=1)
    )

    assert "一次性密码已过期" in as_administrator.get(reverse("users:list")).text


def test_users_stand_by_the_sound_of_their_names_and_those_who_are_out_last(as_administrator):
    for name, is_active in [("赵云", True), ("白露", False), ("安和", True), ("李强", True)]:
        User.objects.create(username=f"u{name}", display_name=name, is_active=is_active)

    page = as_administrator.get(reverse("users:list"), {"q": "u"}).context["page_obj"]

    names = [user.display_name for user in page if user.username[1:] == user.display_name]
    assert names == ["安和", "李强", "赵云", "白露"]
