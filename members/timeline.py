"""Somebody's history as one list: what happened on which day, of whatever kind.

The page of a person has read the rows anyway; here they become events. What a reader may not see
has been left out before: this only sorts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.choices import Stage
from members.models import Membership
from members.services.people import STAGE_DAYS

SHOWN = 40


class EventKind(TextChoices):
    """What the history is filtered by."""

    STAGES = "stages", _("Way into the Party")
    UNITS = "units", _("Units")
    TRANSFERS = "transfers", _("Transfers")
    OFFICES = "offices", _("Offices")
    STANDING = "standing", _("Standing")
    EXEMPTIONS = "exemptions", _("Exemptions")
    FLOATING = "floating", pgettext_lazy("kind of event", "Floating")
    COMMUNITY = "community", _("Community work")
    DUTIES = "duties", _("Posts and pledges")
    REVIEWS = "reviews", _("Member reviews")
    ATTENDANCE = "attendance", _("Activities")
    CASES = "cases", _("Cases of unfit members")


ICONS = {
    EventKind.STAGES: "flag",
    EventKind.UNITS: "building-community",
    EventKind.TRANSFERS: "send",
    EventKind.OFFICES: "briefcase",
    EventKind.STANDING: "id",
    EventKind.EXEMPTIONS: "shield-lock",
    EventKind.FLOATING: "map-pin",
    EventKind.COMMUNITY: "users-group",
    EventKind.DUTIES: "certificate",
    EventKind.REVIEWS: "star",
    EventKind.ATTENDANCE: "calendar-event",
    EventKind.CASES: "alert-circle",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `day` is None where nobody wrote it down."""

    day: date | None
    kind: EventKind
    what: str
    about: str = ""
    href: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


