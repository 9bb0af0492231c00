"""The percentages of the portal: what each is made of, with an example from the reader's own data.

The examples are reckoned by the very functions that the pages use: rollup, proration, judging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from activities.models import Activity
from assessment.columns import Column
from assessment.dashboards import Board, Cell
from assessment.periods import expected
from assessment.phrases import WORDS, plain, plural
from assessment.rollup import JUDGED
from assessment.terms import Measure, Status
from assessment.verdict_rows import Row
from organizations.wording import listed

MINUTE = timedelta(minutes=1)
Names = Mapping[int, str]
"""What units are called, by key."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One number that is shown somewhere: what it is, how it comes about, an example."""

    code: str
    name: str
    formula: str
    used: str
    """Where it is shown."""
    example: str = ""
    url: str = ""
    """The page on which the example can be seen."""


def formulas_of(
    board: Board,
    rows: Iterable[Row],
    *,
    on: date,
    activity: Activity | None,
    hours_a_day: Decimal,
) -> list[Formula]:
    """Every formula, each with an example from what the reader sees, where there is one."""
    rows = [row for row in rows if row.status in JUDGED]
    cells = [cell for cell in board.total if cell.tally.judged]
    names = {line.place.pk: line.place.name for group in board.groups for line in group.lines}
    return [
        _rate(cells),
        _judged(cells),
        _progress(cells),
        _share(rows, names),
        _pace(rows, names, on),
        _part_of_a_year(rows, names),
        _credit(activity, hours_a_day),
    ]


def _rate(cells: list[Cell]) -> Formula:
    cell = next((cell for cell in cells if 0 < cell.tally.met < cell.tally.judged), None)
    cell = cell or next(iter(cells), None)
    example = ""
    if cell:
        example = gettext(
            "%(rule)s: %(met)s have met it, %(judged)s owe it: %(met)s × 100 ÷ %(judged)s, rounded "
            "down: %(rate)s%%"
        ) % {
            "rule": cell.column.title,
            "met": cell.tally.met,
            "judged": cell.tally.judged,
            "rate": cell.tally.rate,
        }
    return Formula(
        "rate",
        gettext("Rate of a rule"),
        gettext(
            "verdicts that are met × 100 ÷ verdicts that owe it, rounded down: 100 per cent only "
            "when all have met it"
        ),
        gettext("Dashboard, clauses, the page of a rule, the workbook"),
        example,
        _expected(cell),
    )


def _judged(cells: list[Cell]) -> Formula:
    cell = next((cell for cell in cells if len(cell.tally.by_status) > 2), None)
    cell = cell or next(iter(cells), None)
    example = ""
    if cell:
        counts = cell.tally.by_status
        parts = [
            gettext("%(status)s %(number)s") % {"status": WORDS[status], "number": counts[status]}
            for status in JUDGED
            if counts[status]
        ]
        example = gettext("%(rule)s: %(parts)s; together %(judged)s") % {
            "rule": cell.column.title,
            "parts": listed(parts),
            "judged": cell.tally.judged,
        }
    return Formula(
        "judged",
        gettext("Who owes a rule"),
        gettext(
            "met + missed + due soon + behind + on track; not those to whom it does not apply, not "
            "those of whom it is not known, and nothing that is merely shown"
        ),
        gettext("What every rate is of; the list by name is one click away"),
        example,
        _expected(cell),
    )


def _expected(cell: Cell | None) -> str:
    return reverse("assessment:expected", args=[cell.column.rule.id]) if cell else ""


def _progress(cells: list[Cell]) -> Formula:
    cell = next((cell for cell in cells if cell.tally.target > cell.tally.done > 0), None)
    example = ""
    if cell:
        example = gettext("%(rule)s: %(done)s × 100 ÷ %(target)s, rounded down: %(progress)s%%") % {
            "rule": cell.column.title,
            "done": plain(cell.tally.done),
            "target": plain(cell.tally.target),
            "progress": cell.tally.progress,
        }
    return Formula(
        "progress",
        gettext("Progress of several units together"),
        gettext(
            "what each has done, at most what it owes, added up, × 100 ÷ what all owe, rounded "
            "down: nobody's surplus hides what another lacks"
        ),
        gettext("Sums over streets and the county"),
        example,
        _expected(cell),
    )


def _find(rows: Iterable[Row], wanted: Callable[[Row], bool]) -> Row | None:
    return next((row for row in rows if wanted(row)), None)


