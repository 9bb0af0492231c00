"""Every route, with every role, at what is theirs and at what is another county's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from organizations.choices import Role
from tests.factories import GrantFactory, UserFactory
from tests.routes import PUBLIC, ROUTES, Place, Route, nothing

pytestmark = pytest.mark.django_db
WRITES = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
MAY_BE_WRITTEN_ON_GET = {
    "django_session",
    # A page that meets a touched unit computes its verdicts anew before it answers.
    "assessment_verdict",
    "assessment_unitassessment",
    "organizations_touch",
    # A page over time sums the past months that are lacking.
    "assessment_monthsummary",
}


def known_routes(resolver=None, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named route with the methods that its view answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from known_routes(entry, inner)
        else:
            view = getattr(entry.callback, "view_class", None)
            methods = [
                method
                for method in ("get", "post")
                if view is None or (hasattr(view, method) and method in view.http_method_names)
            ]
            yield f"{space}{entry.name}", methods


METHODS = dict(known_routes())
TRIED = [(name, method) for name in ROUTES for method in METHODS.get(name, [])]


def test_each_route_stands_in_the_table():
    assert set(METHODS) == set(ROUTES) | PUBLIC


def signed_in_as(role: Role) -> tuple[Client, Place, Place]:
    """A browser, what is theirs and another county's. An organiser holds the county."""
    user = UserFactory(username=role)
    ours, theirs = Place("ours", user), Place("theirs", user)
    held = {Role.ADMINISTRATOR: None, Role.ORGANIZER: ours.county}.get(role, ours.street)
    GrantFactory(user=user, unit=held, role=role)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client, ours, theirs


def ask(client: Client, name: str, method: str, place: Place) -> tuple[HttpResponse, set[str]]:
    """The answer, and the tables that were written to; afterwards all is as before."""
    with transaction.atomic():
        address = reverse(name, args=ROUTES[name].args(place))
        with CaptureQueriesContext(connection) as asked:
            response = getattr(client, method)(address, ROUTES[name].data)
        transaction.set_rollback(True)
    found = (WRITES.match(query["sql"]) for query in asked)
    return response, {match[2] for match in found if match}


@pytest.mark.parametrize("role", Role)
def test_what_is_theirs_is_open_to_those_alone_who_may_and_reading_never_writes(role):
    client, ours, _theirs = signed_in_as(role)
    wrong = []

    for name, method in TRIED:
        response, written = ask(client, name, method, ours)
        is_open = response.status_code < 400
        if is_open != (role in ROUTES[name].roles):
            wrong.append((method, name, response.status_code))
        if method == "get" and written - MAY_BE_WRITTEN_ON_GET:
            wrong.append((method, name, written))

    assert wrong == []


@pytest.mark.parametrize("role", Role)
def test_what_is_another_countys_is_found_by_nobody_and_not_changed(role):
    client, _ours, theirs = signed_in_as(role)
    wrong = []

    for name, method in TRIED:
        if not is_of_an_object(ROUTES[name], theirs) or role in ROUTES[name].reaches_everywhere:
            continue
        response, written = ask(client, name, method, theirs)
        if response.status_code != 404 or written - {"django_session"}:
            wrong.append((method, name, response.status_code, written))

    assert wrong == []


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_changes_nothing(client):
    ours = Place("ours", UserFactory())
    wrong = []

    for name, method in TRIED:
        response, written = ask(client, name, method, ours)
        if not response.headers.get("Location", "").startswith(reverse("login")) or written:
            wrong.append((method, name, response.status_code, written))

    assert wrong == []


OF_NO_COUNTY = {
    "calendar",
    "csv",
    "log",
    "national-2018",
    "organiser",
    "posts",
    "roster",
    "study-days",
}


def is_of_an_object(route: Route, place: Place) -> bool:
    """Whether the route names something of a county, rather than a rule or a sort of file."""
    if route.args is nothing:
        return False
    with transaction.atomic():
        args = route.args(place)
        transaction.set_rollback(True)
    return args[0] not in OF_NO_COUNTY
