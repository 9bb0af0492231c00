"""ID numbers in a report: of those people alone whose identifiers its reader may see."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from assessment.reports.asked import Asked
from members.models import Person
from organizations.actions import Action


def id_numbers(asked: Asked, people: Collection[UUID | int]) -> dict[UUID | int, str]:
    """Their numbers in the clear; none where the report is without."""
    if not asked.with_identifiers:
        return {}
    seen = Person.objects.visible_to(asked.user, action=Action.IDENTIFY).filter(pk__in=people)
    return {person.pk: person.reveal_id_number() for person in seen.only("pk", "id_number_sealed")}
