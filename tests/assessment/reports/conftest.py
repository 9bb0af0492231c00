"""A street with members and records made by hand, and reports on it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pypdf
import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from assessment.reports.asked import Asked
from assessment.reports.choices import ReportForm, ReportKind
from assessment.reports.making import write

TODAY = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def make(street_secretary, street):
    """A report's bytes: on the street in 2026 as of TODAY, unless told otherwise."""

    def made(kind=ReportKind.WORK, form=ReportForm.DOCX, *, unit=street, user=None, **more):
        given = {"year": 2026, "quarter": None, "today": TODAY} | more
        return write(Asked(kind, unit, user=user or street_secretary, **given), form)

    return made


def words_of_docx(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def tables_of_docx(data: bytes) -> list[list[list[str]]]:
    document = docx.Document(BytesIO(data))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def sheets_of(data: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def words_of_pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)


def line_of(rows: list[list], first: str) -> list:
    """The line that begins with `first`."""
    return next(row for row in rows if row and row[0] == first)
