"""What was changed each time that a closed review run was opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from activities.choices import Grade, Stand
from activities.models import ReviewEntry, ReviewReopening
from organizations.pinyin import by_sound

COMPARED = ("stand", "grade", "note", "self_grade", "self_words", "votes", "remark")
"""How somebody stands and the grade are told; of votes and words only that they changed."""
Lines = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reopened:
    """One reopening, and what the run said before and says since, person by person."""

    reopening: ReviewReopening
    changes: list[tuple[str, str, str]]


def reopened(
    reopenings: Iterable[ReviewReopening], entries: Iterable[ReviewEntry]
) -> list[Reopened]:
    """The newest first; the changes of each go up to the next one, those of the last up to now."""
    lines = list(entries)
    names = {str(entry.person_id): entry.person.name for entry in lines}
    after: Lines = {
        str(entry.person_id): {name: getattr(entry, name) for name in COMPARED} for entry in lines
    }
    told = []
    for reopening in reopenings:
        told.append(Reopened(reopening, _changes(reopening.lines, after, names)))
        after = reopening.lines
    return told


def _changes(before: Lines, after: Lines, names: dict[str, str]) -> list[tuple[str, str, str]]:
    changes = []
    for key in by_sound(before.keys() | after.keys(), names):
        old, new = before.get(key), after.get(key)
        was, now = _said(old), _said(new)
        if was != now:
            changes.append((names.get(key, ""), was, now))
        elif old and new and any(old.get(name) != new.get(name) for name in COMPARED):
            changes.append((names.get(key, ""), was, _("votes or words changed")))
    return changes


def _said(line: dict[str, Any] | None) -> str:
    """How somebody stood, and the grade where there was one."""
    if line is None:
        return _("not on the list")
    if line["grade"]:
        return str(Grade(line["grade"]).label)
    return str(Stand(line["stand"]).label)
