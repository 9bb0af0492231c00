"""Every write of this app: one function a change, each one whole transaction.

What a file of past records writes in bulk is in `activities/imports/`.
"""

from activities.services.calendars import (
    forget_holiday,
    open_feed,
    revoke_feed,
    set_holiday,
)
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
from activities.services.signing import (
    add_by_hand,
    close_sign_in,
    mark_signed,
    open_sign_in,
    set_offer,
    sign,
    undo_signature,
)

__all__ = [
    "EDITABLE",
    "PlanEntry",
    "add_by_hand",
    "answer_invitation",
    "cancel",
    "change_activity",
    "change_plan",
    "close_sign_in",
    "confirm",
    "drop_plan",
    "forget_holiday",
    "hold_plan",
    "log_activity",
    "made_by_form",
    "make_plan",
    "mark_signed",
    "open_feed",
    "open_sign_in",
    "return_activity",
    "revoke_feed",
    "set_attendance",
    "set_grades",
    "set_holiday",
    "set_offer",
    "sign",
    "submit",
    "take_up_plan",
    "undo_signature",
]
