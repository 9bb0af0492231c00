"""A report as .docx: A4, the fonts of official papers, headings that repeat on each page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assessment.reports.paper import (
    KEPT_TOGETHER,
    LONGEST_WHOLE,
    Paper,
    Section,
    Table,
    Words,
    cut,
    numbered,
)
from organizations.typesetting import (
    TEXT_FONT,
    TITLE_FONT,
    add_paragraph,
    add_title,
    clean,
    new_document,
    repeat_on_each_page,
    to_bytes,
)

MOST_LINES = 3_000
"""Lines of one table: beyond that a word processor is slow to open it, and nobody reads it."""
WIDE_MARGINS = {"top": Cm(2.4), "bottom": Cm(2), "left": Cm(1.8), "right": Cm(1.8)}
TABLE_SIZE = Pt(10.5)
WIDE_TABLE_SIZE = Pt(9)
DENSE_TABLE_SIZE = Pt(8)
FACTS_SIZE = Pt(10)
HEADING_SIZE = Pt(15)
TWIP = 635
"""A twentieth of a point, in the units that lengths are kept in."""
SIDE_AIR = "50"
CELL_AIR = "40"
"""Above and below the text of a cell, in twentieths of a point."""


def write_document(paper: Paper) -> bytes:
    """The whole report."""
    document = new_document()
    section = document.sections[0]
    if paper.is_wide:
        _lay_across(section)
    _run_head(section, paper.head)
    width = section.page_width - section.left_margin - section.right_margin
    add_title(document, paper.unit, size=18)
    add_title(document, paper.title, size=20)
    facts = "　".join(f"{label}：{text}" for label, text in paper.facts[1:])
    line = add_paragraph(document, facts, align=WD_ALIGN_PARAGRAPH.CENTER)
    line.runs[0].font.size = FACTS_SIZE
    line.paragraph_format.space_after = Pt(8)
    shown = (section for section in paper.sections if not section.in_workbook_only)
    for number, part in enumerate(shown, start=1):
        _add_section(document, part, number, width, is_wide=paper.is_wide)
    _sign(document, paper)
    return to_bytes(document)


def _lay_across(section: Any) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for side, width in WIDE_MARGINS.items():
        setattr(section, f"{side}_margin", width)


def _run_head(section: Any, text: str) -> None:
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(clean(text)).font.size = Pt(9)


def _add_section(
    document: Any, section: Section, number: int, width: int, *, is_wide: bool
) -> None:
    heading = document.add_heading(clean(numbered(number, section.heading)), 1)
    heading.runs[0].font.size = HEADING_SIZE
    heading.paragraph_format.space_before = Pt(14)
    heading.paragraph_format.space_after = Pt(6)
    for note in section.notes:
        paragraph = add_paragraph(document, note)
        paragraph.paragraph_format.first_line_indent = Pt(24)
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.keep_with_next = True
    if section.table is not None:
        size = WIDE_TABLE_SIZE if is_wide else TABLE_SIZE
        size = DENSE_TABLE_SIZE if section.table.is_dense else size
        _add_table(document, section.table, width, size)


def _add_table(document: Any, table: Table, width: int, size: Any) -> None:
    """The table, its lines put in as elements: python-docx's cells cost a thousand times more."""
    found = cut(table, MOST_LINES)
    if not found.lines:
        return
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    made.autofit = False
    _narrow_sides(made)
    whole = sum(table.widths)
    widths = [width * share // whole for share in table.widths]
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = wide
    body = made._tbl
    body.remove(made.rows[0]._tr)
    body.append(_row(table, table.headings, widths, size, is_head=True))
    for line in found.lines:
        body.append(_row(table, line, widths, size))
    _keep_ends_together(body)
    repeat_on_each_page(made.rows[0])
    if found.is_cut:
        words = _("Only the first %(number)s lines are here; the workbook holds all.")
        add_paragraph(document, words % {"number": MOST_LINES})


def _narrow_sides(made: Any) -> None:
    """Little room beside the text of each cell: columns of figures are narrow."""
    sides = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        _put(sides, f"w:{side}", w=SIDE_AIR, type="dxa")
    # A schema orders these: what says how the table looks comes last.
    made._tbl.tblPr.find(qn("w:tblLook")).addprevious(sides)


def _keep_ends_together(body: Any) -> None:
    """The headings and the first lines, and the last lines: none is left alone on a page."""
    rows = list(body.iter(qn("w:tr")))
    ends = {*range(KEPT_TOGETHER), *range(len(rows) - KEPT_TOGETHER, len(rows) - 1)}
    for place in ends & set(range(len(rows) - 1)):
        _keep_with_next(rows[place])


def _keep_with_next(element: Any) -> None:
    for paragraph in element.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()


def _row(table: Table, line: Words, widths: list[int], size: Any, *, is_head: bool = False) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    if max(map(len, line)) <= LONGEST_WHOLE:
        properties.append(OxmlElement("w:cantSplit"))
    row.append(properties)
    for number, (text, width) in enumerate(zip(line, widths, strict=True)):
        is_centred = is_head or number in table.figures
        row.append(_cell(text, width, size, is_centred=is_centred, is_head=is_head))
    return row


def _cell(text: str, width: int, size: Any, *, is_centred: bool, is_head: bool) -> Any:
    cell, properties = OxmlElement("w:tc"), OxmlElement("w:tcPr")
    _put(properties, "w:tcW", w=str(width // TWIP), type="dxa")
    _put(properties, "w:vAlign", val="center")
    cell.append(properties)
    paragraph, said = OxmlElement("w:p"), OxmlElement("w:pPr")
    for air in ("autoSpaceDE", "autoSpaceDN"):  # between figures and Chinese: columns are narrow
        _put(said, f"w:{air}", val="0")
    _put(said, "w:spacing", before=CELL_AIR, after=CELL_AIR, line="240", lineRule="auto")
    if is_centred:
        _put(said, "w:jc", val="center")
    paragraph.append(said)
    run, letters, words = OxmlElement("w:r"), OxmlElement("w:rPr"), OxmlElement("w:t")
    _put(letters, "w:rFonts", eastAsia=TITLE_FONT if is_head else TEXT_FONT)
    if is_head:
        letters.append(OxmlElement("w:b"))
    _put(letters, "w:sz", val=str(int(size.pt * 2)))
    words.text = clean(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(letters)
    run.append(words)
    paragraph.append(run)
    cell.append(paragraph)
    return cell


def _put(parent: Any, tag: str, **attributes: str) -> None:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)


def _sign(document: Any, paper: Paper) -> None:
    """Lines to sign, never on a page by themselves: the last line of a table goes with them."""
    before = list(document.element.body)[-2]
    rows = list(before.iter(qn("w:tr")))
    _keep_with_next(rows[-1] if rows else before)
    blank = "＿" * 4
    line = add_paragraph(document, "　　".join(f"{sign}{blank}" for sign in paper.signatures))
    line.paragraph_format.space_before = Pt(24)
    line.paragraph_format.keep_together = True
