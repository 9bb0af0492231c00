"""What units have, as rows of a workbook: one column for each thing that is written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from organizations.spreadsheets.writer import write_text

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 18


def fields_of(model: type[models.Model]) -> list[Any]:
    """What is written down of a thing: the columns of the workbook, and of a file to import."""
    return [field for field in model._meta.fields if field.name not in {"id", "unit"}]


def heading_of(field: Any) -> str:
    """What a column is called; “from” alone says too little at the head of one."""
    return _("Begun on") if field.name == "begun_on" else str(field.verbose_name)


def workbook(model: type[models.Model], rows: Iterable[Any], *, is_kept: bool) -> bytes:
    """The rows with their unit and, for what is kept, the day of this year's confirmation."""
    fields = fields_of(model)
    headings = [_("Code"), _("Unit"), *map(heading_of, fields)]
    if is_kept:
        headings.append(_("Confirmed on"))
    lines = (_line(row, fields, is_kept=is_kept) for row in rows)
    return write_text(headings, lines, widths=[WIDTH] * len(headings), frozen_columns=2)


def _line(row: Any, fields: list[Any], *, is_kept: bool) -> list[str]:
    line = [row.unit.code, row.unit.name, *(_said(row, field) for field in fields)]
    if is_kept:
        line.append(row.confirmation.on.isoformat() if row.confirmation else "")
    return line


def _said(row: Any, field: Any) -> str:
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
