"""What happened on somebody's way into the Party."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import StepKind
from members.models.person import Person
from members.querysets import OfPersonQuerySet


class DevelopmentStep(models.Model):
    """A talk, a training, a vote: one step, with who or what was said of it.

    `until` is for an extension of the probation alone: its last day.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="steps"
    )
    kind = models.CharField(_("step"), max_length=20, choices=StepKind)
    on = models.DateField(_("on"))
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("who, and what was said"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("step into the Party")
        verbose_name_plural = _("steps into the Party")
        indexes = [models.Index(name="development_step_of", fields=["person", "kind", "on"])]
        constraints = [
            models.CheckConstraint(
                name="development_step_extension_has_an_end",
                condition=Q(kind=StepKind.EXTENSION, until__isnull=False)
                | (~Q(kind=StepKind.EXTENSION) & Q(until__isnull=True)),
                violation_error_message=_("An extension has a last day, and nothing else has."),
            ),
            models.CheckConstraint(
                name="development_step_days_in_order",
                condition=Q(until__isnull=True) | Q(until__gte=F("on")),
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()} {self.on}"
