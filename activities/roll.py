"""The list of people on the log form: who may be ticked, and what was ticked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from activities.choices import ATTENDED, Grade, Mode, Presence
from activities.entries import ActivityError
from activities.models import Activity, Attendance
from members.choices import MEMBER_STAGES, Nature, Office, Stage, Standing
from members.models import Affiliation, Appointment, Person
from organizations.actions import Action
from organizations.choices import UnitKind
from organizations.models import Unit
from organizations.pinyin import spell
from organizations.wording import listed

FOUND_AT_MOST = 20
OTHERS = "\uffff"
"""Sorts behind every path: people who belong to none of the hosts."""


@dataclass(slots=True)
class RollRow:
    """One person on the list, and what is said of them so far."""

    key: UUID
    name: str
    pinyin: str
    group: str
    path: str
    """Of the unit in `group`; `OTHERS` for people from elsewhere."""
    notes: list[str] = field(default_factory=list)
    is_usual: bool = False
    """Whether the person is the host's own: listed first, and away for a reason if not there."""
    is_member: bool = False
    """Whether a member review can grade the person."""
    is_expected: bool = False
    """Whether the person is ticked unless somebody unticks."""
    presence: str = ""
    """Empty: not on the record."""
    grade: str = ""

    @property
    def is_extra(self) -> bool:
        return self.path == OTHERS

    @property
    def is_here(self) -> bool:
        return self.presence in ATTENDED

    @property
    def away(self) -> str:
        """What the list offers when the tick is taken away."""
        if self.presence and not self.is_here:
            return self.presence
        return Presence.ABSENT if self.is_expected or self.is_here else ""


@dataclass(slots=True)
class Roll:
    """Everybody who can be ticked, in the order shown."""

    rows: dict[UUID, RollRow] = field(default_factory=dict)
    twice: list[UUID] = field(default_factory=list)
    unknown: int = 0
    """People who were sent with the form, but are out of the user's reach."""
    not_graded_here: list[str] = field(default_factory=list)
    """Names of people whom the user may read of, but whose grade is for others to give."""
    found: int | None = None
    """How many people a search has added; None: nothing was searched."""

    @property
    def groups(self) -> list[tuple[str, list[RollRow]]]:
        """The rows under the name of their unit, hosts in the order of the tree."""
        ordered = sorted(
            self.rows.values(), key=lambda row: (row.path, not row.is_usual, row.pinyin, row.key)
        )
        groups: dict[tuple[str, str], list[RollRow]] = {}
        for row in ordered:
            groups.setdefault((row.path, row.group), []).append(row)
        return [(group, rows) for (_path, group), rows in groups.items()]

    @property
    def here_count(self) -> int:
        return sum(row.is_here for row in self.rows.values())

    def check(self) -> None:
        """Raise ActivityError when somebody was ticked twice or is out of reach."""
        if self.twice:
            names = listed(self.rows[key].name for key in self.twice if key in self.rows)
            raise ActivityError(_("%(names)s: ticked twice.") % {"names": names}, field="roll")
        if self.not_graded_here:
            message = _("%(names)s: only their own unit gives them a grade.")
            names = listed(self.not_graded_here)
            raise ActivityError(message % {"names": names}, field="roll")
        if self.unknown:
            message = _("Somebody on the list is not within your reach any more. Load it again.")
            raise ActivityError(message, field="roll")

    def presences(self) -> dict[UUID, Presence]:
        return {key: Presence(row.presence) for key, row in self.rows.items() if row.presence}

    def grades(self) -> dict[UUID, Grade]:
        return {key: Grade(row.grade) for key, row in self.rows.items() if row.grade}


def roll_of(hosts: Iterable[Unit], *, user: User) -> Roll:
    """The members and staff of the hosts whom `user` may see, those expected ticked.

    Of a community or branch everybody in its subtree; of a street its own people and whoever
    holds office below it; of a county its own people and who holds office in its streets.
    """
    roll = Roll()
    visible = Unit.objects.visible_to(user)
    hosts = list(visible.filter(pk__in=[unit.pk for unit in hosts]))
    for unit in hosts:
        for row in _members(unit):
            roll.rows.setdefault(row.key, row)
        for row in _staff(unit):
            known = roll.rows.setdefault(row.key, row)
            known.notes += [note for note in row.notes if note not in known.notes]
            known.is_usual = known.is_usual or row.is_usual
    for row in roll.rows.values():
        row.is_expected = row.is_usual
        row.presence = Presence.PRESENT if row.is_expected else ""
    return roll


