"""Reading notices and reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from assessment.choices import NoticeState
from organizations.access import paths_for, within
from organizations.actions import Action
from organizations.querysets import ScopedQuerySet

LEASE = timedelta(minutes=10)
"""How long a worker may hold a reminder or a mail before another takes it over."""
MAIL_ATTEMPTS = 8
"""After so many an e-mail is given up; each wait is twice the one before, about a day in all."""


class OfRecipientQuerySet(models.QuerySet):
    """Rows addressed to one person, who alone reads them."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(recipient=user)


class NoticeQuerySet(OfRecipientQuerySet):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def unmailed(self) -> Self:
        """Not sent as an e-mail yet, to somebody who has an address."""
        return self.filter(mailed_at__isnull=True, recipient__is_active=True).exclude(
            recipient__email=""
        )

    def to_mail(self, now: datetime) -> Self:
        """Whose e-mail is to be tried at `now`: never tried, or tried long enough ago."""
        tried = (
            Q(mail_attempts=attempts, claimed_at__lt=now - LEASE * 2 ** (attempts - 1))
            for attempts in range(1, MAIL_ATTEMPTS)
        )
        return self.unmailed().filter(reduce(or_, tried, Q(mail_attempts=0)))

    def given_up(self, now: datetime) -> Self:
        """Whose e-mail failed as often as it is tried."""
        return self.unmailed().filter(mail_attempts__gte=MAIL_ATTEMPTS, claimed_at__lt=now - LEASE)


class ReminderQuerySet(OfRecipientQuerySet):
    """One row for each deadline, stage and recipient."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """One's own; with `Action.MANAGE`, those to anybody about the units that `user` manages."""
        if action == Action.MANAGE:
            return self.filter(within("unit__path", paths_for(user, action)))
        return super().visible_to(user, action=action)

    def waiting(self, now: datetime) -> Self:
        """Not sent, and held by no worker that is still within its lease."""
        left = Q(state=NoticeState.SENDING, claimed_at__lt=now - LEASE)
        return self.filter(Q(state=NoticeState.PLANNED) | left)


class SealedRowQuerySet(ScopedQuerySet):
    """What a seal froze is added and read; neither a row nor many of them are ever changed."""

    def update(self, **kwargs: object) -> int:
        raise TypeError("What is sealed is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("What is sealed is never deleted.")


class SealQuerySet(SealedRowQuerySet):
    """Seals of counties: read by everybody who sees the county or some unit of it."""

    def visible_to(self, user: User | AnonymousUser, *, action: Action = Action.VIEW) -> Self:
        """Only what is said of a unit within reach is shown of them: the verdicts have a gate."""
        paths = paths_for(user, action)
        counties = {path.split("/", 1)[0] for path in paths}
        if action == Action.VIEW:
            return self.filter(unit__code__in=counties)
        return self.under(*paths)
