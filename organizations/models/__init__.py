"""The tree of units, who acts for which, and what a unit has."""

from organizations.models.county import CountySetting, Touch
from organizations.models.grants import Grant
from organizations.models.standing import Body, Facility, Fund, Service, Venue
from organizations.models.tree import Area, Unit, UnitEvent

__all__ = [
    "Area",
    "Body",
    "CountySetting",
    "Facility",
    "Fund",
    "Grant",
    "Service",
    "Touch",
    "Unit",
    "UnitEvent",
    "Venue",
]
