"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

from activities.services.attachments import attach, detach
from activities.services.attachments import tidy as tidy_attachments
from activities.services.bulk import copy_records, log_for_each
from activities.services.calendars import (
    forget_holiday,
    open_feed,
    revoke_feed,
    set_holiday,
)
from activities.services.drafts import drop_draft, forget_old_drafts, keep_draft
from activities.services.hints import dismiss_hint, reopen_hint
from activities.services.issues import add_issue, settle_issue
from activities.services.plans import (
    PlanEntry,
    answer_invitation,
    change_plan,
    drop_plan,
    hold_plan,
    make_plan,
    take_up_plan,
)
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
from activities.services.reopening import reopen_run
from activities.services.returns import mark_returns_read, take_untold
from activities.services.reviews import (
    changes_of_list,
    close_run,
    left_open,
    open_run,
    owed_without_grade,
    renew_list,
    save_step,
)
from activities.services.signing import (
    add_by_hand,
    close_sign_in,
    mark_signed,
    open_sign_in,
    set_offer,
    sign,
    undo_signature,
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
    "PlanEntry",
    "add_by_hand",
    "add_issue",
    "answer_invitation",
    "attach",
    "cancel",
    "change_activity",
    "change_plan",
    "change_undertaking",
    "changes_of_list",
    "close_run",
    "close_sign_in",
    "confirm",
    "copy_records",
    "detach",
    "dismiss_hint",
    "drop_draft",
    "drop_plan",
    "forget_holiday",
    "forget_old_drafts",
    "hold_plan",
    "keep_draft",
    "left_open",
    "link_evidence",
    "log_activity",
    "log_for_each",
    "made_by_form",
    "make_plan",
    "mark_returns_read",
    "mark_signed",
    "open_feed",
    "open_run",
    "open_sign_in",
    "owed_without_grade",
    "renew_list",
    "reopen_hint",
    "reopen_run",
    "reopen_undertaking",
    "return_activity",
    "revoke_feed",
    "save_step",
    "set_attendance",
    "set_grades",
    "set_holiday",
    "set_offer",
    "settle_issue",
    "settle_undertaking",
    "sign",
    "submit",
    "take_untold",
    "take_up_plan",
    "tidy_attachments",
    "undertake",
    "undo_signature",
]
