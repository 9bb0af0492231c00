"""What units do and mean to do, and who was there."""

from activities.models.activity import Activity, CoHost
from activities.models.attendance import Appraisal, Attendance
from activities.models.calendars import CalendarFeed, Holiday
from activities.models.drafts import EntryDraft
from activities.models.issue import Issue
from activities.models.plans import Plan, PlanInvitation, PlanSeries
from activities.models.review import ReviewEntry, ReviewRun
from activities.models.sign_ins import Signature, SignIn, SignInOffer, SignInTry
from activities.models.version import ActivityVersion

__all__ = [
    "Activity",
    "ActivityVersion",
    "Appraisal",
    "Attendance",
    "CalendarFeed",
    "CoHost",
    "EntryDraft",
    "Holiday",
    "Issue",
    "Plan",
    "PlanInvitation",
    "PlanSeries",
    "ReviewEntry",
    "ReviewRun",
    "SignIn",
    "SignInOffer",
    "SignInTry",
    "Signature",
]
