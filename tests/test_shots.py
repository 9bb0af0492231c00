"""No page is forgotten when pictures are taken: `make shots` knows every route."""

from django.urls import NoReverseMatch, reverse

from scripts.shot_pages import NO_PAGES, PAGES, Page, line
from scripts.shots import Shot, contact_sheet
from tests.test_access import METHODS

ANSWERS_GET = {name for name, methods in METHODS.items() if "get" in methods} - {"logout"}


def test_every_route_that_can_be_looked_at_has_its_picture_or_a_reason():
    assert set(PAGES) | set(NO_PAGES) == ANSWERS_GET
    assert set(PAGES) & set(NO_PAGES) == set()


def test_a_line_is_read_as_it_was_written():
    told = line("assessment:rule", Page("", lambda demo: ["s1", "study-days"], "on=2026-03-01"))

    assert Shot.parse(told) == Shot(
        "assessment-rule", "/assessment/units/s1/study-days/?on=2026-03-01", ""
    )


def test_the_contact_sheet_shows_each_page_in_both_languages_and_widths():
    sheet = contact_sheet([Shot("home", "/?a=1&b=2", "secretary")])

    names = [f"home-{look}-{width}.png" for look in ("zh", "en") for width in (1280, 390)]
    assert all(f'<img src="{name}"' in sheet for name in names)
    assert "/?a=1&amp;b=2" in sheet


def test_a_route_that_takes_keys_has_them():
    """A page without keys is one whose address needs none."""
    wrong = []
    for name, page in PAGES.items():
        if page.keys is Page("").keys:
            try:
                reverse(name)
            except NoReverseMatch:
                wrong.append(name)

    assert wrong == []
