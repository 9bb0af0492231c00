"""What falls due in a month and is not met yet: for the calendar, and for the calendar feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from activities.feeds import DayEntry
from assessment.columns import Column, all_columns
from assessment.models import Verdict
from assessment.periods import period_of
from assessment.terms import Status
from assessment.verdicts import refresh
from organizations.models import Unit
from organizations.querysets import UnitQuerySet

UNMET = (Status.MISSED, Status.DUE, Status.BEHIND, Status.ON_TRACK)
"""From what needs a look first."""


@dataclass(frozen=True, slots=True)
class Due:
    """A rule that units of a page have still to meet by one day."""

    column: Column
    day: date
    unit: Unit
    status: Status
    """Of the one unit that owes it, or the one of them that needs a look first."""
    number: int
    """How many units."""

    @property
    def title(self) -> str:
        return self.column.title

    @property
    def units_name(self) -> str:
        return self.unit.name if self.number == 1 else units_in_words(self.number)

    @property
    def url(self) -> str:
        """The rule at the unit for that very period, or over all units where several owe it."""
        rule = self.column.rule
        if self.number > 1:
            return reverse("assessment:of_rule", args=[rule.id])
        page = reverse("assessment:rule", args=[self.unit.code, rule.id])
        if not rule.cycle.is_calendar:
            return page
        return f"{page}?period={period_of(self.day, rule.cycle).first.isoformat()}"


def units_in_words(number: int) -> str:
    return ngettext("%(number)d unit", "%(number)d units", number) % {"number": number}


def dues_between(units: UnitQuerySet, first: date, last: date) -> list[Due]:
    """What of `units` is to be met by a day of [first, last] and is not, by that day.

    By today's verdicts: a period that has not begun has none. Fixed number of queries.
    """
    refresh(units)
    columns = {column.key: column for column in all_columns()}
    rows = Verdict.objects.filter(
        unit__in=units,
        period_end__range=(first, last),
        status__in=[status.value for status in UNMET],
    )
    fields = ("unit_id", "rulebook", "rule", "period_end", "status")
    found: dict[tuple[date, str, str], Counter[tuple[str, int]]] = {}
    for unit, rulebook, rule, day, status in rows.order_by().values_list(*fields):
        if (rulebook, rule) in columns:
            found.setdefault((day, rulebook, rule), Counter())[status, unit] += 1
    order = [status.value for status in UNMET]
    worst = {
        key: min(owing, key=lambda one: (order.index(one[0]), one[1]))
        for key, owing in found.items()
    }
    by_id = Unit.objects.in_bulk({unit for _status, unit in worst.values()})
    return [
        Due(
            columns[rulebook, rule],
            day,
            by_id[worst[day, rulebook, rule][1]],
            Status(worst[day, rulebook, rule][0]),
            len({unit for _status, unit in owing}),
        )
        for (day, rulebook, rule), owing in sorted(found.items())
    ]


def days_of_feed(unit: Unit, with_below: bool, first: date, last: date) -> Iterable[DayEntry]:
    """The same for a calendar feed: each day and rule once, with no person's name."""
    units = Unit.objects.under(unit.path) if with_below else Unit.objects.filter(pk=unit.pk)
    for due in dues_between(units, first, last):
        yield DayEntry(
            uid=f"{unit.code}.{due.column.rulebook}.{due.column.rule.id}.{due.day:%Y%m%d}",
            day=due.day,
            summary=gettext("Due: %(rule)s") % {"rule": due.title},
            description=due.units_name,
        )
