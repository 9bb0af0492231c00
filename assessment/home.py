"""What one person finds on coming in: their own units' tasks, and who below needs a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import CharField, Count, DateField, F, Value
from django.utils import timezone

from accounts.models import User
from activities.choices import COUNTING_STATES, State
from activities.models import Activity, Issue, Plan
from activities.views.plans import asked_of
from activities.views.records import waiting
from assessment.columns import all_columns
from assessment.dashboards import CALLING, Board, Line, build_board
from assessment.home_month import Month, MonthBox, month_of, start_of, year_strip
from assessment.months import NEEDS_A_CALL
from assessment.periods import DAY, Cycle, period_of
from assessment.phrases import Mark
from assessment.places import Place, places_of
from assessment.terms import Status
from assessment.unit_pages import Card, Task, cards_of, tasks_of
from assessment.verdict_rows import Row, stored_newest, stored_rows
from assessment.verdicts import refresh
from members.choices import ExemptionState
from members.models import Exemption
from organizations.access import paths_for
from organizations.actions import Action
from organizations.keeping import LEADERSHIP, waiting_at
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

NEXT_SHOWN = 5
DRAFTS_SHOWN = 10
OWN_MOST = 60
"""Tops of a reach beyond which there is no "own" unit, only a view over all of them."""


@dataclass
class Home:
    """Everything that the home page shows; each part is read when the page asks for it."""

    user: User
    on: date

    @cached_property
    def reach(self) -> UnitQuerySet:
        """All units within reach, their verdicts current."""
        units = Unit.objects.visible_to(self.user)
        refresh(units)
        return units

    @cached_property
    def places(self) -> list[Place]:
        """The same as rows."""
        return places_of(self.reach, on=self.on)

    @cached_property
    def own(self) -> list[Place]:
        """The units a grant names, and the branches below a community of those."""
        tops = paths_for(self.user, Action.VIEW)
        named = [place for place in self.places if place.path in tops]
        if len(named) > OWN_MOST:
            return []
        branches = tuple(place.path for place in named if place.depth >= 2)
        return [
            place
            for place in self.places
            if place.path in tops or (branches and place.path.startswith(branches))
        ]

    @cached_property
    def below(self) -> list[Place]:
        own = {place.pk for place in self.own}
        return [place for place in self.places if place.pk not in own]

    @cached_property
    def rows(self) -> list[Row]:
        """The verdicts of the own units, all periods of the year."""
        keys = [place.pk for place in self.own]
        return stored_rows(self.reach.filter(pk__in=keys))

    @cached_property
    def tasks(self) -> list[Task]:
        columns = all_columns()
        tasks = [
            task for place in self.own for task in tasks_of(place, self.rows, columns, on=self.on)
        ]
        return sorted(tasks, key=lambda task: task.urgency)

    @property
    def urgent(self) -> list[Task]:
        return [task for task in self.tasks if task.status in CALLING]

    @property
    def has_several(self) -> bool:
        """Whether a task has to say of which unit it is."""
        return len(self.own) > 1

    @property
    def next(self) -> list[Task]:
        return [task for task in self.tasks if task.status is Status.ON_TRACK][:NEXT_SHOWN]

    @cached_property
    def cards(self) -> list[Card]:
        """The year of the first own unit."""
        if not self.own:
            return []
        cards = cards_of(self.own[0], self.rows, all_columns(), on=self.on)
        left_out = {Status.NOT_APPLICABLE, Status.SHOWN}
        return [card for card in cards if card.row.status not in left_out]

    @cached_property
    def noted(self) -> list[dict[str, Any]]:
        """What the own units hold this year, drafts too, and what they plan for this month.

        One query; a plan has no `first_day`.
        """
        year, month = period_of(self.on, Cycle.YEAR), period_of(self.on, Cycle.MONTH)
        keys = [place.pk for place in self.own]
        held = Activity.objects.visible_to(self.user).filter(unit_id__in=keys)
        held = held.beginning(year.first, year.last).exclude(state=State.CANCELLED)
        planned = Plan.objects.visible_to(self.user).of_units(keys).planned()
        planned = planned.starting(start_of(month.first), start_of(month.last + DAY))
        no_day = Value(None, output_field=DateField())
        fields = ("pk", "topic", "day", "state", "unit_id", "starts_at")
        rows = held.annotate(day=F("first_day")).order_by().values(*fields)
        rows = rows.union(planned.annotate(day=no_day).order_by().values(*fields), all=True)
        named = [row | {"first_day": row["day"]} for row in rows]
        return sorted(named, key=lambda row: (row["starts_at"], str(row["pk"])))

    @cached_property
    def held(self) -> list[dict[str, Any]]:
        return [row for row in self.noted if row["first_day"]]

    @cached_property
    def planned(self) -> list[dict[str, Any]]:
        return [row for row in self.noted if not row["first_day"]]

    @cached_property
    def month(self) -> Month:
        """The calendar of the current month, over all own units."""
        span = period_of(self.on, Cycle.MONTH)
        held = [row for row in self.held if row["first_day"] in span]
        return month_of(self.on, self.own, self.rows, all_columns(), held, self.planned)

    @cached_property
    def strip(self) -> list[MonthBox]:
        """The year of the first own unit, month by month."""
        own = self.own[0]
        held = Counter(
            row["first_day"].replace(day=1)
            for row in self.held
            if row["unit_id"] == own.pk and row["state"] in COUNTING_STATES
        )
        return year_strip(self.on, own, self.rows, held)

    @property
    def done(self) -> int:
        return sum(card.row.status is Status.MET for card in self.cards)

    @cached_property
    def drafts(self) -> list[Activity]:
        """Records begun and not submitted, or returned, that the person may finish."""
        mine = Activity.objects.visible_to(self.user, action=Action.RECORD).drafts()
        keys = [place.pk for place in self.own]
        rows = mine.filter(unit_id__in=keys).select_related("unit", "review_run")
        rows = rows.order_by("-state", "-first_day", "pk")  # what was returned first
        return list(rows[:DRAFTS_SHOWN])

    @property
    def returned(self) -> list[Activity]:
        """Those of them that the unit above has given back, with its reason."""
        return [activity for activity in self.drafts if activity.state == State.RETURNED]

    @cached_property
    def _waiting(self) -> dict[str, int]:
        """How much waits for the person, by sort, in one query."""
        user = self.user
        keys = [place.pk for place in self.own]
        issues = Issue.objects.visible_to(user, action=Action.RECORD).overdue(self.on)
        issues = issues.filter(activity__unit_id__in=keys)
        exemptions = Exemption.objects.visible_to(user, action=Action.REVIEW)
        asked = {
            "issues": issues,
            "records": waiting(paths_for(user, Action.REVIEW)),
            "invitations": asked_of(user).to_answer(timezone.now()),  # type: ignore[attr-defined]
            "exemptions": exemptions.filter(state=ExemptionState.REQUESTED),
        }
        first, *others = (
            rows.order_by()
            .annotate(sort=Value(sort, output_field=CharField()))
            .values("sort")
            .annotate(number=Count("pk"))
            .values_list("sort", "number")
            for sort, rows in asked.items()
        )
        return dict(first.union(*others, all=True))

    @property
    def overdue_issues(self) -> int:
        """What was found in the own units and should have been set right by now."""
        return self._waiting.get("issues", 0)

    @cached_property
    def unconfirmed(self) -> list[tuple[Place, int, bool]]:
        """Own units with entries, or a leadership, of which nobody has said this year that they are
        still so: how many entries, and whether the leadership waits as well.
        """
        keys = [place.pk for place in self.own]
        mine = Unit.objects.visible_to(self.user, action=Action.RECORD).filter(
            pk__in=keys, dissolved_on__isnull=True
        )
        found = waiting_at(mine, year=self.on.year)
        waiting = Counter(pk for pk, thing, _row in found if thing != LEADERSHIP)
        led = {pk for pk, thing, _row in found if thing == LEADERSHIP}
        return [
            (place, waiting[place.pk], place.pk in led)
            for place in self.own
            if waiting[place.pk] or place.pk in led
        ]

    @property
    def to_review(self) -> int:
        """Submitted records of the units below that nobody has looked at."""
        return self._waiting.get("records", 0)

    @property
    def invitations(self) -> int:
        """Plans of other units in which one of the own is asked to take part."""
        return self._waiting.get("invitations", 0)

    @property
    def exemptions_asked(self) -> int:
        """Exemptions that wait for a decision of this person's."""
        return self._waiting.get("exemptions", 0)

    @cached_property
    def board(self) -> Board | None:
        """The units below, newest periods."""
        if not self.below:
            return None
        columns = [column for column in all_columns() if not column.rule.is_shown_only]
        rows = stored_newest(self.reach, columns, on=self.on)
        return build_board(self.below, rows, columns, on=self.on)

    @property
    def calls(self) -> list[Call]:
        """Where somebody below waits for a call, in the order of the tree: no ranking.

        By street (or county) where there are several, else by unit.
        """
        if self.board is None:
            return []
        groups = self.board.groups
        if len(groups) > 1:
            calls = (_call(group.place, group.whole, group.lines) for group in groups)
        else:
            calls = (_call(line.place, line, (line,)) for group in groups for line in group.lines)
        return [call for call in calls if call.units]

    @property
    def calling(self) -> int:
        """How many units below are late with something."""
        return sum(call.units for call in self.calls)


@dataclass(frozen=True, slots=True)
class Call:
    """A unit below, or a street with its units, where something calls for somebody."""

    place: Place
    statuses: list[tuple[Mark, int]]
    units: int
    """How many units that are."""
    of: int


def _call(place: Place, whole: Line, lines: Sequence[Line]) -> Call:
    """What is merely due its own secretary is reminded of: that needs no call yet."""
    units = sum(any(line.statuses[status] for status in NEEDS_A_CALL) for line in lines)
    return Call(place, whole.calling, units, len(lines))
