"""Periods closed by a county: what was found, frozen; a correction is a new row, never a change."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessment.choices import VerdictStatus
from assessment.periods import Cycle, Period, period_of
from assessment.querysets import SealedRowQuerySet, SealQuerySet
from organizations.models import Unit


class WrittenOnce(models.Model):
    """A row that is added and read: neither changed nor deleted."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("What is sealed is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("What is sealed is never deleted.")


class Seal(WrittenOnce):
    """A closed quarter or year of a county, or (`correction` above 0) a correction of one.

    `number` counts the seals of the county; each bears the digest of the one before it, so none
    can be left out or put in. `as_of`: the first day after the period, as of which it is judged.
    `document` is all that is signed beside the verdicts: docs/seals.md.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("county"), on_delete=models.PROTECT, related_name="seals"
    )
    number = models.PositiveIntegerField(_("number"))
    correction = models.PositiveIntegerField(_("correction"), default=0)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    as_of = models.DateField(_("judged as of"))
    reason = models.CharField(_("why it is corrected"), max_length=500, blank=True)
    sealed_at = models.DateTimeField(_("sealed at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    signature = models.CharField(max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(
                name="seal_one_for_a_period",
                fields=["unit", "period_start", "period_end"],
                condition=Q(correction=0),
                violation_error_message=_("This period is sealed already."),
            ),
            models.UniqueConstraint(
                name="seal_corrections_numbered",
                fields=["unit", "period_start", "period_end", "correction"],
            ),
            models.UniqueConstraint(name="seal_numbered_in_county", fields=["unit", "number"]),
            models.CheckConstraint(
                name="seal_correction_says_why", condition=Q(correction=0) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="seal_of_a_closed_period",
                condition=Q(period_start__lte=F("period_end"), period_end__lt=F("as_of")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.period_start} {self.period_end} {self.correction}"

    def get_absolute_url(self) -> str:
        return reverse("assessment:seal", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.period_start, self.period_end)

    @property
    def cycle(self) -> Cycle:
        is_year = self.period == period_of(self.period_start, Cycle.YEAR)
        return Cycle.YEAR if is_year else Cycle.QUARTER


class SealedVerdict(WrittenOnce):
    """One verdict as it stood when it was sealed: it stands on its own, whatever moves on.

    `unit` is for the gate; what is signed are the words beside it. `edition` is the digest of the
    rulebook's file; `threshold` the number that was in force; `evidence` the records that counted.
    """

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="verdicts")
    position = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sealed_verdicts")
    unit_code = models.CharField(max_length=30)
    unit_name = models.CharField(_("unit"), max_length=200)
    subject_code = models.CharField(max_length=30)
    rulebook = models.CharField(max_length=40)
    edition = models.CharField(max_length=64)
    rule = models.CharField(_("rule"), max_length=40)
    threshold = models.CharField(max_length=20, blank=True)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    value = models.DecimalField(max_digits=9, decimal_places=2)
    target = models.DecimalField(max_digits=9, decimal_places=2)
    status = models.CharField(_("status"), max_length=14, choices=VerdictStatus)
    short = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    objects = SealedRowQuerySet.as_manager()

    class Meta:
        ordering = ["seal", "position"]
        verbose_name = _("sealed verdict")
        verbose_name_plural = _("sealed verdicts")
        constraints = [
            models.UniqueConstraint(name="sealed_verdict_in_place", fields=["seal", "position"])
        ]
        indexes = [models.Index(name="sealed_verdict_of_unit", fields=["unit", "rule"])]

    def __str__(self) -> str:
        return f"{self.subject_code} {self.rule} {self.period_start} {self.status}"
