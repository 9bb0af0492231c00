"""Two versions of a record against each other, as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from activities.choices import Grade, Mode, Presence, SchoolLevel
from activities.extras import all_fields
from activities.kinds import all_kinds
from activities.models import Activity
from activities.naming import names_of_named
from activities.snapshots import Snapshot
from members.models import Person
from organizations.models import Unit
from organizations.pinyin import by_sound
from organizations.wording import listed

SENTENCES = re.compile(r"[^。！？；.!?;\n]*[。！？；.!?;\n]|[^。！？；.!?;\n]+")
TOKENS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
FINE_WORK = 250_000
"""Pairs of signs that are compared one by one; more than that, and whole sentences are told."""
LABELS = {
    "unit": _("host"),
    "co_hosts": _("co-hosts"),
    "kinds": _("kinds"),
}
SHOWN = (
    "unit",
    "co_hosts",
    "kinds",
    "topic",
    "starts_at",
    "ends_at",
    "credit",
    "mode",
    "place",
    "chair",
    "recorder",
    "lecturer",
    "school_level",
    "late_reason",
)
CHOICES: dict[str, Any] = {"mode": Mode, "school_level": SchoolLevel}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept, put in (`ins`) or taken out (`del`)."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()
    """Of a longer text: what was taken out and put in."""


@dataclass(frozen=True, slots=True)
class PersonChange:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies between two versions."""

    fields: list[FieldChange] = field(default_factory=list)
    added: list[PersonChange] = field(default_factory=list)
    removed: list[PersonChange] = field(default_factory=list)
    changed: list[PersonChange] = field(default_factory=list)
    grades: list[PersonChange] = field(default_factory=list)

    @property
    def people(self) -> list[tuple[str, list[PersonChange]]]:
        """The changes of the attendance under words for what they are."""
        groups = [
            (str(_("Added to the list")), self.added),
            (str(_("Taken off the list")), self.removed),
            (str(_("Presence changed")), self.changed),
            (str(_("Grades changed")), self.grades),
        ]
        return [group for group in groups if group[1]]

    def __bool__(self) -> bool:
        return bool(self.fields or self.people)


def difference(old: Snapshot, new: Snapshot) -> Difference:
    """What changed from `old` to `new`. A fixed number of queries: names of people and of units."""
    names = names_of(_people_in(old, new))
    units = _unit_names({old["unit"], new["unit"], *old["co_hosts"], *new["co_hosts"]})
    found = Difference(_fields(old, new, units), grades=_grades(old, new, names))
    before, after = old["attendance"], new["attendance"]
    for key in by_sound(before.keys() | after.keys(), names):
        if before.get(key) != after.get(key):
            group = found.added if key not in before else found.removed
            group = found.changed if key in before and key in after else group
            group.append(_person(names, key, before.get(key), after.get(key), Presence))
    return found


def text_pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one: by sentences, and within a changed sentence by words and signs."""
    pieces: list[Piece] = []
    a, b = SENTENCES.findall(old), SENTENCES.findall(new)
    for how, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before, after = "".join(a[i:j]), "".join(b[k:m])
        if how == "equal":
            pieces.append(Piece("same", before))
        elif how == "replace" and len(before) * len(after) <= FINE_WORK:
            pieces += _fine(before, after)
        else:
            pieces += [Piece("del", before), Piece("ins", after)]
    return tuple(piece for piece in pieces if piece.text)


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """The names of people by their keys, as a record names whoever was there."""
    rows = Person.objects.filter(pk__in=set(keys)).values_list("pk", "name")
    return {str(key): name for key, name in rows}


def _fine(old: str, new: str) -> Iterable[Piece]:
    a, b = TOKENS.findall(old), TOKENS.findall(new)
    for how, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how == "equal":
            yield Piece("same", "".join(a[i:j]))
        else:
            yield Piece("del", "".join(a[i:j]))
            yield Piece("ins", "".join(b[k:m]))


def _fields(old: Snapshot, new: Snapshot, units: Mapping[str, str]) -> list[FieldChange]:
    changes = []
    for name in SHOWN:
        if old.get(name) != new.get(name):
            label = LABELS.get(name) or Activity._meta.get_field(name).verbose_name
            changes.append(
                FieldChange(
                    str(label),
                    _words(name, old.get(name), units),
                    _words(name, new.get(name), units),
                )
            )
    named = names_of_named([old["extra"], new["extra"]])
    for code, declared in all_fields().items():
        before, after = old["extra"].get(code), new["extra"].get(code)
        if before != after:
            changes.append(
                _text(declared.label, *(declared.words(value, named) for value in (before, after)))
            )
    if old["minutes"] != new["minutes"]:
        label = str(Activity._meta.get_field("minutes").verbose_name)
        changes.append(_text(label, old["minutes"], new["minutes"]))
    return changes


def _text(label: str, before: str, after: str) -> FieldChange:
    return FieldChange(label, before, after, text_pieces(before, after))


def _words(name: str, value: Any, units: Mapping[str, str]) -> str:
    if value in (None, "", []):
        return ""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name in ("starts_at", "ends_at"):
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if name == "kinds":
        return listed(all_kinds()[code].name for code in value if code in all_kinds())
    if name == "unit":
        return units.get(value, value)
    if name == "co_hosts":
        return listed(units.get(code, code) for code in value)
    return str(value)


def _grades(old: Snapshot, new: Snapshot, names: Mapping[str, str]) -> list[PersonChange]:
    before, after = old["grades"], new["grades"]
    keys = by_sound(before.keys() | after.keys(), names)
    return [
        _person(names, key, before.get(key), after.get(key), Grade)
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _person(
    names: Mapping[str, str], key: str, before: str | None, after: str | None, words: Any
) -> PersonChange:
    return PersonChange(
        names.get(key, key),
        str(words(before).label) if before else "",
        str(words(after).label) if after else "",
    )


def _people_in(*snapshots: Snapshot) -> set[str]:
    return {key for each in snapshots for key in (*each["attendance"], *each["grades"])}


def _unit_names(codes: set[str]) -> dict[str, str]:
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
