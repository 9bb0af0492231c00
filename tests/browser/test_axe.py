"""No page keeps anybody out: axe-core finds no violation, in both languages and both themes.

axe-core (tests/vendor/axe, MPL-2.0) is run as it is. Each page of the table of routes is opened
twice: in Chinese, light, at desk width; and in English, dark, on a phone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from organizations.choices import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import GrantFactory, UserFactory
from tests.kept_factories import RatingPageFactory
from tests.routes import PUBLIC, ROUTES, Place
from tests.test_access import METHODS

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(__file__).parent.parent / "vendor" / "axe" / "axe.min.js").read_text("utf-8")
RUN = """async () => {
    const {violations} = await axe.run(document, {resultTypes: ["violations"]});
    return violations.map(({id, help, nodes}) =>
        [id, help, nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`)]);
}"""
LOOKS = [
    ("zh-hans", "light", DESK),
    ("en", "dark", PHONE),
]


def violations(page, address):
    """What axe-core finds wrong with a page; None where there is a file or a part of a page."""
    response = page.request.get(address)
    is_page = response.headers["content-type"].startswith("text/html")
    if response.status != 200 or not is_page or "<html" not in response.text():
        return None
    page.goto(address)
    return looked_at(page)


def looked_at(page, times=3):
    """A page may go on to the next by itself, as when a job is done: then that one is looked at."""
    for left in reversed(range(times)):
        try:
            page.evaluate(AXE)
            return page.evaluate(RUN)
        except Error as error:
            if not left or "context was destroyed" not in error.message:
                raise
            page.wait_for_load_state()
    return None


def place_of(user, name):
    """A county of which `user` may see and keep everything, and nothing of any other."""
    user.grants.all().delete()
    place = Place(name, user)
    GrantFactory(user=user, unit=place.county, role=Role.ORGANIZER)
    GrantFactory(user=user, unit=None, role=Role.ADMINISTRATOR)
    return place


@pytest.mark.parametrize(("language", "theme", "size"), LOOKS, ids=["light", "dark"])
@pytest.mark.parametrize("half", [0, 1])
def test_no_page_has_a_violation(open_page, language, theme, size, half):
    user = UserFactory(username="tester", language=language, theme=theme)
    page = open_page("/account/", user=user, size=size)
    pages = [name for name, methods in METHODS.items() if "get" in methods and name not in PUBLIC]
    looked, wrong = 0, {}

    for number, name in enumerate(sorted(pages)[half::2]):
        place = place_of(user, f"p{number}")
        found = violations(page, reverse(name, args=ROUTES[name].args(place)))
        page.goto("about:blank")  # what it still asks for, somebody else would ask
        looked += found is not None
        if found:
            wrong[name] = found

    assert wrong == {}
    assert looked > len(pages) / 4


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_signing_in_has_no_violation(open_page, language):
    page = open_page("/sign-in/")
    if language == "en":
        page.get_by_role("button", name="English").click()

    assert violations(page, "/sign-in/") == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_that_residents_see_has_no_violation(open_page, size):
    address = RatingPageFactory().get_absolute_url()
    page = open_page(address, size=size)

    assert violations(page, address) == []
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="提交").click()
    page.get_by_text("您的评价已计入").wait_for()
    assert looked_at(page) == []
