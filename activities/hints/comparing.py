"""One record's papers against all others': minutes nearly the same, and one photo used twice.

Two records of one time are one occasion that several units entered, and are not compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from activities.choices import HintKind
from activities.hints import likenesses, texts
from activities.hints.scope import Noticed, Scope, chunks, pair_key
from activities.models import Activity, Attachment, MinutesPrint

PERCENT = Decimal(100)


class Held(NamedTuple):
    """When a record's activity was."""

    day: date
    starts_at: datetime
    ends_at: datetime
    key: UUID

    def is_with(self, other: Held) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def minutes_alike(scope: Scope) -> Iterator[Noticed]:
    """Records whose minutes share four fifths with an earlier one's: each with the likest."""
    make_prints(scope)
    prints = MinutesPrint.objects.filter(activity__in=scope.records()).exclude(bands=[])
    rows = prints.values_list(
        "bands", "activity__first_day", "activity__starts_at", "activity__ends_at", "activity_id"
    )
    held = sorted((Held(*moment), bands) for bands, *moment in rows)
    pairs = [
        (held[one][0], held[two][0])
        for one, two in _candidates([bands for _held, bands in held])
        if not held[one][0].is_with(held[two][0])
        and scope.concerns(held[one][0].key, held[two][0].key)
    ]
    shingles = _shingles_of({one.key for pair in pairs for one in pair})
    best: dict[Held, tuple[Decimal, Held]] = {}
    for earlier, later in sorted(pairs):
        share = texts.likeness(shingles[earlier.key], shingles[later.key])
        if share >= texts.ALIKE and (later not in best or share > best[later][0]):
            best[later] = (share, earlier)
    for later, (share, earlier) in best.items():
        pair = (earlier.key, later.key)
        facts = {"percent": int(share * PERCENT)}
        yield Noticed(HintKind.SAME_MINUTES, pair_key(*pair), pair, later.day, facts)


def photos_alike(scope: Scope) -> Iterator[Noticed]:
    """Photos that are also in an earlier record: each pair of records once."""
    photos = Attachment.objects.kept().filter(activity__in=scope.records()).exclude(fingerprint="")
    rows = photos.values_list(
        "fingerprint",
        "pk",
        "activity__first_day",
        "activity__starts_at",
        "activity__ends_at",
        "activity_id",
    )
    held = sorted((Held(*moment), fingerprint, pk) for fingerprint, pk, *moment in rows)
    found: dict[tuple[Held, Held], list[list[str]]] = defaultdict(list)
    bands = [likenesses.bands_of(fingerprint) for _held, fingerprint, _pk in held]
    for one, two in sorted(_candidates(bands)):
        (earlier, first, photo), (later, second, copy) = held[one], held[two]
        if (
            not earlier.is_with(later)
            and scope.concerns(earlier.key, later.key)
            and likenesses.distance(first, second) <= likenesses.ALIKE
        ):
            found[earlier, later].append([str(photo), str(copy)])
    for (earlier, later), photos_of in found.items():
        pair = (earlier.key, later.key)
        facts = {"photos": photos_of}
        yield Noticed(HintKind.SAME_PHOTO, pair_key(*pair), pair, later.day, facts)


def make_prints(scope: Scope) -> None:
    """Reckon the prints of minutes that are new or were changed since."""
    stale = Q(minutes_print__isnull=True) | Q(minutes_print__made_at__lt=F("updated_at"))
    rows = scope.records().filter(stale).exclude(minutes="", minutes_print__isnull=True)
    for chunk in chunks(list(rows.values_list("pk", flat=True))):
        now = timezone.now()
        minutes = Activity.objects.filter(pk__in=chunk).values_list("pk", "minutes")
        MinutesPrint.objects.bulk_create(
            [
                MinutesPrint(activity_id=pk, bands=texts.bands_of(text), made_at=now)
                for pk, text in minutes
            ],
            update_conflicts=True,
            unique_fields=["activity"],
            update_fields=["bands", "made_at"],
        )


def _candidates(bands: list[list[str]]) -> set[tuple[int, int]]:
    """Which of the things with these bands agree in one of them, by their places."""
    buckets: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, values in enumerate(bands):
        for number, value in enumerate(values):
            buckets[number, value].append(place)
    return texts.pairs_in(bucket for bucket in buckets.values() if len(bucket) > 1)


def _shingles_of(keys: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    found = {}
    for chunk in chunks(sorted(keys)):
        rows = Activity.objects.filter(pk__in=chunk).values_list("pk", "minutes")
        found.update({pk: texts.shingles_of(text) for pk, text in rows})
    return found
