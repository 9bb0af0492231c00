"""Reads an .xls or .ods from standard input and writes its sheets as JSON: a process of its own.

These formats can't be checked for cells at absurd places before they are parsed, so they are
parsed where running out of memory hurts nobody. Run by `child_process.py`; imports nothing of the
portal. Leaves with 2 for a file that can't be read and 3 for one with a password.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from datetime import date, datetime
from typing import NoReturn

import python_calamine

MEMORY = 1024**3
SECONDS = 50


def main() -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        with python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            sheets = [
                read(workbook.get_sheet_by_name(meta.name), meta)
                for meta in workbook.sheets_metadata
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError:
        leave(3)
    except (python_calamine.CalamineError, MemoryError):
        leave(2)
    json.dump(sheets, sys.stdout, ensure_ascii=True, default=tagged)


def read(
    page: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata
) -> tuple[object, ...]:
    is_hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    rows = page.to_python(skip_empty_area=False)
    return meta.name, is_hidden, page.merged_cell_ranges or (), rows


def tagged(cell: object) -> object:
    """Dates, marked as such: JSON has none."""
    if isinstance(cell, datetime):
        return ["datetime", cell.isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    return str(cell)


def leave(code: int) -> NoReturn:
    sys.exit(code)


if __name__ == "__main__":
    main()
