"""Who was there, and how members were graded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.choices import ATTENDED, Grade, Presence, SignedBy
from activities.models.activity import Activity
from activities.querysets import OfActivityQuerySet
from members.models import Person


class Attendance(models.Model):
    """A person at an activity.

    `day`, `credit`, `kind_mask` and `counts` repeat the activity's first local day, day credit,
    kinds and whether this row counts, written by the same service in the same transaction: the
    days of half a million people are then one pass over one index.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    presence = models.CharField(
        _("presence"), max_length=8, choices=Presence, default=Presence.PRESENT
    )
    signed_by = models.CharField(
        _("signed by"), max_length=8, choices=SignedBy, default=SignedBy.TICKED
    )
    day = models.DateField(editable=False)
    credit = models.DecimalField(max_digits=5, decimal_places=2, editable=False)
    kind_mask = models.BigIntegerField(editable=False)
    counts = models.BooleanField(default=False, editable=False)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        indexes = [
            models.Index(
                name="attendance_that_counts",
                fields=["person", "day"],
                include=["credit", "kind_mask"],
                condition=Q(counts=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="attendance_once",
                fields=["activity", "person"],
                violation_error_message=_("This person is ticked twice."),
            ),
            models.CheckConstraint(
                name="attendance_counts_only_when_attended",
                condition=Q(counts=False) | Q(presence__in=sorted(ATTENDED)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_presence_display()}"


class Appraisal(models.Model):
    """The grade that a member was given in a member review (clause 9)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="appraisals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appraisals")
    grade = models.CharField(_("grade"), max_length=20, choices=Grade)

    objects = OfActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            models.UniqueConstraint(
                name="appraisal_once",
                fields=["activity", "person"],
                violation_error_message=_("This person is graded twice."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_grade_display()}"
