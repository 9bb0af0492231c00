"""What a record said before it was changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.activity import Activity
from activities.querysets import OfActivityQuerySet


class VersionQuerySet(OfActivityQuerySet):
    """Versions are added and read; neither one nor many of them are ever changed."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A version is never changed.")


class ActivityVersion(models.Model):
    """All that a record said from `at` until the next version, written with the change itself.

    `number` is the record's own at that moment. Kept from submission on: a draft is nobody
    else's business yet.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    snapshot = models.JSONField()
    """As `activities.snapshots` writes it: people by their keys, units and kinds by their codes."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["activity", "number"]
        verbose_name = _("version of a record")
        verbose_name_plural = _("versions of records")
        constraints = [
            models.UniqueConstraint(name="version_once", fields=["activity", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.activity} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A version is never changed.")
        super().save(*args, **kwargs)
