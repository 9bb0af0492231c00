"""The kinds of things that the tree of units knows."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(TextChoices):
    COUNTY_COMMITTEE = "county_committee", _("County committee")
    STREET_COMMITTEE = "street_committee", _("Street working committee")
    COMMUNITY_COMMITTEE = "community_committee", _("Community committee")
    COMMUNITY_GENERAL_BRANCH = "community_general_branch", _("Community general branch")
    COMMUNITY_BRANCH = "community_branch", _("Community branch")
    BRANCH = "branch", pgettext_lazy("Party organisation", "Branch")
    GROUP = "group", _("Party group")
    FLOATING_BRANCH = "floating_branch", _("Floating members' branch")
    ENTERPRISE_BRANCH = "enterprise_branch", _("Enterprise branch")
    SOCIAL_BRANCH = "social_branch", _("Social organisation branch")
    RESIDENT_UNIT = "resident_unit", _("Resident unit")


_K = UnitKind

COMMUNITY_KINDS = frozenset(
    {_K.COMMUNITY_COMMITTEE, _K.COMMUNITY_GENERAL_BRANCH, _K.COMMUNITY_BRANCH}
)
"""The organisation of a community, one per community (clause 1)."""

BRANCH_KINDS = frozenset({_K.BRANCH, _K.FLOATING_BRANCH, _K.ENTERPRISE_BRANCH, _K.SOCIAL_BRANCH})

MAY_STAND_UNDER: dict[UnitKind, frozenset[UnitKind | None]] = {
    _K.COUNTY_COMMITTEE: frozenset({None}),
    _K.STREET_COMMITTEE: frozenset({_K.COUNTY_COMMITTEE}),
    _K.COMMUNITY_COMMITTEE: frozenset({_K.STREET_COMMITTEE}),
    _K.COMMUNITY_GENERAL_BRANCH: frozenset({_K.STREET_COMMITTEE}),
    _K.COMMUNITY_BRANCH: frozenset({_K.STREET_COMMITTEE}),
    _K.BRANCH: frozenset({_K.COMMUNITY_COMMITTEE, _K.COMMUNITY_GENERAL_BRANCH}),
    _K.FLOATING_BRANCH: frozenset({_K.STREET_COMMITTEE, *COMMUNITY_KINDS}),
    _K.ENTERPRISE_BRANCH: frozenset({_K.STREET_COMMITTEE, *COMMUNITY_KINDS}),
    _K.SOCIAL_BRANCH: frozenset({_K.STREET_COMMITTEE, *COMMUNITY_KINDS}),
    _K.GROUP: frozenset({_K.COMMUNITY_BRANCH, *BRANCH_KINDS}),
    _K.RESIDENT_UNIT: frozenset({_K.STREET_COMMITTEE, *COMMUNITY_KINDS}),
}
"""Which kind may stand under which; None is the top."""

ADVISED_FROM: dict[int, UnitKind] = {
    100: _K.COMMUNITY_COMMITTEE,
    50: _K.COMMUNITY_GENERAL_BRANCH,
    3: _K.COMMUNITY_BRANCH,
}
"""Full members from which a community's organisation is advised to be of a kind, most first."""


def advised_kind(full_members: int) -> UnitKind | None:
    """The kind that a community's organisation of that size is advised to have; None: too small.

    Advice alone: a smaller or larger one is never refused.
    """
    return next((kind for least, kind in ADVISED_FROM.items() if full_members >= least), None)


class UnitChange(TextChoices):
    """What can happen to a unit; each is a dated event."""

    FOUNDED = "founded", _("Founded")
    RENAMED = "renamed", _("Renamed")
    MOVED = "moved", _("Moved")
    UPGRADED = "upgraded", _("Changed in kind")
    MERGED = "merged", _("Merged into another")
    DISSOLVED = "dissolved", _("Dissolved")


class BodyKind(TextChoices):
    GUIDANCE_COMMITTEE = "guidance_committee", _("Guidance committee")
    COORDINATION_COMMITTEE = "coordination_committee", _("Coordination committee")
    JOINT_CONFERENCE = "joint_conference", _("Joint conference")
    CENTRAL_STUDY_GROUP = "central_study_group", _("Central study group")
    RESIDENTS_COMMITTEE = "residents_committee", _("Residents' committee")
    YOUTH_LEAGUE = "youth_league", _("Youth league")
    WOMENS_GROUP = "womens_group", _("Women's group")


_RESIDENTS = [BodyKind.RESIDENTS_COMMITTEE, BodyKind.YOUTH_LEAGUE, BodyKind.WOMENS_GROUP]

