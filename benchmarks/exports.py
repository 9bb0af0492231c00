"""Writers of workbooks against each other: a part of `make bench`, or by itself with `--rows`.

Every figure is taken in a process of its own. The floor is the least that a workbook of the same
cells asks for: its XML put together and packed, with no care for what a cell may hold. What each
writer wrote is read back by two readers and compared; that is not counted.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import openpyxl  # noqa: E402
import python_calamine  # noqa: E402
import xlsxwriter  # noqa: E402

from benchmarks.rosters import HEADINGS, person_row  # noqa: E402
from organizations.spreadsheets.writer import write_text  # noqa: E402

UNITS, TIMES = 40, 3
LOOKED_AT = 500
"""Rows that openpyxl, slow as it is, compares; calamine compares all."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Rows = list[list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=TIMES, help="the median of so many runs")
    parser.add_argument("--measure", choices=WRITERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(options.measure, options.rows)))
        return
    print(f"Export of {options.rows:,} rows of {len(HEADINGS)} columns, median of {options.times}")
    floor = None
    for name in WRITERS:
        answers = [_in_a_process(name, options.rows) for _ in range(options.times)]
        seconds = median(answer["seconds"] for answer in answers)
        floor = floor or seconds
        print(
            f"{name:24} {seconds:6.2f} s {seconds / floor:5.2f} x"
            f" {max(answer['megabytes'] for answer in answers):+5.0f} MB"
            f"  {answers[0]['size'] / 1e6:5.1f} MB file",
            flush=True,
        )


def _in_a_process(name: str, rows: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", name, "--rows", str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def measured(name: str, number: int) -> dict[str, float]:
    """Seconds and growth of memory of one writer; ends the process if it wrote something else."""
    rows = [person_row(place, f"单位{place % UNITS}") for place in range(1, number + 1)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    data = WRITERS[name](rows)
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if name != FLOOR:
        check(data, [list(HEADINGS), *rows])
    return {"seconds": seconds, "megabytes": grown, "size": len(data)}


def check(data: bytes, wanted: Rows) -> None:
    """Exits unless both readers find what was to be written."""
    read = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    if read.to_python() != wanted:
        sys.exit("calamine reads something else than was written")
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    lines = sheet.iter_rows(values_only=True, max_row=LOOKED_AT)
    if [[cell or "" for cell in line] for line in lines] != wanted[:LOOKED_AT]:
        sys.exit("openpyxl reads something else than was written")


def by_hand(rows: Rows) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack,
        pack.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
        for row in rows:
            cells = "".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row)
            sheet.write(f"<row>{cells}</row>".encode())
        sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


def with_rustpy(rows: Rows) -> bytes:
    """As the portal does it, what no cell can hold left out."""
    return write_text(HEADINGS, rows, widths=[14] * len(HEADINGS), frozen_columns=1)


def with_xlsxwriter(rows: Rows, *, mode: str = "in_memory") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {mode: True}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        for number, row in enumerate([HEADINGS, *rows]):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell, text)
    return file.getvalue()


def with_xlsxwriter_by_rows(rows: Rows) -> bytes:
    return with_xlsxwriter(rows, mode="constant_memory")


FLOOR = "by_hand"
WRITERS = {
    FLOOR: by_hand,
    "rustpy": with_rustpy,
    "xlsxwriter": with_xlsxwriter,
    "xlsxwriter_by_rows": with_xlsxwriter_by_rows,
}


if __name__ == "__main__":
    main()
