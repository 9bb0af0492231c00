"""One import of a spreadsheet: what it would do, did, and how to put it back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.choices import BatchKind, BatchState
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

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} · {self.unit}"