BODIES_AT: dict[UnitKind, list[BodyKind]] = {
    _K.COUNTY_COMMITTEE: [BodyKind.GUIDANCE_COMMITTEE, BodyKind.CENTRAL_STUDY_GROUP],
    _K.STREET_COMMITTEE: [
        BodyKind.COORDINATION_COMMITTEE,
        BodyKind.CENTRAL_STUDY_GROUP,
        BodyKind.JOINT_CONFERENCE,
        BodyKind.YOUTH_LEAGUE,
        BodyKind.WOMENS_GROUP,
    ],
} | {kind: [BodyKind.JOINT_CONFERENCE, *_RESIDENTS] for kind in sorted(COMMUNITY_KINDS)}
"""The bodies that forms offer at a unit of a kind (clause 3 first); elsewhere all."""


class VenueTenure(TextChoices):
    """How a venue was secured (clause 16)."""

    JOINT_BUILDING = "joint_building", _("Built jointly")
    PROPERTY_EXCHANGE = "property_exchange", _("Exchange of property")
    LEASE = "lease", _("Lease")
    SHARING = "sharing", _("Shared with a partner")
    OWN = "own", _("Own property")


class FundSource(TextChoices):
    """Where the money of a year came from (clause 16)."""

    BUDGET = "budget", _("Budget")
    DUES_RETURNED = "dues_returned", _("Party dues returned")
    RESIDENT_UNITS = "resident_units", _("Units based here")
    OWN = "own", _("Own income")


class ServiceKind(TextChoices):
    HEALTH = "health", _("Health")
    LABOUR = "labour", _("Labour and jobs")
    CARE = "care", _("Care of old and young")
    INFORMATION = "information", _("Information and advice")


class ServicePrice(TextChoices):
    FREE = "free", _("Free")
    LOW_COST = "low_cost", _("Low cost")
    PAID = "paid", _("Paid")


class FacilityKind(TextChoices):
    CULTURE_STATION = "culture_station", _("Culture station")
    READING_ROOM = "reading_room", _("Reading room")
    ACTIVITY_ROOM = "activity_room", _("Old people's activity room")
    SHARED = "shared", _("Facility opened by a unit based here")


class ResidentKind(TextChoices):
    """What an organisation that is based in a community is."""

    OFFICE = "office", _("Public office")
    INSTITUTION = "institution", _("Public institution")
    SCHOOL = "school", _("School")
    HOSPITAL = "hospital", _("Hospital or clinic")
    ENTERPRISE = "enterprise", _("Enterprise")
    SOCIAL = "social", _("Social organisation")
    OTHER = "other", _("Other organisation")


class RatingAnswer(IntegerChoices):
    """What a resident says of the Party organisation where they live (the fifth good)."""

    VERY_GOOD = 5, pgettext_lazy("a resident's rating", "Very satisfied")
    GOOD = 4, pgettext_lazy("a resident's rating", "Satisfied")
    FAIR = 3, pgettext_lazy("a resident's rating", "So-so")
    POOR = 2, pgettext_lazy("a resident's rating", "Not satisfied")
    VERY_POOR = 1, pgettext_lazy("a resident's rating", "Not satisfied at all")


class Role(TextChoices):
    VIEWER = "viewer", _("Viewer")
    SECRETARY = "secretary", _("Secretary")
    REVIEWER = "reviewer", _("Reviewer")
    ORGANIZER = "organizer", _("Organiser")
    ADMINISTRATOR = "administrator", _("Administrator")


class CountsFrom(TextChoices):
    """From when a record counts (point 2 of how the numbers are read)."""

    SUBMITTED = "submitted", _("From submission")
    CONFIRMED = "confirmed", _("From confirmation")


class RotationCycle(TextChoices):
    """How the three years of the rotation training run."""

    ROLLING = "rolling", _("From the last training")
    FIXED = "fixed", _("Fixed cycles of calendar years")


class SettingKey(TextChoices):
    """What a county may set for itself, dated. Per-rule keys carry the rule behind a colon."""

    COUNTS_FROM = "counts_from", _("Records count from")
    HOURS_PER_DAY = "hours_per_day", _("Hours that make a day")
    ROTATION_CYCLE = "rotation_cycle", _("Cycle of the rotation training")
    WENT_LIVE_ON = "went_live_on", _("Reminders from")
    SHARE = "share", _("Share that must meet a rule")
    LEAD_DAYS = "lead_days", _("Days of lead")
    RULEBOOK = "rulebook", _("Rulebook in use")
    ATTACHMENT = "attachment", _("Files asked for by a rule")
    HINTS = "hints", _("Hints for reviewers")
    RULE = "rule", _("Rule in use")
    THRESHOLD = "threshold", _("Number of the county's own")
