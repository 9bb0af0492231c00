"""Two people changed one record: what each says, field by field, and the choice between them.

The page shows what is on record now (theirs) beside what was typed (mine). What was typed is sent
again with a choice for each field; `kept_as_chosen` puts what was chosen in its place, and from
there on the form is as if it had been typed so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activities.choices import ATTENDED, Grade, Mode, Presence
from activities.extra_form import PREFIX, ExtraForm
from activities.forms import ActivityForm, displayed, values_of
from activities.models import Activity, ActivityVersion
from activities.roll import Roll, recorded_roll
from activities.snapshots import WORDS, Snapshot
from organizations.models import Unit
from organizations.wording import listed

MINE, THEIRS, BOTH = "mine", "theirs", "both"
KEEP = "keep-"
NOT_ASKED = {"version", "form_key", "hours"}
PEOPLE = "people"
LARGEST = 1_000_000_000
"""Beyond it no version's number goes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One field in which the two differ. `suggested`: whose word only one of them has changed."""

    name: str
    label: str
    theirs: str
    mine: str
    suggested: str = MINE
    is_clash: bool = True
    """Both have changed it, or nobody knows who has."""


@dataclass(frozen=True, slots=True)
class PersonChoice:
    name: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """All in which what was typed differs from what is on record now."""

    told: str
    fields: list[Choice] = field(default_factory=list)
    people: list[PersonChoice] = field(default_factory=list)
    opened: int | None = None
    """The version that both began from, where it was kept: it tells who changed what."""


def conflict_of(
    told: str, form: ActivityForm, roll: Roll, theirs: Activity, *, user: User, opened: int | None
) -> Conflict:
    """What to choose between. `opened`: the version that this person had before them."""
    now = ActivityForm(initial=values_of(theirs, user=user), user=user, activity=theirs)
    snapshot = _snapshot_at(theirs, opened)
    base = _form_of(snapshot, theirs, user=user) if snapshot else None
    pairs = [(name, form, now, base, name) for name in form.fields if name not in NOT_ASKED]
    pairs += [
        (f"{PREFIX}-{code}", form.extra, now.extra, base.extra if base else None, code)
        for code in sorted(form.extra.asked | now.extra.asked)
    ]
    fields = []
    for key, typed, stored, opened_as, name in pairs:
        mine, their = displayed(typed, name), displayed(stored, name)
        if mine != their:
            before = displayed(opened_as, name) if opened_as else None
            fields.append(_choice(key, str(typed.fields[name].label), their, mine, before))
    people = _people(roll, recorded_roll(theirs, user=user))
    return Conflict(told, fields, people, opened if snapshot else None)


def kept_as_chosen(data: QueryDict, activity: Activity, *, user: User) -> QueryDict:
    """The form as it was sent, with what is on record wherever that was chosen."""
    chosen = {name.removeprefix(KEEP): data[name] for name in data if name.startswith(KEEP)}
    if not chosen:
        return data
    merged = data.copy()
    now = ActivityForm(initial=values_of(activity, user=user), user=user, activity=activity)
    for name, whose in chosen.items():
        if name == PEOPLE or whose != THEIRS:
            continue
        _put(merged, name, _raw(now, name))
        if name == "ends":
            merged.pop("hours", None)
    if chosen.get(PEOPLE) in (THEIRS, BOTH):
        opened = data.get("opened", "")
        base = _snapshot_at(activity, int(opened) if opened.isdecimal() else None)
        theirs = recorded_roll(activity, user=user)
        _merge_people(
            merged, theirs, base if chosen[PEOPLE] == BOTH else None, whose=chosen[PEOPLE]
        )
    return merged


def _snapshot_at(activity: Activity, opened: int | None) -> Snapshot | None:
    """What the record said when it was opened, if that was kept."""
    if opened is None or not 0 < opened < LARGEST:
        return None
    versions = ActivityVersion.objects.filter(activity=activity, number__lte=opened)
    last = versions.order_by("-number").first()
    return last.snapshot if last else None