def recorded_roll(activity: Activity, *, user: User) -> Roll:
    """The list of the hosts with what the record says; nobody is ticked who is not on it."""
    roll = roll_of([activity.unit, *activity.co_hosts.all()], user=user)
    for row in roll.rows.values():
        row.presence, row.is_expected = "", False
    presences = dict(activity.attendances.values_list("person_id", "presence"))
    grades = dict(activity.appraisals.values_list("person_id", "grade"))
    _add_people(roll, Person.objects.filter(pk__in=presences.keys() | grades.keys()), user=user)
    for key, presence in presences.items():
        roll.rows[key].presence = presence
    for key, grade in grades.items():
        roll.rows[key].grade = grade
    return roll


def tick_as_last_time(roll: Roll, last: UUID | None, *, user: User) -> None:
    """Tick whoever was at the activity `last`, and nobody else; guests of then are added.

    Who was on leave or absent then is not ticked; why somebody is away now, nobody knows yet.
    """
    if last is None:
        return
    there = set(
        Attendance.objects.visible_to(user)
        .filter(activity=last, presence__in=sorted(ATTENDED))
        .values_list("person_id", flat=True)
    )
    _add_people(roll, Person.objects.visible_to(user).filter(pk__in=there), user=user)
    for key, row in roll.rows.items():
        row.presence = Presence.PRESENT if key in there else ""


def sent_roll(
    data: QueryDict,
    hosts: Iterable[Unit],
    *,
    user: User,
    activity: Activity | None = None,
    is_new_list: bool = False,
    find: str = "",
) -> Roll:
    """The list as it was sent with the form, and whoever a search for `find` adds to it.

    `is_new_list`: the hosts have changed since the list was made. Whoever was only on it as a
    former host's leaves it, and the new host's people are ticked.
    """
    roll = roll_of(hosts, user=user)
    for row in roll.rows.values():
        row.presence = ""
    here = [key for key in map(_key, data.getlist("here")) if key]
    said = {key: word for name in data if (key := _key(name, "away-")) and (word := data[name])}
    graded = {key: word for name in data if (key := _key(name, "grade-")) and (word := data[name])}
    named = {*here, *said, *graded}
    if is_new_list:
        named &= roll.rows.keys() | {_key(text) for text in data.getlist("extra")}
    _add_missing(roll, named, user=user, activity=activity)
    online = {_key(text) for text in data.getlist("online")}
    mode = data.get("mode", "")
    for key in named & roll.rows.keys():
        row = roll.rows[key]
        row.presence = _presence(said.get(key, ""))
        if key in here:
            is_online = mode == Mode.ONLINE or (mode == Mode.MIXED and key in online)
            row.presence = Presence.ONLINE if is_online else Presence.PRESENT
        if graded.get(key, "") in Grade:
            row.grade = graded[key]
    if is_new_list:
        _tick_new(roll, data)
    roll.twice = sorted({key for key in here if here.count(key) > 1})
    roll.unknown = len(named - roll.rows.keys())
    _refuse_grades(roll, user=user, activity=activity)
    if find.strip():
        _search(roll, find, user=user)
    return roll


def _refuse_grades(roll: Roll, *, user: User, activity: Activity | None) -> None:
    """Note whom `user` may not grade: a grade tells of the member's own unit, so to have it read
    is not enough. One that is on record already stays.
    """
    grades = roll.grades()
    stored = dict(activity.appraisals.values_list("person_id", "grade")) if activity else {}
    new = {key for key, grade in grades.items() if stored.get(key) != grade}
    if not new:
        return
    kept = Person.objects.visible_to(user, action=Action.RECORD).filter(pk__in=new)
    beyond = new.difference(kept.values_list("pk", flat=True))
    roll.not_graded_here = sorted((roll.rows[key].name for key in beyond), key=spell)


