"""Reading what was held: by kind, by day, by whether it counts, and through the one gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import User
from activities.choices import COUNTING_STATES, State
from activities.kinds import mask_of
from organizations.access import paths_for, within
from organizations.actions import Action
from organizations.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import Unit


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

    def naming(self, text: str) -> Self:
        """Activities whose topic, place, chair or lecturer holds `text`, or the topic's pinyin."""
        words = Q(topic_pinyin__contains=text.lower())
        for field in ("topic", "place", "chair", "lecturer"):
            words |= Q(**{f"{field}__icontains": text})
        return self.filter(words)

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


class IssueQuerySet(OfActivityQuerySet):
    """What was found and is to be set right; a cancelled record's issues are nobody's."""

    def still_open(self) -> Self:
        return self.filter(done_on__isnull=True).exclude(activity__state=State.CANCELLED)

    def overdue(self, day: date) -> Self:
        return self.still_open().filter(due_on__lt=day)


class RunQuerySet(ScopedQuerySet):
    def still_open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class OfRunQuerySet(ScopedQuerySet):
    """Lines of a review run: seen where its unit is seen."""

    unit_field = "run__unit"


class EntryDraftQuerySet(models.QuerySet):
    """What is not handed in is nobody's business but the writer's."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        return self.filter(owner=user) if user.is_authenticated else self.none()


class ReturnNoticeQuerySet(models.QuerySet):
    """Word of returned records, to one person each."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.RECORD) -> Self:
        """One's own, of records that still are returned and that one can still mend."""
        paths = paths_for(user, action)
        if not paths:
            return self.none()
        return self.filter(within("activity__unit__path", paths), recipient=user).standing()

    def standing(self) -> Self:
        """Those whose record has not been handed in again, nor cancelled."""
        return self.filter(activity__state=State.RETURNED)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def untold(self) -> Self:
        """Those that no day's notice has held yet."""
        return self.filter(told_on__isnull=True)


class AttachmentQuerySet(ScopedQuerySet):
    """Files, known of wherever their record is seen."""

    unit_field = "activity__unit"

    def under(self, *paths: str) -> Self:
        """Files of the records that a unit at or below any of `paths` hosts or co-hosts."""
        from activities.models import Activity

        return self.filter(activity__in=Activity.objects.under(*paths).values("pk"))

    def kept(self) -> Self:
        """Those that have not been removed."""
        return self.filter(removed_at__isnull=True)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Those that `user` may open: of records that `user` keeps or reviews, as host or co-host.

        What a file holds can't be masked, so a viewer, who sees no identifiers, opens none.
        """
        paths = {*paths_for(user, Action.RECORD), *paths_for(user, Action.REVIEW)}
        return self.under(*sorted(paths))


class HintQuerySet(models.QuerySet):
    """Hints, seen by those alone who review at least one of the records that they are about."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.REVIEW) -> Self:
        return self.under(*paths_for(user, action))

    def under(self, *paths: str) -> Self:
        """Hints about a record that a unit at or below any of `paths` hosts."""
        from activities.models import HintRecord

        if not paths:
            return self.none()
        about = HintRecord.objects.filter(
            within("activity__unit__path", paths), hint=OuterRef("pk")
        )
        return self.filter(Exists(about))

    def standing(self) -> Self:
        """Those whose facts are still there."""
        return self.filter(gone_at__isnull=True)

    def waiting(self) -> Self:
        """Those that nobody has settled."""
        return self.standing().filter(dismissed_at__isnull=True)
