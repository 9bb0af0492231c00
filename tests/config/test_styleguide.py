"""The page of all components: complete, and for those who build the portal alone."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def test_every_component_is_on_the_page(signed_in, settings):
    settings.DEBUG = True

    response = signed_in.get("/styleguide/")

    page, drawn = response.content.decode(), {template.name for template in response.templates}
    names = [path.name for path in COMPONENTS.glob("*.html")]
    assert {name for name in names if not re.search(rf"\b{name}\b", page)} == set()
    assert {name for name in names if f"components/{name}" not in drawn} == set()


def test_it_does_not_exist_for_users(signed_in):
    assert signed_in.get("/styleguide/").status_code == 404
