"""What a unit has and keeps: bodies, venues, funds, services, facilities, units based there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.choices import (
    BodyKind,
    FacilityKind,
    FundSource,
    ResidentKind,
    ServiceKind,
    ServicePrice,
    VenueTenure,
)
from organizations.dated import in_order
from organizations.models.tree import Unit
from organizations.querysets import ScopedDatedQuerySet, ScopedQuerySet


class DatedAsset(models.Model):
    """Something a unit has from a day to a day."""

    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = ScopedDatedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-begun_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            )
        ]


class Body(DatedAsset):
    """A committee, conference or group set up at a unit (clauses 2 and 3)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="bodies"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=BodyKind)
    head = models.CharField(_("head"), max_length=50, blank=True)
    people = models.TextField(_("people"), blank=True)

    class Meta(DatedAsset.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            *DatedAsset.Meta.constraints,
            models.UniqueConstraint(
                name="body_is_open_once",
                fields=["unit", "kind"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("Such a body is already set up here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit}"


class Venue(DatedAsset):
    """A place for the organisation's activities, and how it was secured (clause 16)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="venues"
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    tenure = models.CharField(_("how it was secured"), max_length=20, choices=VenueTenure)
    square_metres = models.PositiveIntegerField(_("square metres"), null=True, blank=True)

    class Meta(DatedAsset.Meta):
        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self) -> str:
        return self.name


class Fund(models.Model):
    """Money for activities in one year from one source, in yuan (clause 16)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="funds"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    source = models.CharField(_("source"), max_length=20, choices=FundSource)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=12, decimal_places=2)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "source"]
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        constraints = [
            models.UniqueConstraint(
                name="fund_once_a_year_and_source",
                fields=["unit", "year", "source"],
                violation_error_message=_("This source is already recorded for the year."),
            ),
            models.CheckConstraint(
                name="fund_is_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount is not below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.get_source_display()}"


class Service(DatedAsset):
    """A service point for residents (clause 14)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="services"
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=ServiceKind)
    price = models.CharField(_("price"), max_length=10, choices=ServicePrice)

    class Meta(DatedAsset.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.name


class Facility(DatedAsset):
    """A facility for culture and leisure (clause 15)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="facilities"
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=FacilityKind)
    opened_by = models.CharField(_("opened by"), max_length=100, blank=True)

    class Meta(DatedAsset.Meta):
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")

    def __str__(self) -> str:
        return self.name


class ResidentUnit(DatedAsset):
    """An organisation based in the community, with which it builds jointly (clauses 3, 15, 16).

    One whose Party organisation stands in the tree may be written down here as well: here is what
    it does for the community, there is the organisation.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="resident_units"
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=ResidentKind)
    has_organization = models.BooleanField(_("has a Party organisation of its own"), default=False)
    is_in_conference = models.BooleanField(_("sits in the joint conference"), default=False)
    contributes = models.CharField(_("what it does for the community"), max_length=200, blank=True)

    class Meta(DatedAsset.Meta):
        verbose_name = _("unit based here")
        verbose_name_plural = _("units based here")
        constraints = [
            *DatedAsset.Meta.constraints,
            models.UniqueConstraint(
                name="residentunit_is_open_once",
                fields=["unit", "name"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("A unit of this name is already written down here."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
