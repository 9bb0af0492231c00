"""The tree of units, who acts for which, and what a unit has."""

from organizations.models.county import CountySetting, Touch
from organizations.models.grants import Grant
from organizations.models.keeping import Confirmation
from organizations.models.ratings import Rating, RatingPage, RatingTally
from organizations.models.standing import Body, Facility, Fund, ResidentUnit, Service, Venue
from organizations.models.tree import Area, Unit, UnitEvent

__all__ = [
    "Area",
    "Body",
    "Confirmation",
    "CountySetting",
    "Facility",
    "Fund",
    "Grant",
    "Rating",
    "RatingPage",
    "RatingTally",
    "ResidentUnit",
    "Service",
    "Touch",
    "Unit",
    "UnitEvent",
    "Venue",
]
