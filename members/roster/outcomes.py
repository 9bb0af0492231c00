"""What an import promises: the outcome of each row, and all that would be written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_noop

from members.privacy import mask_id_number, mask_phone
from members.roster.register import Stored
from members.roster.rows import Finding, Row, Table
from members.roster.write import Writes
from organizations.models import Unit

CREATED_SHOWN = (
    "id_number",
    "stage",
    "joined_on",
    "full_on",
    "standing",
    "phone",
    "is_floating",
    "floating_to",
)
"""What the preview shows of somebody new."""
NEW = "new"
"""The decision that a row in question means somebody who is not on record."""


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    QUESTION = "question"
    WRONG = "wrong"


OUTCOME_LABELS = {
    Outcome.CREATED: gettext_noop("New"),
    Outcome.UPDATED: gettext_noop("Changed"),
    Outcome.UNCHANGED: gettext_noop("Unchanged"),
    Outcome.SKIPPED: gettext_noop("Left out"),
    Outcome.QUESTION: gettext_noop("In question"),
    Outcome.WRONG: gettext_noop("Wrong"),
}


@dataclass(slots=True)
class RowPlan:
    """What becomes of one row. `changes` are (field, old, new), identifiers masked."""

    row: Row
    outcome: Outcome
    unit: Unit | None = None
    changes: Sequence[tuple[str, str, str]] = ()
    """Of a new person there are none: the row says it all."""
    candidates: Sequence[Stored] = ()
    """Whom a row in question may mean."""
    transfer: UUID | None = None
    """Whose home is another unit within reach."""


@dataclass(slots=True)
class Plan:
    table: Table
    rows: list[RowPlan] = field(default_factory=list)
    writes: Writes = field(default_factory=Writes)
    met: set[UUID] = field(default_factory=set)
    """The people on record whom the rows mean."""

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which outcome; every outcome is named."""
        counted = Counter(one.outcome for one in self.rows)
        return {outcome.value: counted[outcome] for outcome in Outcome}

    @property
    def errors(self) -> list[Finding]:
        return [finding for one in self.rows for finding in one.row.errors]

    @property
    def warnings(self) -> list[Finding]:
        return self.table.notes + [found for one in self.rows for found in one.row.warnings]

    def digest(self) -> str:
        """The same for two plans that promise the same."""
        names = {outcome: outcome.value for outcome in Outcome}
        told = [
            f"{one.row.number} {names[one.outcome]} {one.unit.pk if one.unit else 0}"
            f" {one.changes or ''}"
            for one in self.rows
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def show_value(name: str, value: object) -> str:
    """A field's value as plain text, codes as they are; identifiers masked."""
    if value is None or value == "":
        return ""
    if name == "id_number":
        return mask_id_number(str(value))
    if name == "phone":
        return mask_phone(str(value))
    return str(value)
