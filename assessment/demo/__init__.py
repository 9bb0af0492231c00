"""An invented county on real place names, for a first look, for pictures and for measuring."""

from __future__ import annotations

from django.conf import settings

DEMO_PASSWORD: str = settings.DEMO_PASSWORD
"""The password of all demo users; they are only ever made in a database that was empty."""

DEMO_USERS: list[tuple[str, str, str]] = [
    ("secretary", "secretary", "520302001001"),
    ("neighbour", "secretary", "520302001002"),
    ("street", "secretary", "520302001"),
    ("reviewer", "reviewer", "520302001"),
    ("organizer", "organizer", "520302"),
    ("viewer", "viewer", "520302"),
    ("administrator", "administrator", ""),
]
"""User name, role, code of the unit (none for the administrator)."""
