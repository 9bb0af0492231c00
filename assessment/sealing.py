"""Closing a period of a county: its verdicts frozen, signed and chained; and checking that."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from accounts.audit import record
from accounts.models import User
from assessment.counties import settings_of
from assessment.engine import Result, compute
from assessment.errors import AssessmentError
from assessment.models import Seal, SealedVerdict
from assessment.periods import Period
from assessment.rulebook import FOLDER
from assessment.seal_document import (
    FORMAT,
    changes_between,
    day_text,
    digest_of,
    moment_text,
    number_text,
    signature_of,
)
from assessment.terms import Settings
from assessment.wording import shortfall
from organizations.models import Unit

ROWS_AT_ONCE = 500
PURPOSE = "assessment.seal"


def seal_period(county: Unit, period: Period, *, by: User | None) -> Seal:
    """Freeze every verdict of the county for a quarter or year that is over.

    Raises AssessmentError where it is not over, or is sealed already.
    """
    if timezone.localdate() <= period.last:
        raise AssessmentError(
            gettext("This period is not over yet: it can be sealed from the day after it on.")
        )
    return _seal(county, period, by=by)


def correct_seal(seal: Seal, reason: str, *, by: User | None) -> Seal:
    """State anew what a sealed period comes to by what is on record now, and why; nothing is
    overwritten. Raises AssessmentError without a reason, or where nothing has changed.
    """
    if not reason.strip():
        raise AssessmentError(gettext("Say why the sealed period is corrected."))
    return _seal(seal.unit, seal.period, by=by, reason=reason.strip())


@transaction.atomic
def _seal(county: Unit, period: Period, *, by: User | None, reason: str = "") -> Seal:
    list(Unit.objects.filter(pk=county.pk).select_for_update(no_key=True).values_list("pk"))
    chain = Seal.objects.filter(unit=county)
    last = chain.first()
    said = chain.filter(period_start=period.first, period_end=period.last).first()
    if said is not None and not reason:
        raise AssessmentError(
            gettext("This period is sealed already: what has changed since can be corrected there.")
        )
    rows = frozen_now(county, period)
    if said is not None and not changes_between(said_by(said), map(verdict_document, rows)):
        raise AssessmentError(gettext("Nothing has changed since this period was sealed."))
    seal = Seal(
        unit=county,
        number=last.number + 1 if last else 1,
        correction=said.correction + 1 if said else 0,
        period_start=period.first,
        period_end=period.last,
        as_of=period.last + timedelta(days=1),
        reason=reason,
        sealed_at=timezone.now(),
        by=by,
        previous=last.digest if last else "",
    )
    seal.document = {
        "county": county.code,
        "county_name": county.name,
        "sealed_by": by.get_username() if by else "",
        "rulebooks": {row.rulebook: row.edition for row in rows},
        "settings": [[key, day_text(day), value] for key, day, value in _settings(county).values],
    }
    seal.digest = digest_of(full_document(seal, map(verdict_document, rows)))
    seal.signature = signature_of(seal.digest, _key())
    seal.save()
    for row in rows:
        row.seal = seal
    SealedVerdict.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    record(
        by=by,
        verb="correct_seal" if said else "seal_period",
        target=seal,
        unit_path=county.path,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        digest=seal.digest,
        reason=reason,
    )
    return seal


def frozen_now(county: Unit, period: Period) -> list[SealedVerdict]:
    """What a seal of the period would freeze now, not saved: all that was asked for in it.

    Every period that ended within it, and what is asked at all times, as of the day after.
    """
    as_of = period.last + timedelta(days=1)
    units = Unit.objects.under(county.path)
    found = compute(units, as_of, year=period.first.year, with_evidence=True)
    own = _settings(county)
    results = (result for result in found if _is_closed_with(result, period))
    return [_freeze(result, own, number) for number, result in enumerate(results)]


def _is_closed_with(result: Result, period: Period) -> bool:
    own = result.verdict.period
    return not result.rule.cycle.is_calendar or (own is not None and own.last in period)


def _settings(county: Unit) -> Settings:
    return settings_of([county.code])[county.code]


def _freeze(result: Result, own: Settings, position: int) -> SealedVerdict:
    verdict, rule = result.verdict, result.rule
    day = verdict.period.first if verdict.period and rule.cycle.is_calendar else None
    number = rule.numbers.on(day) if day else None
    if day and not rule.every_years.steps:
        number = own.threshold(rule, day)
    persons = [record for person in verdict.persons for record in person.evidence]
    refs = {str(record.ref) for record in [*verdict.evidence, *persons] if record.ref is not None}
    return SealedVerdict(
        position=position,
        unit_id=result.unit.id,
        unit_code=result.unit.code,
        unit_name=result.unit.name,
        subject_code=verdict.unit,
        rulebook=result.rulebook,
        edition=edition_of(result.rulebook),
        rule=rule.id,
        threshold=number_text(number) if number is not None else "",
        period_start=verdict.period.first if verdict.period else None,
        period_end=verdict.period.last if verdict.period else None,
        value=verdict.value,
        target=verdict.target,
        status=verdict.status.value,
        short=shortfall(verdict, result.unit.code),
        evidence=sorted(refs),
    )


@cache
def edition_of(rulebook_id: str) -> str:
    """The digest of the rulebook's file: which numbers it was judged by, for good."""
    return hashlib.sha256((FOLDER / f"{rulebook_id}.toml").read_bytes()).hexdigest()


