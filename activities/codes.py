"""The codes on the host's screen, and the tickets of those who scanned one in time. Pure.

A code is the number of its half-minute and a keyed fingerprint of it. Whoever opens one that is
current or was just before gets a ticket, good for the time that it takes to type a name.
"""

from __future__ import annotations

import hmac
from datetime import datetime

STEP_SECONDS = 30
TICKET_SECONDS = 5 * 60
MAC_DIGITS = 16
"""64 bits: nobody tries that many in a minute, and the code on the screen stays coarse."""


def step_of(now: datetime) -> int:
    """The number of the half-minute that `now` lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def seconds_left(now: datetime) -> int:
    """Seconds until the next code, at least one."""
    return STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS


def code_at(secret: bytes, now: datetime) -> str:
    return _made(secret, "code", step_of(now))


def is_current(secret: bytes, code: str, now: datetime) -> bool:
    """Whether `code` is that of this half-minute, or of the one before: clocks and hands differ."""
    step = _opened(secret, "code", code)
    return step is not None and step_of(now) - step in (0, 1)


def ticket_at(secret: bytes, now: datetime) -> str:
    return _made(secret, "ticket", int(now.timestamp()))


def is_good(secret: bytes, ticket: str, now: datetime) -> bool:
    """Whether `ticket` was given out at most TICKET_SECONDS ago."""
    at = _opened(secret, "ticket", ticket)
    return at is not None and 0 <= int(now.timestamp()) - at <= TICKET_SECONDS


def fingerprint(secret: bytes, purpose: str, text: str) -> str:
    """A keyed fingerprint that says nothing to anybody without the secret."""
    return hmac.digest(secret, f"{purpose}:{text}".encode(), "sha256").hex()[:MAC_DIGITS]


def _made(secret: bytes, purpose: str, number: int) -> str:
    return f"{number:x}.{fingerprint(secret, purpose, str(number))}"


def _opened(secret: bytes, purpose: str, text: str) -> int | None:
    """The number in a code or ticket that this secret made; None for any other text."""
    number, _dot, _mac = text.partition(".")
    if not (number.isascii() and number.isalnum() and len(number) <= 16 and text.isascii()):
        return None
    try:
        found = int(number, 16)
    except ValueError:
        return None
    return found if hmac.compare_digest(_made(secret, purpose, found), text) else None
