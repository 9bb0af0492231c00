"""One import of a spreadsheet: what it would do, did, and how to put it back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices import BatchFailure, BatchKind, BatchState, BatchStep
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet


class ImportBatch(models.Model):
    """A file imported for a unit. `changes` holds, sealed, each row before and after, for undo."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=BatchKind)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="import_batches"
    )
    state = models.CharField(_("state"), max_length=10, choices=BatchState)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True, editable=False)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    changes = models.BinaryField(null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    applied_at = models.DateTimeField(_("written at"), null=True, editable=False)
    run = models.UUIDField(null=True, editable=False)
    """The run that writes it; one that finds another's id here has been overtaken."""
    lease_until = models.DateTimeField(null=True, editable=False)
    """While the worker has it: when it counts as broken off, unless it is heard of before."""
    started_at = models.DateTimeField(null=True, editable=False)
    step = models.CharField(max_length=10, choices=BatchStep, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    """Per cent."""
    failure = models.CharField(max_length=12, choices=BatchFailure, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} · {self.unit}"

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has it."""
        return self.state in (
            BatchState.RECEIVED,
            BatchState.LOOKING,
            BatchState.QUEUED,
            BatchState.RUNNING,
        )

    @property
    def was_looked_at(self) -> bool:
        """Whether there is a plan that somebody could confirm."""
        return "plan" in self.options

    def judge_lease(self) -> None:
        """Show as failed what has not been heard of until its time was over. Does not save."""
        if self.is_under_way and self.lease_until and self.lease_until < timezone.now():
            self.state, self.failure = BatchState.FAILED, BatchFailure.INTERRUPTED


class ImportPage(models.Model):
    """Up to fifty rows of a preview that have the same outcome, sealed; gone once written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    """In the order in which the rows are looked at: what needs a person comes first."""
    outcome = models.CharField(max_length=10)
    rows = models.BinaryField(editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name = _("page of a preview")
        verbose_name_plural = _("pages of previews")
        constraints = [
            models.UniqueConstraint(name="import_page_once", fields=["batch", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number}"


class RememberedChoice(models.Model):
    """How files of one shape are read for a unit: the sheets and headings that somebody chose."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="remembered_choices"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BatchKind)
    shape = models.CharField(max_length=32)
    """The fingerprint of a sheet's headings, or of a workbook's sheets."""
    choice = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered choice of sheets and headings")
        verbose_name_plural = _("remembered choices of sheets and headings")
        constraints = [
            models.UniqueConstraint(
                name="remembered_choice_once", fields=["unit", "kind", "shape"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.shape}"
