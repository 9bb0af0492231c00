"""The files as office programs open them: parts, order, fonts, paper, and what stays together."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest
from lxml import etree

from assessment.reports.choices import ReportForm, ReportKind
from tests.factories import ActivityFactory, FloatingEntryFactory, MemberFactory

pytestmark = pytest.mark.django_db
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ORDER_OF_TABLE = ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]


@pytest.fixture
def held(community):
    people = [MemberFactory(unit=community, name=f"成员{number}") for number in range(40)]
    FloatingEntryFactory(person=people[0], unit=community)
    ActivityFactory(unit=community, on=date(2026, 2, 3), submitted=True)


def part(data, name):
    return etree.fromstring(zipfile.ZipFile(BytesIO(data)).read(name))


@pytest.mark.parametrize("kind", ReportKind)
def test_a_document_holds_nothing_of_the_librarys_own(make, held, kind):
    data = make(kind)

    names = set(zipfile.ZipFile(BytesIO(data)).namelist())
    said = docx.Document(BytesIO(data)).core_properties
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]
    assert "word/stylesWithEffects.xml" not in names
    assert (said.author, said.comments) == ("基层党组织工作平台", "")
    assert said.created.year >= 2026


@pytest.mark.parametrize("kind", ReportKind)
def test_what_says_how_a_table_looks_stands_in_the_order_of_the_schema(make, held, kind):
    tables = list(part(make(kind), "word/document.xml").iter(f"{W}tblPr"))

    assert tables
    for table in tables:
        found = [child.tag.removeprefix(W) for child in table]
        assert found == sorted(found, key=ORDER_OF_TABLE.index)


def test_every_sign_of_a_document_has_a_chinese_font(make, held):
    data = make()

    styles = part(data, "word/styles.xml")
    usual = {
        style.get(f"{W}styleId"): fonts.get(f"{W}eastAsia")
        for style in styles.iter(f"{W}style")
        for fonts in style.iter(f"{W}rFonts")
    }
    assert usual["Normal"] == "仿宋"
    for run in part(data, "word/document.xml").iter(f"{W}r"):
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert fonts is None or fonts.get(f"{W}eastAsia") in ("仿宋", "黑体")


def test_the_lines_to_sign_never_stand_on_a_page_alone(make, held):
    body = part(make(), "word/document.xml").find(f"{W}body")
    table, signed = list(body)[-3:-1]

    assert "负责人（签字）" in "".join(signed.itertext())
    last = list(table.iter(f"{W}tr"))[-1]
    assert all(said.find(f"{W}pPr/{W}keepNext") is not None for said in last.iter(f"{W}p"))


def test_a_line_too_long_to_move_whole_may_break(make, community, held):
    rows = list(part(make(unit=community), "word/document.xml").iter(f"{W}tr"))

    assert len(rows) > 20
    for row in rows:
        longest = max(len("".join(cell.itertext())) for cell in row.iter(f"{W}tc"))
        assert (row.find(f"{W}trPr/{W}cantSplit") is None) is (longest > 120)
    assert any(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows)


@pytest.mark.parametrize("kind", ReportKind)
def test_a_workbook_prints_on_a4_with_widths_and_headings_on_each_page(make, held, kind):
    data = make(kind, ReportForm.XLSX)

    book = part(data, "xl/workbook.xml")
    titles = [name for name in book.iter(f"{S}definedName") if "Print_Titles" in name.get("name")]
    sheets = [
        part(data, name)
        for name in zipfile.ZipFile(BytesIO(data)).namelist()
        if name.startswith("xl/worksheets/sheet")
    ]
    assert titles
    for sheet in sheets:
        paper = sheet.find(f"{S}pageSetup")
        wide = sum(float(col.get("width")) for col in sheet.iter(f"{S}col"))
        assert wide > 0
        assert paper.get("paperSize") == "9"
        assert paper.get("fitToHeight") == "0"
        if wide > 110:  # what A4 upright holds without shrinking
            assert paper.get("orientation") == "landscape"


def test_a_report_on_one_unit_does_not_name_it_in_every_line(make, community, held):
    document = docx.Document(BytesIO(make(unit=community)))
    headings = [[cell.text for cell in table.rows[0].cells] for table in document.tables]

    assert ["条款", "指标", "期限", "状态", "缺少事项"] in headings
    assert not [row for row in headings if row[0] == "组织"]


def test_no_line_of_a_table_is_left_alone_on_a_page(make, held):
    """The headings hold on to the first line, and the last but one to the last."""
    for table in part(make(), "word/document.xml").iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        kept = [bool(list(row.iter(f"{W}keepNext"))) for row in rows]
        assert kept[0]
        assert all(kept[-2:-1])
        if len(rows) > 5:
            assert not all(kept)


def test_days_of_a_workbook_can_be_reckoned_with_and_numbers_keep_their_zeros(make, community):
    person = MemberFactory(unit=community, name="张三")
    FloatingEntryFactory(
        person=person, unit=community, begun_on=date(2026, 1, 5), certificate_number="00123"
    )

    sheet = openpyxl.load_workbook(BytesIO(make(ReportKind.FLOATING, ReportForm.XLSX))).active
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}

    day = next(cell for value, cell in cells.items() if str(value) == "2026-01-05 00:00:00")
    assert (day.is_date, day.number_format) == (True, 'yyyy"年"m"月"d"日"')
    assert (cells["00123"].data_type, cells["00123"].number_format) == ("s", "@")


def test_the_headings_of_a_sheet_are_shown_whole(make, held):
    """The row is as high as its longest heading asks for."""
    sheet = part(make(ReportKind.MEMBERS, ReportForm.XLSX), "xl/worksheets/sheet4.xml")
    heights = {row.get("r"): float(row.get("ht")) for row in sheet.iter(f"{S}row") if row.get("ht")}
    titles = part(make(ReportKind.MEMBERS, ReportForm.XLSX), "xl/workbook.xml")
    repeated = next(
        name.text
        for name in titles.iter(f"{S}definedName")
        if "Print_Titles" in name.get("name") and name.get("localSheetId") == "3"
    )

    assert heights[repeated.rpartition("$")[2]] > 30


def test_the_page_number_stands_between_dashes(make, held):
    names = zipfile.ZipFile(BytesIO(make())).namelist()
    footer = part(make(), next(name for name in names if "footer" in name))

    assert "".join(footer.itertext()).strip() == "— 1 —"
