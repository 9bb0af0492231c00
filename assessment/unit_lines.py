"""What each unit of a matrix says: read and judged once for each judgement of the unit.

A write changes one unit of a street: of the others nothing is read again, whatever a page is asked
to show of them (which streets are open, which status). What is kept is of a unit and of nobody who
asked: which units somebody sees, and what these stand under, is asked anew for each page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import NamedTuple

from assessment.calls import Cause, causes_of
from assessment.columns import Column, Newest
from assessment.dashboards import Line, lines_of
from assessment.places import Place
from assessment.shelf import lines
from assessment.verdict_rows import Told
from assessment.verdicts import Versions

Read = Callable[[list[Place]], Collection[Told]]
"""Reads the newest verdicts of some units, and earlier ones that were missed."""


class Said(NamedTuple):
    """What one unit says."""

    place: Place
    version: int | None
    line: Line | None
    """None where no rule says anything of it."""
    causes: Sequence[Cause]
    """Why it needs a call; in no order."""


def said_by_units(
    groups: Mapping[str, Sequence[Place]],
    columns: Sequence[Column],
    newest: Newest,
    read: Read,
    *,
    key: Hashable,
    versions: Versions | None,
) -> dict[str, list[Said]]:
    """What the units of each group say; `read` is asked only for those that were judged anew.

    `key`: all that a line depends on but for its unit. `versions` None: nothing is kept.
    """
    versions = versions or {}
    kept = {path: lines.get((key, path)) or {} for path in groups} if versions else {}
    unread = [
        place
        for path, places in groups.items()
        for place in places
        if not _holds(kept.get(path, {}).get(place.pk), place, versions)
    ]
    fresh = _read(unread, columns, newest, read, versions) if unread else {}
    said = {}
    for path, places in groups.items():
        old = kept.get(path, {})
        said[path] = [fresh.get(place.pk) or old[place.pk] for place in places]
        if versions:
            # Not those of this page alone: somebody else sees other units of the street.
            lines.put((key, path), {**old, **{one.place.pk: one for one in said[path]}})
    return said


def _holds(said: Said | None, place: Place, versions: Versions) -> bool:
    """Whether it is still what the unit says."""
    if said is None or said.version is None:
        return False
    return said.version == versions.get(place.pk) and said.place == place


def _read(
    places: list[Place],
    columns: Sequence[Column],
    newest: Newest,
    read: Read,
    versions: Versions,
) -> dict[int, Said]:
    verdicts = read(places)
    by_unit = {line.place.pk: line for line in lines_of(places, verdicts, columns, newest)}
    causes = causes_of(verdicts, columns, newest)
    return {
        place.pk: Said(
            place, versions.get(place.pk), by_unit.get(place.pk), causes.get(place.pk, ())
        )
        for place in places
    }
