"""The writer of workbooks: what goes in comes out of two readers, and nothing of it runs."""

import io

import openpyxl
import pytest
import python_calamine

from members.views import development, duties, floating, guests, terms, transfers
from members.views.ledgers import LedgerView
from organizations.spreadsheets.writer import LONGEST, write_text

HEADINGS = ["姓名", "号码"]
HOSTILE = [
    ["=cmd|'/c calc'!A1", "+86138"],
    ["@SUM(A1)", "-1"],
    ["\t=1+1", "520302199003070023"],
    ["第一行\n第二行", " 前后 "],
    ["𠮷田·阿依", "http://example.org/"],
    ["<b>&amp;</b>", "_x0041_"],
    ["0012", "1985.10"],
]


def written(rows, headings=HEADINGS):
    return write_text(headings, rows, widths=[10] * len(headings), frozen_columns=1)


def by_calamine(data):
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_both_readers_find_what_was_written_as_text():
    data = written(HOSTILE)

    assert by_calamine(data) == [HEADINGS, *HOSTILE]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found[:5] == HOSTILE[:5]


def test_what_no_cell_can_hold_is_left_out():
    signs = "".join(map(chr, [*range(32), 0x7F, 0xD800, 0xFFFE, 0xFFFF]))
    assert by_calamine(written([[f"前{signs}后", "x"]]))[1] == ["前\t\n\r后", "x"]


def test_a_text_too_long_for_a_cell_is_cut_not_refused():
    assert len(by_calamine(written([["字" * 40_000, ""]]))[1][0]) == LONGEST


def test_empty_cells_stay_empty_and_a_sheet_without_rows_has_its_headings():
    sheet = openpyxl.load_workbook(io.BytesIO(written([["", "x"]]))).active
    assert sheet["A2"].value is None
    assert by_calamine(written([])) == [HEADINGS]


def test_two_columns_of_one_heading_are_refused():
    with pytest.raises(ValueError, match="same heading"):
        written([["a", "b"]], ["姓名", "姓名"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_ledger_has_two_columns_of_one_heading(language):
    from django.utils import translation

    ledgers = [
        view
        for room in (development, duties, floating, guests, terms, transfers)
        for view in vars(room).values()
        if isinstance(view, type) and issubclass(view, LedgerView) and view.columns
    ]
    assert len(ledgers) >= 8
    with translation.override(language):
        for view in ledgers:
            headings = [str(column.heading) for column in view.columns]
            assert len(headings) == len(set(headings)), view


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        written([["a"]])
