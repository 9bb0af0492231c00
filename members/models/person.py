"""A person, and the membership with its stages and standing."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.choices import Sex, Stage, Standing
from members.crypto import blind_index, open_sealed, seal
from members.querysets import (
    ID_NUMBER,
    PHONE,
    MembershipQuerySet,
    OfPersonQuerySet,
    PersonQuerySet,
)
from organizations.dated import in_order
from organizations.pinyin import spell_name


class Person(models.Model):
    """Somebody a unit keeps a record of: a member, one on the way to it, or a worker.

    ID number and phone are stored encrypted, bound to this row; a keyed index finds them by
    their whole value. They are never shown but on request, and the look is logged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=900, editable=False, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=20, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=40, blank=True)
    occupation = models.CharField(_("occupation"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    id_number_sealed = models.BinaryField(null=True, editable=False)
    id_number_index = models.CharField(max_length=64, null=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_index = models.CharField(max_length=64, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        indexes = [
            models.Index(name="person_by_pinyin", fields=["pinyin"]),
            # Not `db_index`: that makes a second one, by which the beginning of a text is found.
            models.Index(name="person_by_phone", fields=["phone_index"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="person_id_number_is_unique",
                fields=["id_number_index"],
                violation_error_message=_("A person with this ID number is already recorded."),
            ),
            models.CheckConstraint(
                name="person_id_number_sealed_with_index",
                condition=Q(id_number_sealed__isnull=True, id_number_index__isnull=True)
                | Q(id_number_sealed__isnull=False, id_number_index__isnull=False),
            ),
            models.CheckConstraint(
                name="person_phone_sealed_with_index",
                condition=Q(phone_sealed__isnull=True, phone_index__isnull=True)
                | Q(phone_sealed__isnull=False, phone_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.pinyin = spell_name(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("members:detail", args=[self.pk])

    def set_id_number(self, number: str) -> None:
        """Seal `number` (18 characters, already checked); empty takes it away. Does not save."""
        self.id_number_sealed = seal(ID_NUMBER, self.pk, number) if number else None
        self.id_number_index = blind_index(ID_NUMBER, number) if number else None

    def set_phone(self, phone: str) -> None:
        """Seal `phone`; empty takes it away. Does not save."""
        self.phone_sealed = seal(PHONE, self.pk, phone) if phone else None
        self.phone_index = blind_index(PHONE, phone) if phone else None

    def reveal_id_number(self) -> str:
        """The ID number in the clear; the caller has asked the gate and logs the look."""
        sealed = self.id_number_sealed
        return open_sealed(ID_NUMBER, self.pk, sealed) if sealed else ""

    def reveal_phone(self) -> str:
        """The phone in the clear; the caller has asked the gate and logs the look."""
        return open_sealed(PHONE, self.pk, self.phone_sealed) if self.phone_sealed else ""


class Membership(models.Model):
    """The way into the Party: the stage reached, and the day of each.

    `joined_on` is the day of joining the Party (probation begins); null is "before the portal".
    """

    person = models.OneToOneField(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="membership"
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    activist_on = models.DateField(_("activist since"), null=True, blank=True)
    candidate_on = models.DateField(_("candidate since"), null=True, blank=True)
    joined_on = models.DateField(_("joined the Party on"), null=True, blank=True)
    full_on = models.DateField(_("full member since"), null=True, blank=True)
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing, default=Standing.NORMAL
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_full_after_joining",
                condition=Q(joined_on__isnull=True)
                | Q(full_on__isnull=True)
                | Q(full_on__gte=F("joined_on")),
                violation_error_message=_("Nobody is a full member before joining the Party."),
            ),
            models.CheckConstraint(
                name="membership_full_has_the_stage",
                condition=Q(full_on__isnull=True) | Q(stage=Stage.FULL),
                violation_error_message=_("Only a full member has a day of becoming one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_stage_display()}"


class StandingSpell(models.Model):
    """A standing other than normal for a time: the history behind `Membership.standing`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="standing_spells")
    standing = models.CharField(_("standing"), max_length=12, choices=Standing)
    begun_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_on", "-pk"]
        verbose_name = _("spell of standing")
        verbose_name_plural = _("spells of standing")
        constraints = [
            models.CheckConstraint(
                name="standing_spell_days_in_order",
                condition=in_order(),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="standing_spell_is_not_normal",
                condition=~Q(standing=Standing.NORMAL),
            ),
            models.UniqueConstraint(
                name="standing_spell_open_once",
                fields=["person"],
                condition=Q(ended_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_standing_display()}"
