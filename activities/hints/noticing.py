"""When and by whom: records entered late or all at once, people at two places, people who had left.

Each function takes a scope and gives what it notices there, in a number of queries that does not
grow with the number of records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from activities.choices import HintKind, Presence
from activities.hints.scope import Noticed, Scope, chunks, entered_on, imported_of, pair_key
from activities.models import Activity, Attendance, CoHost
from members.choices import Standing
from members.models import Affiliation, Appointment
from organizations.access import within

LATE_AFTER = 30
"""Days from the end of an activity to its entry that are nothing to speak of."""
LONGEST = timedelta(days=31)
"""An activity does not go on for longer."""
MONTHS = 3
MOST_OF = (4, 5)
"""Of a quarter's records as many entered on one day are "the whole quarter"."""
GONE = (Standing.LEFT, Standing.EXPELLED, Standing.DECEASED)
MOVED = "moved"


def entered_late(scope: Scope) -> Iterator[Noticed]:
    """Records first entered more than a month after they were over."""
    rows = scope.in_question().values_list("pk", "last_day", "created_at", "submitted_at")
    late = {}
    for pk, last_day, created_at, submitted_at in rows:
        days = (entered_on(created_at, submitted_at) - last_day).days
        if days > LATE_AFTER:
            late[pk] = (last_day, days)
    for pk in late.keys() - imported_of(list(late)):
        day, days = late[pk]
        yield Noticed(HintKind.LATE, str(pk), (pk,), day, {"days": days})


def at_two_places(scope: Scope) -> Iterator[Noticed]:
    """People recorded as present in the room at two activities whose times overlap."""
    other = "person__attendances__"
    there = {"counts": True, "presence": Presence.PRESENT}
    beside = {f"{other}{name}": value for name, value in there.items()}
    another = Q(**{f"{other}pk__gt": F("pk")})
    if scope.focus:
        another |= Q(**{f"{other}pk__lt": F("pk")})
    rows = Attendance.objects.filter(
        another,
        within(f"{other}activity__unit__path", [scope.path]),
        Q(**{f"{other}day__gte": scope.since}),
        **there,
        **beside,
        **{
            f"{other}day__lte": F("activity__last_day"),
            f"{other}day__gte": F("day") - LONGEST,
            f"{other}activity__starts_at__lt": F("activity__ends_at"),
            f"{other}activity__ends_at__gt": F("activity__starts_at"),
        },
        activity__in=scope.in_question(),
    ).values_list("activity_id", f"{other}activity_id", "person_id", "day", f"{other}day")
    met: dict[tuple[UUID, UUID], tuple[set[str], date]] = {}
    for one, two, person, first, second in rows:
        pair = (one, two) if (first, str(one)) <= (second, str(two)) else (two, one)
        people, _day = met.setdefault(pair, (set(), max(first, second)))
        people.add(str(person))
    for pair, (people, day) in met.items():
        facts = {"people": sorted(people)}
        yield Noticed(HintKind.TWO_PLACES, pair_key(*pair), pair, day, facts)


def in_one_evening(scope: Scope) -> Iterator[Noticed]:
    """Quarters of a unit of which all three months, and most records, were entered on one day."""
    records = scope.records()
    if scope.focus:
        focus = Activity.objects.filter(pk=scope.focus)
        records = records.filter(unit__in=focus.values("unit"))
    quarters: dict[str, list[tuple[date, UUID, date]]] = defaultdict(list)
    rows = records.values_list("pk", "unit_id", "first_day", "created_at", "submitted_at")
    for pk, unit, day, created_at, submitted_at in rows:
        quarter = f"{unit}:{day.year}Q{(day.month + 2) // 3}"
        quarters[quarter].append((day, pk, entered_on(created_at, submitted_at)))
    for quarter, held in quarters.items():
        by_entry: dict[date, list[tuple[date, UUID]]] = defaultdict(list)
        for day, pk, entry in held:
            by_entry[entry].append((day, pk))
        for entry, here in by_entry.items():
            if _is_whole(here, len(held)) and not imported_of([pk for _day, pk in here]):
                here.sort(key=lambda line: (line[0], str(line[1])))
                yield Noticed(
                    HintKind.ONE_EVENING,
                    quarter,
                    tuple(pk for _day, pk in here),
                    here[-1][0],
                    {"entered": entry.isoformat(), "records": len(here), "of": len(held)},
                )


