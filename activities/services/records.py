"""Every change of a record, as one whole transaction each. The database decides races.

A record moves draft → submitted → confirmed; the unit above may return it, whoever keeps it may
cancel it. Each change begins with a conditional update of the record's own row, so that two
people who press at once are told apart, and ends with an audit line and word to all concerned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditEvent, User
from activities.attending import (
    hosts_of,
    mirror,
    people_of,
    touch_concerned,
    write_grades,
    write_presences,
)
from activities.choices import Grade, Presence, SignedBy, State
from activities.entries import ActivityConflict, ActivityError, Entry, changed_fields, fields_of
from activities.hints.asking import look_later
from activities.models import Activity, CoHost
from activities.services.returns import tell_return
from activities.services.signing import mark_signed
from activities.services.versions import keep, keep_before
from organizations.models import Unit
from organizations.settings import settings_for

EDITABLE = (State.DRAFT, State.RETURNED, State.SUBMITTED)
"""What may still be changed by whoever keeps it; a confirmed record is first returned."""


def log_activity(
    entry: Entry, *, by: User | None, submit: bool = False, form_key: UUID | None = None
) -> Activity:
    """Write a new record, as a draft or submitted at once.

    The same `form_key` again gives the record that it made, unchanged: a second press of the
    button, or the page sent again, adds nothing. Raises ActivityError when the entry can't be.
    """
    if earlier := made_by_form(form_key, by=by):
        return earlier
    try:
        with transaction.atomic():
            return _log(entry, by=by, submit=submit, form_key=form_key)
    except IntegrityError:
        if earlier := made_by_form(form_key, by=by):
            return earlier
        raise


def made_by_form(form_key: UUID | None, *, by: User | None) -> Activity | None:
    """The record that this opening of the form has already made."""
    if form_key is None:
        return None
    return Activity.objects.filter(form_key=form_key, created_by=by).first()


def _log(entry: Entry, *, by: User | None, submit: bool, form_key: UUID | None) -> Activity:
    columns = _columns(entry)
    activity = Activity(**columns, form_key=form_key, created_by=by)
    if submit:
        activity.state = State.SUBMITTED
        activity.submitted_at, activity.submitted_by = timezone.now(), by
    activity.save(force_insert=True)
    CoHost.objects.bulk_create(CoHost(activity=activity, unit=unit) for unit in entry.co_hosts)
    write_presences(activity, entry.presences, signed_by=SignedBy.TICKED)
    write_grades(activity, entry.grades)
    touch_concerned(hosts_of(activity), people_of(activity))
    kept = keep(activity, by=by)
    _audit(activity, "log_activity", by=by, state=str(activity.state), kept=kept)
    return activity


@transaction.atomic
def change_activity(
    activity: Activity, entry: Entry, *, by: User | None, version: int | None = None
) -> Activity:
    """Make the record what `entry` says; its state stays. The changed record is returned.

    `version` is that of the record when it was opened: ActivityConflict if somebody has changed
    it since. ActivityError when it is confirmed or cancelled, or the entry can't be.
    """
    columns = _columns(entry)
    stored = _claim(activity, EDITABLE, by=by, version=version)
    keep_before(stored)
    changed = {
        name: [_plain(getattr(stored, name)), _plain(columns[name])]
        for name in changed_fields(stored, columns)
    }
    before = (hosts_of(stored), people_of(stored))
    for name, value in columns.items():
        setattr(stored, name, value)
    stored.save(update_fields=[*columns, "updated_at"])
    co_hosts = _write_co_hosts(stored, entry.co_hosts)
    people = write_presences(stored, entry.presences, signed_by=SignedBy.TICKED)
    mark_signed(stored)
    grades = write_grades(stored, entry.grades)
    mirror(stored)
    touch_concerned(before[0] | hosts_of(stored), before[1] | people_of(stored))
    details = {"fields": changed, "co_hosts": co_hosts, "attendance": people, "grades": grades}
    _audit(stored, "change_activity", by=by, kept=keep(stored, by=by), **details)
    return stored


@transaction.atomic
def set_attendance(
    activity: Activity,
    presences: Mapping[UUID, Presence],
    *,
    by: User | None,
    signed_by: SignedBy = SignedBy.TICKED,
    version: int | None = None,
) -> Activity:
    """Make the attendance exactly `presences`, by a person's key. Raises as `change_activity`."""
    stored = _claim(activity, EDITABLE, by=by, version=version)
    keep_before(stored)
    before = people_of(stored)
    people = write_presences(stored, presences, signed_by=signed_by)
    mirror(stored)
    touch_concerned(hosts_of(stored), before | people_of(stored))
    _audit(stored, "set_attendance", by=by, kept=keep(stored, by=by), attendance=people)
    return stored


@transaction.atomic
def set_grades(
    activity: Activity,
    grades: Mapping[UUID, Grade],
    *,
    by: User | None,
    version: int | None = None,
) -> Activity:
    """Make the appraisals of a member review exactly `grades`. Raises as `change_activity`."""
    stored = _claim(activity, EDITABLE, by=by, version=version)
    if grades and all(kind.code != "member_review" for kind in stored.kinds):
        raise ActivityError(_("Grades are given in a member review only."), field="grades")
    keep_before(stored)
    before = people_of(stored)
    given = write_grades(stored, grades)
    touch_concerned(hosts_of(stored), before | people_of(stored))
    _audit(stored, "set_grades", by=by, kept=keep(stored, by=by), grades=given)
    return stored


