"""A large workbook is parsed by another process: the same comes of it, and nothing is left."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
import xlsxwriter

from organizations.spreadsheets import child_process, limits
from organizations.spreadsheets.cells import Sheet, SheetError
from organizations.spreadsheets.child_process import Parser
from organizations.spreadsheets.coming import Coming
from organizations.spreadsheets.reader import read_sheets
from tests.members.sheets import xlsx
from tests.organizations.test_spreadsheets import zipped

SECONDS = 20
"""In which a process ends that has nobody to work for."""


def workbook(rows: int = 2_500, *, has_error: bool = True) -> bytes:
    """Two sheets with all that a cell may be, the first one short."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    first = book.add_worksheet("说明")
    first.write_string(2, 1, "请填写下表")
    page = book.add_worksheet("名册")
    page.merge_range(0, 0, 0, 3, "党员名册")
    page.write_row(1, 0, ["姓名", "出生日期", "序号", "党员"])
    for number in range(2, rows):
        page.write_string(number, 0, f"张{number % 7}")
        page.write_datetime(number, 1, datetime(1985, 7, 1 + number % 30), days)  # noqa: DTZ001
        page.write_number(number, 2, number)
        page.write_boolean(number, 3, number % 2 == 0)
    if has_error:
        page.write_formula(5, 0, "=NA()", None, "#N/A")
    page.set_row(6, None, None, {"hidden": True})
    page.set_column(2, 2, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def complete(sheets: list[Sheet]) -> list[Sheet]:
    return [replace(sheet, rows=list(sheet.rows)) for sheet in sheets]


@pytest.fixture
def apart(monkeypatch):
    """Every workbook counts as a large one; returns the processes and pipes that were used."""
    started = []

    class Watched(Parser):
        def __init__(self, data: bytes) -> None:
            super().__init__(data)
            started.append((self.process, self.told))

    monkeypatch.setattr(limits, "APART", 0)
    monkeypatch.setattr(child_process, "Parser", Watched)
    return started


def test_the_same_is_read_here_and_apart(apart, monkeypatch):
    data = workbook()
    there = complete(read_sheets(data))
    monkeypatch.setattr(limits, "APART", limits.MAX_BYTES)

    here = complete(read_sheets(data))

    assert there == here
    assert [sheet.name for sheet in here] == ["说明", "名册"]
    assert here[1].rows[5][0] == "#N/A"
    assert here[1].rows[2][1] == date(1985, 7, 3)
    assert [type(cell) for cell in here[1].rows[7]] == [type(c) for c in there[1].rows[7]]
    assert len(apart) == 1


def test_the_first_rows_are_there_before_the_last(apart):
    *_, sheet = read_sheets(workbook(has_error=False))
    ((process, pipe),) = apart

    assert sheet.rows[1][0] == "姓名"
    assert not pipe.closed
    assert len(sheet.rows) == 2_500
    assert pipe.closed
    assert process.returncode is not None


def test_nothing_is_left_when_nobody_wants_the_rest(apart):
    sheets = read_sheets(workbook(has_error=False))
    ((process, pipe),) = apart
    assert sheets[1].rows[0][0] == "党员名册"
    assert not pipe.closed

    del sheets

    assert pipe.closed
    assert process.returncode is not None


def test_a_process_whose_reader_is_gone_ends_by_itself():
    parser = Parser(workbook())

    parser.told.close()

    assert parser.process.wait(SECONDS) >= 0  # and was not killed
    parser.timer.cancel()


def test_what_is_found_in_the_look_through_ends_the_process(apart):
    far = zipped(
        xl__workbook_xml=b"<workbook/>",
        xl__worksheets__sheet1_xml=b'<c r="XFD1048576"><v>1</v></c>',
    )

    with pytest.raises(SheetError) as refused:
        read_sheets(far)

    assert refused.value.problem.code == "too_many_rows"
    assert apart[0][0].returncode is not None


def test_a_workbook_that_the_parser_can_not_read_is_refused(apart):
    with pytest.raises(SheetError) as refused:
        read_sheets(zipped(xl__workbook_xml=b"<workbook>"))

    assert refused.value.problem.code == "file_damaged"
    assert apart[0][0].returncode is not None


def test_the_parser_stops_where_an_entry_says_that_it_ends():
    data = workbook(has_error=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("xl/worksheets/sheet2.xml").file_size
    lying = data.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != data

    with pytest.raises(SheetError) as refused:
        child_process.read_apart(lying)

    assert refused.value.problem.code == "file_damaged"


def test_a_process_that_takes_too_long_is_ended(apart, monkeypatch):
    monkeypatch.setattr(limits, "CHILD_SECONDS", 0)

    with pytest.raises(SheetError) as refused:
        complete(read_sheets(xlsx([["姓名"], ["张三"]])))

    assert refused.value.problem.code == "file_harmful"


# -- rows that still come ---------------------------------------------------
def test_only_so_many_blocks_are_waited_for_as_are_asked_for():
    taken = []
    blocks = ([taken.append(number) or [f"{number}"]] * 10 for number in range(5))  # type: ignore[func-returns-value]
    rows = Coming(blocks)

    assert rows[12] == ["1"]
    assert rows[5:15] == [["0"]] * 5 + [["1"]] * 5
    assert taken == [0] * 1 + [1] * 1
    assert len(rows) == 50
    assert rows[-1] == ["4"]


def test_empty_rows_at_the_end_are_none():
    assert list(Coming(iter([[["a"], [""]], [[None]], [[" "]]]))) == [["a"]]
    assert not Coming(iter([[[""]], [[None]]]))
    assert Coming(iter([[[""]], [["a"]]]))


def test_more_rows_than_a_sheet_may_have_are_refused_when_they_come(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 3)

    assert len(Coming(iter([[["a"]] * 3, [[""]] * 3]))) == 3
    with pytest.raises(SheetError):
        len(Coming(iter([[["a"]] * 3, [["b"]]])))
