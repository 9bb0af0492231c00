"""What a seal signs: one document, its canonical text, its digest. Pure; docs/seals.md tells it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

FORMAT = "party-seal-1"
CENT = Decimal("0.01")


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one text of a document: keys sorted, nothing between the signs, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest_of(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def signature_of(digest: str, key: bytes) -> str:
    """Only who has the portal's key can make it: the digest alone anybody could."""
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()


def day_text(day: date | None) -> str | None:
    return day and day.isoformat()


def moment_text(moment: datetime) -> str:
    """In UTC to the microsecond, whatever the database gives back."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def number_text(number: Decimal) -> str:
    """Always with two decimals, so that 8 and 8.00 are one text."""
    return f"{number.quantize(CENT):f}"


def changes_between(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Each verdict that is not what it was, as (before, after); None where there was, is, none."""
    old, new = _by_subject(before), _by_subject(after)
    keys = [*old, *(key for key in new if key not in old)]
    pairs = ((old.get(key), new.get(key)) for key in keys)
    return [(was, now) for was, now in pairs if _says(was) != _says(now)]


def _says(verdict: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """What a verdict finds. A record more that changes no figure is no other finding."""
    if verdict is None:
        return None
    return tuple(verdict[name] for name in ("status", "value", "target", "short", "period_end"))


def _by_subject(verdicts: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for verdict in verdicts:
        about = tuple(
            verdict[name] for name in ("unit", "subject", "rulebook", "rule", "period_start")
        )
        number = 0
        while (*about, number) in found:
            number += 1
        found[*about, number] = verdict
    return found
