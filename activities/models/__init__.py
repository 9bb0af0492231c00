"""What units do and mean to do, and who was there."""

from activities.models.activity import Activity, CoHost
from activities.models.attendance import Appraisal, Attendance
from activities.models.calendars import CalendarFeed, Holiday
from activities.models.plans import Plan, PlanInvitation, PlanSeries
from activities.models.sign_ins import Signature, SignIn, SignInOffer, SignInTry

__all__ = [
    "Activity",
    "Appraisal",
    "Attendance",
    "CalendarFeed",
    "CoHost",
    "Holiday",
    "Plan",
    "PlanInvitation",
    "PlanSeries",
    "SignIn",
    "SignInOffer",
    "SignInTry",
    "Signature",
]