def _tick_new(roll: Roll, data: QueryDict) -> None:
    """Tick whoever is expected and was not on the list that was sent: a host was added."""
    for key, row in roll.rows.items():
        if row.is_expected and f"away-{key}" not in data:
            row.presence = Presence.PRESENT


def _add_missing(roll: Roll, keys: set[UUID], *, user: User, activity: Activity | None) -> None:
    """Put on the list who was sent and is none of the hosts': visible, or on the record already."""
    missing = keys - roll.rows.keys()
    if not missing:
        return
    _add_people(roll, Person.objects.visible_to(user).filter(pk__in=missing), user=user)
    if activity and (missing := missing - roll.rows.keys()):
        recorded = Q(attendances__activity=activity) | Q(appraisals__activity=activity)
        _add_people(roll, Person.objects.filter(recorded, pk__in=missing).distinct(), user=user)


def _search(roll: Roll, text: str, *, user: User) -> None:
    people = Person.objects.visible_to(user).search(text).exclude(pk__in=roll.rows)
    before = len(roll.rows)
    _add_people(roll, people[:FOUND_AT_MOST], user=user)
    roll.found = len(roll.rows) - before


def _add_people(roll: Roll, people: QuerySet[Person], *, user: User) -> None:
    """Add people from elsewhere, with the unit where they belong, if `user` may see it.

    Whoever is on the record may have gone to a unit that is none of the user's business.
    """
    rows = list(people.values_list("pk", "name", "pinyin"))
    missing = [row for row in rows if row[0] not in roll.rows]
    if not missing:
        return
    homes = Affiliation.objects.visible_to(user).still_open().filter(nature=Nature.HOME)
    homes = homes.filter(person_id__in=[row[0] for row in missing])
    units = dict(homes.values_list("person_id", "unit__name"))
    for key, name, pinyin in missing:
        notes = [units[key]] if key in units else []
        roll.rows[key] = RollRow(key, name, pinyin, _("From elsewhere"), OTHERS, notes)


def _members(unit: Unit) -> Iterable[RollRow]:
    """Whoever belongs to the unit, or below it unless it is a street or county."""
    ties = Affiliation.objects.still_open()
    ties = ties.filter(unit=unit) if _is_office(unit) else ties.under(unit.path)
    rows = ties.values_list(
        "person_id",
        "person__name",
        "person__pinyin",
        "unit__name",
        "unit__path",
        "nature",
        "person__membership__stage",
        "person__membership__standing",
    )
    rows = sorted(rows, key=lambda row: row[5] != Nature.HOME)
    for key, name, pinyin, unit_name, path, nature, stage, standing in rows:
        is_member = stage in MEMBER_STAGES and standing == Standing.NORMAL
        notes = [] if nature == Nature.HOME else [str(Nature(nature).label)]
        if stage and stage != Stage.FULL:
            notes.append(str(Stage(stage).label))
        is_usual = is_member and nature == Nature.HOME
        yield RollRow(key, name, pinyin, unit_name, path, notes, is_usual, is_member)


def _staff(unit: Unit) -> Iterable[RollRow]:
    """Whoever holds office in the unit or below; of a county's committee, down to its streets."""
    ties = Appointment.objects.still_open().under(unit.path).order_by("unit__path")
    if unit.kind == UnitKind.COUNTY_COMMITTEE:
        ties = ties.filter(Q(unit=unit) | Q(unit__parent=unit))
    rows = ties.values_list(
        "person_id", "person__name", "person__pinyin", "unit__name", "unit__path", "office"
    )
    for key, name, pinyin, unit_name, path, office in rows:
        is_usual = _is_office(unit) and path == unit.path
        notes = [str(Office(office).label)]
        yield RollRow(key, name, pinyin, unit_name, path, notes, is_usual)


def _is_office(unit: Unit) -> bool:
    """Whether the unit is an authority rather than a place where members live their Party life."""
    return unit.kind in (UnitKind.STREET_COMMITTEE, UnitKind.COUNTY_COMMITTEE)


def _presence(word: str) -> str:
    return word if word in Presence and word not in ATTENDED else ""


def _key(text: str, prefix: str = "") -> UUID | None:
    if not text.startswith(prefix):
        return None
    try:
        return UUID(text.removeprefix(prefix))
    except ValueError:
        return None
