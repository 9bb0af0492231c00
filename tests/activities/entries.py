"""An entry as a secretary types it, for the tests of services and pages."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from activities.entries import Entry
from tests.factories import SHANGHAI


def at(text: str) -> datetime:
    """A Shanghai moment: `2026-03-10 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def entry(unit, **given) -> Entry:
    """Two hours of members' study on 10 March 2026, unless `given` says otherwise."""
    said = {
        "unit": unit,
        "kinds": frozenset({"member_study"}),
        "topic": "学习党章",
        "starts_at": at("2026-03-10 09:00"),
        "ends_at": at("2026-03-10 11:00"),
    }
    return Entry(**said | given)


def typed(unit, **given):
    """What a browser sends: two hours of study, nobody ticked, the record to be submitted."""
    said = {
        "do": "submit",
        "roll_for": unit.code,
        "unit": unit.code,
        "kinds": ["member_study"],
        "topic": "学习党章",
        "day": "2026-03-10",
        "begins": "09:00",
        "ends": "11:00",
        "mode": "in_person",
        "form_key": str(uuid4()),
    }
    return said | given


def rows_of(response) -> dict[str, str]:
    """Names on the list, with how they stand."""
    roll = response.context["roll"]
    return {row.name: str(row.presence) for row in roll.rows.values()}
