"""How ID numbers and phones look where they must not be read."""

from __future__ import annotations


def mask_id_number(number: str) -> str:
    """All but the last two characters hidden: beside a birth date, more would tell the whole."""
    return "*" * max(len(number) - 2, 0) + number[-2:]


def mask_phone(phone: str) -> str:
    """`138****0000`; a landline keeps its last two digits alone."""
    if len(phone) == 11 and phone.isdigit():
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]
