"""The lists that plans, their repetition and the sign-in draw on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(TextChoices):
    PLANNED = "planned", pgettext_lazy("plan", "Planned")
    HELD = "held", pgettext_lazy("plan", "Held")
    DROPPED = "dropped", pgettext_lazy("plan", "Dropped")


class Answer(TextChoices):
    """What an invited co-host says."""

    OPEN = "open", pgettext_lazy("invitation", "Not answered yet")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")


class Repeat(TextChoices):
    """How a plan repeats; the first one's day says on which."""

    WEEKLY = "weekly", _("Every week, on the same weekday")
    MONTHLY_DAY = "month_day", _("Every month, on the same date")
    MONTHLY_WEEKDAY = "month_week", _("Every month, on the same weekday (like the second Tuesday)")


class OffDays(TextChoices):
    """What becomes of a repeated plan that falls on a holiday or a free weekend."""

    KEEP = "keep", _("Hold it all the same")
    NEXT = "next", _("Move it to the next workday")
    SKIP = "skip", _("Leave it out")


class Scope(TextChoices):
    """How far a change of one plan of a series goes."""

    ONE = "one", _("This one only")
    FOLLOWING = "following", _("This one and all that follow")