def submit(activity: Activity, *, by: User | None, version: int | None = None) -> Activity:
    """Hand a draft or a returned record to the unit above; from now on it counts.

    Raises ActivityError if it is neither any more, as when two people press at once, and while it
    is still to come or lacks what a draft may lack.
    """
    moment = {"submitted_at": timezone.now(), "submitted_by": by}
    from_states = (State.DRAFT, State.RETURNED)
    return _move(activity, from_states, State.SUBMITTED, by=by, version=version, **moment)


def confirm(activity: Activity, *, by: User | None, version: int | None = None) -> Activity:
    """Accept a submitted record. Raises ActivityError if it is not, or was changed meanwhile."""
    moment = {"reviewed_at": timezone.now(), "reviewed_by": by}
    return _move(activity, (State.SUBMITTED,), State.CONFIRMED, by=by, version=version, **moment)


def return_activity(
    activity: Activity, reason: str, *, by: User | None, version: int | None = None
) -> Activity:
    """Give a submitted or confirmed record back with a reason; it counts no longer."""
    reason = reason.strip()
    if not reason:
        raise ActivityError(_("Say why the record is returned."), field="reason")
    change = {"reviewed_at": timezone.now(), "reviewed_by": by, "return_reason": reason}
    from_states = (State.SUBMITTED, State.CONFIRMED)
    return _move(activity, from_states, State.RETURNED, by=by, version=version, **change)


def cancel(activity: Activity, *, by: User | None, version: int | None = None) -> Activity:
    """Withdraw a record that is not confirmed. It stays to be read, and counts for nothing."""
    return _move(activity, EDITABLE, State.CANCELLED, by=by, version=version)


@transaction.atomic
def _move(
    activity: Activity,
    from_states: tuple[State, ...],
    to: State,
    *,
    by: User | None,
    version: int | None,
    **change: object,
) -> Activity:
    stored = _claim(activity, from_states, by=by, version=version, state=to, **change)
    mirror(stored)
    touch_concerned(hosts_of(stored), people_of(stored))
    told: dict[str, object] = {}
    if "return_reason" in change:
        told["reason"] = change["return_reason"]
        tell_return(stored, by=by)
    if to == State.SUBMITTED:
        _check_whole(stored)
        told["kept"] = keep(stored, by=by)
    _audit(stored, VERBS[to], by=by, **told)
    return stored


def _check_whole(activity: Activity) -> None:
    """Refuse what a draft may be and a submitted record may not; the log form says the same."""
    if activity.starts_at > timezone.now():
        raise ActivityError(
            _("This is still to come: it can be submitted once it has begun."), field="day"
        )
    is_rotation = any(kind.code == "party_school_rotation" for kind in activity.kinds)
    if is_rotation and not activity.school_level:
        raise ActivityError(_("Say of which level the Party school is."), field="school_level")


VERBS = {
    State.SUBMITTED: "submit_activity",
    State.CONFIRMED: "confirm_activity",
    State.RETURNED: "return_activity",
    State.CANCELLED: "cancel_activity",
}


def _claim(
    activity: Activity,
    from_states: tuple[State, ...],
    *,
    by: User | None,
    version: int | None,
    **change: object,
) -> Activity:
    """Take the record for this transaction by raising its version, and read it afresh.

    The row's count decides: nobody else can have changed it between the check and the write.
    """
    now = timezone.now()
    row = Activity.objects.filter(pk=activity.pk, state__in=from_states)
    if version is not None:
        row = row.filter(version=version)
    if not row.update(version=F("version") + 1, updated_at=now, **change):
        raise _refusal(activity, from_states, version)
    return Activity.objects.select_related("unit").get(pk=activity.pk)


def _refusal(
    activity: Activity, from_states: tuple[State, ...], version: int | None
) -> ActivityError:
    now = Activity.objects.get(pk=activity.pk)
    if version is not None and now.version != version:
        who, at = _last_change(now)
        message = _("%(who)s changed this record on %(at)s, after you had opened it.")
        return ActivityConflict(message % {"who": who, "at": at})
    return ActivityError(
        _("This can't be done: the record is now “%(state)s”.") % {"state": now.get_state_display()}
    )


def _last_change(activity: Activity) -> tuple[str, str]:
    last = (
        AuditEvent.objects.filter(target_type="activities.activity", target_id=str(activity.pk))
        .select_related("by")
        .first()
    )
    at = timezone.localtime(last.at if last else activity.updated_at)
    who = str(last.by) if last and last.by else _("Somebody")
    return who, date_format(at, "DATETIME_FORMAT")


def _columns(entry: Entry) -> dict[str, object]:
    day = timezone.localtime(entry.starts_at).date()
    entry = replace(entry, topic=entry.topic.strip())
    return fields_of(entry, hours_per_day=settings_for(entry.unit).hours_per_day(day))


def _write_co_hosts(activity: Activity, co_hosts: tuple[Unit, ...]) -> dict[str, list[str]]:
    """Make the co-hosts exactly these; which codes came and went, for the audit."""
    old = {row.unit_id: row.unit.code for row in activity.co_host_rows.select_related("unit")}
    new = {unit.pk: unit.code for unit in co_hosts}
    activity.co_host_rows.filter(unit_id__in=old.keys() - new.keys()).delete()
    CoHost.objects.bulk_create(
        CoHost(activity=activity, unit_id=key) for key in new.keys() - old.keys()
    )
    return {
        "added": sorted(new[key] for key in new.keys() - old.keys()),
        "removed": sorted(old[key] for key in old.keys() - new.keys()),
    }


def _audit(activity: Activity, verb: str, *, by: User | None, **details: object) -> None:
    """Tell the trail, and have the record looked at again."""
    look_later(activity)
    record(by=by, verb=verb, target=activity, unit_path=activity.unit.path, **details)


def _plain(value: object) -> object:
    """A column's value as the audit keeps it."""
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, Unit):
        return value.code
    if isinstance(value, bool | int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return str(value)
