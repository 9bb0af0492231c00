"""A review run: opened, filled in step by step, closed with the record that counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from activities.choices import ATTENDS, Grade, Presence, RunKind, Stand, State
from activities.entries import ActivityError, Entry
from activities.models import Activity, ReviewEntry, ReviewRun
from activities.services.records import log_activity, set_grades, submit
from activities.services.reopening import attend_again
from members.choices import MEMBER_STAGES, ExemptionState, Nature, Stage, Standing
from members.models import Affiliation, Exemption
from organizations.models import Unit
from organizations.pinyin import spell_name

NEW_FOR = timedelta(days=90)
"""Of somebody who came less than this ago the list says when: a grade is owed all the same."""
STEP_FIELDS = {
    "people": ("stand", "note"),
    "self": ("self_grade", "self_words"),
    "votes": ("votes",),
    "grades": ("grade", "remark"),
}
"""What each step of a run writes."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """How a member of the unit stands on the day, and why."""

    stand: Stand
    note: str = ""


def open_run(unit: Unit, *, kind: RunKind, year: int, by: User | None) -> ReviewRun:
    """Begin a run, with everybody who belongs to the unit today.

    Raises ActivityError if the unit has one of that kind and year already.
    """
    try:
        with transaction.atomic():
            run = ReviewRun.objects.create(unit=unit, kind=kind, year=year, opened_by=by)
    except IntegrityError:
        message = _("%(unit)s has such a run for %(year)s already.") % {"unit": unit, "year": year}
        raise ActivityError(message, field="year") from None
    with transaction.atomic():
        renew_list(run, by=by)
        _audit(run, "open_run", by=by)
    return run


def changes_of_list(run: ReviewRun, *, today: date) -> tuple[set[UUID], set[UUID]]:
    """Who belongs to the unit and is not on the list yet; who is on it and belongs no more."""
    here = set(_members_of(run.unit).values_list("person_id", flat=True))
    listed = run.entries.exclude(stand=Stand.MOVED).values_list("person_id", flat=True)
    gone = run.entries.filter(stand=Stand.MOVED).values_list("person_id", flat=True)
    known = set(listed)
    return here - known, known - here - set(gone)


@transaction.atomic
def renew_list(run: ReviewRun, *, by: User | None) -> tuple[int, int]:
    """Bring the list up to date with the roster: how many came, how many left.

    What was filled in for whoever left stays to be read; only the grade is taken back.
    """
    _require_open(run)
    today = timezone.localdate()
    come, gone = changes_of_list(run, today=today)
    standings = standings_of(run.unit, come, today=today, year=run.year)
    back = {entry.person_id: entry for entry in run.entries.filter(person_id__in=come)}
    for key, entry in back.items():
        entry.stand, entry.note = standings[key].stand, standings[key].note
        entry.save(update_fields=["stand", "note"])
    ReviewEntry.objects.bulk_create(
        ReviewEntry(run=run, person_id=key, stand=standings[key].stand, note=standings[key].note)
        for key in come - back.keys()
    )
    run.entries.filter(person_id__in=gone).update(stand=Stand.MOVED, grade="")
    if come or gone:
        _audit(run, "renew_run", by=by, come=len(come), gone=len(gone))
    return len(come), len(gone)


def standings_of(
    unit: Unit, people: Collection[UUID], *, today: date, year: int
) -> dict[UUID, Proposed]:
    """How these members of the unit stand today: what the list begins with, to be changed.

    Exempt is whoever is so for the whole year, as the rule counts it: of somebody who fell ill in
    autumn a grade is still owed, and the list says since when.
    """
    whole, part = _exemptions_of(people, today=today, year=year)
    found = {}
    rows = _members_of(unit).filter(person_id__in=people)
    for key, begun, stage, standing in rows.values_list(
        "person_id", "begun_on", "person__membership__stage", "person__membership__standing"
    ):
        if standing == Standing.OUT_OF_TOUCH:
            found[key] = Proposed(Stand.OUT_OF_TOUCH)
        elif key in whole:
            found[key] = Proposed(Stand.EXEMPT, whole[key])
        elif stage == Stage.PROBATIONARY:
            found[key] = Proposed(Stand.PROBATIONARY)
        elif begun and today - begun < NEW_FOR:
            day = date_format(begun, "DATE_FORMAT")
            found[key] = Proposed(Stand.TAKES_PART, _("Came on %(day)s") % {"day": day})
        else:
            found[key] = Proposed(Stand.TAKES_PART, part.get(key, ""))
    return found


def _exemptions_of(
    people: Collection[UUID], *, today: date, year: int
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Who is exempt for the whole year, and who is today but was not always: both in words."""
    over = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
    rows = Exemption.objects.filter(over, begun_on__lte=today, state=ExemptionState.APPROVED)
    rows = rows.filter(person_id__in=people)
    reasons = dict(Exemption._meta.get_field("reason").flatchoices)
    whole, part = {}, {}
    for key, reason, begun, ended in rows.values_list(
        "person_id", "reason", "begun_on", "ended_on"
    ):
        if begun <= date(year, 1, 1) and (ended is None or ended >= date(year, 12, 31)):
            whole[key] = str(reasons[reason])
        else:
            day = date_format(max(begun, date(year, 1, 1)), "DATE_FORMAT")
            words = _("Exempt from %(day)s on, not for the whole year: a grade is owed")
            part[key] = words % {"day": day}
    return whole, part


