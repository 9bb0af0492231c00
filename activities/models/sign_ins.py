"""Signing in with one's own phone: the offer of a unit, a sign-in, and who has signed."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.choices import State
from activities.models.activity import Activity
from activities.models.plans import Plan
from activities.plan_querysets import OfPlanOrActivityQuerySet, SignatureQuerySet
from members.models import Person
from organizations.models import Unit
from organizations.querysets import ScopedQuerySet

SECRET_BYTES = 32
OPEN_FOR = timedelta(hours=12)
"""A sign-in that nobody closes ends by itself."""


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


class SignInOffer(models.Model):
    """Whether a unit offers sign-in by QR code. Without a row it does not."""

    unit = models.OneToOneField(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="sign_in_offer"
    )
    is_on = models.BooleanField(_("offer sign-in by QR code"), default=False)
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes after the start until someone is late"),
        default=10,
        validators=[MaxValueValidator(120)],
    )
    lets_guests = models.BooleanField(
        _("members of other units of the county may sign too"), default=False
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of sign-in")
        verbose_name_plural = _("offers of sign-in")
        constraints = [
            models.CheckConstraint(
                name="sign_in_offer_grace_up_to_two_hours",
                condition=Q(grace_minutes__lte=120),
                violation_error_message=_("At most 120 minutes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.is_on}"


class SignIn(models.Model):
    """A sign-in for one plan or one draft. The codes on the host's screen come from `secret`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.OneToOneField(
        Plan, on_delete=models.CASCADE, null=True, editable=False, related_name="sign_in"
    )
    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, null=True, editable=False, related_name="sign_in"
    )
    secret = models.BinaryField(default=new_secret, editable=False)
    grace_minutes = models.PositiveSmallIntegerField(default=10)
    lets_guests = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = OfPlanOrActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        constraints = [
            models.CheckConstraint(
                name="sign_in_of_one_thing",
                condition=Q(plan__isnull=False, activity__isnull=True)
                | Q(plan__isnull=True, activity__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.held)

    def get_absolute_url(self) -> str:
        return reverse("activities:sign_in", args=[self.pk])

    @property
    def held(self) -> Plan | Activity:
        """What is signed in to."""
        held = self.plan or self.activity
        assert held is not None  # noqa: S101  (sign_in_of_one_thing)
        return held

    @property
    def record(self) -> Activity | None:
        """The record that the signatures go to, once there is one."""
        return self.activity or (self.plan.activity if self.plan else None)

    @classmethod
    def opened(cls, pk: uuid.UUID) -> SignIn | None:
        """The sign-in of that key, for a phone: no account asks, a code does."""
        rows = cls.objects.select_related("plan__unit", "plan__activity", "activity__unit")
        return rows.filter(pk=pk).first()

    @property
    def takes_signatures(self) -> bool:
        """Whether there is no record yet, or one that is still being written."""
        return self.record is None or self.record.state in (State.DRAFT, State.RETURNED)

    def is_open(self, now: datetime) -> bool:
        """Whether a phone can sign: once the record counts, none can any more."""
        in_time = self.closed_at is None and now < self.opened_at + OPEN_FOR
        return in_time and self.takes_signatures

    def is_late(self, at: datetime) -> bool:
        return at > self.held.starts_at + timedelta(minutes=self.grace_minutes)


class Signature(models.Model):
    """Somebody signed, once. Late is said beside it and counts like any other presence."""

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    """Who added the person by hand; null: signed with a phone."""

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_at", "-pk"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [models.UniqueConstraint(name="signature_once", fields=["sign_in", "person"])]

    def __str__(self) -> str:
        return f"{self.person} {self.signed_at:%H:%M}"


class SignInTry(models.Model):
    """A name and four characters that did not fit: counted, so that nobody can guess on.

    `name` and `address` are keyed fingerprints that only this sign-in can make; the rows go when
    it closes.
    """

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="tries")
    name = models.CharField(max_length=32)
    address = models.CharField(max_length=32)
    at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed try to sign in")
        verbose_name_plural = _("failed tries to sign in")
        indexes = [models.Index(name="sign_in_try_of", fields=["sign_in", "at"])]

    def __str__(self) -> str:
        return f"{self.sign_in_id} {self.at:%H:%M}"
