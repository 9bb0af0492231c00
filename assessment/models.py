"""What was judged, what was told before the portal, and who was reminded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.choices import NoticeState, Stage, VerdictStatus
from assessment.querysets import NoticeQuerySet, ReminderQuerySet
from assessment.reports.models import ReportFile as ReportFile
from assessment.seal_models import Seal, SealedVerdict
from members.models import Person
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet

__all__ = [
    "Baseline",
    "Notice",
    "Reminder",
    "Seal",
    "SealedVerdict",
    "UnitAssessment",
    "UnmetNote",
    "Verdict",
]


class Verdict(models.Model):
    """A unit judged by a rule over a period, as of today; any other day is computed when asked.

    `subject_code` is the unit's code, or the area's where no organisation covers it (then `unit`
    is its street). `period_*` are null for a rule without periods. `short` lists what is lacking.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="verdicts")
    subject_code = models.CharField(max_length=30)
    rulebook = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    value = models.DecimalField(max_digits=9, decimal_places=2)
    target = models.DecimalField(max_digits=9, decimal_places=2)
    status = models.CharField(max_length=14, choices=VerdictStatus)
    short = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        indexes = [models.Index(name="verdict_of_unit", fields=["unit", "rule", "period_start"])]

    def __str__(self) -> str:
        return f"{self.subject_code} {self.rule} {self.period_start} {self.status}"


class UnitAssessment(models.Model):
    """The day for which a unit's stored verdicts hold."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="assessment")
    as_of = models.DateField()
    computed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.as_of}"


class MonthSummary(models.Model):
    """How a county or street with all below it stood at a month's end; months.py makes it anew.

    `counts` holds [kind of unit, rulebook, rule, status, verdicts], `units` [kind, units judged,
    units that needed a call]. Stale: something that it rests on has been written since.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="month_summaries")
    month = models.DateField(_("month"))
    counts = models.JSONField(default=list)
    units = models.JSONField(default=list)
    is_stale = models.BooleanField(default=False)
    computed_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary of a month")
        verbose_name_plural = _("summaries of months")
        constraints = [models.UniqueConstraint(name="month_summary_once", fields=["unit", "month"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"


class Baseline(models.Model):
    """When something of a rolling rule was last done before the portal, with no record made up."""

    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="baselines",
    )
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="baselines",
    )
    rule = models.CharField(_("rule"), max_length=40)
    done_on = models.DateField(_("last done on"))
    note = models.CharField(_("source"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on"]
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        constraints = [
            models.UniqueConstraint(
                name="baseline_once_for_a_person",
                fields=["person", "rule"],
                condition=Q(person__isnull=False),
                violation_error_message=_("A baseline for this is already given."),
            ),
            models.UniqueConstraint(
                name="baseline_once_for_a_unit",
                fields=["unit", "rule"],
                condition=Q(person__isnull=True),
                violation_error_message=_("A baseline for this is already given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.unit} {self.rule} {self.done_on}"


class Notice(models.Model):
    """One message to one person on one day: in the portal and by e-mail, all reminders in it."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    mail_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(name="notice_one_a_day", fields=["recipient", "day"])
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day}"


class Reminder(models.Model):
    """One deadline of one unit, at one stage, for one person; told never twice."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    subject_code = models.CharField(max_length=30)
    rulebook = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    period_start = models.DateField()
    period_end = models.DateField()
    stage = models.CharField(max_length=8, choices=Stage)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=9, decimal_places=2)
    target = models.DecimalField(max_digits=9, decimal_places=2)
    planned_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    notice = models.ForeignKey(
        Notice, on_delete=models.SET_NULL, null=True, related_name="reminders"
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["period_end", "unit__path", "rule"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [models.Index(name="reminder_of_recipient", fields=["recipient", "state"])]
        constraints = [
            models.UniqueConstraint(
                name="reminder_once_per_stage",
                fields=["recipient", "subject_code", "rulebook", "rule", "period_end", "stage"],
            ),
            models.CheckConstraint(
                name="reminder_sent_after_claim",
                condition=Q(sent_at__isnull=True) | Q(sent_at__gte=F("claimed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.rule} · {self.period_end} · {self.stage}"


class UnmetNote(models.Model):
    """Why a unit has not done, or can't do any more, what a rule asks: told on the why page.

    It changes no verdict. A new word replaces the one before; the audit keeps both.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="unmet_notes"
    )
    rulebook = models.CharField(max_length=40)
    rule = models.CharField(_("rule"), max_length=40)
    period_start = models.DateField()
    words = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start"]
        verbose_name = _("note on what is unmet")
        verbose_name_plural = _("notes on what is unmet")
        constraints = [
            models.UniqueConstraint(
                name="unmet_note_once_a_period", fields=["unit", "rulebook", "rule", "period_start"]
            ),
            models.CheckConstraint(name="unmet_note_says_why", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.rule} {self.period_start}"
