"""Every write of this app: one function a change, each one whole transaction."""

from organizations.services.county import set_county_setting
from organizations.services.grants import end_grant, grant_role
from organizations.services.keeping import confirm_still_so
from organizations.services.ratings import (
    close_ratings,
    forget_tallies,
    open_ratings,
    rate,
    renew_rating_code,
)
from organizations.services.standing import (
    add_facility,
    add_resident_unit,
    add_service,
    add_venue,
    change_asset,
    change_funds,
    close_body,
    close_facility,
    close_resident_unit,
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
    "add_resident_unit",
    "add_service",
    "add_venue",
    "change_asset",
    "change_details",
    "change_funds",
    "change_kind",
    "close_body",
    "close_facility",
    "close_ratings",
    "close_resident_unit",
    "close_service",
    "close_venue",
    "confirm_still_so",
    "dissolve_unit",
    "end_grant",
    "forget_tallies",
    "found_unit",
    "grant_role",
    "merge_units",
    "move_unit",
    "open_ratings",
    "rate",
    "record_funds",
    "rename_unit",
    "renew_rating_code",
    "set_county_setting",
    "set_up_body",
    "touch",
    "touch_ids",
    "touch_subtree",
]
