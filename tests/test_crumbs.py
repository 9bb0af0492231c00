"""Every page says where it is: a trail that ends with its own name, or a place in the top bar."""

from __future__ import annotations

import re
from html import unescape

import pytest

from organizations.choices import Role
from tests.routes import ROUTES
from tests.test_access import METHODS, ask, signed_in_as

pytestmark = pytest.mark.django_db


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def names_of(html: str) -> set[str]:
    """What the page calls itself: at its head, and in each part of the browser's tab."""
    heads = re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    tab = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]  # pictures have titles too
    *parts, _portal = words(tab).split(" · ")
    return {*map(words, heads), " · ".join(parts), *parts} - {""}


def trail_of(html: str) -> list[tuple[str, bool]]:
    """The steps to a page with whether each is a link."""
    found = re.findall(r'<li class="breadcrumb-item.*?</li>', html, re.DOTALL)
    return [(words(step), "<a " in step) for step in found]


def is_wrong(html: str, address: str) -> bool:
    trail = trail_of(html)
    if not trail:
        (bar,) = re.findall(r'<header class="top-bar">.*?</header>', html, re.DOTALL)
        return f'href="{address}"' not in bar
    *above, (here, leads_on) = trail
    return here not in names_of(html) or leads_on or not all(up for _name, up in above)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.ADMINISTRATOR])
def test_every_page_below_the_main_places_is_the_last_step_of_its_own_trail(role):
    client, ours, _theirs = signed_in_as(role)
    wrong, seen = [], 0

    for name in ROUTES:
        if "get" not in METHODS.get(name, []):
            continue
        response, _written = ask(client, name, "get", ours)
        if response.status_code != 200 or response.streaming:
            continue
        if b"<title>" not in response.content:
            continue  # a part of a page, or a file
        html, seen = response.content.decode(), seen + 1
        if is_wrong(html, response.request["PATH_INFO"]):
            wrong.append((name, trail_of(html), names_of(html)))

    assert seen > 5
    assert wrong == []
