"""The lists that a person's record draws on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Stage(TextChoices):
    """How far someone has come on the way into the Party."""

    APPLICANT = "applicant", _("Applicant")
    ACTIVIST = "activist", _("Activist")
    CANDIDATE = "candidate", _("Candidate for development")
    PROBATIONARY = "probationary", _("Probationary member")
    FULL = "full", _("Full member")


MEMBER_STAGES = frozenset({Stage.PROBATIONARY, Stage.FULL})


class Standing(TextChoices):
    NORMAL = "normal", _("Normal")
    SUSPENDED = "suspended", _("Membership suspended")
    OUT_OF_TOUCH = "out_of_touch", _("Out of touch")
    LEFT = "left", _("Left the Party")
    EXPELLED = "expelled", _("Expelled")
    DECEASED = "deceased", _("Deceased")


ACTIVE_STANDINGS = frozenset({Standing.NORMAL, Standing.OUT_OF_TOUCH})
"""In these a member owes what members owe; an illness or age is an exemption, not a standing."""


GONE_STANDINGS = frozenset({Standing.LEFT, Standing.EXPELLED, Standing.DECEASED})
"""With one of these the membership is over, and what only a member holds is over with it."""


class Nature(TextChoices):
    """Why a person belongs to a unit."""

    HOME = "home", pgettext_lazy("nature of an affiliation", "Home")
    IN_SERVICE = "in_service", _("In-service member reporting here")
    FLOATING_IN = "floating_in", _("Floating member hosted here")
    RETIRED_RESIDENT = "retired_resident", _("Retiree living here")


class Office(TextChoices):
    SECRETARY = "secretary", _("Secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy secretary")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    RESIDENTS_DIRECTOR = "residents_director", _("Residents' committee director")
    GROUP_LEADER = "group_leader", _("Party group leader")
    STREET_CADRE = "street_cadre", _("Street cadre")
    COMMUNITY_WORKER = "community_worker", _("Community worker")


SINGLE_SEATS = frozenset({Office.SECRETARY, Office.RESIDENTS_DIRECTOR})
"""Offices that one person at a time holds in a unit."""

ELECTED_OFFICES = frozenset(Office) - {Office.STREET_CADRE, Office.COMMUNITY_WORKER}
"""Offices whose term ends with an election, not with a contract."""


MEMBERS_OFFICES = frozenset(
    {Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER, Office.GROUP_LEADER}
)
"""Offices that only a member holds; the others are the residents' or an employer's to end."""


class Election(TextChoices):
    """How somebody came into office (clause 5)."""

    TWO_RECOMMENDATIONS = "two_recommendations", _("Two recommendations, one election")
    ELECTED = "elected", _("Elected by the members")
    APPOINTED = "appointed", _("Appointed")
    SENT = "sent", _("Sent from another unit")
    HIRED = "hired", _("Openly hired")


class ExemptionReason(TextChoices):
    AGE = "age", _("Age")
    ILLNESS = "illness", _("Illness")
    POSTING = "posting", _("Posting elsewhere")
    OTHER = "other", _("Other")


class ExemptionState(TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class FloatingDirection(TextChoices):
    OUT = "out", _("Floating out")
    IN = "in", _("Floating in")


class FloatingCheckKind(TextChoices):
    """What clause 12 asks for once a year of each floating member, and contacts in between."""

    REVIEW = "review", _("Review of certificate and cards")
    SITUATION = "situation", _("Note on study, thinking and work")
    CONTACT = "contact", pgettext_lazy("with a floating member", "Contact")


class TransferState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("transfer", "On the way")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "Received")
    RETURNED = "returned", pgettext_lazy("transfer", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")


class StepKind(TextChoices):
    """What happens on the way into the Party."""

    TALK = "talk", _("Talk with the applicant")
    RECOMMENDATION = "recommendation", _("Recommended")
    HALF_YEAR_REVIEW = "half_year_review", _("Half-yearly review")
    TRAINING = "training", _("Training before joining")
    POLITICAL_REVIEW = "political_review", _("Political review")
    PUBLICITY = "publicity", _("Made public")
    INTRODUCERS = "introducers", _("Introducers named")
    VOTE = "vote", _("Vote of the branch")
    APPROVAL = "approval", _("Approved by the unit above")
    OATH = "oath", _("Oath")
    CONVERSION = "conversion", _("Vote on full membership")
    EXTENSION = "extension", _("Probation extended")
    CANCELLATION = "cancellation", _("Probationary membership cancelled")


DECISIONS = frozenset({StepKind.EXTENSION, StepKind.CANCELLATION})
"""Steps that change more than the list of steps: each has a form of its own."""


class GuestNoteKind(TextChoices):
    CLAIM = "claim", _("Community work claimed")
    FEEDBACK = "feedback", _("Feedback exchanged with the home unit")
    FOLLOW_UP = "follow_up", _("Transfer followed up")


class CaseOutcome(TextChoices):
    """How the case of an unfit member was settled."""

    IMPROVED = "improved", _("Educated and improved")
    CORRECTING = "correcting", _("To put things right within a term")
    LEFT = "left", _("Advised to leave the Party")
    REMOVED = "removed", _("Removed from the Party")
    UNFOUNDED = "unfounded", _("Found to meet the standard")


class BatchKind(TextChoices):
    ROSTER = "roster", _("Roster")
    POSTS = "posts", _("Appointments")
    ACTIVITIES = "activities", _("Records of activities")


class BatchState(TextChoices):
    RECEIVED = "received", _("Waiting to be looked at")
    LOOKING = "looking", _("Being looked at")
    UPLOADED = "uploaded", _("Sheet and headings to be chosen")
    PLANNED = "planned", _("Looked at, not written")
    QUEUED = "queued", _("Waiting to be written")
    RUNNING = "running", _("Being written")
    APPLIED = "applied", _("Written")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")


class BatchStep(TextChoices):
    """What an import that is being looked at or written is at."""

    READING = "reading", _("Reading the file")
    COMPARING = "comparing", _("Comparing with the records")
    WRITING = "writing", _("Writing")


class BatchFailure(TextChoices):
    """Why an import was not written; whatever it was, the records are as they were."""

    INTERRUPTED = "interrupted", _("The work was broken off.")
    CHANGED = "changed", _("The records have changed since the preview.")
    WRONG = "wrong", _("There are wrong rows: nothing was written.")
    CLASH = "clash", _("Somebody else changed the same records. Try again.")
    FORBIDDEN = "forbidden", _("Whoever confirmed it may no longer keep this unit's roster.")
    UNREADABLE = "unreadable", _("The file can't be read.")
    ERROR = "error", _("An error came up, which the operators find in the log.")
