"""A report as a page to print, and the same page as PDF."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.template.loader import render_to_string

from assessment.reports.paper import LONGEST_WHOLE, Paper, Words, cut, numbered

MOST_LINES = 2_000
"""Lines of one table in a PDF, which is laid out in memory."""
ON_A_PAGE = 500
"""Lines of one table in the browser."""
log = logging.getLogger(__name__)


class PdfUnavailable(Exception):
    """This machine lacks what PDF files are made with (pango)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line: its cells with whether each is a figure, and whether it is too long to move whole."""

    cells: list[tuple[str, bool]]
    is_long: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """One section, ready to be drawn."""

    heading: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    """Per cent of the table that each column takes, roughly."""
    lines: list[Drawn]
    is_dense: bool
    cut_at: int
    """After how many lines it ends though there are more; 0: it is whole."""


def leaves_of(paper: Paper, *, most: int = ON_A_PAGE) -> list[Leaf]:
    """The sections as a template draws them."""
    shown = (section for section in paper.sections if not section.in_workbook_only)
    leaves = []
    for number, section in enumerate(shown, start=1):
        table = section.table
        found = cut(table, most) if table else None
        leaves.append(
            Leaf(
                numbered(number, section.heading),
                section.notes,
                tuple(table.headings) if found and found.lines else (),
                _shares(table.widths) if table else (),
                [_drawn(line, table.figures) for line in found.lines] if found else [],
                bool(table and table.is_dense),
                most if found and found.is_cut else 0,
            )
        )
    return leaves


def _drawn(line: Words, figures: frozenset[int]) -> Drawn:
    cells = [(text, number in figures) for number, text in enumerate(line)]
    return Drawn(cells, max(map(len, line)) > LONGEST_WHOLE)


def _shares(widths: Any) -> tuple[int, ...]:
    """Per cent of the table's width, one at least."""
    whole = sum(widths)
    return tuple(max(1, width * 100 // whole) for width in widths)


def write_pdf(paper: Paper) -> bytes:
    """The report as PDF, its fonts in it. Raises PdfUnavailable."""
    if not pdf_is_possible():
        raise PdfUnavailable
    from weasyprint import CSS, HTML

    context = {"paper": paper, "leaves": leaves_of(paper, most=MOST_LINES)}
    page = render_to_string("reports/pdf.html", context)
    styles = CSS(Path(settings.BASE_DIR) / "static" / "report.css", url_fetcher=refuse)
    return HTML(string=page, url_fetcher=refuse).write_pdf(
        stylesheets=[styles],
        presentational_hints=True,  # the columns' widths
    )


def refuse(url: str, *_args: Any, **_more: Any) -> NoReturn:
    """Nothing is fetched for a report: all of it stands in the page."""
    raise ValueError(f"A report asked for {url[:80]}.")


@cache
def pdf_is_possible() -> bool:
    """Whether the libraries that lay out a PDF are there; asked once."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        log.warning("No PDF on this machine: %s", error)
        return False
    return True
