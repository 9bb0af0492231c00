"""What is to be held: plans, their repetition, and the units invited to them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import State
from activities.kinds import Kind, kinds_of
from activities.models.activity import Activity
from activities.plan_choices import Answer, OffDays, PlanState, Repeat
from activities.plan_querysets import InvitationQuerySet, PlanQuerySet
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet


class PlanSeries(models.Model):
    """How a row of plans repeats. Each of them is a row of its own, so each can be moved alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plan_series")
    repeat = models.CharField(_("repeats"), max_length=10, choices=Repeat)
    off_days = models.CharField(
        _("on days off"), max_length=4, choices=OffDays, default=OffDays.KEEP
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of plans")
        verbose_name_plural = _("rows of plans")

    def __str__(self) -> str:
        return f"{self.unit} {self.repeat}"


class Plan(models.Model):
    """Something that a unit means to hold. It counts for nothing until a record is made of it.

    `sequence` grows with each change: what a calendar program goes by, and what tells two people
    apart who change a plan at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("host"), on_delete=models.PROTECT, related_name="plans"
    )
    series = models.ForeignKey(
        PlanSeries, on_delete=models.PROTECT, null=True, related_name="plans"
    )
    kind_mask = models.BigIntegerField(_("kinds"))
    topic = models.CharField(_("topic"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    chair = models.CharField(_("chair"), max_length=50, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PlanState, default=PlanState.PLANNED)
    drop_reason = models.CharField(_("why it is dropped"), max_length=200, blank=True)
    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, null=True, editable=False, related_name="plan"
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        indexes = [
            models.Index(name="plan_of_unit", fields=["unit", "starts_at"]),
            models.Index(name="plan_by_state", fields=["state", "ends_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end is not after the start."),
            ),
            models.CheckConstraint(
                name="plan_has_a_kind",
                condition=Q(kind_mask__gt=0),
                violation_error_message=_("Choose at least one kind."),
            ),
            models.CheckConstraint(
                name="plan_held_with_its_record",
                condition=Q(state=PlanState.HELD, activity__isnull=False)
                | (~Q(state=PlanState.HELD) & Q(activity__isnull=True)),
            ),
            models.CheckConstraint(
                name="plan_dropped_with_a_reason",
                condition=~Q(state=PlanState.DROPPED) | ~Q(drop_reason=""),
                violation_error_message=_("Say why the plan is dropped."),
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    def get_absolute_url(self) -> str:
        return reverse("activities:plan", args=[self.pk])

    @property
    def kinds(self) -> list[Kind]:
        return kinds_of(self.kind_mask)

    @property
    def first_day(self):
        return timezone.localtime(self.starts_at).date()

    @property
    def last_day(self):
        return timezone.localtime(self.ends_at).date()

    def is_overdue(self, now: datetime) -> bool:
        return self.state == PlanState.PLANNED and self.ends_at < now

    @property
    def may_be_taken_up(self) -> bool:
        """Whether it can be planned again: it was dropped, or its record was withdrawn."""
        withdrawn = self.activity is not None and self.activity.state == State.CANCELLED
        return self.state == PlanState.DROPPED or withdrawn


class PlanInvitation(models.Model):
    """A unit that is asked to hold a plan together with its host."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="plan_invitations"
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                name="plan_invitation_once",
                fields=["plan", "unit"],
                violation_error_message=_("This unit is named twice."),
            ),
            models.CheckConstraint(
                name="plan_invitation_answered_sometime",
                condition=Q(answer=Answer.OPEN, answered_at__isnull=True)
                | (~Q(answer=Answer.OPEN) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_answer_display()}"
