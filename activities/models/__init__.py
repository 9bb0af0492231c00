"""What units do and mean to do, who was there, what was handed in, what was noticed about it."""

from activities.models.activity import Activity, CoHost
from activities.models.attachment import Attachment
from activities.models.attendance import Appraisal, Attendance
from activities.models.calendars import CalendarFeed, Holiday
from activities.models.drafts import EntryDraft
from activities.models.hint import Hint, HintRecord, MinutesPrint
from activities.models.issue import Issue
from activities.models.plans import Plan, PlanInvitation, PlanSeries
from activities.models.returned import ReturnNotice
from activities.models.review import ReviewEntry, ReviewReopening, ReviewRun
from activities.models.sign_ins import Signature, SignIn, SignInOffer, SignInTry
from activities.models.undertaking import Undertaking
from activities.models.version import ActivityVersion

__all__ = [
    "Activity",
    "ActivityVersion",
    "Appraisal",
    "Attachment",
    "Attendance",
    "CalendarFeed",
    "CoHost",
    "EntryDraft",
    "Hint",
    "HintRecord",
    "Holiday",
    "Issue",
    "MinutesPrint",
    "Plan",
    "PlanInvitation",
    "PlanSeries",
    "ReturnNotice",
    "ReviewEntry",
    "ReviewReopening",
    "ReviewRun",
    "SignIn",
    "SignInOffer",
    "SignInTry",
    "Signature",
    "Undertaking",
]