def _share(rows: list[Row], names: Names) -> Formula:
    row = _find(rows, lambda row: row.rule.who.is_person and row.value < row.target)
    row = row or _find(rows, lambda row: row.rule.who.is_person)
    example, url = "", ""
    if row:
        words = ngettext(
            "%(rule)s, %(unit)s: %(value)s of %(target)s person",
            "%(rule)s, %(unit)s: %(value)s of %(target)s persons",
            plural(row.target),
        )
        example = words % {
            "rule": Column(row.rulebook, row.rule).title,
            "unit": names.get(row.unit, row.subject),
            "value": plain(row.value),
            "target": plain(row.target),
        }
        url = _why(row)
    return Formula(
        "share",
        gettext("Persons of a unit"),
        gettext(
            "persons who have met it ÷ persons who owe it; the unit has met it when that is at "
            "least the share that the county has set (all of them, unless it says otherwise)"
        ),
        gettext("Rules that ask each person"),
        example,
        url,
    )


def _why(row: Row) -> str:
    url = reverse("assessment:rule", args=[row.subject, row.rule_id])
    is_calendar = row.period is not None and row.rule.cycle.is_calendar
    return f"{url}?period={row.period.first.isoformat()}" if is_calendar and row.period else url


def _pace(rows: list[Row], names: Names, on: date) -> Formula:
    def is_dated(row: Row) -> bool:
        measures = {Measure.COUNT, Measure.DAYS, Measure.KINDS}
        has_pace = row.rule.measure in measures and not row.rule.who.is_person
        return has_pace and row.period is not None and on in row.period and row.target > 1

    row = _find(rows, lambda row: is_dated(row) and row.status is Status.BEHIND)
    row = row or _find(rows, is_dated)
    example, url = "", ""
    if row and row.period:
        past = row.period.days_before(on)
        example = gettext(
            "%(rule)s, %(unit)s: %(target)s × %(past)s ÷ %(days)s, rounded down: %(expected)s by "
            "now; done: %(value)s"
        ) % {
            "rule": Column(row.rulebook, row.rule).title,
            "unit": names.get(row.unit, row.subject),
            "target": plain(row.target),
            "past": past,
            "days": len(row.period),
            "expected": plain(expected(row.target, past, len(row.period))),
            "value": plain(row.value),
        }
        url = _why(row)
    return Formula(
        "pace",
        gettext("What should be done by now"),
        gettext("what is owed × days wholly past ÷ days of the period, rounded down"),
        gettext("The difference between on track and behind"),
        example,
        url,
    )


def _part_of_a_year(rows: list[Row], names: Names) -> Formula:
    """Somebody who is short and owes less than a whole year's number, in the reader's own units."""
    example, url = "", ""
    for row in rows:
        number = row.rule.threshold.on(row.period.first) if row.period else None
        owed = next((item["target"] for item in row.short if _is_less(item, number)), None)
        if number is not None and owed is not None:
            example = gettext(
                "%(rule)s, %(unit)s: one person owes %(owed)s instead of %(number)s"
            ) % {
                "rule": Column(row.rulebook, row.rule).title,
                "unit": names.get(row.unit, row.subject),
                "owed": plain(Decimal(owed)),
                "number": plain(number),
            }
            url = _why(row)
            break
    return Formula(
        "part",
        gettext("Part of a year"),
        gettext(
            "the number × months in which the person is asked on any day ÷ 12, raised to the next "
            "half day (or whole number); months that are exempt as a whole do not count"
        ),
        gettext("Who joins, leaves or is exempt within a year"),
        example,
        url,
    )


def _is_less(item: Mapping[str, Any], number: Decimal | None) -> bool:
    return number is not None and "person" in item and Decimal(item["target"]) < number


def _credit(activity: Activity | None, hours_a_day: Decimal) -> Formula:
    example, url = "", ""
    if activity:
        hours = Decimal(int((activity.ends_at - activity.starts_at) / MINUTE)) / 60
        example = gettext(
            "%(topic)s: %(hours)s hours, %(per_day)s hours a day: %(days)s days; at 8 "
            "class-hours a day %(class_hours)s class-hours"
        ) % {
            "topic": activity.topic,
            "hours": plain(hours.quantize(Decimal("0.01"))),
            "per_day": plain(hours_a_day),
            "days": plain(activity.credit),
            "class_hours": plain(activity.credit * 8),
        }
        url = activity.get_absolute_url()
    return Formula(
        "credit",
        gettext("Days and class-hours"),
        gettext(
            "length ÷ hours that make a day, at most 1 for each date, to two decimals, half up, "
            "unless the record says otherwise; class-hours are days × the class-hours of a day "
            "that the rulebook names"
        ),
        gettext("Day credit of an activity; rules on days and class-hours"),
        example,
        url,
    )
