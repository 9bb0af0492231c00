"""Word to those who keep a record that it was returned."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.querysets import ReturnNoticeQuerySet


class ReturnNotice(models.Model):
    """That a record was returned, told to one person; it stands while the record is returned.

    Why, by whom and when is on the record itself: one truth, so the notice can't go stale.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="return_notices")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="return_notices"
    )
    read_at = models.DateTimeField(null=True, editable=False)
    told_on = models.DateField(null=True, editable=False)
    """The day in whose notice, and e-mail, it went out; null while it waits for one."""

    objects = ReturnNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-activity__reviewed_at", "pk"]
        verbose_name = _("notice of a return")
        verbose_name_plural = _("notices of returns")
        constraints = [
            models.UniqueConstraint(
                name="return_notice_once_a_person", fields=["recipient", "activity"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.activity_id}"
