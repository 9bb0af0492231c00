"""The tree of Party organisations and the communities (areas) that they cover."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.choices import MAY_STAND_UNDER, UnitChange, UnitKind
from organizations.pinyin import spell
from organizations.querysets import AreaQuerySet, ScopedQuerySet, UnitQuerySet

code_is_plain = RegexValidator(
    r"^[0-9a-z][0-9a-z._-]*\Z",
    _("A code is made of digits and small letters, also . _ and - after the first."),
)


class Area(models.Model):
    """A community as a place, which clause 1 wants covered by a Party organisation.

    `merged_on` is the last day on which it was a place of its own; since then it is part of
    `merged_into`.
    """

    code = models.CharField(_("code"), max_length=30, unique=True, validators=[code_is_plain])
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    street = models.ForeignKey(
        "organizations.Unit",
        verbose_name=_("street"),
        on_delete=models.PROTECT,
        related_name="areas",
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )
    merged_on = models.DateField(_("merged on"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("community (area)")
        verbose_name_plural = _("communities (areas)")
        constraints = [
            models.CheckConstraint(
                name="area_merged_into_another_on_a_day",
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A Party organisation. Nothing with records is ever deleted: it is dissolved.

    `path` is the codes from the county down to here, each closed by a slash; it is never typed.
    `established_on` null: it has always been there. `dissolved_on` is the last day it existed.
    """

    code = models.CharField(_("code"), max_length=30, unique=True, validators=[code_is_plain])
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    pinyin = models.CharField(max_length=700, editable=False, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=UnitKind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("superior"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField(max_length=255, unique=True, editable=False)
    area = models.ForeignKey(
        Area,
        verbose_name=_("community (area)"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                name="unit_days_in_order",
                condition=Q(established_on__isnull=True)
                | Q(dissolved_on__isnull=True)
                | Q(dissolved_on__gte=F("established_on")),
                violation_error_message=_("The unit was dissolved before it was established."),
            ),
            models.CheckConstraint(
                name="unit_code_is_lower_case",
                condition=Q(code=Lower("code")),
                violation_error_message=_("A code is written in lower case."),
            ),
            models.CheckConstraint(
                name="unit_code_has_no_slash",
                condition=~Q(code__contains="/"),
                violation_error_message=_("A code has no slash."),
            ),
            models.CheckConstraint(
                name="unit_top_is_a_county",
                condition=Q(parent__isnull=True, kind=UnitKind.COUNTY_COMMITTEE)
                | (Q(parent__isnull=False) & ~Q(kind=UnitKind.COUNTY_COMMITTEE)),
                violation_error_message=_("A county committee stands at the top, and only that."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        above = self.parent.path if self.parent else ""
        self.path = f"{above}{self.code}/"
        self.pinyin = spell(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("organizations:detail", args=[self.code])

    def clean(self) -> None:
        above = self.parent.kind if self.parent else None
        if self.kind in MAY_STAND_UNDER and above not in MAY_STAND_UNDER[UnitKind(self.kind)]:
            raise ValidationError({"parent": _("A unit of this kind can't stand there.")})

    @property
    def county_code(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def depth(self) -> int:
        """0 for a county, 1 for a street, 2 for a community."""
        return self.path.count("/") - 1

    @property
    def is_open(self) -> bool:
        return self.dissolved_on is None


class UnitEvent(models.Model):
    """A dated change of a unit, with what it was before: the tree's history."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    change = models.CharField(_("change"), max_length=12, choices=UnitChange)
    on = models.DateField(_("on"))
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    other = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="events_as_other"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("change of a unit")
        verbose_name_plural = _("changes of units")
        indexes = [models.Index(name="unit_event_of", fields=["unit", "change", "on"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.change} {self.on}"
