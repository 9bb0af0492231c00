"""What ties a person to a unit for a time: affiliations, appointments, exemptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.choices import (
    SINGLE_SEATS,
    Election,
    ExemptionReason,
    ExemptionState,
    Nature,
    Office,
)
from members.models.person import Person
from members.querysets import GuestTieQuerySet, OfPersonQuerySet
from organizations.dated import in_order
from organizations.models import Unit
from organizations.querysets import ScopedDatedQuerySet, ScopedQuerySet


class Affiliation(models.Model):
    """A person's belonging to a unit. At most one home at a time, held by the database."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="affiliations"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="affiliations"
    )
    nature = models.CharField(_("nature"), max_length=16, choices=Nature, default=Nature.HOME)
    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = ScopedDatedQuerySet.as_manager()
    guests = GuestTieQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        indexes = [
            models.Index(name="affiliation_of_unit", fields=["unit", "nature", "ended_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="affiliation_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                name="affiliation_one_open_home",
                fields=["person"],
                condition=Q(nature=Nature.HOME, ended_on__isnull=True),
                violation_error_message=_("The person already belongs to a home unit."),
            ),
            models.UniqueConstraint(
                name="affiliation_open_once",
                fields=["person", "unit", "nature"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("The person already belongs to this unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"

    @property
    def is_guest(self) -> bool:
        """Whether the home is elsewhere, and notes are kept of what is done here."""
        return self.nature in {Nature.IN_SERVICE, Nature.RETIRED_RESIDENT}


class Appointment(models.Model):
    """An office that a person holds in a unit for a time (clauses 5 to 7)."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="appointments"
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="appointments"
    )
    office = models.CharField(_("office"), max_length=20, choices=Office)
    election = models.CharField(_("how elected"), max_length=20, choices=Election, blank=True)
    begun_on = models.DateField(_("in office since"), null=True, blank=True)
    ended_on = models.DateField(_("in office until"), null=True, blank=True)
    term_ends_on = models.DateField(_("term ends on"), null=True, blank=True)

    objects = ScopedDatedQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [models.Index(name="appointment_of_unit", fields=["unit", "office", "ended_on"])]
        constraints = [
            models.CheckConstraint(
                name="appointment_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                name="appointment_single_seat_is_taken_once",
                fields=["unit", "office"],
                condition=Q(office__in=sorted(SINGLE_SEATS), ended_on__isnull=True),
                violation_error_message=_("Somebody already holds this office there."),
            ),
            models.UniqueConstraint(
                name="appointment_open_once",
                fields=["person", "unit", "office"],
                condition=Q(ended_on__isnull=True),
                violation_error_message=_("The person already holds this office there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_office_display()} · {self.unit}"


def overlapping(post: Appointment, others: Iterable[Appointment]) -> Appointment | None:
    """Whose ended term in the same single seat as `post` shares time with it, or None.

    `others` are terms in that unit and office. One day shared is a handover. A term whose first
    day is not known counts on its last day alone. Two open terms are the database's to refuse.
    """
    if post.office not in SINGLE_SEATS:
        return None
    for other in others:
        is_another = other.person_id != post.person_id
        if is_another and (other.ended_on or post.ended_on):
            first, last = _known_days(post)
            begun, ended = _known_days(other)
            if first < ended and begun < last:
                return other
    return None


def _known_days(post: Appointment) -> tuple[date, date]:
    last = post.ended_on or date.max
    return post.begun_on or last, last


class Exemption(models.Model):
    """Why a person owes nothing, or less, for a time; it counts once approved by the unit above."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="exemptions"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=ExemptionReason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    begun_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExemptionState, default=ExemptionState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            models.CheckConstraint(
                name="exemption_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="exemption_decided_sometime",
                condition=Q(state=ExemptionState.REQUESTED, decided_at__isnull=True)
                | (~Q(state=ExemptionState.REQUESTED) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_reason_display()}"


class DevelopmentPlan(models.Model):
    """A street's plan of a year for developing members (clause 10)."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="development_plans"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    adopted_on = models.DateField(_("adopted on"))
    text = models.TextField(_("content"), blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        verbose_name = _("development plan")
        verbose_name_plural = _("development plans")
        constraints = [
            models.UniqueConstraint(
                name="development_plan_once_a_year",
                fields=["unit", "year"],
                violation_error_message=_("There is already a plan for this year."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
