"""What can be done, and which role may do it: the only table of who may do what."""

from __future__ import annotations

from enum import StrEnum

from organizations.choices import Role


class Action(StrEnum):
    VIEW = "view"
    """Read units, activities, verdicts and members' names; no identifiers."""
    RECORD = "record"
    """Log activities, keep ledgers."""
    ENROL = "enrol"
    """Keep rosters: persons, affiliations, appointments, imports."""
    IDENTIFY = "identify"
    """See an ID number or a phone in full, on request, with the look logged."""
    REVIEW = "review"
    """Confirm or return what units below have submitted; approve exemptions."""
    MANAGE = "manage"
    """Rulebooks, county settings, units, baselines."""
    ADMINISTER = "administer"
    """Users and grants."""


ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.VIEW: frozenset({Role.VIEWER, Role.SECRETARY, Role.REVIEWER, Role.ORGANIZER}),
    Action.RECORD: frozenset({Role.SECRETARY, Role.ORGANIZER}),
    Action.ENROL: frozenset({Role.SECRETARY, Role.ORGANIZER}),
    Action.IDENTIFY: frozenset({Role.SECRETARY, Role.ORGANIZER}),
    Action.REVIEW: frozenset({Role.REVIEWER, Role.ORGANIZER}),
    Action.MANAGE: frozenset({Role.ORGANIZER}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}
