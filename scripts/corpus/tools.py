"""What the small spreadsheets are made with: invented people, and writers of each format."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt

from members.roster.cleaning import check_digit

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "members" / "corpus"
MADE_ON = datetime(2026, 11, 23)  # noqa: DTZ001 -- the same bytes each time
HEADINGS = [
    "姓名",
    "公民身份号码",
    "性别",
    "民族",
    "出生日期",
    "学历",
    "人员类别",
    "加入党组织日期",
    "联系电话",
]
Rows = list[list[Any]]
CASES: dict[str, Callable[[], bytes]] = {}


def case(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register what makes a file of that name."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES[name] = make
        return make

    return register


def id_number(number: int, birth: str = "19800512") -> str:
    first17 = f"520399{birth}{number:03d}"
    return first17 + check_digit(first17)


def person(number: int, **cells: Any) -> list[Any]:
    """The cells of an invented member below HEADINGS; an odd number is a man."""
    usual = {
        "姓名": f"测试员{number}",
        "公民身份号码": id_number(number),
        "性别": "男" if number % 2 else "女",
        "民族": "苗族",
        "出生日期": "1980-05-12",
        "学历": "大学",
        "人员类别": "正式党员",
        "加入党组织日期": "2005-07-01",
        "联系电话": f"1380000{number:04d}",
    }
    return list((usual | cells).values())


def roster(*people: list[Any], headings: Sequence[str] = HEADINGS) -> Rows:
    return [list(headings), *people]


def column(heading: str, *cells: Any) -> Rows:
    """A roster whose people differ in one column, in the order of `cells`."""
    return roster(*(person(number, **{heading: cell}) for number, cell in enumerate(cells, 1)))


# -- writers ----------------------------------------------------------------
def xlsx(rows: Rows, *, arrange: Callable[[Any, Any], None] | None = None, **options: Any) -> bytes:
    """A workbook of one sheet; `arrange` may do more to it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    book.set_properties({"created": MADE_ON})
    put(book, book.add_worksheet("名册"), rows)
    if arrange:
        arrange(book, book.worksheets()[0])
    book.close()
    return buffer.getvalue()


def put(book: Any, sheet: Any, rows: Rows) -> None:
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, days)
            elif isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write(number, place, cell)


def xls(rows: Rows) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("名册")
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell, *([days] if isinstance(cell, date) else []))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(rows: Rows, delimiter: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


FILTERS = {"csv": "csv:Text - txt - csv (StarCalc):44,34,76"}
"""What LibreOffice is to be told besides the ending: commas, quotes, UTF-8."""


def libreoffice(rows: Rows, ending: str, **options: Any) -> Callable[[], bytes]:
    """The same sheet as LibreOffice writes it. Raises FileNotFoundError where there is none."""

    def make() -> bytes:
        program = shutil.which("soffice")
        if program is None:
            raise FileNotFoundError("soffice")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "in", "名册.xlsx")
            source.parent.mkdir()
            source.write_bytes(xlsx(rows, **options))
            home = f"-env:UserInstallation=file://{folder}/home"
            kind = FILTERS.get(ending, ending)
            command = [program, home, "--headless", "--convert-to", kind, "--outdir", folder]
            subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
            return Path(folder, f"名册.{ending}").read_bytes()

    return make


PLAIN = roster(person(1), person(2))
