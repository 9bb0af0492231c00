"""Files of every sort: formats, encodings, and what is no spreadsheet at all."""

from __future__ import annotations

from datetime import date

from scripts.corpus.tools import (
    HEADINGS,
    PLAIN,
    case,
    id_number,
    person,
    roster,
    text,
    xls,
    xlsx,
)


@case("plain.xlsx")
def plain() -> bytes:
    return xlsx(roster(person(1, 出生日期=date(1980, 5, 12)), person(2)))


@case("macros.xlsm")
def macros() -> bytes:
    return xlsx(PLAIN)


@case("utf-8.csv")
def utf_8() -> bytes:
    return text(PLAIN).encode()


@case("utf-8-bom.csv")
def utf_8_bom() -> bytes:
    return text(PLAIN).encode("utf-8-sig")


@case("gb18030.csv")
def gb18030() -> bytes:
    return text(roster(person(1, 姓名="测𠮷镕"), person(2))).encode("gb18030")


@case("utf-16.txt")
def utf_16() -> bytes:
    return text(PLAIN, "\t").encode("utf-16")


@case("tabs.tsv")
def tabs() -> bytes:
    return text(PLAIN, "\t").encode()


@case("semicolons.csv")
def semicolons() -> bytes:
    return text(PLAIN, ";").encode()


@case("delimiter-line.csv")
def delimiter_line() -> bytes:
    return b"sep=;\r\n" + text(PLAIN, ";").encode()


@case("wrapped-numbers.csv")
def wrapped_numbers() -> bytes:
    rows = roster(
        person(1, 公民身份号码=f'="{id_number(1)}"'), person(2, 公民身份号码=f"\t{id_number(2)}")
    )
    return text(rows).encode("utf-8-sig")


@case("biff8.xls")
def biff8() -> bytes:
    return xls(roster(person(1, 出生日期=date(1980, 5, 12)), person(2)))


XML_CELL = '<Cell{0}><Data ss:Type="{1}">{2}</Data></Cell>'


@case("spreadsheetml.xls")
def spreadsheetml() -> bytes:
    """As WPS writes it: a merged title, a row that is left out, a day with its time."""
    heads = "".join(XML_CELL.format("", "String", name) for name in HEADINGS)
    day = XML_CELL.format("", "DateTime", "1980-05-12T00:00:00.000")
    row = "".join(
        day if place == 4 else XML_CELL.format("", "String", cell)
        for place, cell in enumerate(person(1))
    )
    number = XML_CELL.format(' ss:Index="9"', "Number", "13800000002")
    other = "".join(XML_CELL.format("", "String", cell) for cell in person(2)[:8]) + number
    title = XML_CELL.format(' ss:MergeAcross="8"', "String", "党员花名册")
    return f"""<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<CustomDocumentProperties xmlns="urn:schemas-microsoft-com:office:office">
<KSOProductBuildVer>2052-11.1.0.10000</KSOProductBuildVer></CustomDocumentProperties>
<Worksheet ss:Name="名册"><Table>
<Row>{title}</Row><Row>{heads}</Row><Row ss:Index="4">{row}</Row><Row>{other}</Row>
</Table></Worksheet></Workbook>""".encode()


@case("document-type.xls")
def document_type() -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY a "aaaa">]>'
    return head + spreadsheetml().split(b"?>", 1)[1]


@case("web-page.xls")
def web_page() -> bytes:
    cells = [["<td>" + str(cell) + "</td>" for cell in row] for row in PLAIN]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    page = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        "<style>td {mso-number-format:'\\@'}</style></head><body><table border=1>"
        f"<tr><td colspan=9>党员花名册<br>2026年</td></tr>{rows}</table></body></html>"
    )
    return page.encode("gb18030")


@case("web-page-without-table.xls")
def web_page_without_table() -> bytes:
    return "<html><body><p>请先登录。</p></body></html>".encode()


@case("counted-from-1904.xlsx")
def counted_from_1904() -> bytes:
    """The second day is a bare number: of 1904, as all of this workbook."""
    serial = (date(1980, 5, 12) - date(1904, 1, 1)).days
    people = roster(person(1, 出生日期=date(1980, 5, 12)), person(2, 出生日期=serial))
    return xlsx(people, date_1904=True)


@case("locked.xlsx")
def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")


@case("broken-off.xlsx")
def broken_off() -> bytes:
    return xlsx(PLAIN)[:-400]


@case("picture.xlsx")
def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(32)


@case("empty.xlsx")
def empty() -> bytes:
    return xlsx([])
