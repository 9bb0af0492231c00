"""Reading plans, invitations, holidays, feeds and sign-ins through the one gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from activities.plan_choices import Answer, PlanState
from organizations.access import actions_of, paths_for, within
from organizations.actions import Action
from organizations.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from organizations.models import Unit


class PlanQuerySet(ScopedQuerySet):
    def under(self, *paths: str) -> Self:
        """Plans that a unit at or below any of `paths` hosts or is invited to."""
        if not paths:
            return self.none()
        from activities.models import PlanInvitation

        asked = PlanInvitation.objects.filter(within("unit__path", paths), plan=OuterRef("pk"))
        return self.filter(within("unit__path", paths) | Q(Exists(asked)))

    def hosted_under(self, *paths: str) -> Self:
        """Plans that a unit at or below any of `paths` hosts: who may change them."""
        return super().under(*paths)

    def of_calendar(self, *paths: str) -> Self:
        """Plans that belong in the calendar of these units: not those that they declined."""
        return self._hosted_or_asked(within("unit__path", paths)) if paths else self.none()

    def of_unit(self, unit: Unit) -> Self:
        """The same of one unit, without those below it."""
        return self._hosted_or_asked(Q(unit=unit))

    def of_units(self, keys: Iterable[int]) -> Self:
        """The same of several units by their keys, without those below them."""
        return self._hosted_or_asked(Q(unit__in=list(keys)))

    def _hosted_or_asked(self, here: Q) -> Self:
        from activities.models import PlanInvitation

        asked = PlanInvitation.objects.filter(here, plan=OuterRef("pk"))
        return self.filter(here | Q(Exists(asked.exclude(answer=Answer.DECLINED))))

    def starting(self, first: datetime, before: datetime) -> Self:
        """Plans that start in [first, before)."""
        return self.filter(starts_at__gte=first, starts_at__lt=before)

    def planned(self) -> Self:
        return self.filter(state=PlanState.PLANNED)

    def overdue(self, now: datetime) -> Self:
        """Plans that should be over, of which nobody has said whether they were held."""
        return self.planned().filter(ends_at__lt=now)


class InvitationQuerySet(ScopedQuerySet):
    """An invitation is read where its unit is read, or its plan's host."""

    def under(self, *paths: str) -> Self:
        if not paths:
            return self.none()
        return self.filter(within("unit__path", paths) | within("plan__unit__path", paths))

    def asked_of(self, *paths: str) -> Self:
        """Invitations to units at or below any of `paths`: who may answer them."""
        return super().under(*paths)

    def to_answer(self, now: datetime) -> Self:
        return self.filter(
            answer=Answer.OPEN, plan__state=PlanState.PLANNED, plan__ends_at__gte=now
        )


class HolidayQuerySet(QuerySet):
    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.MANAGE) -> Self:
        """The rows that `user` keeps: an administrator those for everywhere, an organiser the
        own county's.
        """
        kept = within("unit__path", paths_for(user, action))
        if Action.ADMINISTER in actions_of(user):
            kept |= Q(unit__isnull=True)
        return self.filter(kept)


class OfPlanOrActivityQuerySet(QuerySet):
    """Sign-ins: seen and kept where the host of the plan or record is."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        return self.under(*paths_for(user, action))

    def under(self, *paths: str) -> Self:
        if not paths:
            return self.none()
        here = within("plan__unit__path", paths) | within("activity__unit__path", paths)
        return self.filter(here)


class SignatureQuerySet(OfPlanOrActivityQuerySet):
    """Who has signed: seen where the sign-in is."""

    def under(self, *paths: str) -> Self:
        if not paths:
            return self.none()
        plans = within("sign_in__plan__unit__path", paths)
        return self.filter(plans | within("sign_in__activity__unit__path", paths))
