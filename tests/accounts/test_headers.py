"""What every page says to the browser about itself."""

import re

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
OPEN_PAGES = ["/sign-in/", "/no-such-page/"]
SIGNED_IN_PAGES = ["/account/", "/account/password/", "/no-such-page/?signed-in"]


@pytest.fixture(params=[*OPEN_PAGES, *SIGNED_IN_PAGES])
def page(client, request):
    if request.param in SIGNED_IN_PAGES:
        client.force_login(UserFactory())
    return client.get(request.param)


def policy(response) -> str:
    return response.headers["Content-Security-Policy"]


def test_every_page_has_a_strict_policy(page):
    directives = policy(page)

    assert "unsafe-" not in directives
    assert "*" not in directives
    assert "http" not in directives
    for directive in ["default-src 'none'", "object-src 'none'", "base-uri 'none'"]:
        assert directive in directives


def test_each_answer_has_a_nonce_of_its_own(client):
    nonces = {
        re.search(r"'nonce-([^']+)'", policy(client.get("/sign-in/"))).group(1) for _ in range(3)
    }

    assert len(nonces) == 3


def test_no_script_that_comes_with_a_part_of_a_page_is_let_in(client):
    """htmx would give the page's nonce to any script in what it swaps in."""
    response = client.get("/sign-in/")
    html = response.content.decode()

    assert "inlineScriptNonce" not in html
    (nonce,) = set(re.findall(r'<script [^>]*\bnonce="([^"]+)"', html))
    assert f"'nonce-{nonce}'" in policy(response)


def test_no_page_has_inline_script_style_or_handlers(page):
    html = page.content.decode()

    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)


def test_no_page_names_an_outside_address(page):
    html = page.content.decode()

    assert re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//[^"']*""", html) == []


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_a_signed_in_page_is_kept_by_no_cache(client, path):
    client.force_login(UserFactory())

    kept = client.get(path).headers["Cache-Control"]

    assert {"no-store", "private"} <= set(kept.split(", "))


def test_a_style_sheet_may_be_kept(client):
    response = client.get("/static/portal.css")
    response.close()

    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]