def verdict_document(row: SealedVerdict) -> dict[str, Any]:
    """One frozen verdict as it is signed."""
    return {
        "unit": row.unit_code,
        "unit_name": row.unit_name,
        "subject": row.subject_code,
        "rulebook": row.rulebook,
        "edition": row.edition,
        "rule": row.rule,
        "threshold": row.threshold,
        "period_start": day_text(row.period_start),
        "period_end": day_text(row.period_end),
        "value": number_text(row.value),
        "target": number_text(row.target),
        "status": row.status,
        "short": row.short,
        "evidence": row.evidence,
    }


def said_by(seal: Seal) -> Iterator[dict[str, Any]]:
    """The verdicts of a seal as they are signed."""
    return (verdict_document(row) for row in seal.verdicts.order_by("position"))


def full_document(seal: Seal, verdicts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """All that the digest is of."""
    return {
        **seal.document,
        "format": FORMAT,
        "number": seal.number,
        "correction": seal.correction,
        "period_start": day_text(seal.period_start),
        "period_end": day_text(seal.period_end),
        "as_of": day_text(seal.as_of),
        "reason": seal.reason,
        "sealed_at": moment_text(seal.sealed_at),
        "previous": seal.previous,
        "verdicts": list(verdicts),
    }


def export_of(seal: Seal) -> dict[str, Any]:
    """What is handed out: the document with its digest and signature."""
    return {
        "document": full_document(seal, said_by(seal)),
        "digest": seal.digest,
        "signature": seal.signature,
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one seal found; no problem: it is what it was."""

    seal: Seal
    problems: tuple[str, ...]


def check_seals(county: Unit) -> list[Checked]:
    """Each seal of a county against its digest, its signature, and the seal before it."""
    found, previous = [], ""
    seals = Seal.objects.filter(unit=county).select_related("unit").order_by("number")
    for place, seal in enumerate(seals, 1):
        found.append(Checked(seal, tuple(_problems(seal, place, previous))))
        previous = seal.digest
    return found


def _problems(seal: Seal, place: int, previous: str) -> Iterator[str]:
    if digest_of(full_document(seal, said_by(seal))) != seal.digest:
        yield gettext("What is stored is not what was sealed: the digest differs.")
    if seal.number != place or seal.previous != previous:
        yield gettext("A seal before it is missing or was replaced: the chain is broken.")
    if not any(_is_signed(seal, key) for key in _keys()):
        yield gettext("The signature was not made with this portal's key.")


def _is_signed(seal: Seal, key: bytes) -> bool:
    return hmac.compare_digest(signature_of(seal.digest, key), seal.signature)


def _key() -> bytes:
    return next(_keys())


def _keys() -> Iterator[bytes]:
    """The portal's key for seals; then those of secrets it had before."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac(PURPOSE, "key", secret=secret, algorithm="sha256").digest()
