"""Office files that are zip archives, judged by their table of contents; nothing is unpacked. Pure.

Only the small entry that says what the archive holds is read, and no more of it than it may have.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from activities.files import limits

MAGIC = b"PK\x03\x04"
CONTENTS = "[Content_Types].xml"
CONTENTS_BYTES = 512 * 1024
MAIN = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
ACTIVE = re.compile(
    r"vbaProject|activeX|macrosheets|customUI|\.(?:exe|dll|js|jse|vbs|hta|bat|cmd|ps1|lnk)$", re.I
)
"""Entries that do something when the file is opened."""
END = struct.Struct("<4s4H2LH")


class Refused(ValueError):
    """Not an archive that is taken; the one argument says why: kind, damaged, harmful or macros."""


def kind_of(data: bytes) -> str:
    """docx, xlsx, pptx or ofd. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_frame(data, archive)
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _check_sizes(data, entries, names)
            if any(ACTIVE.search(name) for name in names):
                raise Refused("macros")
            if "OFD.xml" in names:
                return "ofd"
            if CONTENTS not in names:
                raise Refused("kind")
            return _office_kind(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise Refused("damaged") from error
    except (RuntimeError, OSError, UnicodeDecodeError) as error:
        raise Refused("damaged") from error


def _check_frame(data: bytes, archive: zipfile.ZipFile) -> None:
    """The archive is the whole file: nothing stands before it, and nothing follows."""
    end = data[-END.size :]
    if not data.startswith(MAGIC) or archive.comment or not end.startswith(b"PK\x05\x06"):
        raise Refused("harmful")
    *_counts, size, offset, _comment = END.unpack(end)
    if size + offset + END.size != len(data):
        raise Refused("harmful")


def _check_sizes(data: bytes, entries: list[zipfile.ZipInfo], names: set[str]) -> None:
    """By what the table says of each entry; entries that share their bytes are a bomb, too."""
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = any(
        entry.file_size > limits.RATIO_FROM
        and entry.file_size > limits.MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    leads_out = any(name.startswith("/") or ".." in name.split("/") for name in names)
    if (
        is_bomb
        or leads_out
        or len(names) < len(entries)
        or len(entries) > limits.MAX_ENTRIES
        or unpacked > limits.MAX_UNZIPPED
        or packed > len(data)
    ):
        raise Refused("harmful")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("locked")


def _office_kind(archive: zipfile.ZipFile) -> str:
    with archive.open(CONTENTS) as stream:
        contents = stream.read(CONTENTS_BYTES + 1)
    if len(contents) > CONTENTS_BYTES or b"<!DOCTYPE" in contents or b"<!ENTITY" in contents:
        raise Refused("harmful")
    if b"macroEnabled" in contents:
        raise Refused("macros")
    for mark, kind in MAIN.items():
        if mark in contents:
            return kind
    raise Refused("kind")
