"""Hints as they are shown: behind the gate, and in words that say what was seen and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median_high
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from activities.choices import HintKind
from activities.hints.noticing import LATE_AFTER, MOVED
from activities.hints.scope import entered_on
from activities.models import Activity, Attendance, Hint, HintRecord
from members.choices import Standing
from organizations.access import paths_for
from organizations.actions import Action
from organizations.models import Unit
from organizations.pinyin import spell_name
from organizations.settings import settings_of

SOON = 7


def reach_of(user: User | AnonymousUser) -> list[str]:
    """The subtrees that `user` reviews and whose county wants hints today."""
    paths = paths_for(user, Action.REVIEW)
    settings = settings_of({path.split("/", 1)[0] for path in paths})
    today = timezone.localdate()
    return [path for path in paths if settings[path.split("/", 1)[0]].shows_hints(today)]


def hints_for(user: User | AnonymousUser) -> QuerySet[Hint]:
    """The hints that `user` is shown, each with its records in reach and how many there are."""
    seen = HintRecord.objects.visible_to(user).select_related("activity__unit")
    total = HintRecord.objects.filter(hint=OuterRef("pk")).order_by().values("hint")
    return (
        Hint.objects.visible_to(user)
        .under(*reach_of(user))
        .standing()
        .select_related("dismissed_by")
        .prefetch_related(
            Prefetch("record_rows", seen.order_by("activity__starts_at", "pk"), to_attr="in_reach")
        )
        .annotate(total=Subquery(total.annotate(count=Count("pk")).values("count")))
    )


def hints_about(activity: Activity, user: User | AnonymousUser) -> list[Shown]:
    """What there is to say of one record, for whoever reviews it; nothing for anybody else."""
    if not any(activity.unit.path.startswith(path) for path in paths_for(user, Action.REVIEW)):
        return []
    rows = hints_for(user).filter(records=activity)
    return shown(rows.order_by("dismissed_at", "-day", "pk"), user, seen_from=activity)


def with_hints(activities: QuerySet, user: User | AnonymousUser) -> QuerySet:
    """Each record with `hints_waiting`: how many hints about it nobody has settled."""
    about = HintRecord.objects.visible_to(user).filter(
        activity=OuterRef("pk"), hint__in=Hint.objects.under(*reach_of(user)).waiting()
    )
    counted = about.order_by().values("activity").annotate(count=Count("pk")).values("count")
    return activities.annotate(hints_waiting=Coalesce(Subquery(counted), 0))


@dataclass(frozen=True, slots=True)
class Shown:
    """A hint in words, with the records that the reader may see."""

    hint: Hint
    says: str
    records: list[Activity]
    others: list[Activity]
    """The records besides the one from which it is looked at."""
    beyond: int
    """How many of its records lie beyond the reader's reach."""
    people: list[str] = field(default_factory=list)

    @property
    def may_be_settled(self) -> bool:
        """Only by who sees all of it: the other side has a reviewer of its own."""
        return not self.beyond


def shown(
    hints: Iterable[Hint], user: User | AnonymousUser, *, seen_from: Activity | None = None
) -> list[Shown]:
    """The hints in words; one query more for all the names in them."""
    hints = list(hints)
    names = _names_in(hints, user)
    return [_show(hint, names.get(hint.pk, {}), seen_from) for hint in hints]


def _show(hint: Hint, names: dict[str, str], seen_from: Activity | None) -> Shown:
    records = [row.activity for row in hint.in_reach]  # type: ignore[attr-defined]
    return Shown(
        hint=hint,
        says=_words(hint),
        records=records,
        others=[record for record in records if record != seen_from],
        beyond=hint.total - len(records),  # type: ignore[attr-defined]
        people=_people(hint, names),
    )


