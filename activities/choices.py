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


class RunKind(TextChoices):
    """What a review run prepares: the codes are those of the kinds."""

    MEMBER_REVIEW = "member_review", _("Member review")
    SPIRIT_ANALYSIS = "spirit_analysis", _("Party-spirit analysis")


class Stand(TextChoices):
    """How a member stands to a review: only whoever takes part is given a grade."""

    TAKES_PART = "takes_part", _("Takes part")
    EXEMPT = "exempt", _("Exempt")
    PROBATIONARY = "probationary", _("Probationary: no grade")
    NEW = "new", _("Newly arrived")
    OUT_OF_TOUCH = "out_of_touch", _("Out of touch")
    MOVED = "moved", _("No longer in this unit")


ATTENDS = frozenset({Stand.TAKES_PART, Stand.PROBATIONARY, Stand.NEW})
"""Whoever is expected at the meeting."""


class FileKind(TextChoices):
    """What a file is in the record's papers, as whoever hands it in says."""

    PHOTO = "photo", _("Photo")
    MINUTES = "minutes", pgettext_lazy("file", "Minutes")
    SIGN_IN = "sign_in", _("Sign-in sheet")
    OTHER = "other", pgettext_lazy("file", "Other")


class FileSort(TextChoices):
    """What a file is by its content; the value is the ending that it is given."""

    PHOTO = "jpg", _("Picture")
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PPTX = "pptx", "PowerPoint"
    DOC = "doc", _("Word (old)")
    XLS = "xls", _("Excel (old)")
    PPT = "ppt", _("PowerPoint (old)")
    OFD = "ofd", "OFD"


class HintKind(TextChoices):
    """What the portal noticed about a record; never a verdict."""

    LATE = "late", _("Entered long after it was held")
    TWO_PLACES = "two_places", _("One person at two places at once")
    SAME_MINUTES = "same_minutes", _("Minutes much like another record's")
    SAME_PHOTO = "same_photo", _("One photo in two records")
    ONE_EVENING = "one_evening", _("A whole quarter entered on one day")
    HAD_LEFT = "had_left", _("Attended after having left")


class Benefit(TextChoices):
    """The four goals of a four-benefits community (clause 13)."""

    SAFE = "safe", _("Safe community")
    CONVENIENT = "convenient", _("Convenient community")
    JOYFUL = "joyful", _("Joyful community")
    HEALTHY = "healthy", _("Healthy community")


class Settled(TextChoices):
    """How an undertaking of a year came out."""

    DONE = "done", pgettext_lazy("undertaking", "Done")
    NOT_DONE = "not_done", pgettext_lazy("undertaking", "Not done")
