"""What is handed in with a record, and what is left of it when it was taken away."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.choices import FileKind, FileSort
from activities.models.activity import Activity
from activities.querysets import AttachmentQuerySet


def attachment_storage() -> Storage:
    """Where files are kept: the settings say, so that no migration does."""
    return storages["attachments"]


class Attachment(models.Model):
    """A file of a record, kept under a name of the portal's own: year, month, a drawn key.

    `name` is what it was called on its owner's computer, as text. One that was taken away stays
    as a row without its file: what it was called, its digest, who took it away, when and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(_("kind of file"), max_length=10, choices=FileKind)
    sort = models.CharField(max_length=5, choices=FileSort, editable=False)
    name = models.CharField(_("name of the file"), max_length=120, editable=False)
    file = models.FileField(storage=attachment_storage, max_length=80, blank=True, editable=False)
    thumbnail = models.FileField(
        storage=attachment_storage, max_length=80, blank=True, editable=False
    )
    size = models.PositiveIntegerField(_("size"), editable=False)
    digest = models.CharField(max_length=64, editable=False)
    """SHA-256 of what is kept."""
    handed_in_digest = models.CharField(max_length=64, editable=False)
    """SHA-256 of what was sent: the same file twice is one attachment."""
    fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    """Of a photo: what it looks like (activities/files/pictures.py)."""
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_because = models.CharField(_("why it is removed"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("file of a record")
        verbose_name_plural = _("files of records")
        indexes = [
            models.Index(
                name="attachment_photos",
                fields=["activity"],
                condition=~Q(fingerprint=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="attachment_once",
                fields=["activity", "handed_in_digest"],
                condition=Q(removed_at__isnull=True),
                violation_error_message=_("This file is already there."),
            ),
            models.CheckConstraint(
                name="attachment_has_its_file_until_removed",
                condition=Q(removed_at__isnull=True) & ~Q(file="")
                | Q(removed_at__isnull=False, file="", thumbnail="", fingerprint=""),
            ),
            models.CheckConstraint(
                name="attachment_removed_with_a_reason",
                condition=Q(removed_at__isnull=True) | ~Q(removed_because=""),
                violation_error_message=_("Say why the file is removed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("activities:attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        return self.sort == FileSort.PHOTO
