"""That what is written down of a unit is still so: said once a year, by one click."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.tree import Unit
from organizations.querysets import ScopedQuerySet


class Confirmation(models.Model):
    """Somebody said in `year` that a thing is as it is written down.

    `thing` and `row` name the thing: a sort of things and the key of one, or a subject of the whole
    unit (its leadership) with row 0. A new year asks anew; the years before stay as they were said.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="confirmations"
    )
    thing = models.CharField(max_length=20)
    row = models.PositiveBigIntegerField(default=0)
    year = models.PositiveSmallIntegerField(_("year"))
    on = models.DateField(_("confirmed on"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(
                name="confirmation_once_a_year", fields=["unit", "thing", "row", "year"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.thing} {self.row} {self.year}"
