"""A report that somebody asked for: made for that person alone, kept for seven days."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessment.periods import Cycle, periods_of
from assessment.phrases import period_name
from assessment.reports.choices import ReportFailure, ReportForm, ReportKind, ReportState
from organizations.access import paths_for, within
from organizations.actions import Action
from organizations.models import Unit

KEPT = timedelta(days=7)
USUAL_WAIT = timedelta(minutes=3)
"""After which the page says what a report waits for."""
UNDER_WAY = (ReportState.QUEUED, ReportState.RUNNING)


def kept_until() -> datetime:
    return timezone.now() + KEPT


class ReportFileQuerySet(models.QuerySet):
    def visible_to(
        self,
        user: User | AnonymousUser,
        *,
        action: Action = Action.VIEW,
        with_expired: bool = False,
    ) -> Self:
        """One's own, as long as they are kept and one still sees their unit."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        here = within("unit__path", paths_for(user, action))
        plain = self.filter(here, made_for=user)
        if not with_expired:
            plain = plain.filter(expires_at__gt=timezone.now())
        may_see = within("unit__path", paths_for(user, Action.IDENTIFY))
        return plain.filter(Q(with_identifiers=False) | may_see)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class ReportFile(models.Model):
    """One report in one form. The file is sealed, as it may hold identifiers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="report_files"
    )
    kind = models.CharField(_("report"), max_length=12, choices=ReportKind)
    form = models.CharField(_("form of the file"), max_length=5, choices=ReportForm)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), null=True, blank=True)
    with_identifiers = models.BooleanField(_("with ID numbers"), default=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"), default=kept_until)
    state = models.CharField(
        _("state"), max_length=8, choices=ReportState, default=ReportState.QUEUED
    )
    failure = models.CharField(max_length=12, choices=ReportFailure, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    """Per cent."""
    run = models.UUIDField(null=True, editable=False)
    """The run that makes it: a second delivery of the task finds another's id here."""
    lease_until = models.DateTimeField(null=True, editable=False)
    """While under way: when it counts as broken off."""
    file = models.FileField(upload_to="reports/", blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)

    objects = ReportFileQuerySet.as_manager()
    is_sent_for = True
    """Not stored: False where the worker could not be told of it just now."""

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("report file")
        verbose_name_plural = _("report files")
        indexes = [models.Index(name="report_file_of_user", fields=["made_for", "expires_at"])]
        constraints = [
            models.CheckConstraint(
                name="report_file_quarter_of_a_year",
                condition=Q(quarter__isnull=True) | Q(quarter__range=(1, 4)),
            ),
            models.CheckConstraint(
                name="report_file_ready_with_a_file",
                condition=~Q(state=ReportState.READY) | ~Q(file=""),
            ),
            models.CheckConstraint(
                name="report_file_failed_for_a_reason",
                condition=~Q(state=ReportState.FAILED) | ~Q(failure=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit}"

    @property
    def period_name(self) -> str:
        cycle = Cycle.QUARTER if self.quarter else Cycle.YEAR
        return period_name(cycle, periods_of(self.year, cycle)[(self.quarter or 1) - 1])

    @property
    def query(self) -> str:
        """What asks for the same report anew."""
        said = {"kind": self.kind, "unit": self.unit.code, "year": self.year, "form": self.form}
        return urlencode(said | ({"quarter": self.quarter} if self.quarter else {}))

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def waits_long(self) -> bool:
        """Whether nobody has begun it in the usual time."""
        begun_to_wait = self.expires_at - KEPT  # the seven days run from being asked for
        return self.state == ReportState.QUEUED and begun_to_wait + USUAL_WAIT < timezone.now()

    def judge_lease(self) -> None:
        """Show as failed what was not heard of until its time was over. Does not save."""
        if self.is_under_way and self.lease_until and self.lease_until < timezone.now():
            self.state, self.failure = ReportState.FAILED, ReportFailure.INTERRUPTED
