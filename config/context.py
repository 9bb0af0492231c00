"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from assessment.notices import count_unread
from config.manual import help_for
from organizations.access import actions_of

PLACES = {
    "members:import": "import",
    "members:import_kind": "import",
    "members:imports": "import",
    "members:batch": "import",
    "members:layout": "import",
    "members:dissolve": "organizations",
    "members:merge": "organizations",
    "members:leadership": "organizations",
    "assessment:search": "",
    "assessment:notices": "",
    "assessment:reminder_ledger": "",
    "assessment:review": "activities",
    "assessment:review_record": "activities",
    "assessment:person_year": "members",
    "assessment:five_good": "organizations",
    "standing": "organizations",
}
"""Where a page stands in the navigation, if not under its app's entry: by its route, or by the
beginning of it."""


def place_of(view_name: str) -> str:
    space = view_name.partition(":")[0]
    return PLACES.get(view_name, PLACES.get(space, space))


def portal(request: HttpRequest) -> dict[str, Any]:
    """For the navigation: `may`, the names of the actions that the person may do somewhere,
    `nav_place`, which of its entries the page belongs to, `unread_notices`, how many, and
    `help_url`, what the manual says about the page.

    For `{% kept %}`: `frame`, everything that the frame depends on but for its holes,
    `own_address`, the page's, and `account_name`, what the person is called.

    What is of the database is asked only where a page shows it.
    """
    user = getattr(request, "user", None)
    match = request.resolver_match
    view = match.view_name if match else ""
    address = request.get_full_path()
    if user is None or not user.is_authenticated:
        frame_of_nobody = ("", get_language(), view)
        return {"may": frozenset(), "frame": frame_of_nobody, "own_address": address}
    may = SimpleLazyObject(lambda: actions_of(user))

    def frame() -> tuple[Any, ...]:
        return user.theme, user.type_size, get_language(), view, *sorted(may)

    return {
        "frame": frame,
        "help_url": help_for(view),
        "own_address": address,
        "may": may,
        "nav_place": place_of(view),
        "unread_notices": SimpleLazyObject(lambda: count_unread(user)),
        "account_name": str(user),
    }
