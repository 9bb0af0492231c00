"""What units do, who was there, what was handed in, and what was noticed about it."""

from activities.models.activity import Activity, CoHost
from activities.models.attachment import Attachment
from activities.models.attendance import Appraisal, Attendance
from activities.models.hint import Hint, HintRecord, MinutesPrint

__all__ = [
    "Activity",
    "Appraisal",
    "Attachment",
    "Attendance",
    "CoHost",
    "Hint",
    "HintRecord",
    "MinutesPrint",
]
