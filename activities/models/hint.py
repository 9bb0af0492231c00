"""What the portal noticed about records: hints for whoever reviews them, never verdicts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from activities.choices import HintKind
from activities.models.activity import Activity
from activities.querysets import HintQuerySet, OfActivityQuerySet


class Hint(models.Model):
    """Something that was noticed about one record, or about several taken together.

    `key` names what it is about within its kind, so that the same thing is one hint however often
    it is noticed. `facts` is what was seen, as plain values; while they stay as they are, a hint
    that was dismissed stays dismissed, also when it is gone for a while (a record returned and
    submitted again).
    """

    kind = models.CharField(_("kind of hint"), max_length=12, choices=HintKind)
    key = models.CharField(max_length=80, editable=False)
    records = models.ManyToManyField(Activity, through="HintRecord", related_name="hints")
    day = models.DateField(_("day"))
    """Of the newest of the records."""
    facts = models.JSONField(default=dict, editable=False)
    noticed_at = models.DateTimeField(_("noticed at"), default=timezone.now)
    gone_at = models.DateTimeField(null=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    dismissed_at = models.DateTimeField(null=True, editable=False)
    dismissed_because = models.CharField(_("a word on it"), max_length=200, blank=True)

    objects = HintQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("hint")
        verbose_name_plural = _("hints")
        constraints = [
            models.UniqueConstraint(name="hint_once", fields=["kind", "key"]),
            models.CheckConstraint(
                name="hint_dismissed_with_a_word",
                condition=Q(dismissed_at__isnull=True)
                | (Q(dismissed_by__isnull=False) & ~Q(dismissed_because="")),
                violation_error_message=_("Say in a word why the hint is settled."),
            ),
            models.CheckConstraint(
                name="hint_is_gone_only_when_dismissed",
                condition=Q(gone_at__isnull=True) | Q(dismissed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {date_format(self.day)}"

    def get_absolute_url(self) -> str:
        return reverse("activities:hint", args=[self.pk])


class HintRecord(models.Model):
    """A record that a hint is about."""

    hint = models.ForeignKey(Hint, on_delete=models.CASCADE, related_name="record_rows")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="hint_rows")

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a hint")
        verbose_name_plural = _("records of hints")
        constraints = [
            models.UniqueConstraint(name="hint_record_once", fields=["hint", "activity"]),
        ]

    def __str__(self) -> str:
        return str(self.activity)


class MinutesPrint(models.Model):
    """What a record's minutes look like, reckoned once: the bands that alike texts share."""

    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, primary_key=True, related_name="minutes_print"
    )
    bands = models.JSONField(default=list, editable=False)
    """Empty for minutes that are too short to be compared."""
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("print of minutes")
        verbose_name_plural = _("prints of minutes")

    def __str__(self) -> str:
        return str(self.activity_id)
