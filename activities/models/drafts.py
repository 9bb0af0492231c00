"""What somebody is typing and has not saved: kept by itself, apart from the records."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.querysets import EntryDraftQuerySet


class EntryDraft(models.Model):
    """A log form as it was typed so far. Only its writer sees it, and no ledger counts it.

    `key` is that of the form, or of the record that it changes. `turn` rises with each saving, so
    that a second window of the same form is told apart. Gone once the form is saved.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entry_drafts"
    )
    key = models.UUIDField()
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, null=True, related_name="entry_drafts"
    )
    page = models.CharField(max_length=100)
    """The address of the form, to take it up again."""
    content = models.JSONField()
    """The fields as the browser sent them: a list of values by name."""
    turn = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("kept at"))

    objects = EntryDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("unfinished entry")
        verbose_name_plural = _("unfinished entries")
        constraints = [models.UniqueConstraint(name="entry_draft_once", fields=["owner", "key"])]

    def __str__(self) -> str:
        return self.topic

    @property
    def topic(self) -> str:
        return (self.content.get("topic") or [""])[0]