def _is_whole(here: list[tuple[date, UUID]], total: int) -> bool:
    share, of = MOST_OF
    return len({day.month for day, _pk in here}) == MONTHS and len(here) * of >= total * share


def by_people_who_had_left(scope: Scope) -> Iterator[Noticed]:
    """People recorded as attending who had died, left the Party, or moved away before that day."""
    attended = Attendance.objects.filter(counts=True, activity__in=scope.in_question())
    spell = "person__standing_spells__"
    # Both of one spell: conditions of one filter() meet in the same row.
    gone = attended.filter(
        Q(**{f"{spell}ended_on__isnull": True}) | Q(**{f"{spell}ended_on__gte": F("day")}),
        **{f"{spell}standing__in": GONE, f"{spell}begun_on__lt": F("day")},
    ).values_list("activity_id", "person_id", "day", f"{spell}standing", f"{spell}begun_on")
    seen: dict[UUID, dict[str, list[str]]] = defaultdict(dict)
    days: dict[UUID, date] = {}
    for activity, person, day, standing, since in gone:
        seen[activity][str(person)] = [standing, since.isoformat()]
        days[activity] = day
    for activity, person, day, since in _moved_away(attended):
        seen[activity].setdefault(str(person), [MOVED, since.isoformat()])
        days[activity] = day
    for activity, people in seen.items():
        facts = {"people": people}
        yield Noticed(HintKind.HAD_LEFT, str(activity), (activity,), days[activity], facts)


def _moved_away(attended: Any) -> Iterator[tuple[UUID, UUID, date, date]]:
    """Attendances at a host to which the person had belonged and no longer did, with since when."""
    tie = "person__affiliations__"
    rows = list(
        attended.filter(
            **{f"{tie}unit": F("activity__unit"), f"{tie}ended_on__lt": F("day")}
        ).values_list("activity_id", "activity__unit__path", "person_id", "day", f"{tie}ended_on")
    )
    ties = _ties_of({person for _a, _path, person, _day, _until in rows})
    hosts = _co_hosts_of({activity for activity, *_rest in rows})
    last: dict[tuple[UUID, UUID], tuple[date, date]] = {}
    for activity, path, person, day, until in rows:
        paths = [path, *hosts[activity]]
        if not any(_holds(tie, day, paths) for tie in ties[person]):
            known = last.get((activity, person))
            last[activity, person] = (day, max(until, known[1]) if known else until)
    for (activity, person), (day, until) in last.items():
        yield activity, person, day, until


Tie = tuple[str, date | None, date | None]


def _holds(tie: Tie, day: date, paths: list[str]) -> bool:
    """Whether the tie was there on the day, at, above or below one of the hosts."""
    where, begun, ended = tie
    is_then = (begun is None or begun <= day) and (ended is None or ended >= day)
    return is_then and any(where.startswith(p) or p.startswith(where) for p in paths)


def _ties_of(people: set[UUID]) -> dict[UUID, list[Tie]]:
    """Where these people ever belonged or held office."""
    ties: dict[UUID, list[Tie]] = defaultdict(list)
    for chunk in chunks(sorted(people)):
        for model in (Affiliation, Appointment):
            rows = model.objects.filter(person_id__in=chunk)
            for person, *tie in rows.values_list("person_id", "unit__path", "begun_on", "ended_on"):
                ties[person].append(tuple(tie))
    return ties


def _co_hosts_of(activities: set[UUID]) -> dict[UUID, list[str]]:
    hosts: dict[UUID, list[str]] = defaultdict(list)
    for chunk in chunks(sorted(activities)):
        rows = CoHost.objects.filter(activity_id__in=chunk)
        for activity, path in rows.values_list("activity_id", "unit__path"):
            hosts[activity].append(path)
    return hosts
