"""What a report may be about, in which form it comes, and how far its making is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportKind(TextChoices):
    WORK = "work", _("Work report")
    MEMBERS = "members", _("Member statistics")
    ACTIVITIES = "activities", _("Register of activities")
    TRAINING = "training", _("Training register")
    FLOATING = "floating", _("Ledger of floating members")


ABOUT: dict[ReportKind, object] = {
    ReportKind.WORK: _(
        "Clause by clause what is met, what is not and why, what is due; activities, members, "
        "trainings; by unit below."
    ),
    ReportKind.MEMBERS: _(
        "By category, sex, ethnicity, age, education, time of joining, occupation and post."
    ),
    ReportKind.ACTIVITIES: _("Every record that counts, with who was expected and present."),
    ReportKind.TRAINING: _("Who owes how many days, and has how many, by kind."),
    ReportKind.FLOATING: _("Certificates, cards, and when they were looked through."),
}
"""What each holds, for those who choose."""

NAMES_PEOPLE = frozenset({ReportKind.TRAINING, ReportKind.FLOATING})
"""Which may hold ID numbers, where somebody who may see them asks for it."""


class ReportForm(TextChoices):
    DOCX = "docx", _("Document to edit (.docx)")
    XLSX = "xlsx", _("Workbook (.xlsx)")
    PDF = "pdf", _("PDF to print")


class ReportState(TextChoices):
    QUEUED = "queued", pgettext_lazy("report", "Waiting")
    RUNNING = "running", pgettext_lazy("report", "Being made")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")


class ReportFailure(TextChoices):
    INTERRUPTED = "interrupted", _("The work was broken off. Ask for it again.")
    FORBIDDEN = "forbidden", _("You may no longer see this unit, or the numbers asked for.")
    TOO_LONG = "too_long", _("It took too long. Choose a smaller unit or a shorter period.")
    NO_PDF = "no_pdf", _("PDF can't be made on this machine. Choose a document or a workbook.")
    ERROR = "error", _("An error came up, which the operators find in the log.")
