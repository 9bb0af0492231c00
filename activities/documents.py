"""Records and meeting books as .docx, as offices file them: A4, Chinese type, lines to sign."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from activities.books import Book
from activities.sheets import Sheet
from organizations.typesetting import (
    add_field,
    add_paragraph,
    add_title,
    clean,
    keep_whole,
    keep_with_next,
    new_document,
    repeat_on_each_page,
    set_widths,
    to_bytes,
)
from organizations.wording import listed

LABEL_WIDTH, FACT_WIDTH = Cm(2.8), Cm(12.8)
MINUTES_HEIGHT = Cm(4)
"""Room to write by hand where nothing was typed."""
LONGEST_WHOLE = 500
"""Signs in a row that goes to the next page as a whole; a longer one is broken."""


def write_record(sheet: Sheet) -> bytes:
    """One record as a document."""
    document = new_document()
    _add_sheet(document, sheet)
    return to_bytes(document)


def write_book(book: Book) -> bytes:
    """A year's records as one document: a title page with the contents, then a page a record."""
    document = new_document()
    add_title(document, _("%(unit)s: meeting book of %(year)s") % _names(book), size=22)
    number = len(book.sheets)
    told = ngettext("%(count)s record", "%(count)s records", number) % {"count": number}
    add_paragraph(document, told, align=WD_ALIGN_PARAGRAPH.CENTER)
    _add_contents(document, book.sheets)
    for number, sheet in enumerate(book.sheets, start=1):
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _add_sheet(document, sheet, number=number)
    return to_bytes(document)


def _names(book: Book) -> dict[str, Any]:
    return {"unit": book.unit.name, "year": book.year}


def _mark(number: int) -> str:
    return f"record{number}"


def _add_contents(document: Any, sheets: list[Sheet]) -> None:
    """The contents, each with the page that the word processor works out when it opens the file."""
    heads = (_("No."), _("day"), _("kinds"), _("topic"), _("page"))
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    repeat_on_each_page(table.rows[0])
    for number, sheet in enumerate(sheets, start=1):
        row = table.add_row()
        keep_whole(row)
        cells = row.cells
        day = date_format(sheet.activity.first_day, "DATE_FORMAT")
        for cell, text in zip(
            cells, (str(number), day, sheet.kinds, sheet.activity.topic), strict=False
        ):
            cell.text = clean(text)
        add_field(cells[-1].paragraphs[0], f"PAGEREF {_mark(number)} \\h", "")
    set_widths(table, (Cm(1.4), Cm(3.8), Cm(3.6), Cm(5.3), Cm(1.5)))
    document.add_paragraph()


def _add_sheet(document: Any, sheet: Sheet, *, number: int | None = None) -> None:
    """A record; in a book it has a `number`, by which the contents find it."""
    title = _("%(unit)s: record of an activity") % {"unit": sheet.activity.unit.name}
    if number:
        heading = document.add_heading(f"{number}. {clean(sheet.activity.topic)}", 1)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_bookmark(heading, _mark(number))
    else:
        add_title(document, title, size=18)
    rows = [
        *sheet.lines,
        (_("Who was present"), listed(sheet.present)),
        *sheet.away,
        (_("minutes"), sheet.activity.minutes),
    ]
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in rows:
        row = table.add_row()
        cells = row.cells
        if len(text) <= LONGEST_WHOLE:
            keep_whole(row)
        cells[0].text, cells[1].text = clean(label), clean(text)
        cells[0].paragraphs[0].runs[0].font.bold = True
    table.rows[-1].height = MINUTES_HEIGHT
    set_widths(table, (LABEL_WIDTH, FACT_WIDTH))
    if len(sheet.activity.minutes) <= LONGEST_WHOLE:
        keep_with_next(table.rows[-1])  # whoever signs has something above the name
    add_paragraph(document, "").paragraph_format.keep_with_next = True
    blank = "＿" * 5
    signs = (_("Chair (signature):"), _("Recorder (signature):"), _("Date:"))
    add_paragraph(document, "　".join(f"{sign}{blank}" for sign in signs))


def _add_bookmark(paragraph: Any, name: str) -> None:
    number = name.removeprefix("record")
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)