def _form_of(snapshot: Snapshot, activity: Activity, *, user: User) -> ActivityForm:
    """The form as it was shown of an earlier version."""
    begun, ended = (
        timezone.localtime(datetime.fromisoformat(snapshot[name]))
        for name in ("starts_at", "ends_at")
    )
    near = set(Unit.objects.visible_to(user).values_list("code", flat=True))
    values = {
        **{name: snapshot[name] for name in WORDS},
        "late_reason": snapshot.get("late_reason", ""),
        "unit": snapshot["unit"],
        "kinds": snapshot["kinds"],
        "day": begun.date(),
        "begins": begun.time(),
        "ends": ended.time(),
        "last_day": ended.date() if ended.date() != begun.date() else None,
        "credit": snapshot["credit"] if snapshot["credit_is_set"] else None,
        "co_hosts": [code for code in snapshot["co_hosts"] if code in near],
        "co_host_codes": ",".join(code for code in snapshot["co_hosts"] if code not in near),
    }
    form = ActivityForm(initial=values, user=user, activity=activity)
    form.extra = ExtraForm(kinds=snapshot["kinds"], initial=snapshot["extra"])
    return form


def _choice(name: str, label: str, theirs: str, mine: str, before: str | None) -> Choice:
    """Whoever alone has changed a field is suggested; where both have, that is said."""
    if before is not None and mine == before:
        return Choice(name, label, theirs, mine, THEIRS, is_clash=False)
    return Choice(name, label, theirs, mine, MINE, is_clash=before is None or theirs != before)


def _people(mine: Roll, theirs: Roll) -> list[PersonChoice]:
    keys = {
        key
        for key in mine.rows.keys() | theirs.rows.keys()
        if _said(mine, key) != _said(theirs, key)
    }
    rows = {key: mine.rows.get(key) or theirs.rows[key] for key in keys}
    ordered = sorted(keys, key=lambda key: (rows[key].pinyin, str(key)))
    return [
        PersonChoice(rows[key].name, _in_words(theirs, key), _in_words(mine, key))
        for key in ordered
    ]


def _said(roll: Roll, key: Any) -> tuple[str, str]:
    row = roll.rows.get(key)
    return (str(row.presence), str(row.grade)) if row else ("", "")


def _in_words(roll: Roll, key: Any) -> str:
    presence, grade = _said(roll, key)
    words = [str(Presence(presence).label)] if presence else [_("not on the list")]
    return listed([*words, str(Grade(grade).label)] if grade else words)


def _raw(now: ActivityForm, name: str) -> Any:
    """The value on record, as a browser would send it."""
    if name.startswith(f"{PREFIX}-"):
        code = name.removeprefix(f"{PREFIX}-")
        return now.extra[code].value() if code in now.extra.fields else None
    return now[name].value() if name in now.fields else None


def _put(data: QueryDict, name: str, value: Any) -> None:
    if isinstance(value, list | tuple):
        data.setlist(name, [str(each) for each in value])
    else:
        data[name] = "" if value is None else str(value)


def _merge_people(data: QueryDict, theirs: Roll, base: Snapshot | None, *, whose: str) -> None:
    """Put the list on record in place of mine, or both together.

    Both: where I have changed nothing about somebody, what is on record holds; else my word
    does. Where nobody knows what the list was before, whoever either list has is on it.
    """
    keys = {str(key): row for key, row in theirs.rows.items() if row.presence or row.grade}
    keys |= {key: theirs.rows.get(UUID(key)) for key in _sent_keys(data) if key not in keys}
    for key, row in keys.items():
        mine = _sent(data, key)
        stored = (str(row.presence), str(row.grade)) if row else ("", "")
        before = (
            (base["attendance"].get(key, ""), base["grades"].get(key, "")) if base else ("", "")
        )
        if whose == THEIRS or mine == before:
            _set(data, key, *stored)


def _sent_keys(data: QueryDict) -> set[str]:
    """The people of the list that was sent."""
    named = {name.partition("-")[2] for name in data if name.startswith(("away-", "grade-"))}
    found = set()
    for text in named | set(data.getlist("here")):
        try:
            found.add(str(UUID(text)))
        except ValueError:
            continue
    return found


def _sent(data: QueryDict, key: str) -> tuple[str, str]:
    """Presence and grade of one person, as they were sent."""
    presence = data.get(f"away-{key}", "")
    if key in data.getlist("here"):
        mode = data.get("mode")
        is_online = mode == Mode.ONLINE or (mode == Mode.MIXED and key in data.getlist("online"))
        presence = str(Presence.ONLINE if is_online else Presence.PRESENT)
    return presence, data.get(f"grade-{key}", "")


def _set(data: QueryDict, key: str, presence: str, grade: str) -> None:
    for name in ("here", "online"):
        data.setlist(name, [text for text in data.getlist(name) if text != key])
    if presence in ATTENDED:
        data.appendlist("here", key)
        if presence == Presence.ONLINE:
            data.appendlist("online", key)
    data[f"away-{key}"] = "" if presence in ATTENDED else presence
    data[f"grade-{key}"] = grade
