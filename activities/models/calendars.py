"""What stands around the plans: days off, and the feeds that calendar programs read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.plan_querysets import HolidayQuerySet
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet


class Holiday(models.Model):
    """A day off, or a weekend day on which people work: goes before the built-in table.

    Without a unit it holds everywhere; a county's own goes before that.
    """

    unit = models.ForeignKey(
        Unit,
        verbose_name=_("county"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
    )
    day = models.DateField(_("day"))
    is_workday = models.BooleanField(_("people work on this day"), default=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=20)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        constraints = [
            models.UniqueConstraint(
                name="holiday_once_in_a_county",
                fields=["unit", "day"],
                condition=Q(unit__isnull=False),
                violation_error_message=_("This day is already in the table."),
            ),
            models.UniqueConstraint(
                name="holiday_once_everywhere",
                fields=["day"],
                condition=Q(unit__isnull=True),
                violation_error_message=_("This day is already in the table."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarFeed(models.Model):
    """The secret address under which calendar programs read a unit's plans, without signing in.

    Only a fingerprint of the secret is kept: the address is shown once, when it is made.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="feeds"
    )
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    with_below = models.BooleanField(_("with all units below"), default=False)
    with_deadlines = models.BooleanField(_("with deadlines that are open"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                name="calendar_feed_one_open_a_unit",
                fields=["unit"],
                condition=Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="calendar_feed_revoked_after_made",
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.made_at:%Y-%m-%d}"
