"""What units do, and who was there."""

from activities.models.activity import Activity, CoHost
from activities.models.attendance import Appraisal, Attendance
from activities.models.drafts import EntryDraft

__all__ = [
    "Activity",
    "Appraisal",
    "Attendance",
    "CoHost",
    "EntryDraft",
]
