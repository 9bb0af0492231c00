"""From what is asked for to the paper, and from the paper to the form that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessment.reports import members, registers, training, work
from assessment.reports.asked import Asked
from assessment.reports.choices import ReportForm, ReportKind
from assessment.reports.documents import write_document
from assessment.reports.pages import write_pdf
from assessment.reports.paper import Paper, Section
from assessment.reports.workbooks import write_workbook

CONTENTS: dict[ReportKind, Callable[[Asked], Iterator[Section]]] = {
    ReportKind.WORK: work.sections,
    ReportKind.MEMBERS: members.sections,
    ReportKind.ACTIVITIES: registers.activities,
    ReportKind.TRAINING: training.sections,
    ReportKind.FLOATING: registers.floating,
}
WRITERS: dict[ReportForm, Callable[[Paper], bytes]] = {
    ReportForm.DOCX: write_document,
    ReportForm.XLSX: write_workbook,
    ReportForm.PDF: write_pdf,
}


def paper_of(asked: Asked) -> Paper:
    """The report in words and tables; what it holds is read while it is drawn."""
    facts = (
        (_("Organisation"), asked.unit.name),
        (_("Time covered"), asked.period_name),
        (_("As of"), date_format(asked.as_of, "DATE_FORMAT")),
        (pgettext("a report", "Made on"), date_format(asked.today, "DATE_FORMAT")),
    )
    return Paper(
        title=_("%(what)s, %(period)s")
        % {"what": ReportKind(asked.kind).label, "period": asked.period_name},
        unit=asked.unit.name,
        facts=facts,
        sections=CONTENTS[ReportKind(asked.kind)](asked),
        signatures=(
            _("Responsible (signature):"),
            _("Filled in by (signature):"),
            _("Date:"),
        ),
        made_on=asked.today,
        is_wide=asked.kind != ReportKind.WORK,
    )


def write(asked: Asked, form: ReportForm) -> bytes:
    """The report as a file. Raises PdfUnavailable where there is no pango for a PDF."""
    return WRITERS[form](paper_of(asked))