def _words(hint: Hint) -> str:
    facts = hint.facts
    if hint.kind == HintKind.LATE:
        said = _("Entered %(days)d days after it was over.")
        return said % {"days": facts["days"]}
    if hint.kind == HintKind.TWO_PLACES:
        count = len(facts["people"])
        return ngettext(
            "%(count)d person is recorded as present at both, and their times overlap.",
            "%(count)d persons are recorded as present at both, and their times overlap.",
            count,
        ) % {"count": count}
    if hint.kind == HintKind.SAME_MINUTES:
        said = _("The minutes agree in %(percent)d%% of their wording.")
        return said % {"percent": facts["percent"]}
    if hint.kind == HintKind.SAME_PHOTO:
        count = len(facts["photos"])
        return ngettext(
            "%(count)d photo is in both records.", "%(count)d photos are in both records.", count
        ) % {"count": count}
    if hint.kind == HintKind.ONE_EVENING:
        entered = date_format(date.fromisoformat(facts["entered"]), "DATE_FORMAT")
        said = _("%(records)d of the quarter's %(of)d records were entered on %(day)s.")
        return said % {"records": facts["records"], "of": facts["of"], "day": entered}
    count = len(facts["people"])
    return ngettext(
        "%(count)d person is recorded as attending after having left.",
        "%(count)d persons are recorded as attending after having left.",
        count,
    ) % {"count": count}


def _people(hint: Hint, names: dict[str, str]) -> list[str]:
    """The people of a hint by name; why they had left, and since when."""
    people = hint.facts.get("people", {})
    if isinstance(people, list):
        return sorted((names[key] for key in people if key in names), key=spell_name)
    told = (
        _("%(name)s: %(why)s since %(day)s")
        % {
            "name": names[key],
            "why": _("no longer in this unit") if why == MOVED else str(Standing(why).label),
            "day": date_format(date.fromisoformat(since), "DATE_FORMAT"),
        }
        for key, (why, since) in people.items()
        if key in names
    )
    return sorted(told, key=spell_name)


def _names_in(hints: Sequence[Hint], user: User | AnonymousUser) -> dict[int, dict[str, str]]:
    """The names of the people in each hint, as the records within reach hold them."""
    wanted = {hint.pk: set(hint.facts.get("people", ())) for hint in hints}
    everyone = set().union(*wanted.values()) if wanted else set()
    if not everyone:
        return {}
    rows = Attendance.objects.visible_to(user).filter(
        person_id__in=everyone, activity__hint_rows__hint__in=[hint.pk for hint in hints]
    )
    found = rows.values_list("activity__hint_rows__hint", "person_id", "person__name")
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for hint, person, name in found.distinct():
        if str(person) in wanted.get(hint, ()):
            names[hint][str(person)] = name
    return names


@dataclass(slots=True)
class Delays:
    """How long after they were over a unit's records were entered."""

    unit: Unit
    days: list[int] = field(default_factory=list)

    @property
    def records(self) -> int:
        return len(self.days)

    @property
    def median(self) -> int:
        return median_high(self.days)

    @property
    def soon(self) -> int:
        return sum(day <= SOON for day in self.days)

    @property
    def later(self) -> int:
        return sum(SOON < day <= LATE_AFTER for day in self.days)

    @property
    def late(self) -> int:
        return sum(day > LATE_AFTER for day in self.days)

    @property
    def longest(self) -> int:
        return max(self.days)


def delays_of(user: User | AnonymousUser, first: date, last: date) -> list[Delays]:
    """The units that held something in [first, last], in the order of the tree: no ranking."""
    rows = (
        Activity.objects.visible_to(user)
        .counted()
        .hosted_under(*reach_of(user))
        .filter(first_day__range=(first, last))
        .values_list("unit_id", "last_day", "created_at", "submitted_at")
    )
    days: dict[Any, list[int]] = defaultdict(list)
    for unit, last_day, created_at, submitted_at in rows:
        days[unit].append(max(0, (entered_on(created_at, submitted_at) - last_day).days))
    units = Unit.objects.visible_to(user).filter(pk__in=list(days)).order_by("path")
    return [Delays(unit, days[unit.pk]) for unit in units]
