"""The empty workbook of an import: the sheet to fill in, how to fill it in, and the units.

The sheets that explain bear a mark in a hidden first row; the import passes them over.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from members.roster import cleaning, days
from members.roster.columns import Column
from organizations.models import Unit
from organizations.spreadsheets.cells import Sheet
from organizations.spreadsheets.reader import read_sheets as read_all_sheets

VERSION = 1
"""Raised when a template of before would be read otherwise."""
MARK = "portal-template"
NAME = "portal_template"
ROWS_WITH_LISTS = 5_000
TEXT = "@"
FORMS = {
    days.clean_date: gettext_noop("A whole day: 1985-07-01, 1985.7.1 or 1985年7月1日."),
    cleaning.clean_id_number: gettext_noop(
        "18 characters, kept as text: a number loses its last digits in the spreadsheet program."
    ),
    cleaning.clean_phone: gettext_noop("11 digits, or an area code and a number."),
}
"""How a cell of each sort is written."""
UNIT_FORM = gettext_noop(
    "The code, or street and name as on the sheet of units; empty: the unit of the import."
)


@dataclass(frozen=True, slots=True)
class _Styles:
    text: Format
    bold: Format
    wrapped: Format
    title: Format


def write_template(
    columns: Sequence[Column], *, kind: str = "roster", units: Sequence[Unit] = ()
) -> bytes:
    """Headings, one example of an invented person, lists to choose from, and how to fill it in.

    With `units`, they are listed too, and offered where a row names its unit.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    workbook.define_name(NAME, f'="{kind} {VERSION}"')
    styles = _styles(workbook)
    to_fill = workbook.add_worksheet(_("To fill in"))
    _write_guide(workbook.add_worksheet(_("How to fill in")), columns, styles)
    offered = ""
    if units:
        sheet = workbook.add_worksheet(_("List of units"))
        last = _write_units(sheet, units, styles)
        offered = f"='{sheet.get_name()}'!$D$3:$D${last}"
    _write_columns(to_fill, columns, styles, offered)
    workbook.close()
    return buffer.getvalue()


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a file without those by which a template explains itself. Raises SheetError."""
    sheets = read_all_sheets(data)
    return [sheet for sheet in sheets if not _explains(sheet)] or sheets


def _explains(sheet: Sheet) -> bool:
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    return isinstance(first, str) and first.startswith(MARK)


def _styles(workbook: Workbook) -> _Styles:
    grey = {"bold": True, "bg_color": "#F2F2F2", "num_format": TEXT, "valign": "top"}
    return _Styles(
        text=workbook.add_format({"num_format": TEXT, "valign": "top"}),
        bold=workbook.add_format(grey),
        wrapped=workbook.add_format({"num_format": TEXT, "text_wrap": True, "valign": "top"}),
        title=workbook.add_format({"bold": True, "font_size": 14}),
    )


def _write_columns(
    sheet: Worksheet, columns: Sequence[Column], styles: _Styles, offered: str
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, styles.text)
        sheet.write_string(0, place, column.heading, styles.bold)
        source: list[str] | str = list(column.choices)
        if column.field == "unit":
            source = offered
        if source:
            allowed = {
                "validate": "list",
                "source": source,
                "ignore_blank": True,
                "show_error": column.field != "unit",  # a code is as good
            }
            sheet.data_validation(1, place, ROWS_WITH_LISTS, place, allowed)
        sheet.write_string(1, place, column.example, styles.text)
    sheet.freeze_panes(1, 0)


def _write_guide(sheet: Worksheet, columns: Sequence[Column], styles: _Styles) -> None:
    _mark(sheet)
    sheet.write_string(1, 0, _("How to fill in"), styles.title)
    row = 2
    for line in _rules():
        sheet.merge_range(row, 0, row, 4, line, styles.wrapped)
        sheet.set_row(row, 32)
        row += 1
    row += 1
    headings = (_("Column"), _("Required?"), _("Example"), _("Choices"), _("How it is written"))
    _write_row(sheet, row, headings, styles.bold)
    for column in columns:
        row += 1
        needed = _("required") if column.is_required else _("may be left out")
        cells = (
            column.heading,
            needed,
            column.example,
            "、".join(column.choices),
            " ".join(_forms(column)),
        )
        _write_row(sheet, row, cells, styles.wrapped)
    for place, width in enumerate((16, 12, 24, 36, 56)):
        sheet.set_column(place, place, width)


def _rules() -> list[str]:
    return [
        _("One row for each person or record, below the headings. The example is passed over."),
        _(
            "An empty cell, or one that says 无 or —, leaves what is on record as it is. Write 清空"
            " to clear a field that may be cleared."
        ),
        _("Nobody is removed for not standing in the file. Nothing is written before a preview."),
        _(
            "Columns may be left out, moved or added; headings in use such as 身份证号 are known."
            " Columns that are not known are asked about."
        ),
    ]


def _forms(column: Column) -> list[str]:
    forms = [FORMS[column.clean]] if column.clean in FORMS else []
    if column.field == "unit":
        forms.append(UNIT_FORM)
    if column.hint:
        forms.append(column.hint)
    told = [_(form) for form in forms]
    return [*told, _("清空 clears it.")] if column.may_be_cleared else told


def _write_units(sheet: Worksheet, units: Iterable[Unit], styles: _Styles) -> int:
    """The units with the name by which each is found without a doubt; the last row, from 1."""
    _mark(sheet)
    _write_row(sheet, 1, (_("Code"), _("Unit above"), _("Unit"), _("As in the list")), styles.bold)
    rows = [(unit.code, unit.parent.name if unit.parent else "", unit.name) for unit in units]
    times = Counter(above + name for _code, above, name in rows)
    number = 2
    for number, (code, above, name) in enumerate(rows, 2):
        full = above + name
        _write_row(
            sheet, number, (code, above, name, full if times[full] == 1 else code), styles.text
        )
    for place, width in enumerate((18, 30, 34, 52)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(2, 0)
    return number + 1


def _mark(sheet: Worksheet) -> None:
    """By this, and whatever its name, the import knows a sheet that explains."""
    sheet.write_string(0, 0, f"{MARK} {VERSION}")
    sheet.set_row(0, None, None, {"hidden": True})


def _write_row(sheet: Worksheet, row: int, cells: Iterable[str], style: Format) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(row, place, cell, style)
