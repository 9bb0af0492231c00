"""Looking at records and keeping what was noticed: what is new, what is gone, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities.choices import HintKind
from activities.hints.comparing import minutes_alike, photos_alike
from activities.hints.noticing import (
    at_two_places,
    by_people_who_had_left,
    entered_late,
    in_one_evening,
)
from activities.hints.scope import Noticed, Scope, scope_of
from activities.models import Activity, Hint, HintRecord
from organizations.models import Unit
from organizations.settings import settings_of

LOOKS: tuple[Callable[[Scope], Iterator[Noticed]], ...] = (
    entered_late,
    at_two_places,
    minutes_alike,
    photos_alike,
    in_one_evening,
    by_people_who_had_left,
)


def look_at_one(pk: UUID) -> None:
    """Look at a record that was changed, and at what it has to do with others."""
    activity = Activity.objects.filter(pk=pk).select_related("unit").first()
    if activity is None:
        return
    code, today = activity.unit.county_code, timezone.localdate()
    county = Unit.objects.get(code=code, parent__isnull=True)
    scope = scope_of(county, settings_of([code])[code], today=today, focus=pk)
    if scope:
        quarter = (activity.first_day.month + 2) // 3
        beside = f"{activity.unit_id}:{activity.first_day.year}Q{quarter}"
        about = Q(records=pk) | Q(kind=HintKind.ONE_EVENING, key=beside)
        _keep(_look(scope), about)


def look_at_county(county: Unit) -> None:
    """Look at a county's records; one that wants no hints keeps only those that were settled."""
    settings = settings_of([county.code])[county.code]
    scope = scope_of(county, settings, today=timezone.localdate())
    inside = Q(pk__in=Hint.objects.under(county.path).values("pk"))
    if scope:
        _keep(_look(scope), inside & Q(day__gte=scope.since))
    else:
        _keep([], inside)


def _look(scope: Scope) -> list[Noticed]:
    return list(chain.from_iterable(look(scope) for look in LOOKS))


@transaction.atomic
def _keep(noticed: Iterable[Noticed], about: Q) -> None:
    """Make the hints `about` exactly what was noticed.

    What stays as it was stays settled; what changed, is to be looked at anew. A hint without its
    facts goes, and is only kept out of sight when somebody had settled it.
    """
    now = timezone.now()
    wanted = {(seen.kind.value, seen.key): seen for seen in noticed}
    by_name = Q(key__in=[key for _kind, key in wanted], kind__in={kind for kind, _key in wanted})
    rows = Hint.objects.filter(about | by_name).distinct()
    known = {(hint.kind, hint.key): hint for hint in rows}
    for name, hint in known.items():
        if name in wanted:
            _bring_up_to_date(hint, wanted[name])
    known_away = Hint.objects.filter(about).values_list("kind", "key", "pk")
    gone = {pk for kind, key, pk in known_away if (kind, key) not in wanted}
    Hint.objects.filter(pk__in=gone, dismissed_at__isnull=True).delete()
    Hint.objects.filter(pk__in=gone, gone_at__isnull=True).update(gone_at=now)
    _add([seen for name, seen in wanted.items() if name not in known])


def _bring_up_to_date(hint: Hint, seen: Noticed) -> None:
    if hint.facts != seen.facts or hint.day != seen.day:
        hint.facts, hint.day, hint.noticed_at = seen.facts, seen.day, timezone.now()
        hint.gone_at = hint.dismissed_at = hint.dismissed_by = None
        hint.dismissed_because = ""
        hint.save()
        hint.record_rows.all().delete()
        HintRecord.objects.bulk_create(HintRecord(hint=hint, activity_id=pk) for pk in seen.records)
    elif hint.gone_at:
        hint.gone_at = None
        hint.save(update_fields=["gone_at"])


def _add(noticed: list[Noticed]) -> None:
    """New hints; one that another worker has just added is left to it."""
    hints = [Hint(kind=s.kind, key=s.key, day=s.day, facts=s.facts) for s in noticed]
    Hint.objects.bulk_create(hints, batch_size=500, ignore_conflicts=True)
    keys = {(hint.kind, hint.key) for hint in hints}
    names = sorted({key for _kind, key in keys})
    stored = {}
    for start in range(0, len(names), 500):
        rows = Hint.objects.filter(key__in=names[start : start + 500])
        stored.update({(kind, key): pk for kind, key, pk in rows.values_list("kind", "key", "pk")})
    HintRecord.objects.bulk_create(
        [
            HintRecord(hint_id=stored[seen.kind.value, seen.key], activity_id=pk)
            for seen in noticed
            for pk in seen.records
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
