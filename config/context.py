"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from assessment.notices import count_unread
from config.manual import help_for
from organizations.access import actions_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """For the navigation: `may`, the names of the actions that the person may do somewhere,
    `unread_notices`, how many, and `help_url`, what the manual says about the page.

    What is of the database is asked only where a page shows it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"may": frozenset()}
    match = request.resolver_match
    return {
        "help_url": help_for(match.view_name if match else ""),
        "may": SimpleLazyObject(lambda: actions_of(user)),
        "unread_notices": SimpleLazyObject(lambda: count_unread(user)),
    }
