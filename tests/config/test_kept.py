"""The frame that is drawn once: what is of one request never stays in it."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.template.exceptions import TemplateSyntaxError

from config.templatetags.kept import frames
from tests.cast import sign_in

pytestmark = pytest.mark.django_db

SAYS = '{% load kept %}{% kept "test" frame holes name %}{{ other }} {{ name }}{% endkept %}'


def drawn(**variables):
    return Template(SAYS).render(Context(variables))


@pytest.fixture(autouse=True)
def _nothing_kept():
    frames.clear()


def test_what_is_kept_is_drawn_once_and_its_holes_filled_each_time():
    first = drawn(frame="a", other="drawn", name="甲")
    second = drawn(frame="a", other="never asked for", name="乙")

    assert (first, second) == ("drawn 甲", "drawn 乙")


def test_another_frame_is_drawn_anew():
    drawn(frame="a", other="one", name="")

    assert drawn(frame="b", other="two", name="") == "two "


def test_what_fills_a_hole_is_escaped():
    assert drawn(frame="a", other="", name="<script>") == " &lt;script&gt;"


def test_a_page_that_knows_of_no_frame_keeps_nothing():
    drawn(other="one", name="")

    assert drawn(other="two", name="") == "two "


def test_a_slip_in_the_tag_is_told():
    with pytest.raises(TemplateSyntaxError, match="holes"):
        Template('{% load kept %}{% kept "test" frame with name %}{% endkept %}')


def test_two_people_of_one_role_share_no_name_token_or_address(organizer, reviewer, secretary):
    pages = {}
    for user in (organizer, secretary, reviewer):
        for address in ("/account/", "/account/?tab=2"):
            response = sign_in(user).get(address)
            pages[user, address] = response.content.decode()

    for (user, address), page in pages.items():
        others = {str(other) for other, _address in pages} - {str(user)}
        assert f'<p class="menu-heading">{user}</p>' in page
        assert f'name="next" value="{address}"' in page
        assert not [name for name in others if f">{name}<" in page]
    tokens = [page.split('name="csrfmiddlewaretoken" value="')[1][:64] for page in pages.values()]
    assert len(set(tokens)) == len(tokens)


def test_the_language_and_the_look_are_a_persons_own(organizer):
    client = sign_in(organizer)
    chinese = client.get("/account/").content.decode()
    organizer.language, organizer.theme, organizer.type_size = "en", "dark", "large"
    organizer.save()

    english = client.get("/account/").content.decode()

    assert "首页" in chinese
    assert "dark.css" not in chinese
    assert ">Home</span>" in english
    assert "首页" not in english
    assert "dark.css" in english
    assert "Normal type" in english
