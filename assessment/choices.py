"""The lists that verdicts and notices draw on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VerdictStatus(TextChoices):
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    DUE = "due", _("Due soon")
    BEHIND = "behind", _("Behind")
    ON_TRACK = "on_track", _("On track")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    UNKNOWN = "unknown", _("Not known")
    SHOWN = "shown", pgettext_lazy("verdict", "Shown")


class Stage(TextChoices):
    """How far a notice has climbed: first the secretary, then the unit above."""

    DUE = "due", _("Due soon")
    MISSED = "missed", _("Missed")


class NoticeState(TextChoices):
    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SUPERSEDED = "superseded", _("Superseded by a later one")
    CANCELLED = "cancelled", _("No longer so")
    FAILED = "failed", _("Could not be sent")


class DropReason(TextChoices):
    """Why a reminder that was planned is not sent."""

    DONE = "done", _("Done meanwhile, or no longer owed")
    DISSOLVED = "dissolved", _("The unit no longer exists")
    NOT_IN_CHARGE = "not_in_charge", _("No longer in charge there")
    LATER_STAGE = "later_stage", _("The period has ended meanwhile")
    MAIL_FAILED = "mail_failed", _("The e-mail could not be delivered; it stands in the portal")
