"""What a file marks as to be cleared, taken from the records: an empty cell never does that."""

from __future__ import annotations

from members.models import Membership, Person
from members.privacy import mask_phone
from members.roster.rows import Row

TEXTS = ("ethnicity", "education", "occupation", "address")
DAYS = ("joined_on", "full_on")


def clear_marked(row: Row, record: Person | Membership) -> list[tuple[str, str, str]]:
    """Empty the fields of `record` that `row` marks; the changes, as (field, old, "")."""
    changes = []
    for name in TEXTS if isinstance(record, Person) else DAYS:
        if name in row.cleared and (old := getattr(record, name)):
            changes.append((name, str(old), ""))
            setattr(record, name, "" if name in TEXTS else None)
    if isinstance(record, Person) and "phone" in row.cleared and record.phone_index:
        changes.append(("phone", mask_phone(record.reveal_phone()), ""))
        record.set_phone("")
    return changes
