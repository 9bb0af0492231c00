"""What residents think of the Party organisation where they live; nothing is kept of who."""

from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.choices import RatingAnswer
from organizations.models.tree import Unit
from organizations.querysets import RatingQuerySet, ScopedQuerySet


class RatingPage(models.Model):
    """The public page of one unit, which its code leads to; there only while the unit wants it."""

    unit = models.OneToOneField(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="rating_page"
    )
    token = models.CharField(max_length=40, unique=True)
    """Stands in the address of the code: whoever knows it may rate."""
    is_open = models.BooleanField(_("open"), default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of ratings")
        verbose_name_plural = _("pages of ratings")

    def __str__(self) -> str:
        return str(self.unit)

    def get_absolute_url(self) -> str:
        return reverse("rate", args=[self.token])


class Rating(models.Model):
    """One answer of one device for one year. It has no time, no place and no order.

    `device` is a keyed hash of a random number that the device keeps, another one for each unit and
    year: nobody can tell that two ratings are of the same device, or whose device it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="ratings"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    answer = models.PositiveSmallIntegerField(_("answer"), choices=RatingAnswer)
    device = models.CharField(max_length=64)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                name="rating_once_a_device_and_year", fields=["unit", "year", "device"]
            ),
            models.CheckConstraint(
                name="rating_answer_is_known", condition=models.Q(answer__range=(1, 5))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} {self.answer}"


class RatingTally(models.Model):
    """How many ratings a page has taken today, in all or from one network address.

    `source` is empty for all, else a keyed hash of the address; of days past nothing is kept.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    source = models.CharField(max_length=64, blank=True)
    number = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of ratings")
        verbose_name_plural = _("tallies of ratings")
        constraints = [
            models.UniqueConstraint(
                name="ratingtally_once_a_day_and_source", fields=["unit", "day", "source"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.number}"
