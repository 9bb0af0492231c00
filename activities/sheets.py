"""A record as the paper form has it: the same lines on the page, in the book and as .docx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activities.choices import ATTENDED, Presence
from activities.models import Activity, Attendance, Issue
from activities.naming import extra_of, names_of_named
from organizations.models import Unit
from organizations.wording import listed


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record to be printed: its lines of label and text, and who was there or not."""

    activity: Activity
    lines: tuple[tuple[str, str], ...]
    people: tuple[Attendance, ...]
    """Everybody named in the record, by pinyin."""

    @property
    def present(self) -> list[str]:
        return [row.person.name for row in self.people if row.presence in ATTENDED]

    @property
    def away(self) -> list[tuple[str, str]]:
        """Who was not there, under the word for why: on leave, absent."""
        why = (Presence.LEAVE, Presence.ABSENT)
        named = {
            word: [row.person.name for row in self.people if row.presence == word] for word in why
        }
        return [(word.label, listed(names)) for word, names in named.items() if names]

    @property
    def kinds(self) -> str:
        return listed(kind.name for kind in self.activity.kinds)


def sheets_of(activities: QuerySet) -> list[Sheet]:
    """The records of a queryset as sheets, in its order; the number of queries is fixed."""
    people = Attendance.objects.select_related("person").order_by("person__pinyin", "person_id")
    rows = activities.select_related("unit").prefetch_related(
        "issues",
        Prefetch("attendances", queryset=people),
        Prefetch("co_hosts", queryset=Unit.objects.order_by("path")),
    )
    records = list(rows)
    names = names_of_named([activity.extra for activity in records])
    return [sheet_of(activity, names) for activity in records]


def sheet_of(activity: Activity, names: Mapping[str, str] | None = None) -> Sheet:
    """One record as a sheet. `names`: whom the records' own fields name, where they were read."""
    people = tuple(activity.attendances.all())
    extra = [(field.label, words) for field, words in extra_of(activity, names)]
    lines = _lines(activity, activity.co_hosts.all(), people, extra)
    return Sheet(activity, tuple(lines), people)


def span_of(activity: Activity) -> str:
    """From when to when, the day said once where it is the same."""
    starts, ends = localtime(activity.starts_at), localtime(activity.ends_at)
    same_day = activity.first_day == activity.last_day
    until = date_format(ends, "TIME_FORMAT") if same_day else date_format(ends, "DATETIME_FORMAT")
    return f"{date_format(starts, 'DATETIME_FORMAT')}–{until}"


def _lines(
    activity: Activity,
    co_hosts: Iterable[Unit],
    people: tuple[Attendance, ...],
    extra: list[tuple[str, str]],
) -> list[tuple[str, str]]:
    """What the paper form asks for, in its order; lines that do not concern the record left out."""
    here = sum(row.presence in ATTENDED for row in people)
    counts = _("%(expected)s expected, %(here)s present") % {"expected": len(people), "here": here}
    if not people:
        counts = _("Nobody is recorded.")
    always = [
        (_("host"), activity.unit.name),
        (_("kinds"), listed(kind.name for kind in activity.kinds)),
        (_("topic"), activity.topic),
        (_("time"), span_of(activity)),
        (_("place"), activity.place),
        (_("chair"), activity.chair),
        (_("recorder"), activity.recorder),
        (_("attendance"), counts),
    ]
    maybe = [
        (_("lecturer"), activity.lecturer),
        (_("level of the Party school"), activity.get_school_level_display()),
        (_("co-hosts"), listed(unit.name for unit in co_hosts)),
    ]
    maybe += extra
    maybe += [(_("issues found"), _issue_line(issue)) for issue in activity.issues.all()]
    return [*always, *((label, text) for label, text in maybe if text)]


def _issue_line(issue: Issue) -> str:
    """What was found, with whom, and until when it is to be set right."""
    until = ""
    if issue.due_on:
        until = _("set right by %(day)s") % {"day": date_format(issue.due_on, "DATE_FORMAT")}
    return " · ".join(filter(None, [issue.what, issue.who, until]))
