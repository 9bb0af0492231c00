"""What is said of a file that can't be used as a whole, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from organizations.spreadsheets.cells import Problem

MESSAGES: dict[str, str] = {
    "file_too_large": gettext_noop("The file is larger than %(limit)s MB."),
    "file_empty": gettext_noop("The file is empty."),
    "file_kind": gettext_noop(
        "This is not a spreadsheet. Use an Excel workbook (.xlsx, .xlsm or .xls), an OpenDocument "
        "sheet (.ods) or a text file (.csv or .tsv)."
    ),
    "file_markup": gettext_noop(
        "This file is a web page or XML without a table. Open it in the spreadsheet program and "
        "save it as .xlsx."
    ),
    "file_locked": gettext_noop(
        "The workbook is locked with a password. Save it without one and try again."
    ),
    "file_damaged": gettext_noop(
        "The file is damaged. Open it in the spreadsheet program and save it again."
    ),
    "file_harmful": gettext_noop(
        "The file unpacks to an unreasonable size or holds forbidden parts, and was not read."
    ),
    "too_many_rows": gettext_noop("The sheet has more than %(limit)s rows or too many columns."),
    "sheet_empty": gettext_noop("The sheet is empty."),
}


def message(found: Problem) -> str:
    """The finding in the language that is active."""
    return gettext(MESSAGES[found.code]) % dict(found.params)
