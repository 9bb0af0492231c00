"""The shortest list of activities that meets what a unit still owes this year. Pure.

How it is reckoned, and how far from the best it can be, stands in docs/decisions,
0022-what-next-what-if-seals.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from assessment.periods import Period, round_up
from assessment.terms import ONE, ZERO, Rule

HALF = Decimal("0.5")
MOST_A_DAY = ONE
"""Credit of one date, as the document reckons it."""
TOGETHER: tuple[frozenset[str], ...] = (
    frozenset(
        {
            "member_study",
            "themed_day",
            "party_lecture",
            "members_meeting",
            "member_review",
            "spirit_analysis",
            "organisational_life_meeting",
        }
    ),
    frozenset({"central_study"}),
    frozenset({"staff_training", "induction_training", "party_school_rotation"}),
    frozenset({"county_research", "county_inspection"}),
    frozenset({"committee_meeting"}),
    frozenset({"group_meeting"}),
)
"""Kinds whose people are the same: those of one set may share one record, of two sets none."""
FOR_SOME = frozenset({"induction_training", "party_school_rotation"})
"""Held for those who take office or whose turn it is: proposed where no other kind would do."""


@dataclass(frozen=True, slots=True)
class Short:
    """A person who lacks `days` of credit."""

    person: UUID | int
    name: str
    days: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """What is still owed by one rule in one period: so many records, so much credit.

    `kinds` are of one set of TOGETHER; any one of them does. `window`: the days that are left.
    """

    rulebook: str
    rule: Rule
    period: Period
    window: Period
    kinds: frozenset[str]
    times: int = 1
    days: Decimal = ZERO
    """Credit that the records must come to; of persons, for as many as have to reach it."""
    persons: tuple[Short, ...] = ()
    beyond: tuple[Short, ...] = ()
    """Whom no number of sessions in the days that are left would bring there."""

    @property
    def sessions(self) -> int:
        """Records that it takes at least: none is worth more than a day."""
        by_days = (self.days / MOST_A_DAY).to_integral_value(ROUND_CEILING)
        return max(self.times, int(by_days))


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that stands in the calendar already."""

    day: date
    kinds: frozenset[str]
    days: Decimal


@dataclass(frozen=True, slots=True)
class Session:
    """One activity to hold: on a day, with these kinds, for so long; and what it serves."""

    day: date
    earliest: date
    latest: date
    kinds: tuple[str, ...]
    days: Decimal
    serves: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """A need for which too few working days are left."""

    need: Need
    workdays: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to hold, in order of time, and what can't be reached any more."""

    sessions: tuple[Session, ...]
    out_of_reach: tuple[OutOfReach, ...]


@dataclass(slots=True)
class _Slot:
    """A day that was chosen, while its length and what it serves are being settled."""

    day: date
    days: Decimal = HALF
    serves: list[Need] = field(default_factory=list)


def outlook(
    needs: Iterable[Need], workdays: Sequence[date], planned: Collection[Planned] = ()
) -> Outlook:
    """The activities to hold beside what is `planned`: as few as can be, then as short."""
    open_needs = [left for need in needs if (left := _after(need, planned)) is not None]
    reachable, out = [], []
    for need in open_needs:
        room = sum(day in need.window for day in workdays)
        if need.sessions > room:
            out.append(OutOfReach(need, room))
        else:
            reachable.append(need)
    sessions: list[Session] = []
    for circle in TOGETHER:
        own = [need for need in reachable if need.kinds <= circle]
        sessions += _schedule(sorted(own, key=_by_deadline), workdays)
    return Outlook(tuple(sorted(sessions, key=lambda each: each.day)), tuple(out))


def _by_deadline(need: Need) -> tuple[date, int]:
    return need.window.last, -need.window.first.toordinal()


def _after(need: Need, planned: Collection[Planned]) -> Need | None:
    """What is left of the need once what is planned has been held, by all; None: nothing."""
    held = [each for each in planned if each.day in need.window and need.kinds & each.kinds]
    credit = sum((each.days for each in held), ZERO)
    persons = tuple(
        replace(short, days=short.days - credit) for short in need.persons if short.days > credit
    )
    days = max(ZERO, need.days - credit)
    times = max(0, need.times - len(held))
    if not days and not times:
        return None
    return replace(need, times=times, days=days, persons=persons)


def _schedule(needs: Sequence[Need], workdays: Sequence[date]) -> list[Session]:
    """Sessions of one circle for needs by their deadline, all of which can be met."""
    slots: dict[date, _Slot] = {}
    for need in needs:
        room = [day for day in workdays if day in need.window]
        lacking = need.sessions - sum(day in slots for day in room)
        free = [day for day in room if day not in slots]
        for day in free[max(0, len(free) - lacking) :] if lacking > 0 else ():
            slots[day] = _Slot(day)
    chosen = [slots[day] for day in sorted(slots)]
    for need in needs:
        _lengthen([slot for slot in chosen if slot.day in need.window], need)
    for need in needs:
        _assign([slot for slot in chosen if slot.day in need.window], need)
    return _settle([slot for slot in chosen if slot.serves], workdays)


def _lengthen(slots: Sequence[_Slot], need: Need) -> None:
    """Make the latest days longer until the credit is enough."""
    lacking = round_up(need.days, HALF) - sum((slot.days for slot in slots), ZERO)
    for slot in reversed(slots):
        if lacking <= 0:
            return
        more = min(lacking, MOST_A_DAY - slot.days)
        slot.days += more
        lacking -= more


def _assign(slots: Sequence[_Slot], need: Need) -> None:
    """Name the sessions that serve the need: the latest, as many as it takes."""
    times, days = need.times, need.days
    for slot in reversed(slots):
        if times <= 0 and days <= 0:
            return
        slot.serves.append(need)
        times, days = times - 1, days - slot.days


def _settle(slots: Sequence[_Slot], workdays: Sequence[date]) -> list[Session]:
    """From the last day that would do to one in between, each day once: those that may be on the
    same days are spread over them.
    """
    windows = [_common(slot.serves) for slot in slots]
    taken = {slot.day for slot in slots}
    sessions = []
    for number, (slot, window) in enumerate(zip(slots, windows, strict=True)):
        days = [day for day in workdays if day in window]
        place = windows[:number].count(window) + 1
        wanted = days[len(days) * place // (windows.count(window) + 1)]
        taken.discard(slot.day)
        free = (day for day in days if day not in taken)
        day = min(free, key=lambda each: (abs((each - wanted).days), each), default=slot.day)
        taken.add(day)
        kinds = kinds_for([need.kinds for need in slot.serves])
        sessions.append(Session(day, days[0], days[-1], kinds, slot.days, tuple(slot.serves)))
    return sessions


def _common(needs: Sequence[Need]) -> Period:
    """The days that all of the needs have."""
    return Period(max(need.window.first for need in needs), min(need.window.last for need in needs))


def kinds_for(wanted: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """Few kinds of which each of `wanted` has one: each time the one that most still lack."""
    chosen: list[str] = []
    left = list(wanted)
    while left:
        found = {kind for each in left for kind in each}
        kinds = sorted(found, key=lambda kind: (kind in FOR_SOME, kind))
        best = max(kinds, key=lambda kind: sum(kind in each for each in left))
        chosen.append(best)
        left = [each for each in left if best not in each]
    return tuple(sorted(chosen))
