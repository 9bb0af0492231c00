"""What is kept of persons beside attendance: guests' notes, papers of floating members, duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from assessment.question import Question
from assessment.terms import Record, Who
from members.choices import Nature
from members.models import Affiliation, GuestNote

OfPerson = tuple[UUID, Record]

PAPERS = {
    "certificate": "certificate_number",
    "contact": "contact_card",
    "activity": "activity_card",
    "feedback": "feedback_card",
}
"""The certificate and the three cards of clause 12, each with the field of its number."""
NATURE_OF = {Who.IN_SERVICE: Nature.IN_SERVICE, Who.RETIRED: Nature.RETIRED_RESIDENT}


def guests(question: Question) -> QuerySet[Affiliation]:
    """Those who are here on the day beside a home elsewhere, of the natures asked about.

    Whoever is at home here has had the relation transferred.
    """
    natures = [nature for who, nature in NATURE_OF.items() if question.asks(who)]
    home = Affiliation.objects.filter(
        person=OuterRef("person"), unit=OuterRef("unit"), nature=Nature.HOME
    )
    ties = Affiliation.objects.filter(unit_id__in=question.ids, nature__in=natures)
    return ties.on(question.as_of).filter(~Exists(home.on(question.as_of)))


def guest_notes(question: Question) -> Iterator[OfPerson]:
    """What was noted of the guests, up to the day."""
    notes = GuestNote.objects.filter(
        affiliation__in=guests(question).order_by().values("pk"), on__lte=question.as_of
    )
    columns = ("affiliation__person_id", "pk", "kind", "on")
    for person, pk, kind, day in notes.order_by("on", "pk").values_list(*columns):
        yield person, Record(pk, frozenset({f"guest:{kind}"}), day)


def papers(entries: QuerySet) -> Iterator[OfPerson]:
    """The papers that the ledger's entries say were issued, each from its day of issue."""
    fields = [column for name in PAPERS.values() for column in (name, _day_of(name))]
    for person, pk, begun, *values in entries.values_list("person_id", "pk", "begun_on", *fields):
        for paper, number, issued in zip(PAPERS, values[::2], values[1::2], strict=True):
            if number:
                day = issued or begun or date.min
                yield person, Record(pk, frozenset({f"paper:{paper}"}), day)


def _day_of(field: str) -> str:
    return "certificate_on" if field == "certificate_number" else f"{field}_on"


def duties(posts: QuerySet | None, pledges: QuerySet | None) -> Iterator[OfPerson]:
    """Posts held and pledges reported on (deeds.py), of whomever they were picked for."""
    if posts is not None:
        for person, pk, since in posts.order_by("pk").values_list("person_id", "pk", "since"):
            yield person, Record(pk, frozenset({"duty:post"}), since)
    if pledges is not None:
        columns = ("person_id", "pk", "reported_on")
        for person, pk, day in pledges.order_by("reported_on", "pk").values_list(*columns):
            yield person, Record(pk, frozenset({"duty:pledge_reported"}), day)
