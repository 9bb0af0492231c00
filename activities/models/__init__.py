"""What units do, and who was there."""

from activities.models.activity import Activity, CoHost
from activities.models.attendance import Appraisal, Attendance

__all__ = [
    "Activity",
    "Appraisal",
    "Attendance",
    "CoHost",
]
