"""Records and meeting books as .docx, as offices file them: A4, Chinese type, lines to sign."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import docx
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from activities.books import Book
from activities.sheets import COMMA, Sheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT_FONT, TITLE_FONT = "仿宋", "黑体"
LATIN_FONT = "Times New Roman"
PAGE_WIDTH, PAGE_HEIGHT = Cm(21), Cm(29.7)
MARGINS = {"top": Cm(3), "bottom": Cm(2.5), "left": Cm(2.8), "right": Cm(2.6)}
LABEL_WIDTH, FACT_WIDTH = Cm(2.8), Cm(12.8)
MINUTES_HEIGHT = Cm(4)
"""Room to write by hand where nothing was typed."""
AIR = Pt(3)
"""Above and below the text of a cell."""
BARRED = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
"""Control characters, which XML can't hold."""


def write_record(sheet: Sheet) -> bytes:
    """One record as a document."""
    document = _new_document()
    _add_sheet(document, sheet, heading_level=0, bookmark="")
    return _bytes(document)


def write_book(book: Book) -> bytes:
    """A year's records as one document: a title page with the contents, then a page a record."""
    document = _new_document()
    _add_title(document, _("%(unit)s: meeting book of %(year)s") % _names(book), size=22)
    number = len(book.sheets)
    told = ngettext("%(count)s record", "%(count)s records", number) % {"count": number}
    _paragraph(document, told, align=WD_ALIGN_PARAGRAPH.CENTER)
    _add_contents(document, book.sheets)
    for number, sheet in enumerate(book.sheets, start=1):
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        _add_sheet(document, sheet, heading_level=1, bookmark=_mark(number))
    return _bytes(document)


def _names(book: Book) -> dict[str, Any]:
    return {"unit": book.unit.name, "year": book.year}


def _mark(number: int) -> str:
    return f"record{number}"


def _bytes(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _new_document() -> Any:
    """An empty A4 document in the type of official papers, with the page number at its foot."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", width)
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        font = TEXT_FONT if name == "Normal" else TITLE_FONT
        style.font.name = LATIN_FONT
        style.font.size = Pt(12 if name == "Normal" else 16)
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
        fonts.set(qn("w:hAnsi"), LATIN_FONT)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(footer, "PAGE", "1")
    return document


def _add_title(document: Any, text: str, *, size: int) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(_clean(text))
    run.font.size = Pt(size)
    run.font.bold = True
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TITLE_FONT)


def _paragraph(document: Any, text: str, *, align: Any = None) -> Any:
    paragraph = document.add_paragraph(_clean(text))
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _add_contents(document: Any, sheets: list[Sheet]) -> None:
    """The contents, each with the page that the word processor works out when it opens the file."""
    heads = (_("No."), _("day"), _("kinds"), _("topic"), _("page"))
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    _repeat_on_each_page(table.rows[0])
    for number, sheet in enumerate(sheets, start=1):
        cells = table.add_row().cells
        day = date_format(sheet.activity.first_day, "DATE_FORMAT")
        for cell, text in zip(
            cells, (str(number), day, sheet.kinds, sheet.activity.topic), strict=False
        ):
            cell.text = _clean(text)
        _add_field(cells[-1].paragraphs[0], f"PAGEREF {_mark(number)} \\h", "")
    _set_widths(table, (Cm(1.4), Cm(3.8), Cm(3.6), Cm(5.3), Cm(1.5)))
    document.add_paragraph()


def _add_sheet(document: Any, sheet: Sheet, *, heading_level: int, bookmark: str) -> None:
    title = _("%(unit)s: record of an activity") % {"unit": sheet.activity.unit.name}
    if heading_level:
        heading = document.add_heading(_clean(sheet.activity.topic), heading_level)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_bookmark(heading, bookmark)
    else:
        _add_title(document, title, size=18)
    rows = [
        *sheet.lines,
        (_("Who was present"), COMMA.join(sheet.present)),
        *sheet.away,
        (_("minutes"), sheet.activity.minutes),
    ]
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, text in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _clean(label), _clean(text)
        cells[0].paragraphs[0].runs[0].font.bold = True
    table.rows[-1].height = MINUTES_HEIGHT
    _set_widths(table, (LABEL_WIDTH, FACT_WIDTH))
    _paragraph(document, "")
    blank = "＿" * 5
    signs = (_("Chair (signature):"), _("Recorder (signature):"), _("Date:"))
    _paragraph(document, "　".join(f"{sign}{blank}" for sign in signs))


def _set_widths(table: Any, widths: Iterable[Any]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_before = AIR
                paragraph.paragraph_format.space_after = AIR


def _repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_bookmark(paragraph: Any, name: str) -> None:
    number = name.removeprefix("record")
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def _add_field(paragraph: Any, code: str, shown: str) -> None:
    """A field that the word processor fills; `dirty` asks it to do so when it opens the file."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.set(qn("w:dirty"), "true")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _clean(text: str) -> str:
    return text.translate(BARRED)
