"""The audit trail of a record in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from accounts.models import AuditEvent
from activities.choices import FileKind
from activities.models import Activity
from organizations.wording import listed

VERBS = {
    "log_activity": gettext_noop("Entered"),
    "change_activity": gettext_noop("Record changed"),
    "set_attendance": gettext_noop("Attendance changed"),
    "set_grades": gettext_noop("Grades changed"),
    "submit_activity": gettext_noop("Submitted"),
    "confirm_activity": gettext_noop("Confirmed"),
    "return_activity": gettext_noop("Returned"),
    "cancel_activity": gettext_noop("Withdrawn"),
    "add_issue": gettext_noop("Issue noted"),
    "settle_issue": gettext_noop("Issue set right"),
    "attach_file": gettext_noop("File added"),
    "detach_file": gettext_noop("File removed"),
}
DERIVED = {"first_day", "last_day", "credit_is_set"}
"""Columns that follow from others: not told twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done to a record."""

    at: datetime
    who: str
    what: str
    more: str


def lines_of(events: Iterable[AuditEvent]) -> list[Line]:
    """The events in words, in their order."""
    return [
        Line(
            at=event.at,
            who=str(event.by) if event.by else gettext("Import"),
            what=gettext(VERBS.get(event.verb, event.verb)),
            more=_more(event.details),
        )
        for event in events
    ]


def _more(details: dict[str, Any]) -> str:
    if "file" in details:
        kind = str(FileKind(details["kind"]).label)
        return "：".join([kind, details["reason"]]) if "reason" in details else kind
    if "reason" in details:
        return details["reason"]
    told = [
        str(Activity._meta.get_field(name).verbose_name)
        for name in details.get("fields", {})
        if name not in DERIVED
    ]
    if any(details.get("co_hosts", {}).values()):
        told.append(gettext("co-hosts"))
    people = sum(map(len, details.get("attendance", {}).values()))
    if people:
        told.append(
            ngettext("attendance of %(count)s person", "attendance of %(count)s persons", people)
            % {"count": people}
        )
    if any(details.get("grades", {}).values()):
        told.append(gettext("grades"))
    return listed(told)
