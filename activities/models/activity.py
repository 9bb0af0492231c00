"""What units do: meetings, studies, trainings, lectures, reviews."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.choices import Mode, SchoolLevel, State
from activities.kinds import Kind, kinds_of
from activities.querysets import ActivityQuerySet, OfActivityQuerySet
from organizations.models import Unit

SOON_DAYS = 7
"""Up to so many days after it was held, a record is said to be entered in time."""


class Activity(models.Model):
    """One thing held on one or more days: entered once, serving every rule that it can.

    It counts in the period of its first local day (Asia/Shanghai), from submission until the
    unit above returns it. `credit` is the days that each person present is credited with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("host"), on_delete=models.PROTECT, related_name="activities"
    )
    co_hosts = models.ManyToManyField(
        Unit,
        verbose_name=_("co-hosts"),
        through="CoHost",
        related_name="co_hosted",
        blank=True,
    )
    kind_mask = models.BigIntegerField(_("kinds"))
    topic = models.CharField(_("topic"), max_length=200)
    topic_pinyin = models.CharField(max_length=1500, editable=False, blank=True)
    """By which the search finds it. Searched for its middle, for which no index is of use."""
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    first_day = models.DateField(_("first day"), editable=False)
    last_day = models.DateField(_("last day"), editable=False)
    mode = models.CharField(_("form"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=100, blank=True)
    chair = models.CharField(_("chair"), max_length=50, blank=True)
    recorder = models.CharField(_("recorder"), max_length=50, blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=50, blank=True)
    school_level = models.CharField(
        _("level of the Party school"), max_length=10, choices=SchoolLevel, blank=True
    )
    minutes = models.TextField(_("minutes"), blank=True)
    extra = models.JSONField(_("fields of the kinds"), default=dict, blank=True)
    """The kinds' own fields by code, as fields.toml declares them; what is empty is left out."""
    late_reason = models.CharField(_("why it was entered later"), max_length=200, blank=True)
    """Asked of nobody, and kept where somebody says it."""
    credit = models.DecimalField(_("credit in days"), max_digits=5, decimal_places=2)
    credit_is_set = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    return_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    """Drawn when the form was opened: a second press of the button makes no second record."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(name="activity_facts", fields=["unit", "first_day", "state"]),
            models.Index(name="activity_by_day", fields=["first_day"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end is not after the start."),
            ),
            models.CheckConstraint(
                name="activity_days_in_order", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(
                name="activity_credit_above_zero",
                condition=Q(credit__gt=0),
                violation_error_message=_("Credit must be above zero days."),
            ),
            models.CheckConstraint(
                name="activity_has_a_kind",
                condition=Q(kind_mask__gt=0),
                violation_error_message=_("Choose at least one kind."),
            ),
            models.CheckConstraint(
                name="activity_submitted_sometime",
                condition=Q(state__in=(State.DRAFT, State.CANCELLED))
                | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="activity_returned_with_a_reason",
                condition=~Q(state=State.RETURNED) | ~Q(return_reason=""),
                violation_error_message=_("Say why the record is returned."),
            ),
        ]

    def __str__(self) -> str:
        said = {"topic": self.topic, "day": date_format(self.first_day)}
        return gettext("%(topic)s (%(day)s)") % said

    def get_absolute_url(self) -> str:
        return reverse("activities:detail", args=[self.pk])

    @property
    def kinds(self) -> list[Kind]:
        return kinds_of(self.kind_mask)

    @property
    def days_later(self) -> int:
        """How many days after it was held it was handed in; 0 where that was soon enough."""
        handed_in = self.submitted_at or self.created_at
        days = (timezone.localtime(handed_in).date() - self.last_day).days if handed_in else 0
        return days if days > SOON_DAYS else 0


class CoHost(models.Model):
    """A unit that held an activity together with its host."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="co_host_rows")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="co_host_rows")

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-host")
        verbose_name_plural = _("co-hosts")
        constraints = [
            models.UniqueConstraint(
                name="co_host_once",
                fields=["activity", "unit"],
                violation_error_message=_("This unit is named twice."),
            )
        ]

    def __str__(self) -> str:
        return str(self.unit)
