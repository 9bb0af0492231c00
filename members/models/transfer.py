"""The transfer of a member's Party relation, by letter."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.choices import TransferState
from members.models.person import Person
from members.querysets import TransferQuerySet
from organizations.models import Unit


class Transfer(models.Model):
    """A letter that takes the Party relation of somebody from one organisation to another.

    A unit is null where that side is outside the portal; then its name stands in `from_name` or
    `to_name`. With `to_code` the sender has written the code of a unit beyond the own reach, known
    or not: either way the letter is for the unit of that code to answer, so that nobody learns by
    writing letters which units there are. `valid_until` is the last day of the letter's term,
    `arrived_on` the first day at home with the receiver. The national system's own transfer is not
    replaced by this.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="transfers"
    )
    from_unit = models.ForeignKey(
        Unit,
        verbose_name=_("from the unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_out",
    )
    from_name = models.CharField(_("from"), max_length=100, blank=True)
    to_unit = models.ForeignKey(
        Unit,
        verbose_name=_("to the unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers_in",
    )
    to_name = models.CharField(_("to"), max_length=100, blank=True)
    to_code = models.CharField(_("code of the receiver"), max_length=30, blank=True)
    letter_number = models.CharField(_("letter number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TransferState, default=TransferState.REQUESTED
    )
    arrived_on = models.DateField(_("there from"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("transfer of the Party relation")
        verbose_name_plural = _("transfers of the Party relation")
        constraints = [
            models.CheckConstraint(
                name="transfer_has_a_side_here",
                condition=Q(from_unit__isnull=False) | Q(to_unit__isnull=False),
                violation_error_message=_("One side of a transfer is a unit of the portal."),
            ),
            models.CheckConstraint(
                name="transfer_term_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                violation_error_message=_("The letter's term ends before it is issued."),
            ),
            models.CheckConstraint(
                name="transfer_answered_sometime",
                condition=Q(state=TransferState.REQUESTED, decided_at__isnull=True)
                | (~Q(state=TransferState.REQUESTED) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="transfer_accepted_arrives",
                condition=~Q(state=TransferState.ACCEPTED) | Q(arrived_on__isnull=False),
            ),
            models.UniqueConstraint(
                name="transfer_one_on_the_way",
                fields=["person"],
                condition=Q(state=TransferState.REQUESTED),
                violation_error_message=_("A transfer of this person is on the way already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.origin} → {self.destination}"

    def get_absolute_url(self) -> str:
        return reverse("members:transfer_detail", args=[self.pk])

    @property
    def origin(self) -> str:
        """Where from, as the letter names it."""
        return self.from_name or str(self.from_unit or "")

    @property
    def destination(self) -> str:
        """Where to, as the letter names it: what the sender wrote, where that was written."""
        return self.to_name or str(self.to_unit or "")

    def is_overdue(self, today: date) -> bool:
        """Whether the letter's term is over and nobody has answered."""
        waits = self.state == TransferState.REQUESTED
        return waits and self.valid_until is not None and self.valid_until < today
