"""What a file is, is seen from its content; what could harm is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest

from organizations.spreadsheets import limits, workbooks
from organizations.spreadsheets.cells import SheetError
from organizations.spreadsheets.messages import message
from organizations.spreadsheets.reader import read_sheets
from tests.members.sheets import as_csv, xlsx

ROWS = [["姓名", "备注"], ["张三", "一"], [], ["李四", "二"]]


def refusal(data: bytes) -> str:
    with pytest.raises(SheetError) as refused:
        read_sheets(data)
    assert message(refused.value.problem)
    return refused.value.problem.code


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        xlsx(ROWS),
        as_csv(ROWS),
        as_csv(ROWS, "utf-8-sig"),
        as_csv(ROWS, "gb18030"),
        as_csv(ROWS, "utf-16"),
        "姓名\t备注\n张三\t一\n\n李四\t二\n".encode(),
        "姓名;备注\r\n张三;一\r\n\r\n李四;二\r\n".encode(),
    ],
    ids=["xlsx", "utf-8", "bom", "gb18030", "utf-16", "tabs", "semicolons"],
)
def test_rows_stand_where_the_spreadsheet_program_shows_them(data):
    (only,) = read_sheets(data)

    assert only.rows[0][:2] == ["姓名", "备注"]
    assert only.rows[3][:2] == ["李四", "二"]
    assert len(only.rows) == 4


def test_an_old_workbook_is_read(shared_xls):
    (only,) = read_sheets(shared_xls)

    assert only.rows[0][:2] == ["姓名", "出生日期"]
    assert only.rows[1][1] == date(1985, 7, 1)


@pytest.fixture
def shared_xls() -> bytes:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("名册")
    page.write(0, 0, "姓名")
    page.write(0, 1, "出生日期")
    page.write(1, 0, "张三")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    page.write(1, 1, datetime(1985, 7, 1), day)  # noqa: DTZ001
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_empty_rows_above_the_table_are_counted():
    (only,) = read_sheets(xlsx([[], [], ["姓名"], ["张三"]]))

    assert only.rows[3][0] == "张三"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"  \n", "file_empty"),
        (b"%PDF-1.7 ...", "file_kind"),
        (b"\x89PNG\r\n\x1a\n\0\0", "file_kind"),
        (b"MZ\0\0\0\0", "file_kind"),
        (b"<html><p>x</p></html>", "file_markup"),
        (b"MIME-Version: 1.0\n", "file_markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_kind"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file_locked",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(600),
            "file_damaged",
        ),
        (b"PK\x03\x04 nothing more", "file_damaged"),
        (zipped(word__document_xml=b"<w/>"), "file_kind"),
        (xlsx([]), "sheet_empty"),
        (as_csv([["", ""], [" ", ""]]), "sheet_empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, code):
    assert refusal(data) == code


def test_a_truncated_workbook_is_refused():
    assert refusal(xlsx(ROWS)[:-200]) == "file_damaged"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=bytes(30 * 2**20))

    assert refusal(bomb) == "file_harmful"


def test_a_document_type_is_refused():
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook/>'

    assert refusal(zipped(xl__workbook_xml=evil)) == "file_harmful"


@pytest.mark.parametrize("place", [b"A2147483647", b"XFD1", b"A200001"])
def test_a_cell_at_an_absurd_place_is_refused(place):
    content = b'<worksheet><sheetData><row><c r="' + place + b'"><v>1</v></c></row></sheetData>'

    data = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=content)

    assert refusal(data) == "too_many_rows"


def test_empty_formatted_cells_far_away_do_no_harm():
    assert not workbooks.FAR_CELL.search(b'<row r="1048576"/><c r="XFD9" s="1"/>')


def test_too_many_bytes_or_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    assert refusal(as_csv([["a"], ["b"], ["c"]])) == "too_many_rows"

    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert refusal(b"0123456789a") == "file_too_large"
