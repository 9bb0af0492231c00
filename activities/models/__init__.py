"""What units do, and who was there."""

from activities.models.activity import Activity, CoHost
from activities.models.attendance import Appraisal, Attendance
from activities.models.issue import Issue
from activities.models.review import ReviewEntry, ReviewRun
from activities.models.undertaking import Undertaking
from activities.models.version import ActivityVersion

__all__ = [
    "Activity",
    "ActivityVersion",
    "Appraisal",
    "Attendance",
    "CoHost",
    "Issue",
    "ReviewEntry",
    "ReviewRun",
    "Undertaking",
]
