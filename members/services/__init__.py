"""Every write of this app: one function a change, each one whole transaction.

What a roster or a file of appointments writes in bulk is in `members/roster/`.
"""

from members.services.development import (
    advance,
    cancel_probation,
    extend_probation,
    record_step,
)
from members.services.duties import (
    hold_post,
    leave_post,
    make_pledge,
    open_case,
    report_pledge,
    set_up_post,
    settle_case,
)
from members.services.floating import (
    change_floating,
    end_floating,
    record_check,
    record_checks,
    register_floating,
)
from members.services.guests import (
    change_guest,
    note_guest,
    receive_guest,
    register_guest,
    settle_note,
)
from members.services.merging import dissolve_unit, merge_units
from members.services.people import (
    change_details,
    change_membership,
    edit_person,
    register_person,
    reveal_identifiers,
    set_identifiers,
)
from members.services.standing import change_standing, take_back_standing
from members.services.ties import (
    adopt_plan,
    affiliate,
    appoint,
    decide_exemption,
    end_affiliation,
    end_appointment,
    request_exemption,
    transfer_home,
)
from members.services.transfers import (
    accept_transfer,
    receive_from_outside,
    request_transfer,
    return_transfer,
    withdraw_transfer,
)

__all__ = [
    "accept_transfer",
    "adopt_plan",
    "advance",
    "affiliate",
    "appoint",
    "cancel_probation",
    "change_details",
    "change_floating",
    "change_guest",
    "change_membership",
    "change_standing",
    "decide_exemption",
    "dissolve_unit",
    "edit_person",
    "end_affiliation",
    "end_appointment",
    "end_floating",
    "extend_probation",
    "hold_post",
    "leave_post",
    "make_pledge",
    "merge_units",
    "note_guest",
    "open_case",
    "receive_from_outside",
    "receive_guest",
    "record_check",
    "record_checks",
    "record_step",
    "register_floating",
    "register_guest",
    "register_person",
    "report_pledge",
    "request_exemption",
    "request_transfer",
    "return_transfer",
    "reveal_identifiers",
    "set_identifiers",
    "set_up_post",
    "settle_case",
    "settle_note",
    "take_back_standing",
    "transfer_home",
    "withdraw_transfer",
]
