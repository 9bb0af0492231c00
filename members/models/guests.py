"""Those who belong here beside another unit: in-service members, retirees living here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.choices import GuestNoteKind
from members.models.ties import Affiliation
from members.querysets import GuestNoteQuerySet


class Guest(models.Model):
    """Where the Party relation of a guest is: the home unit's name and whom to reach there."""

    affiliation = models.OneToOneField(
        Affiliation, verbose_name=_("affiliation"), on_delete=models.CASCADE, related_name="guest"
    )
    elsewhere = models.CharField(_("home unit"), max_length=100, blank=True)
    contact = models.CharField(_("contact there"), max_length=100, blank=True)

    objects = GuestNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest of a unit")
        verbose_name_plural = _("guests of units")

    def __str__(self) -> str:
        return f"{self.affiliation} · {self.elsewhere}"


class GuestNote(models.Model):
    """Community work that was claimed, feedback exchanged, a transfer followed up."""

    affiliation = models.ForeignKey(
        Affiliation, verbose_name=_("affiliation"), on_delete=models.CASCADE, related_name="notes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=GuestNoteKind)
    on = models.DateField(_("on"))
    text = models.CharField(_("content"), max_length=300)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = GuestNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("note on a guest")
        verbose_name_plural = _("notes on guests")
        constraints = [
            models.CheckConstraint(
                name="guest_note_days_in_order",
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("on")),
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.affiliation} {self.get_kind_display()} {self.on}"
