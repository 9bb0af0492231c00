"""What a file is, is seen from its content; what could harm is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

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


def test_hidden_rows_and_columns_and_failed_cells_of_an_old_workbook_are_known():
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("说明")
    page = book.add_sheet("名册")
    for row in range(4):
        page.write(row, 0, f"张{row}")
    page.row(2).hidden = True
    page.col(3).hidden = True
    page.row(1).set_cell_error(1, 0x2A)
    page.row(3).set_cell_boolean(1, True)
    buffer = io.BytesIO()
    book.save(buffer)

    (sheet,) = read_sheets(buffer.getvalue())

    assert sheet.hidden_rows == {2}
    assert sheet.hidden_columns == {3}
    assert sheet.rows[1][1] == "#N/A"
    assert sheet.rows[3][1] is True


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


@pytest.mark.parametrize("equals", [b'="', b"='", b' = "', b"\n=\t'"])
@pytest.mark.parametrize("place", [b"A2147483647", b"XFD1", b"A200001", b"BA1", b"AA1000000"])
def test_a_cell_at_an_absurd_place_is_refused(place, equals):
    cell = b"<c r" + equals + place + equals[-1:] + b"><v>1</v></c>"
    content = b"<worksheet><sheetData><row>" + cell + b"</row></sheetData>"

    data = zipped(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=content)

    assert refusal(data) == "too_many_rows"


def test_empty_formatted_cells_far_away_do_no_harm():
    assert not workbooks.FAR_CELL.search(b'<row r="1048576"/><c r="XFD9" s="1"/>')


def test_too_many_bytes_or_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    assert refusal(as_csv([["a"], ["b"], ["c"]])) == "too_many_rows"

    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert refusal(b"0123456789a") == "file_too_large"


# -- markup under the name of .xls ------------------------------------------------
SPREADSHEETML = """<?xml version="1.0"?>{before}
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{book}
<Worksheet ss:Name="名册"><Table>{rows}</Table></Worksheet></Workbook>"""
TEXT = '<Cell{0}><Data ss:Type="String">{1}</Data></Cell>'


def spreadsheetml(rows, *, before="", book="", encoding="utf-8"):
    return SPREADSHEETML.format(before=before, book=book, rows=rows).encode(encoding)


def test_xml_cells_stand_where_their_index_says():
    rows = (
        '<Column ss:Index="2" ss:Hidden="1"/><Row ss:Index="2">'
        + TEXT.format(' ss:MergeAcross="1"', "标题")
        + TEXT.format("", "备注")
        + '</Row><Row ss:Hidden="1">'
        + TEXT.format(' ss:Index="3"', "三")
        + '<Cell><Data ss:Type="Number">1.5</Data><Comment><ss:Data>批注</ss:Data></Comment></Cell>'
        + '<Cell><Data ss:Type="DateTime">1985-07-01T00:00:00.000</Data></Cell></Row>'
    )

    (only,) = read_sheets(spreadsheetml(rows))

    assert only.rows == [
        [],
        ["标题", None, "备注"],
        [None, None, "三", 1.5, datetime(1985, 7, 1)],  # noqa: DTZ001
    ]
    assert only.merges == ((1, 0, 1, 1),)
    assert (only.hidden_rows, only.hidden_columns) == ({2}, {1})


def test_xml_tells_from_where_it_counts_days():
    rows = "<Row>" + TEXT.format("", "姓名") + "</Row>"
    book = (
        '<ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel"><Date1904/></ExcelWorkbook>'
    )

    assert not read_sheets(spreadsheetml(rows))[0].counts_from_1904
    assert read_sheets(spreadsheetml(rows, book=book))[0].counts_from_1904


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_xml_is_refused_in_any_encoding(encoding):
    before = '<!DOCTYPE x [<!ENTITY a "b">]>'

    assert refusal(spreadsheetml("", before=before, encoding=encoding)) == "file_harmful"


@pytest.mark.parametrize(
    "rows",
    [
        '<Row ss:Index="2000000">' + TEXT.format("", "x") + "</Row>",
        "<Row>" + TEXT.format(' ss:Index="16384"', "x") + "</Row>",
        "<Row>" + TEXT.format(' ss:Index="99999999999999999999"', "x") + "</Row>",
    ],
)
def test_an_xml_cell_at_an_absurd_place_is_refused(rows):
    assert refusal(spreadsheetml(rows)) == "too_many_rows"


def test_broken_xml_is_refused():
    assert refusal(spreadsheetml("<Row>")) == "file_damaged"


def test_cells_of_a_web_page_that_span_rows_and_columns_keep_the_others_in_place():
    page = (
        "<table><tr><th rowspan=2>序号<th colspan=2>党员<br>情况</tr><tr><td>姓名<td>性别</tr>"
        "<tr style='display: none'><td>1<td>张&nbsp;三<td>男</table><p>完</p>"
    )

    (only,) = read_sheets(page.encode("gb18030"))

    assert only.rows == [
        ["序号", "党员\n情况"],
        [None, "姓名", "性别"],
        ["1", "张 三", "男"],
    ]
    assert only.merges == ((0, 0, 1, 0), (0, 1, 0, 2))
    assert only.hidden_rows == {2}


def test_each_table_of_a_web_page_is_a_sheet():
    page = b"<table><tr><td>a<table><tr><td>b</table><tr><td>c</table>"

    inner, outer = read_sheets(page)

    assert (inner.rows, outer.rows) == ([["b"]], [["a"], ["c"]])


@pytest.mark.parametrize("span", ["colspan=1000000000", "rowspan=1000000000", "colspan=-1"])
def test_absurd_spans_do_no_harm(span):
    (only,) = read_sheets(f"<table><tr><td {span}>a</table>".encode())

    assert only.rows == [["a"]]


# -- what the parser does not tell --------------------------------------------------
def test_hidden_rows_and_columns_merged_and_failed_cells_are_known():
    def arrange(sheet):
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.merge_range("A6:B7", "合并")
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B4", "=VLOOKUP(1,A:A,1)", None, "#N/A")

    (only,) = read_sheets(arranged(ROWS, arrange))

    assert (only.hidden_rows, only.hidden_columns) == ({3}, {1})
    assert only.merges == ((5, 0, 6, 1),)
    assert (only.rows[1][1], only.rows[3][1]) == ("#DIV/0!", "#N/A")


def arranged(rows, arrange):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    arrange(sheet)
    book.close()
    return buffer.getvalue()


def test_cells_of_an_open_document_repeated_without_end_do_no_harm():
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="9999">'
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0"'
        f' xmlns:text="{office}:text:1.0" xmlns:table="{office}:table:1.0">'
        "<office:body><office:spreadsheet>"
        '<table:table table:name="a"><table:table-row table:number-rows-repeated="9999999">'
        f"{cell}<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{office}:manifest:1.0"/>'

    data = zipped(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet",
        content_xml=content.encode(),
        **{"META-INF__manifest_xml": manifest.encode()},
    )

    assert refusal(data) in {"file_damaged", "too_many_rows"}
