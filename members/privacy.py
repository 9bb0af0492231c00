"""How ID numbers and phones look where they must not be read."""

from __future__ import annotations

import re

LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){9,}[\s-]?[\dXx]")
"""Eleven digits or more: a mobile phone, a landline with its code, an ID number of 15 or 18."""


def mask_id_number(number: str) -> str:
    """All but the last two characters hidden: beside a birth date, more would tell the whole."""
    return "*" * max(len(number) - 2, 0) + number[-2:]


def mask_phone(phone: str) -> str:
    """`138****0000`; a landline keeps its last two digits alone."""
    if len(phone) == 11 and phone.isdigit():
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_digits(text: str) -> str:
    """A text of whatever sort with the long numbers in it hidden, but for their last two digits."""
    return LONG_NUMBER.sub(lambda found: mask_id_number(found[0]), text)