@transaction.atomic
def save_step(
    run: ReviewRun, step: str, values: Mapping[int, Mapping[str, Any]], *, by: User | None
) -> int:
    """Write what one step says of each line, by its key; how many lines have changed.

    Whoever closes the run at the same moment waits, or this one is told that it is closed.
    """
    _require_open(run)
    names = STEP_FIELDS[step]
    changed = []
    for entry in run.entries.filter(pk__in=values.keys()):
        said = values[entry.pk]
        before = [getattr(entry, name) for name in names]
        for name in names:
            setattr(entry, name, said[name])
        if entry.stand != Stand.TAKES_PART:
            entry.grade = ""
        if before != [getattr(entry, name) for name in names]:
            changed.append(entry)
    ReviewEntry.objects.bulk_update(changed, [*names, "grade"] if "grade" not in names else names)
    if changed:
        _audit(run, "save_run", by=by, step=step, lines=len(changed))
    return len(changed)


def left_open(run: ReviewRun) -> list[str]:
    """What stands in the way of closing, in words: nothing is left out silently."""
    told = []
    come, gone = changes_of_list(run, today=timezone.localdate())
    if moved := len(come) + len(gone):
        told.append(
            ngettext(
                "%(count)d member came or left since the list was made: bring it up to date.",
                "%(count)d members came or left since the list was made: bring it up to date.",
                moved,
            )
            % {"count": moved}
        )
    ungraded = run.entries.filter(stand=Stand.TAKES_PART, grade="").count()
    if ungraded:
        told.append(
            ngettext(
                "%(count)d member who takes part has no grade yet.",
                "%(count)d members who take part have no grade yet.",
                ungraded,
            )
            % {"count": ungraded}
        )
    return told


def owed_without_grade(run: ReviewRun) -> list[str]:
    """The names of those who are left out, though the rule asks a grade of them: full members who
    are not exempt for the whole year by the word of the unit above. Nothing keeps the run open.
    """
    if run.kind != RunKind.MEMBER_REVIEW:
        return []
    left_out = run.entries.filter(
        stand__in=(Stand.EXEMPT, Stand.NEW, Stand.OUT_OF_TOUCH),
        person__membership__stage=Stage.FULL,
    )
    names = dict(left_out.values_list("person_id", "person__name"))
    whole, _part = _exemptions_of(names.keys(), today=timezone.localdate(), year=run.year)
    return sorted((name for key, name in names.items() if key not in whole), key=spell_name)


@transaction.atomic
def close_run(
    run: ReviewRun,
    *,
    by: User | None,
    meeting: Entry | None = None,
    taken: Activity | None = None,
    away: Collection[UUID] = (),
) -> Activity:
    """Close the run: write the record of `meeting`, or take one that is there already; a run that
    was opened again keeps its own.

    The record bears the grades (of a member review) and whoever was expected as present, but for
    `away`. Raises ActivityError while something is left open, or when the record can't be.
    """
    mine = ReviewRun.objects.filter(pk=run.pk, closed_at__isnull=True)
    if not mine.select_for_update().exists():
        raise ActivityError(_("This run is closed already."))
    if told := left_open(run):
        raise ActivityError(" ".join(told))
    entries = list(run.entries.all())
    grades = {each.person_id: Grade(each.grade) for each in entries if each.grade}
    grades = grades if run.gives_grades else {}
    if own := run.own_record:
        activity = attend_again(run, own, away, by=by)
        activity = _taken(run, activity, grades, by=by)
    elif taken is not None:
        activity = _taken(run, taken, grades, by=by)
    elif meeting is not None:
        presences = {
            each.person_id: Presence.LEAVE if each.person_id in away else Presence.PRESENT
            for each in entries
            if each.stand in ATTENDS
        }
        said = replace(meeting, kinds=meeting.kinds | {run.kind})
        said = replace(said, presences=presences, grades=grades)
        activity = log_activity(said, by=by, submit=True)
    else:
        raise ActivityError(_("Say when the meeting was, or choose its record."), field="day")
    mine.update(closed_at=timezone.now(), closed_by=by, activity=activity)
    run.refresh_from_db()
    _audit(run, "close_run", by=by, activity=str(activity.pk))
    return activity


def _taken(
    run: ReviewRun, activity: Activity, grades: Mapping[UUID, Grade], *, by: User | None
) -> Activity:
    """The record of a meeting that was logged already: it gets the grades, and is handed in."""
    is_fit = (
        activity.unit_id == run.unit_id
        and activity.first_day.year == run.year
        and any(kind.code == run.kind for kind in activity.kinds)
    )
    if not is_fit:
        raise ActivityError(_("This record is not of this review."), field="record")
    if run.gives_grades:
        activity = set_grades(activity, grades, by=by)
    if activity.state in (State.DRAFT, State.RETURNED):
        activity = submit(activity, by=by)
    return activity


def _members_of(unit: Unit) -> Any:
    """The open home ties of the unit's own members who are in the Party."""
    return Affiliation.objects.still_open().filter(
        unit=unit,
        nature=Nature.HOME,
        person__membership__stage__in=sorted(MEMBER_STAGES),
        person__membership__standing__in=(Standing.NORMAL, Standing.OUT_OF_TOUCH),
    )


def _require_open(run: ReviewRun) -> None:
    """Lock the run, so that nobody closes it before the caller's transaction ends."""
    own = ReviewRun.objects.still_open().filter(pk=run.pk)
    if not own.select_for_update().exists():
        raise ActivityError(
            _("This run is closed. The unit above can open it again, and says why.")
        )


def _audit(run: ReviewRun, verb: str, *, by: User | None, **details: object) -> None:
    record(
        by=by,
        verb=verb,
        target=run,
        unit_path=run.unit.path,
        kind=run.kind,
        year=run.year,
        **details,
    )
