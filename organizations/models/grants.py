"""Who may act for which unit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.choices import Role
from organizations.dated import in_order
from organizations.models.tree import Unit
from organizations.querysets import GrantQuerySet


class Grant(models.Model):
    """A user's role on a unit's subtree, from a day to a day (both included)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="grants",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
    )
    role = models.CharField(_("role"), max_length=14, choices=Role)
    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                name="grant_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="grant_of_a_system_role_has_no_unit",
                condition=Q(role=Role.ADMINISTRATOR, unit__isnull=True)
                | (~Q(role=Role.ADMINISTRATOR) & Q(unit__isnull=False)),
                violation_error_message=_(
                    "An administrator is one of the whole system, any other role of a unit."
                ),
            ),
            models.UniqueConstraint(
                name="grant_is_open_once",
                fields=["user", "unit", "role"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("The person already has this role there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.unit or ''}"
