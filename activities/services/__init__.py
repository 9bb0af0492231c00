"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

from activities.services.attachments import attach, detach
from activities.services.attachments import tidy as tidy_attachments
from activities.services.hints import dismiss_hint, reopen_hint
from activities.services.records import (
    EDITABLE,
    cancel,
    change_activity,
    confirm,
    log_activity,
    made_by_form,
    return_activity,
    set_attendance,
    set_grades,
    submit,
)

__all__ = [
    "EDITABLE",
    "attach",
    "cancel",
    "change_activity",
    "confirm",
    "detach",
    "dismiss_hint",
    "log_activity",
    "made_by_form",
    "reopen_hint",
    "return_activity",
    "set_attendance",
    "set_grades",
    "submit",
    "tidy_attachments",
]
