"""What is typed about an activity, and what must hold of it before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.choices import Grade, Mode, Presence, SchoolLevel
from activities.credit import CreditError, checked_credit, credit_of, date_count, dates_of
from activities.extras import kept_values
from activities.kinds import mask_of
from activities.models import Activity
from organizations.models import Unit
from organizations.pinyin import spell


class ActivityError(Exception):
    """A change that the record or its standing forbids. Its text is for the user.

    `field` names what was typed wrongly, empty where the whole record is meant.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ActivityConflict(ActivityError):
    """Somebody else changed the record since it was opened; nothing was overwritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Everything that a person, or a row of a file, says of one activity.

    `credit` None: worked out from the length. `presences` and `grades` are by a person's key.
    """

    unit: Unit
    kinds: frozenset[str]
    topic: str
    starts_at: datetime
    ends_at: datetime
    co_hosts: tuple[Unit, ...] = ()
    mode: Mode = Mode.IN_PERSON
    place: str = ""
    chair: str = ""
    recorder: str = ""
    lecturer: str = ""
    school_level: SchoolLevel | str = ""
    minutes: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The kinds' own fields, by their codes in fields.toml."""
    late_reason: str = ""
    credit: Decimal | None = None
    presences: Mapping[UUID, Presence] = field(default_factory=dict)
    grades: Mapping[UUID, Grade] = field(default_factory=dict)


PLAIN_FIELDS = (
    "topic",
    "starts_at",
    "ends_at",
    "mode",
    "place",
    "chair",
    "recorder",
    "lecturer",
    "school_level",
    "minutes",
    "late_reason",
)
"""Fields of a record that are kept as they were typed."""


def fields_of(entry: Entry, *, hours_per_day: Decimal) -> dict[str, object]:
    """The columns of the record that `entry` makes, derived ones included.

    Raises ActivityError, with the field, when the entry can't be.
    """
    if not entry.kinds:
        raise ActivityError(_("Choose at least one kind."), field="kinds")
    if not entry.topic.strip():
        raise ActivityError(_("Say what the activity was about."), field="topic")
    first, last = _dates(entry)
    _check_hosts(entry, first)
    if entry.grades and "member_review" not in entry.kinds:
        raise ActivityError(_("Grades are given in a member review only."), field="grades")
    return {
        **{name: getattr(entry, name) for name in PLAIN_FIELDS},
        "topic_pinyin": spell(entry.topic.strip()),
        "unit": entry.unit,
        "extra": kept_values(entry.kinds, entry.extra),
        "kind_mask": mask_of(entry.kinds),
        "first_day": first,
        "last_day": last,
        "credit": _credit(entry, first, last, hours_per_day),
        "credit_is_set": entry.credit is not None,
    }


def changed_fields(activity: Activity, columns: Mapping[str, object]) -> list[str]:
    """The names of the columns that differ from what the record holds, but for the spelling."""
    return [
        name
        for name, value in columns.items()
        if name != "topic_pinyin" and getattr(activity, name) != value
    ]


def _dates(entry: Entry) -> tuple[date, date]:
    starts, ends = timezone.localtime(entry.starts_at), timezone.localtime(entry.ends_at)
    try:
        return dates_of(starts, ends)
    except CreditError as error:
        if error.code == "year":
            raise ActivityError(_across_the_year(starts, ends), field="ends_at") from None
        raise ActivityError(_("The end is not after the start."), field="ends_at") from None


def _across_the_year(starts: datetime, ends: datetime) -> str:
    """What to enter in place of a record that crosses a year's end: two parts, if one year's."""
    midnight = datetime.combine(date(starts.year + 1, 1, 1), time(), tzinfo=starts.tzinfo)
    if ends.year - starts.year > 1:
        return _("The record crosses a year's end. Enter each year's part by itself.")
    return _(
        "The record crosses a year's end, and each part counts in its own year. Enter two records: "
        "%(first)s to midnight on %(last_day)s, and midnight on %(new_year)s to %(last)s."
    ) % {
        "first": _moment(starts),
        "last_day": date_format(midnight - timedelta(days=1), "DATE_FORMAT"),
        "new_year": date_format(midnight, "DATE_FORMAT"),
        "last": _moment(ends),
    }


def _moment(at: datetime) -> str:
    return date_format(at, "DATETIME_FORMAT")


def _check_hosts(entry: Entry, first: date) -> None:
    names = [unit.pk for unit in entry.co_hosts]
    if entry.unit.pk in names:
        raise ActivityError(_("The host is named again among the co-hosts."), field="co_hosts")
    if len(set(names)) < len(names):
        raise ActivityError(_("A co-host is named twice."), field="co_hosts")
    for unit in (entry.unit, *entry.co_hosts):
        if unit.established_on and first < unit.established_on:
            message = _("%(unit)s was established on %(day)s, after this activity.")
            raise ActivityError(_named(message, unit, unit.established_on), field="unit")
        if unit.dissolved_on and first > unit.dissolved_on:
            message = _("%(unit)s was dissolved on %(day)s, before this activity.")
            raise ActivityError(_named(message, unit, unit.dissolved_on), field="unit")


def _named(message: str, unit: Unit, day: date) -> str:
    return message % {"unit": unit, "day": date_format(day, "DATE_FORMAT")}


def _credit(entry: Entry, first: date, last: date, hours_per_day: Decimal) -> Decimal:
    if entry.credit is None:
        starts, ends = timezone.localtime(entry.starts_at), timezone.localtime(entry.ends_at)
        return credit_of(starts, ends, hours_per_day)
    try:
        return checked_credit(entry.credit, first, last)
    except CreditError:
        dates = date_count(first, last)
        message = ngettext(
            "The credit must lie above zero and not above the %(dates)s date that the activity "
            "covers, with two decimals at most.",
            "The credit must lie above zero and not above the %(dates)s dates that the activity "
            "covers, with two decimals at most.",
            dates,
        ) % {"dates": dates}
        raise ActivityError(message, field="credit") from None
