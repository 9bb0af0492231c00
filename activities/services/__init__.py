"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

from activities.services.bulk import copy_records, log_for_each
from activities.services.drafts import drop_draft, forget_old_drafts, keep_draft
from activities.services.issues import add_issue, settle_issue
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
from activities.services.reviews import (
    changes_of_list,
    close_run,
    left_open,
    open_run,
    renew_list,
    save_step,
)

__all__ = [
    "EDITABLE",
    "add_issue",
    "cancel",
    "change_activity",
    "changes_of_list",
    "close_run",
    "confirm",
    "copy_records",
    "drop_draft",
    "forget_old_drafts",
    "keep_draft",
    "left_open",
    "log_activity",
    "log_for_each",
    "made_by_form",
    "open_run",
    "renew_list",
    "return_activity",
    "save_step",
    "set_attendance",
    "set_grades",
    "settle_issue",
    "submit",
]
