"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

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
from activities.services.undertakings import (
    change_undertaking,
    link_evidence,
    reopen_undertaking,
    settle_undertaking,
    undertake,
)

__all__ = [
    "EDITABLE",
    "add_issue",
    "cancel",
    "change_activity",
    "change_undertaking",
    "changes_of_list",
    "close_run",
    "confirm",
    "left_open",
    "link_evidence",
    "log_activity",
    "made_by_form",
    "open_run",
    "renew_list",
    "reopen_undertaking",
    "return_activity",
    "save_step",
    "set_attendance",
    "set_grades",
    "settle_issue",
    "settle_undertaking",
    "submit",
    "undertake",
]
