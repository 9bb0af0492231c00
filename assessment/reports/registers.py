"""The floating ledger and the register of activities, line by line from the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from activities.choices import ATTENDED
from activities.models import Activity
from assessment.phrases import plain
from assessment.reports.asked import Asked
from assessment.reports.identifiers import id_numbers
from assessment.reports.paper import Cell, Line, Section, Table, counted
from members.ledgers import FLOATING, said
from members.models import FloatingEntry
from organizations.wording import listed

A_READ = 500
EVERY = 200
"""Lines after which it is told how far a register is."""


def activities(asked: Asked) -> Iterator[Section]:
    """What counts of the time, from the first day to the last."""
    own = Activity.objects.visible_to(asked.user).under(asked.unit.path).counted()
    own = own.beginning(asked.period.first, asked.as_of).order_by("starts_at", "pk")
    rows = own.select_related("unit").annotate(
        expected=Count("attendances"),
        here=Count("attendances", filter=Q(attendances__presence__in=sorted(ATTENDED))),
    )
    headings = (
        _("No."), _("Day"), _("Host"), _("Kinds"), _("Topic"), _("Place"), _("Chair"),
        _("Expected"), _("Present"), _("Days"),
    )  # fmt: skip
    yield Section(
        _("Records that count"),
        _nothing(own, _("No record of this time counts.")),
        Table(
            headings,
            counted(
                map(_activity_line, rows.iterator(chunk_size=A_READ)),
                _progress(asked, own),
                every=EVERY,
            ),
            (3, 8, 11, 9, 16, 8, 6, 4, 4, 4),
            frozenset({0, 1, 7, 8, 9}),
        ),
    )


def _activity_line(activity: Any) -> Line:
    return (
        activity.first_day,
        activity.unit.name,
        listed(kind.name for kind in activity.kinds),
        activity.topic,
        activity.place,
        activity.chair,
        str(activity.expected),
        str(activity.here),
        plain(activity.credit),
    )


def floating(asked: Asked) -> Iterator[Section]:
    """Every entry that was open on some day of the time."""
    own = FloatingEntry.objects.visible_to(asked.user).under(asked.unit.path)
    own = own.overlapping(asked.period.first, asked.as_of)
    rows = own.with_last_checks().select_related("person", "unit")
    rows = rows.order_by("unit__path", "person__pinyin", "pk")
    number = (_("ID number"),) if asked.with_identifiers else ()
    name, *others = (str(column.heading) for column in FLOATING)
    yield Section(
        _("Entries of this time"),
        _nothing(own, _("No member of these units floats out or in.")),
        Table(
            (_("No."), name, *number, *others),
            counted(
                _entries(asked, rows.iterator(chunk_size=A_READ)),
                _progress(asked, own),
                every=EVERY,
            ),
            (3, 5, *((15,) if number else ()), 4, 6, 8, 11, 11, 10, 6, 6, 6, 5, 11, 11),
            frozenset({0}),
        ),
    )


def _entries(asked: Asked, rows: Iterable[Any]) -> Iterator[Line]:
    rows = iter(rows)
    while some := list(islice(rows, A_READ)):
        numbers = id_numbers(asked, [row.person_id for row in some])
        for row in some:
            name, *others = (_shown(column.show(row)) for column in FLOATING)
            number = (numbers.get(row.person_id, ""),) if asked.with_identifiers else ()
            yield (name, *number, *others)


def _shown(value: Any) -> Cell:
    """A day as it is, all else in words."""
    return value if isinstance(value, date) else said(value)


def _nothing(rows: Any, words: str) -> tuple[str, ...]:
    return () if rows.exists() else (words,)


def _progress(asked: Asked, rows: Any):
    """Tells how far a register is by its lines."""
    total = max(1, rows.count())
    return lambda number: asked.report(90 * number // total)