@dataclass
class Rows:
    """What is on record of a person, as far as the reader may see it."""

    membership: Membership | None = None
    ties: Iterable[Any] = ()
    posts: Iterable[Any] = ()
    spells: Iterable[Any] = ()
    steps: Iterable[Any] = ()
    transfers: Iterable[Any] = ()
    exemptions: Iterable[Any] = ()
    entries: Iterable[Any] = ()
    notes: Iterable[Any] = ()
    holdings: Iterable[Any] = ()
    pledges: Iterable[Any] = ()
    cases: Iterable[Any] = ()
    attendances: Iterable[Any] = ()
    appraisals: Iterable[Any] = ()
    may_read_reasons: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events that a filter leaves, by year; the newest first, undated ones last."""

    years: list[tuple[int | None, list[Event]]]
    kinds: list[tuple[EventKind, int]] = field(default_factory=list)
    """Those there are, with how many events each has."""
    chosen: str = ""
    left_out: int = 0

    @property
    def total(self) -> int:
        return sum(number for _kind, number in self.kinds)


def timeline_of(rows: Rows, *, chosen: str = "", shown: int | None = SHOWN) -> Timeline:
    """The history in `rows`; `chosen` one kind of it, `shown` None all of it."""
    events = list(_events(rows))
    counted = Counter(event.kind for event in events)
    kinds = [(kind, counted[kind]) for kind in EventKind if counted[kind]]
    kept = [event for event in events if chosen in {"", event.kind}]
    kept.sort(key=lambda event: event.day or date.min, reverse=True)
    page = kept[:shown]
    years = [
        (year, list(of_year))
        for year, of_year in groupby(page, lambda event: event.day.year if event.day else None)
    ]
    return Timeline(years, kinds, chosen, len(kept) - len(page))


def _events(rows: Rows) -> Iterator[Event]:
    yield from _of_stages(rows)
    yield from _of_units(rows)
    yield from _of_standing(rows)
    yield from _of_floating(rows)
    yield from _of_duties(rows)
    yield from _of_activities(rows)


def _joined(*words: Any) -> str:
    return " · ".join(str(word) for word in words if word)


def _spell(kind: EventKind, row: Any, begins: str, ends: str, about: str) -> Iterator[Event]:
    """The first day and the last one of a dated row; an unknown first day is told as such."""
    yield Event(row.begun_on, kind, begins, about)
    if row.ended_on:
        yield Event(row.ended_on, kind, ends, about)


def _of_stages(rows: Rows) -> Iterator[Event]:
    membership = rows.membership
    for stage, name in zip(Stage, STAGE_DAYS, strict=True):
        day = getattr(membership, name, None)
        if day:
            yield Event(day, EventKind.STAGES, str(stage.label))
    for step in rows.steps:
        about = step.note if rows.may_read_reasons else ""
        yield Event(step.on, EventKind.STAGES, step.get_kind_display(), about)


def _of_units(rows: Rows) -> Iterator[Event]:
    for tie in rows.ties:
        about = _joined(tie.unit.name, tie.get_nature_display())
        yield from _spell(
            EventKind.UNITS, tie, gettext("Came to the unit"), gettext("Left the unit"), about
        )
    for transfer in rows.transfers:
        about = f"{transfer.origin} → {transfer.destination}"
        href = transfer.get_absolute_url() if transfer.is_shown else ""
        yield Event(
            transfer.issued_on,
            EventKind.TRANSFERS,
            gettext("Letter issued"),
            _joined(about, transfer.letter_number),
            href,
        )
        if transfer.arrived_on:
            yield Event(
                transfer.arrived_on, EventKind.TRANSFERS, transfer.get_state_display(), about, href
            )
    for post in rows.posts:
        about = _joined(post.get_office_display(), post.unit.name, post.get_election_display())
        yield from _spell(
            EventKind.OFFICES, post, gettext("Took office"), gettext("Left office"), about
        )
    for note in rows.notes:
        about = _joined(note.affiliation.unit.name, note.text, note.result)
        yield Event(note.on, EventKind.COMMUNITY, note.get_kind_display(), about)


def _of_standing(rows: Rows) -> Iterator[Event]:
    for spell in rows.spells:
        words = {"standing": spell.get_standing_display()}
        note = spell.note if rows.may_read_reasons else ""
        begins = gettext("%(standing)s begins") % words
        yield from _spell(
            EventKind.STANDING, spell, begins, gettext("%(standing)s ends") % words, note
        )
    for exemption in rows.exemptions:
        reason = exemption.get_reason_display() if rows.may_read_reasons else ""
        yield from _spell(
            EventKind.EXEMPTIONS,
            exemption,
            gettext("Exemption begins"),
            gettext("Exemption ends"),
            _joined(reason, exemption.get_state_display()),
        )
    for case in rows.cases:
        yield Event(case.opened_on, EventKind.CASES, gettext("Case opened"), case.ground)
        if case.settled_on:
            about = _joined(case.get_outcome_display(), case.measure)
            yield Event(case.settled_on, EventKind.CASES, gettext("Case settled"), about)


def _of_floating(rows: Rows) -> Iterator[Event]:
    for entry in rows.entries:
        about = _joined(entry.get_direction_display(), entry.place)
        yield from _spell(
            EventKind.FLOATING,
            entry,
            gettext("Entered into the ledger"),
            gettext("Entry ended"),
            about,
        )
        for name, number, day in entry.papers:
            if day:
                words = pgettext("a card or certificate", "%(paper)s issued") % {"paper": name}
                yield Event(day, EventKind.FLOATING, words, number)
        for check in entry.checks.all():
            note = check.note if rows.may_read_reasons else ""
            yield Event(check.done_on, EventKind.FLOATING, check.get_kind_display(), note)


def _of_duties(rows: Rows) -> Iterator[Event]:
    for holding in rows.holdings:
        about = _joined(holding.post.name, holding.post.unit.name)
        yield from _spell(
            EventKind.DUTIES, holding, gettext("Took the post"), gettext("Left the post"), about
        )
    for pledge in rows.pledges:
        yield Event(pledge.made_on, EventKind.DUTIES, gettext("Pledge made"), pledge.text)
        if pledge.reported_on:
            yield Event(
                pledge.reported_on, EventKind.DUTIES, gettext("Pledge reported on"), pledge.report
            )


def _of_activities(rows: Rows) -> Iterator[Event]:
    """A topic out of the reader's reach stays out of it."""
    for row in rows.attendances:
        topic = row.activity.topic if row.is_shown else ""
        about = _joined(topic, row.activity.unit.name)
        yield Event(row.day, EventKind.ATTENDANCE, row.get_presence_display(), about)
    for row in rows.appraisals:
        grade = gettext("Graded: %(grade)s") % {"grade": row.get_grade_display()}
        yield Event(row.activity.first_day, EventKind.REVIEWS, grade, row.activity.unit.name)
