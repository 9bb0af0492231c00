"""A unit's plans as an iCalendar file (RFC 5545), for calendar programs.

It says what, when, where and which unit, and names no person: not who chairs, not the note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from activities.models import CalendarFeed, Plan
from activities.plan_choices import PlanState
from activities.services.calendars import fingerprint_of
from organizations.models import Unit

BEHIND, AHEAD = timedelta(days=92), timedelta(days=400)
"""How far back and ahead a feed goes."""
READ_AGAIN_AFTER = timedelta(hours=1)
STATUS = {
    PlanState.PLANNED: "CONFIRMED",
    PlanState.HELD: "CONFIRMED",
    PlanState.DROPPED: "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class DayEntry:
    """Something that belongs to a day as a whole, from an app above: a deadline."""

    uid: str
    day: date
    summary: str
    description: str


DaySource = Callable[[Unit, bool, date, date], Iterable[DayEntry]]
"""Unit, whether with all below it, first and last day."""
_sources: list[DaySource] = []


def register_days(source: DaySource) -> None:
    """Have feeds that ask for deadlines tell of what `source` gives. Imports run one way: an app
    above says so when it starts.
    """
    if source not in _sources:
        _sources.append(source)


def days_of_feed(feed: CalendarFeed, today: date) -> list[DayEntry]:
    """What is due from today on, where the feed is to tell of it."""
    if not feed.with_deadlines:
        return []
    last = today + AHEAD
    return [
        entry for source in _sources for entry in source(feed.unit, feed.with_below, today, last)
    ]


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed that the secret opens, unless it was closed. Whoever has it needs no account."""
    held = CalendarFeed.objects.filter(fingerprint=fingerprint_of(secret), revoked_at=None)
    return held.select_related("unit").first()


def plans_of_feed(feed: CalendarFeed, now: datetime) -> list[Plan]:
    """The plans that a feed tells of, those that were dropped as well: programs take them out."""
    unit = feed.unit
    plans = Plan.objects.of_calendar(unit.path) if feed.with_below else Plan.objects.of_unit(unit)
    return list(plans.starting(now - BEHIND, now + AHEAD).select_related("unit").order_by("pk"))


def calendar_file(
    feed: CalendarFeed, plans: Iterable[Plan], days: Iterable[DayEntry] = ()
) -> bytes:
    """The feed as a calendar program reads it: the same plans always give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Grassroots Party Portal//Plans//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("%(unit)s: plans") % {"unit": feed.unit.name})
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_time_zone())
    for plan in plans:
        calendar.add_component(_event(plan))
    for entry in days:
        calendar.add_component(_whole_day(entry, feed))
    return calendar.to_ical()


def tag_of(content: bytes) -> str:
    """What tells a program that it has this very file already."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _time_zone() -> Timezone:
    """Shanghai, which keeps one time the whole year."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", settings.TIME_ZONE)
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001  (local by its nature)
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(plan: Plan) -> Event:
    event = Event()
    event.add("uid", f"{plan.pk}@plans.portal")
    event.add("dtstamp", plan.updated_at.replace(microsecond=0))
    event.add("created", plan.created_at.replace(microsecond=0))
    event.add("last-modified", plan.updated_at.replace(microsecond=0))
    event.add("sequence", plan.sequence)
    event.add("dtstart", timezone.localtime(plan.starts_at))
    event.add("dtend", timezone.localtime(plan.ends_at))
    event.add("summary", plan.topic)
    event.add("description", plan.unit.name)
    if plan.place:
        event.add("location", plan.place)
    event.add("status", STATUS[PlanState(plan.state)])
    event.add("transp", "OPAQUE" if plan.state != PlanState.DROPPED else "TRANSPARENT")
    return event


def _whole_day(entry: DayEntry, feed: CalendarFeed) -> Event:
    """An event of the whole day that takes nobody's time."""
    event = Event()
    event.add("uid", f"{entry.uid}@deadlines.portal")
    event.add("dtstamp", feed.made_at.replace(microsecond=0))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("sequence", 0)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
