"""The ledger of floating members (clause 12)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.choices import FloatingCheckKind, FloatingDirection
from members.models.person import Person
from members.querysets import FloatingCheckQuerySet, FloatingEntryQuerySet
from organizations.dated import in_order
from organizations.models import Unit


class FloatingEntry(models.Model):
    """A member who lives and works away from home: out, at the home unit; in, at the host's."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="floating_entries"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="floating_entries"
    )
    direction = models.CharField(_("direction"), max_length=3, choices=FloatingDirection)
    place = models.CharField(_("whereto or where from"), max_length=100, blank=True)
    begun_on = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    certificate_number = models.CharField(_("activity certificate"), max_length=40, blank=True)
    certificate_on = models.DateField(_("certificate issued on"), null=True, blank=True)
    contact_card = models.CharField(_("contact card"), max_length=40, blank=True)
    contact_card_on = models.DateField(_("contact card issued on"), null=True, blank=True)
    activity_card = models.CharField(_("activity card"), max_length=40, blank=True)
    activity_card_on = models.DateField(_("activity card issued on"), null=True, blank=True)
    feedback_card = models.CharField(_("feedback card"), max_length=40, blank=True)
    feedback_card_on = models.DateField(_("feedback card issued on"), null=True, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=60, blank=True)

    objects = FloatingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("floating member's entry")
        verbose_name_plural = _("ledger of floating members")
        constraints = [
            models.CheckConstraint(
                name="floating_entry_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                name="floating_entry_open_once",
                fields=["person", "direction"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("The person is already in the ledger."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_direction_display()}"

    @property
    def papers(self) -> list[tuple[str, str, date | None]]:
        """Certificate and cards: what each is called, its number, its day of issue."""
        return [
            (_("Activity certificate"), self.certificate_number, self.certificate_on),
            (_("Contact card"), self.contact_card, self.contact_card_on),
            (_("Activity card"), self.activity_card, self.activity_card_on),
            (_("Feedback card"), self.feedback_card, self.feedback_card_on),
        ]


class FloatingCheck(models.Model):
    """A yearly review of the cards, or a yearly note on the member's situation."""

    entry = models.ForeignKey(FloatingEntry, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(_("kind"), max_length=10, choices=FloatingCheckKind)
    done_on = models.DateField(_("done on"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = FloatingCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        verbose_name = _("check of a floating member")
        verbose_name_plural = _("checks of floating members")
        indexes = [models.Index(name="floating_check_of", fields=["entry", "kind", "done_on"])]

    def __str__(self) -> str:
        return f"{self.entry} {self.get_kind_display()} {self.done_on}"
