"""A democratic appraisal as it goes on: one run of a unit and year, one line for each member."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.choices import Grade, RunKind, Stand, State
from activities.models.activity import Activity
from activities.querysets import OfRunQuerySet, RunQuerySet
from members.models import Person
from organizations.models import Unit


class ReviewRun(models.Model):
    """A member review or Party-spirit analysis of one unit: begun, resumed, closed.

    Closed, it has made (or taken) the record of the meeting, which is what counts.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="review_runs"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RunKind)
    year = models.PositiveSmallIntegerField(_("year"))
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, null=True, related_name="review_run"
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "kind", "pk"]
        verbose_name = _("review run")
        verbose_name_plural = _("review runs")
        constraints = [
            models.UniqueConstraint(
                name="review_run_once_a_year",
                fields=["unit", "kind", "year"],
                violation_error_message=_("This unit has such a run for the year already."),
            ),
            models.CheckConstraint(
                name="review_run_closed_with_its_record",
                condition=Q(closed_at__isnull=True) | Q(activity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        said = {"unit": self.unit, "year": self.year, "kind": self.get_kind_display()}
        return gettext("%(unit)s, %(year)s: %(kind)s") % said

    def get_absolute_url(self) -> str:
        return reverse("activities:run", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def own_record(self) -> Activity | None:
        """The record that it was closed with before it was opened again, unless withdrawn since."""
        held = self.activity if self.is_open else None
        return held if held and held.state != State.CANCELLED else None

    @property
    def gives_grades(self) -> bool:
        """Whether the grades go on record: those of a spirit analysis stay in the run."""
        return self.kind == RunKind.MEMBER_REVIEW


class ReviewReopening(models.Model):
    """A closed run was opened again, by whom and why, and what its lines said until then."""

    run = models.ForeignKey(ReviewRun, on_delete=models.CASCADE, related_name="reopenings")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("why it is opened again"), max_length=300)
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lines = models.JSONField(default=dict)
    """`{person's key: {field: value}}`, of every line that the run had."""

    objects = OfRunQuerySet.as_manager()

    class Meta:
        ordering = ["run", "-at", "-pk"]
        verbose_name = _("reopening of a review run")
        verbose_name_plural = _("reopenings of review runs")
        constraints = [
            models.CheckConstraint(
                name="review_reopening_has_its_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the run is opened again."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} · {date_format(localtime(self.at))}"


class ReviewEntry(models.Model):
    """A member in a run: how they stand, their own word, the votes, the grade that was decided."""

    run = models.ForeignKey(ReviewRun, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="review_entries")
    stand = models.CharField(_("stands"), max_length=20, choices=Stand, default=Stand.TAKES_PART)
    note = models.CharField(_("why"), max_length=200, blank=True)
    self_grade = models.CharField(_("own rating"), max_length=20, choices=Grade, blank=True)
    self_words = models.CharField(_("in the member's own words"), max_length=500, blank=True)
    votes = models.JSONField(default=dict, blank=True)
    """`{"peers": {grade: count}, "residents": {grade: count}}`; what is empty is left out."""
    grade = models.CharField(_("grade"), max_length=20, choices=Grade, blank=True)
    remark = models.CharField(_("opinion of the organisation"), max_length=300, blank=True)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        ordering = ["run", "person__pinyin", "person_id"]
        verbose_name = _("line of a review run")
        verbose_name_plural = _("lines of review runs")
        constraints = [
            models.UniqueConstraint(name="review_entry_once", fields=["run", "person"]),
            models.CheckConstraint(
                name="review_entry_graded_only_when_taking_part",
                condition=Q(grade="") | Q(stand=Stand.TAKES_PART),
                violation_error_message=_("Only whoever takes part is given a grade."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_grade_display()}"
