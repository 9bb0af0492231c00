"""The pages of users and roles."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from organizations.authority import users_visible_to
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import (
    CommunityFactory,
    GrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


# -- pages -------------------------------------------------------------------


def give(client, user, **data):
    filled = {"begun_on": timezone.localdate().isoformat()} | data
    return client.post(reverse("users:give", args=[user.pk]), filled)


def test_an_organiser_gives_a_role_within_the_county_and_it_works_at_once(
    as_organizer, secretary, street
):
    response = give(as_organizer, secretary, role="reviewer", unit=street.code)

    assert response.url == reverse("users:detail", args=[secretary.pk])
    shown = sign_in(secretary).get(reverse("organizations:detail", args=[street.code]))
    assert shown.status_code == 200


@pytest.mark.parametrize(
    ("role", "place"),
    [("organizer", "street"), ("administrator", "street"), ("viewer", "county")],
)
def test_what_an_organiser_may_not_give_is_not_in_the_form(
    role, place, as_organizer, secretary, places
):
    response = give(as_organizer, secretary, role=role, unit=places[place].code)

    assert response.status_code == 200
    assert secretary.grants.count() == 1


@pytest.mark.parametrize("wanted", ["河滨", "s1m1", "hbsq"])
def test_units_are_found_by_name_code_and_pinyin(
    wanted, as_administrator, secretary, community, neighbour
):
    page = as_administrator.get(reverse("users:give", args=[secretary.pk]), {"q": wanted})

    assert 'value="s1m1"' in page.text
    assert 'value="s1m2"' not in page.text


def test_the_unit_chosen_stays_chosen_when_the_form_is_refused(
    as_administrator, secretary, community
):
    response = give(as_administrator, secretary, role="viewer", unit="s1m1", ended_on="2001-01-01")

    assert 'value="s1m1" class="form-check-input" checked' in response.text
    assert secretary.grants.count() == 1


def test_a_role_of_a_unit_needs_a_unit_and_an_administrators_has_none(
    as_administrator, secretary, street
):
    without = give(as_administrator, secretary, role="viewer")
    give(as_administrator, secretary, role="administrator", unit=street.code)

    assert "请选择组织" in without.text
    assert secretary.grants.get(role=Role.ADMINISTRATOR).unit is None


def test_an_ended_role_ends_at_once(as_administrator, secretary, community):
    browser = sign_in(secretary)
    unit_page = reverse("organizations:detail", args=[community.code])
    assert browser.get(unit_page).status_code == 200

    grant = secretary.grants.get()
    as_administrator.post(reverse("users:end", args=[secretary.pk, grant.pk]))

    assert browser.get(unit_page).status_code == 404


def test_each_sees_only_the_users_of_the_own_reach(
    administrator, organizer, secretary, viewer, outsider
):
    UserFactory(username="without a role")

    assert set(users_visible_to(organizer)) == {organizer, secretary, viewer}
    assert set(users_visible_to(administrator)) == set(User.objects.all())
    assert not users_visible_to(secretary).exists()
    assert not users_visible_to(viewer).exists()


def test_an_organiser_sees_no_role_beyond_the_county(as_organizer, secretary, outsider):
    elsewhere = outsider.grants.get().unit
    GrantFactory(user=secretary, unit=elsewhere)

    listed = as_organizer.get(reverse("users:list")).text
    page = as_organizer.get(reverse("users:detail", args=[secretary.pk])).text

    assert elsewhere.name not in listed + page


GETS = ["detail", "give", "edit"]
POSTS = ["reset", "deactivate", "activate", "edit"]


def statuses(client, user, names, method):
    return {
        name: getattr(client, method)(reverse(f"users:{name}", args=[user.pk])).status_code
        for name in names
    }


@pytest.mark.parametrize("who", ["secretary", "reviewer", "viewer"])
def test_to_others_the_pages_do_not_exist(who, request, organizer):
    client = sign_in(request.getfixturevalue(who))

    assert client.get(reverse("users:list")).status_code == 404
    assert client.get(reverse("users:create")).status_code == 404
    assert set(statuses(client, organizer, GETS, "get").values()) == {404}
    assert set(statuses(client, organizer, POSTS, "post").values()) == {404}


def test_beyond_the_county_users_do_not_exist_for_an_organiser(as_organizer, outsider):
    grant = outsider.grants.get()

    assert set(statuses(as_organizer, outsider, GETS, "get").values()) == {404}
    assert set(statuses(as_organizer, outsider, POSTS, "post").values()) == {404}
    assert give(as_organizer, outsider, role="viewer").status_code == 404
    ended = as_organizer.post(reverse("users:end", args=[outsider.pk, grant.pk]))
    assert ended.status_code == 404


def test_accounts_are_kept_by_administrators_alone(as_organizer, secretary):
    assert as_organizer.get(reverse("users:create")).status_code == 404
    assert statuses(as_organizer, secretary, GETS, "get") == {
        "detail": 200,
        "give": 200,
        "edit": 404,
    }
    assert set(statuses(as_organizer, secretary, POSTS, "post").values()) == {404}
    assert sign_in(secretary).get(reverse("accounts:profile")).status_code == 200


def test_an_organiser_does_not_end_the_role_of_another_one(as_organizer, county):
    other = GrantFactory(unit=county, role=Role.ORGANIZER)

    response = as_organizer.post(reverse("users:end", args=[other.user.pk, other.pk]))

    other.refresh_from_db()
    assert (response.status_code, other.ended_on) == (404, None)


def test_ones_own_account_is_shown_but_not_changed_here(as_administrator, administrator):
    assert statuses(as_administrator, administrator, GETS, "get") == {
        "detail": 200,
        "give": 404,
        "edit": 404,
    }
    assert set(statuses(as_administrator, administrator, POSTS, "post").values()) == {404}


def test_an_administrator_sees_no_personal_data_by_this_role_alone(as_administrator, community):
    for name in ["members:list", "organizations:tree"]:
        assert community.name not in as_administrator.get(reverse(name)).text
    assert as_administrator.get(reverse("organizations:detail", args=["s1m1"])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "WANG"}, {"wangfang"}),
        ({"q": "王芳"}, {"wangfang"}),
        ({"role": "reviewer"}, {"reviewer"}),
        ({"unit": "河滨"}, {"wangfang"}),
        ({"unit": "djjd", "role": "reviewer"}, {"reviewer"}),
        ({"unit": "河滨", "role": "reviewer"}, set()),
    ],
)
def test_users_are_found_by_name_role_and_unit(
    asked, found, as_administrator, reviewer, viewer, community
):
    GrantFactory(unit=community, user__username="wangfang", user__display_name="王芳")

    page = as_administrator.get(reverse("users:list"), asked)

    assert {user.username for user in page.context["page_obj"]} == found


def test_a_past_role_is_not_found_any_more(as_administrator, community):
    GrantFactory(unit=community, ended_on=date(2020, 1, 1))

    page = as_administrator.get(reverse("users:list"), {"unit": "河滨"})

    assert list(page.context["page_obj"]) == []


def test_the_list_asks_the_database_the_same_for_one_and_for_thirty(
    as_administrator, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as of_one:
        as_administrator.get(reverse("users:list"))
    community = CommunityFactory()
    for _ in range(30):
        user = UserFactory()
        GrantFactory(user=user, unit=community)
        GrantFactory(user=user, unit=community.parent, role=Role.VIEWER)

    with django_assert_num_queries(len(of_one)):
        page = as_administrator.get(reverse("users:list"))

    assert page.context["page_obj"].paginator.count == 31


def test_the_list_has_fifty_users_a_page(as_administrator):
    UserFactory.create_batch(60)

    page = as_administrator.get(reverse("users:list"), {"page": 2})

    assert len(page.context["page_obj"]) == 11
