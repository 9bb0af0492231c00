"""Reading what was held: by kind, by day, by whether it counts, and through the one gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db.models import Exists, F, OuterRef, Q

from activities.choices import COUNTING_STATES, State
from activities.kinds import mask_of
from organizations.access import within
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet


class MaskedQuerySet(ScopedQuerySet):
    """Rows with a `kind_mask`."""

    def of_kinds(self, codes: Iterable[str]) -> Self:
        """Rows that bear at least one of the kinds."""
        mask = mask_of(codes)
        return self.alias(kinds_hit=F("kind_mask").bitand(mask)).filter(kinds_hit__gt=0)


class ActivityQuerySet(MaskedQuerySet):
    def under(self, *paths: str) -> Self:
        """Activities that a unit at or below any of `paths` hosts or co-hosts."""
        if not paths:
            return self.none()
        from activities.models import CoHost

        helps = CoHost.objects.filter(within("unit__path", paths), activity=OuterRef("pk"))
        return self.filter(within("unit__path", paths) | Q(Exists(helps)))

    def hosted_under(self, *paths: str) -> Self:
        """Activities that a unit at or below any of `paths` hosts: who may change them."""
        return super().under(*paths)

    def held_by(self, unit: Unit) -> Self:
        """What the unit itself hosts or co-hosts, not what the units below it do."""
        from activities.models import CoHost

        helps = CoHost.objects.filter(unit=unit, activity=OuterRef("pk"))
        return self.filter(Q(unit=unit) | Q(Exists(helps)))

    def counted(self) -> Self:
        """Records that count: submitted or confirmed, not returned, not cancelled."""
        return self.filter(state__in=COUNTING_STATES)

    def beginning(self, first: date, last: date) -> Self:
        """Activities whose first local day lies in [first, last], both included."""
        return self.filter(first_day__range=(first, last))

    def drafts(self) -> Self:
        return self.filter(state__in=(State.DRAFT, State.RETURNED))


class OfActivityQuerySet(MaskedQuerySet):
    """Rows that belong to an activity: seen where its host is seen."""

    unit_field = "activity__unit"
