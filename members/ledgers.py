"""A ledger as columns: one declaration for the page, the printed sheet and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.spreadsheets.writer import write_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and what a row shows in it. `is_mark` draws it as a badge."""

    heading: Any
    show: Callable[[Any], Any]
    is_mark: bool = False


ROOMY = 9
"""Columns up to which each day fits into one line of a desk's page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row shows in one column. `stays_whole`: a day, where there is room for it."""

    column: Column
    text: str
    href: str = ""
    stays_whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: the first cell is its heading."""

    row: Model
    cells: tuple[Cell, ...]


def said(value: Any, *, of_day: Callable[[date], str] = date_format) -> str:
    """`value` in words: a day as people write it, nothing as nothing."""
    if value is None:
        return ""
    return of_day(value) if isinstance(value, date) else str(value)


def line_of(row: Any, columns: Sequence[Column], href: str) -> Line:
    """`row` as cells; the first one leads to `href`, where there is one."""
    values = [column.show(row) for column in columns]
    has_room = len(columns) <= ROOMY
    cells = [
        Cell(column, said(value), href if number == 0 else "", has_room and isinstance(value, date))
        for number, (column, value) in enumerate(zip(columns, values, strict=True))
    ]
    return Line(row, tuple(cells))


def write_ledger(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """A workbook of `rows`: every cell a text, so that no cell is a formula; days in ISO form."""
    headings = [str(column.heading) for column in columns]
    cells = ([said(column.show(row), of_day=date.isoformat) for column in columns] for row in rows)
    return write_text(headings, cells, widths=[WIDTH] * len(columns), frozen_columns=1)


FLOATING = (
    Column(_("Name"), lambda row: row.person.name),
    Column(_("Direction"), lambda row: row.get_direction_display()),
    Column(_("Whereto or where from"), lambda row: row.place),
    Column(_("Kept by"), lambda row: row.unit.name),
    Column(_("Since"), lambda row: row.begun_on),
    Column(pgettext_lazy("last day", "Until"), lambda row: row.ended_on),
    Column(_("Activity certificate"), lambda row: row.certificate_number),
    Column(_("Contact card"), lambda row: row.contact_card),
    Column(_("Activity card"), lambda row: row.activity_card),
    Column(_("Feedback card"), lambda row: row.feedback_card),
    Column(_("Contact person"), lambda row: row.contact_person),
    Column(_("Cards reviewed on"), lambda row: row.last_review),
    Column(_("Situation noted on"), lambda row: row.last_situation),
)
"""The ledger of floating members, on its page and in a report."""
