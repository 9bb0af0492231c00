"""The page of all components: complete, and for those who build the portal alone."""

from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def test_every_component_is_on_the_page(signed_in, settings):
    settings.DEBUG = True

    page = signed_in.get("/styleguide/").content.decode()

    assert {path.name for path in COMPONENTS.glob("*.html") if path.name not in page} == set()


def test_it_does_not_exist_for_users(signed_in):
    assert signed_in.get("/styleguide/").status_code == 404
