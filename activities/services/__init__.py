"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

from activities.services.bulk import copy_records, log_for_each
from activities.services.drafts import drop_draft, forget_old_drafts, keep_draft
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
    "cancel",
    "change_activity",
    "confirm",
    "copy_records",
    "drop_draft",
    "forget_old_drafts",
    "keep_draft",
    "log_activity",
    "log_for_each",
    "made_by_form",
    "return_activity",
    "set_attendance",
    "set_grades",
    "submit",
]
