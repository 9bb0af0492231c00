"""Documents as .docx in the type of official papers: A4, Chinese fonts, page numbers, tables."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import docx
from django.utils import timezone
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT_FONT, TITLE_FONT = "仿宋", "黑体"
LATIN_FONT = "Times New Roman"
PAGE_WIDTH, PAGE_HEIGHT = Cm(21), Cm(29.7)
MARGINS = {"top": Cm(3), "bottom": Cm(2.5), "left": Cm(2.8), "right": Cm(2.6)}
AIR = Pt(3)
"""Above and below the text of a cell."""
NOT_OURS = {
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}
BARRED = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
"""Control characters, which XML can't hold."""


def to_bytes(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def new_document() -> Any:
    """An empty A4 document in the type of official papers, with the page number at its foot."""
    document = docx.Document()
    _make_ours(document)
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
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else signs stand as they do in Hong Kong
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("— ")
    add_field(footer, "PAGE", "1")
    footer.add_run(" —")
    return document


def _make_ours(document: Any) -> None:
    """Take out what the library's template brings along: a picture of another page, data of its
    own, and an author and a day of long ago, which an office program would show as this file's.
    """
    for part in (document.part.package, document.part):
        for key, link in list(part.rels.items()):
            if link.reltype in NOT_OURS:
                del part.rels[key]
    said = document.core_properties
    said.author = said.last_modified_by = str(_("Grassroots Party Portal"))
    said.created = said.modified = timezone.now().replace(tzinfo=None)
    said.comments = ""


def add_title(document: Any, text: str, *, size: int) -> None:
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(clean(text))
    run.font.size = Pt(size)
    run.font.bold = True
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), TITLE_FONT)


def set_widths(table: Any, widths: Iterable[Any]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_before = AIR
                paragraph.paragraph_format.space_after = AIR


def repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: Any) -> None:
    """The row is not broken at the end of a page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def keep_with_next(row: Any) -> None:
    """The row stands on the page of what follows it, unless that is longer than a page."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """A field that the word processor fills; `dirty` asks it to do so when it opens the file."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.set(qn("w:dirty"), "true")
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def clean(text: str) -> str:
    return text.translate(BARRED)


def add_paragraph(document: Any, text: str, *, align: Any = None) -> Any:
    paragraph = document.add_paragraph(clean(text))
    if align is not None:
        paragraph.alignment = align
    return paragraph
