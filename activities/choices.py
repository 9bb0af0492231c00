"""The lists that a record of an activity draws on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned")
    CANCELLED = "cancelled", pgettext_lazy("record", "Cancelled")


COUNTING_STATES = frozenset({State.SUBMITTED, State.CONFIRMED})
"""A record counts from when it is submitted until it is returned by the unit above."""


class Mode(TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("Mixed")


class Presence(TextChoices):
    PRESENT = "present", _("Present")
    ONLINE = "online", _("Present online")
    LEAVE = "leave", _("On leave")
    ABSENT = "absent", _("Absent")


ATTENDED = frozenset({Presence.PRESENT, Presence.ONLINE})


class SignedBy(TextChoices):
    """How an attendance came to be recorded."""

    TICKED = "ticked", _("Ticked")
    QR = "qr", _("QR code")
    IMPORTED = "imported", _("Imported")


class SchoolLevel(TextChoices):
    COUNTY = "county", _("County level")
    CITY = "city", _("City level")
    PROVINCE = "province", _("Province level")
    CENTRAL = "central", _("Central level")


class Grade(TextChoices):
    EXCELLENT = "excellent", _("Excellent")
    QUALIFIED = "qualified", _("Qualified")
    BASICALLY_QUALIFIED = "basically_qualified", _("Basically qualified")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")
