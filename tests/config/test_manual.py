"""The manual inside the portal: every page helps, every link and picture leads somewhere."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from config.manual import FOLDER, HELPS, PAGES, help_for
from tests.routes import PUBLIC, ROUTES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_read_in_the_portal_and_its_links_and_pictures_are_there(signed_in, page):
    html = signed_in.get(reverse("manual_page", args=[page])).content.decode()

    body = html[html.index('<article class="manual">') : html.index("</article>")]
    for address in re.findall(r'href="([^"]+)"', body):
        assert signed_in.get(address).status_code == 200
    for address in re.findall(r'src="([^"]+)"', body):
        assert finders.find(address.removeprefix(settings.STATIC_URL))
    assert ".md" not in body


def test_every_page_of_the_portal_has_help_of_its_own():
    without = {name for name in ROUTES.keys() - PUBLIC if help_for(name) == reverse("manual")}

    assert without <= {"manual", "manual_page", "styleguide"}
    assert set(HELPS.values()) <= set(PAGES)


def test_the_contents_name_every_page():
    contents = (FOLDER / "zh-hans" / "index.md").read_text("utf-8")

    assert {page for page in PAGES if f"({page}.md)" not in contents} == {"index"}


def test_the_help_button_leads_to_what_the_page_is_about(signed_in):
    html = signed_in.get(reverse("activities:log")).content.decode()

    assert f'href="{reverse("manual_page", args=["log"])}"' in html


def test_english_readers_get_the_english_manual(signed_in, secretary):
    secretary.language = "en"
    secretary.save()

    assert "Sign in" in signed_in.get(reverse("manual")).content.decode()


def test_a_page_that_is_none_is_not_found(signed_in):
    assert signed_in.get(reverse("manual_page", args=["no-such"])).status_code == 404
