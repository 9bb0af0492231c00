"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import re

import puremagic
from django.utils.translation import gettext as _

from activities.choices import FileSort
from activities.files import archives, compound
from activities.files.errors import FileRefused

PICTURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
OLD_OFFICE = {
    "WordDocument": FileSort.DOC,
    "Workbook": FileSort.XLS,
    "Book": FileSort.XLS,
    "PowerPoint Document": FileSort.PPT,
}
OLD_MACROS = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe)\b", re.IGNORECASE)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE = re.compile(rb"/(?:JavaScript|Launch)\b")
LOOK = 4096
"""How much of a file's beginning is searched for a page or a drawing in disguise."""


def picture_format(data: bytes) -> str | None:
    """JPEG, PNG or WEBP by the first bytes; None for anything else."""
    for magic, name in PICTURES.items():
        if data.startswith(magic) and (name != "WEBP" or data[8:12] == b"WEBP"):
            return name
    return None


def sort_of(data: bytes) -> FileSort:
    """What the file is. Raises FileRefused for what is not taken."""
    if not data:
        raise FileRefused(_("The file is empty. Please choose it again."))
    if picture_format(data):
        return FileSort.PHOTO
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return FileSort.PDF
    if data.startswith(archives.MAGIC):
        return _archive(data)
    if data.startswith(compound.MAGIC):
        return _old_office(data)
    raise FileRefused(_not_taken(data))


def _check_pdf(data: bytes) -> None:
    """Refuse one that is also a page or an archive, or that acts when it is opened."""
    after = data[data.rfind(b"%%EOF") + 5 :] if b"%%EOF" in data else None
    if after is None or after.strip(b"\r\n\t \0"):
        raise FileRefused(
            _("The PDF is damaged or holds something else besides. Please save it anew as a PDF.")
        )
    if MARKUP.search(data[:LOOK]):
        raise FileRefused(_("This is a web page with the name of a PDF. It is not taken."))
    unescaped = ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)
    if ACTIVE.search(data) or ACTIVE.search(unescaped):
        raise FileRefused(_("The PDF holds a script. Please print it into a new PDF."))


def _archive(data: bytes) -> FileSort:
    try:
        return FileSort(archives.kind_of(data))
    except archives.Refused as refused:
        raise FileRefused(_reasons()[str(refused)]) from None


def _old_office(data: bytes) -> FileSort:
    try:
        names = compound.names_in(data)
    except compound.Damaged:
        raise FileRefused(_reasons()["damaged"]) from None
    if "EncryptedPackage" in names:
        raise FileRefused(_reasons()["locked"])
    if names & OLD_MACROS:
        raise FileRefused(_reasons()["macros"])
    for name, sort in OLD_OFFICE.items():
        if name in names:
            return sort
    raise FileRefused(_reasons()["kind"])


def _reasons() -> dict[str, str]:
    """Why an Office file is not taken, in words."""
    return {
        "kind": _not_taken(b""),
        "damaged": _("The file is damaged. Please open it and save it again."),
        "harmful": _("The file is built in a way that could do harm. It is not taken."),
        "macros": _(
            "The file holds macros or programs. Please save it without them (.docx, .xlsx, .pptx)."
        ),
        "locked": _("The file has a password. Please save it without one."),
    }


def _not_taken(data: bytes) -> str:
    taken = _("Taken are photos (JPEG, PNG, WebP), PDF, OFD, Word, Excel and PowerPoint files.")
    seen = _seen_as(data)
    if not seen:
        return taken
    return _("By its content this is a “%(kind)s” file. %(taken)s") % {"kind": seen, "taken": taken}


def _seen_as(data: bytes) -> str:
    """The usual ending of such a file, as far as it is known."""
    if not data:
        return ""
    try:
        return puremagic.from_string(data[:LOOK]).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""
