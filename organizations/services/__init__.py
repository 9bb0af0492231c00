"""Every write of this app: one function a change, each one whole transaction."""

from organizations.services.county import set_county_setting
from organizations.services.grants import end_grant, grant_role
from organizations.services.standing import (
    add_facility,
    add_service,
    add_venue,
    close_body,
    close_facility,
    close_service,
    close_venue,
    record_funds,
    set_up_body,
)
from organizations.services.touches import touch, touch_ids, touch_subtree
from organizations.services.tree import (
    change_details,
    change_kind,
    dissolve_unit,
    found_unit,
    merge_units,
    move_unit,
    rename_unit,
)

__all__ = [
    "add_facility",
    "add_service",
    "add_venue",
    "change_details",
    "change_kind",
    "close_body",
    "close_facility",
    "close_service",
    "close_venue",
    "dissolve_unit",
    "end_grant",
    "found_unit",
    "grant_role",
    "merge_units",
    "move_unit",
    "record_funds",
    "rename_unit",
    "set_county_setting",
    "set_up_body",
    "touch",
    "touch_ids",
    "touch_subtree",
]
