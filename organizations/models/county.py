"""What a county sets for itself, and which units have been touched by a write."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.tree import Unit
from organizations.querysets import ScopedQuerySet


class CountySetting(models.Model):
    """One setting of a county, in force from a day on; a later row supersedes it.

    `key` is a `SettingKey`, for `share`, `lead_days`, `rulebook` and `attachment` with `:` and what
    it is of.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("county"), on_delete=models.PROTECT, related_name="county_settings"
    )
    key = models.CharField(_("setting"), max_length=80)
    value = models.CharField(_("value"), max_length=80)
    applies_from = models.DateField(_("applies from"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["key", "applies_from"]
        verbose_name = _("county setting")
        verbose_name_plural = _("county settings")
        constraints = [
            models.UniqueConstraint(
                name="county_setting_once_a_day",
                fields=["unit", "key", "applies_from"],
                violation_error_message=_("This setting already changes on that day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value} ({self.applies_from})"


class Touch(models.Model):
    """A write changed what is true of `unit`: its verdicts are to be computed again.

    Written in the same transaction as the write; taken away by assessment once it has looked.
    Rows are only ever added and removed whole, so that two writers never wait for each other.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="touches")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("touched unit")
        verbose_name_plural = _("touched units")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at}"
