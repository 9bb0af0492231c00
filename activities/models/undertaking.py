"""What a community undertakes in a year towards the four benefits (clause 13)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.choices import Benefit, Settled
from activities.models.activity import Activity
from organizations.models import Facility, Service, Unit
from organizations.querysets import ScopedQuerySet


class Undertaking(models.Model):
    """One undertaking of one year; what was done for it is what is recorded elsewhere anyway."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="undertakings"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    goal = models.CharField(_("goal"), max_length=12, choices=Benefit)
    text = models.CharField(_("what is undertaken"), max_length=300)
    activities = models.ManyToManyField(
        Activity, verbose_name=_("activities"), related_name="undertakings", blank=True
    )
    services = models.ManyToManyField(
        Service, verbose_name=_("services for residents"), related_name="undertakings", blank=True
    )
    facilities = models.ManyToManyField(
        Facility, verbose_name=_("culture and leisure"), related_name="undertakings", blank=True
    )
    outcome = models.CharField(
        pgettext_lazy("undertaking", "outcome"), max_length=8, choices=Settled, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "goal", "pk"]
        verbose_name = _("undertaking")
        verbose_name_plural = _("undertakings")
        indexes = [models.Index(name="undertaking_of_unit", fields=["unit", "year"])]
        constraints = [
            models.UniqueConstraint(
                name="undertaking_said_once",
                fields=["unit", "year", "text"],
                violation_error_message=_("The unit has undertaken this for the year already."),
            ),
            models.CheckConstraint(
                name="undertaking_settled_on_a_day",
                condition=Q(outcome="", settled_on__isnull=True)
                | (~Q(outcome="") & Q(settled_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("activities:undertaking", args=[self.pk])
