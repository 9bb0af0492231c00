"""Persons, and what ties them to units."""

from members.models.batch import ImportBatch, ImportPage, RememberedChoice
from members.models.development import DevelopmentStep
from members.models.duties import DutyPost, Pledge, PostHolding, UnfitCase
from members.models.floating import FloatingCheck, FloatingEntry
from members.models.guests import Guest, GuestNote
from members.models.person import Membership, Person, StandingSpell
from members.models.ties import Affiliation, Appointment, DevelopmentPlan, Exemption
from members.models.transfer import Transfer

__all__ = [
    "Affiliation",
    "Appointment",
    "DevelopmentPlan",
    "DevelopmentStep",
    "DutyPost",
    "Exemption",
    "FloatingCheck",
    "FloatingEntry",
    "Guest",
    "GuestNote",
    "ImportBatch",
    "ImportPage",
    "Membership",
    "Person",
    "Pledge",
    "PostHolding",
    "RememberedChoice",
    "StandingSpell",
    "Transfer",
    "UnfitCase",
]
