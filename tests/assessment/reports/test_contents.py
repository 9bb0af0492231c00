"""What the reports say, against data made by hand."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.choices import Presence
from assessment.reports.choices import ReportForm, ReportKind
from assessment.reports.verdict_lines import MOST_NAMES
from assessment.verdict_rows import rows_of
from members.choices import FloatingCheckKind, Office, Stage
from organizations.models import Unit
from tests.assessment.reports.conftest import (
    TODAY,
    line_of,
    sheets_of,
    tables_of_docx,
    words_of_docx,
    words_of_pdf,
)
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    AttendanceFactory,
    FloatingCheckFactory,
    FloatingEntryFactory,
    MemberFactory,
    StandingSpellFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(community, neighbour):
    """Three members of one community and one of the other; one more has left the Party."""
    zhang = MemberFactory(
        unit=community,
        name="张三",
        sex="male",
        ethnicity="汉族",
        birth_date=date(1990, 10, 1),  # 35 until the last day of September
        education="大学专科",
        occupation="离退休人员",
        joined_on=date(2012, 11, 8),
        full_on=date(2013, 11, 8),
    )
    li = MemberFactory(
        unit=community,
        name="李四",
        sex="female",
        ethnicity="苗族",
        birth_date=date(1955, 1, 1),
        education="中等专科",
        occupation="企业职工",
        joined_on=date(1978, 12, 17),
    )
    wang = MemberFactory(
        unit=community, name="王五", stage=Stage.PROBATIONARY, joined_on=date(2026, 3, 1)
    )
    zhao = MemberFactory(unit=neighbour, name="赵六", sex="female", education="本科")
    gone = MemberFactory(unit=community, name="钱七")
    StandingSpellFactory(person=gone, standing="left", begun_on=date(2026, 2, 1))
    return {"zhang": zhang, "li": li, "wang": wang, "zhao": zhao, "gone": gone}


def test_members_are_counted_by_the_usual_groups_with_a_line_for_each_unit(make, people):
    sheets = sheets_of(make(ReportKind.MEMBERS, ReportForm.XLSX))

    first = sheets["一、类别、性别和民族"]
    head = next(row for row in first if row[0] == "组织" and row[1] == "党员总数")
    assert head[2:] == [
        "正式党员", "预备党员", "男", "女", "性别未登记", "汉族", "少数民族", "民族未登记",
    ]  # fmt: skip
    assert line_of(first, "合计")[1:] == [4, 3, 1, 1, 2, 1, 1, 1, 2]
    assert line_of(first, "河滨社区")[1:] == [3, 2, 1, 1, 1, 1, 1, 1, 1]
    assert line_of(first, "桥头社区")[1:4] == [1, 1, 0]
    assert line_of(first, "东街街道本级")[1] == 0


@pytest.mark.parametrize(
    ("sheet", "heading", "number"),
    [
        ("二、年龄", "31–35", 1),  # a birthday on the next day does not count yet
        ("二、年龄", "71岁及以上", 1),
        ("二、年龄", "未登记", 2),
        ("三、学历", "大学专科", 1),
        ("三、学历", "大学本科", 1),
        ("三、学历", "中专、职高、技校", 1),
        ("四、入党时间", "1949年10月至1978年12月17日", 1),
        ("四、入党时间", "2012年11月8日及以后", 2),
        ("五、工作岗位", "离退休人员", 1),
        ("五、工作岗位", "工人（工勤技能人员）", 1),
    ],
)
def test_each_member_falls_into_one_group(make, people, sheet, heading, number):
    rows = sheets_of(make(ReportKind.MEMBERS, ReportForm.XLSX))[sheet]

    head = next(row for row in rows if row[0] == "组织" and "党员总数" in row)
    total = line_of(rows, "合计")
    assert total[head.index(heading)] == number
    assert sum(total[2:]) == total[1] == 4


def test_the_past_is_counted_as_it_was(make, people):
    """In the first quarter of 2025 the one who left was still there, the newest not yet."""
    rows = sheets_of(make(ReportKind.MEMBERS, ReportForm.XLSX, year=2025, quarter=1))

    assert line_of(rows["一、类别、性别和民族"], "河滨社区")[1] == 3


def test_the_work_report_counts_what_the_pages_count(make, street, people, street_secretary):
    ActivityFactory(unit=street, kinds=["central_study"], on=date(2026, 2, 3), submitted=True)

    rows = rows_of(Unit.objects.visible_to(street_secretary), on=TODAY, rule_ids=["study-sessions"])
    said = [row.status.value for row in rows]
    table = tables_of_docx(make(quarter=None))[0]
    line = next(row for row in table if row[1] == "中心组学习次数")

    assert table[0][:4] == ["条款", "指标", "应完成", "已达标"]
    assert said.count("met") == 1
    assert line[2:5] == ["3", "1", str(said.count("missed"))]
    assert line[-1] == "东街街道"


def test_a_quarter_tells_of_its_own_periods_alone(make, community, people):
    for month in (2, 5, 8):
        ActivityFactory(unit=community, on=date(2026, month, 3), submitted=True)

    table = tables_of_docx(make(unit=community, quarter=2))[0]

    monthly = [row[2:4] for row in table if row[1] == "每月党员学习教育活动"]
    assert ["2026年5月", "已达标"] in monthly
    assert {period for period, _status in monthly} == {"2026年4月", "2026年5月", "2026年6月"}


@pytest.mark.parametrize(
    ("quarter", "today", "status"),
    [
        (1, date(2026, 3, 31), "即将到期"),
        (1, date(2026, 4, 1), "未达标"),
        (None, date(2027, 1, 1), "未达标"),
    ],
)
def test_of_a_time_that_is_over_what_is_unmet_was_missed(
    make, community, people, quarter, today, status
):
    table = tables_of_docx(make(unit=community, quarter=quarter, today=today))[0]

    last = {1: "2026年3月", None: "2026年12月"}[quarter]
    (line,) = [row for row in table if row[1] == "每月党员学习教育活动" and row[2] == last]
    assert line[3] == status


def test_nobodys_training_is_due_soon_in_a_year_that_is_over(make, community, people):
    register = make(ReportKind.TRAINING, ReportForm.XLSX, today=date(2027, 1, 5))

    rows = next(rows for name, rows in sheets_of(register).items() if "集中教育" in name)
    assert {row[6] for row in rows if row[0] in (1, 2, 3)} == {"未达标"}


def test_why_a_unit_has_not_met_a_rule_is_said_with_names(make, community, people):
    activity = ActivityFactory(
        unit=community, on=date(2026, 2, 3), credit=Decimal(6), submitted=True
    )
    AttendanceFactory(activity=activity, person=people["li"])

    words = words_of_docx(make(unit=community))

    assert "张三（0.00/6.00）" in words
    assert "李四（" not in words.split("党员集中教育活动天数")[-1].split("民主评议党员")[0]
    assert "钱七" not in words


def test_those_whom_there_is_no_room_to_name_are_counted_as_people(make, community):
    MemberFactory.create_batch(MOST_NAMES + 2, unit=community)

    words = words_of_docx(make(unit=community))

    assert "另有2人" in words
    assert "另有2项" not in words


def test_activities_are_summed_by_kind(make, community, people):
    both = ActivityFactory(
        unit=community,
        on=date(2026, 2, 3),
        kinds=["party_lecture", "themed_day"],
        credit=Decimal("0.5"),
        submitted=True,
    )
    AttendanceFactory(activity=both, person=people["li"])
    AttendanceFactory(activity=both, person=people["zhang"], presence=Presence.LEAVE)
    ActivityFactory(unit=community, on=date(2026, 2, 4))  # a draft does not count

    table = next(t for t in tables_of_docx(make()) if t[0][0] == "类别")

    assert table[1:] == [["主题党日", "1", "0.5", "1"], ["党课", "1", "0.5", "1"]]


def test_days_are_summed_to_the_hundredth(make, community):
    """Sixty times 0.13 is 7.79999999999999 where SQLite sums."""
    ActivityFactory.create_batch(
        60, unit=community, on=date(2026, 2, 3), credit=Decimal("0.13"), submitted=True
    )

    table = next(t for t in tables_of_docx(make()) if t[0][0] == "类别")

    assert table[1] == ["党员学习教育", "60", "7.8", "0"]


def test_the_register_of_activities_names_every_record_that_counts(make, community, people):
    held = ActivityFactory(
        unit=community, on=date(2026, 2, 3), topic="=春训", place="会议室", submitted=True
    )
    AttendanceFactory(activity=held, person=people["li"])
    AttendanceFactory(activity=held, person=people["zhang"], presence=Presence.ABSENT)
    ActivityFactory(unit=community, on=date(2025, 2, 3), topic="去年", submitted=True)

    rows = next(iter(sheets_of(make(ReportKind.ACTIVITIES, ReportForm.XLSX)).values()))
    line = next(row for row in rows if row[0] == 1)

    assert line[1:] == [
        date(2026, 2, 3),
        "河滨社区",
        "党员学习教育",
        "=春训",
        "会议室",
        "",
        2,
        1,
        0.38,
    ]
    assert not any("去年" in row for row in rows)


def test_the_training_register_says_who_has_how_many_days_of_which_kind(make, street):
    cadre = MemberFactory(unit=street, name="孙八")
    AppointmentFactory(person=cadre, unit=street, office=Office.STREET_CADRE)
    held = ActivityFactory(
        unit=street,
        on=date(2026, 2, 3),
        kinds=["staff_training"],
        credit=Decimal("2.5"),
        submitted=True,
    )
    AttendanceFactory(activity=held, person=cadre)

    words = sheets_of(make(ReportKind.TRAINING, ReportForm.XLSX))
    rows = next(rows for name, rows in words.items() if "街道干部和社区工作者培训天数" in name)
    line = next(row for row in rows if row[0] == 1)

    assert line[1:6] == ["东街街道", "孙八", 7, 2.5, 4.5]
    assert "干部培训2.5天" in line[-1]


def test_the_floating_ledger_holds_entries_of_the_time(make, community, people):
    entry = FloatingEntryFactory(
        person=people["zhang"],
        unit=community,
        place="广东深圳",
        certificate_number="GZ001",
        begun_on=date(2025, 5, 1),
    )
    FloatingCheckFactory(entry=entry, kind=FloatingCheckKind.REVIEW, done_on=date(2026, 5, 1))
    FloatingEntryFactory(person=people["li"], unit=community, ended_on=date(2025, 12, 31))

    table = tables_of_docx(make(ReportKind.FLOATING))[0]

    assert [row[1] for row in table[1:]] == ["张三"]
    assert {"广东深圳", "GZ001", "2026年5月1日"} <= set(table[1])


def test_a_report_shows_nothing_beyond_its_readers_reach(make, street, people, secretary):
    """The secretary of one community asks for the street: there is the community alone."""
    words = words_of_docx(make(ReportKind.MEMBERS, unit=street, user=secretary))

    assert "桥头社区" not in words
    assert "河滨社区" in words


@pytest.mark.parametrize("kind", ReportKind)
def test_every_report_comes_as_pdf_with_its_fonts_and_page_numbers(make, people, kind):
    data = make(kind, ReportForm.PDF)
    words = words_of_pdf(data)

    assert "东街街道" in words
    assert "负责人（签字）" in words
    assert "— 1 —" in words
    page = pypdf.PdfReader(BytesIO(data)).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/DescendantFonts" in font for font in fonts)  # embedded, sign by sign
    width, height = page.mediabox.width, page.mediabox.height
    assert (width > height) is (kind is not ReportKind.WORK)


@pytest.mark.parametrize("kind", ReportKind)
def test_every_document_repeats_its_headings_and_is_signed(make, people, community, kind):
    FloatingEntryFactory(person=people["li"], unit=community)
    ActivityFactory(unit=community, on=date(2026, 2, 3), submitted=True)
    data = make(kind)

    document = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
    assert "w:tblHeader" in document
    assert "负责人（签字）" in words_of_docx(data)
    assert "东街街道" in zipfile.ZipFile(BytesIO(data)).read("word/header1.xml").decode()
    assert document.count("w:cantSplit") >= document.count("<w:tbl>")


@pytest.mark.parametrize("kind", ReportKind)
def test_queries_do_not_grow_with_people_and_records(make, community, kind):
    def fill(number):
        for _ in range(number):
            person = MemberFactory(unit=community)
            FloatingEntryFactory(person=person, unit=community)
            held = ActivityFactory(unit=community, on=date(2026, 2, 3), submitted=True)
            AttendanceFactory(activity=held, person=person)

    fill(1)
    make(kind)  # rulebooks and permissions are read once
    with CaptureQueriesContext(connection) as few:
        make(kind)
    fill(29)
    with CaptureQueriesContext(connection) as many:
        make(kind)

    assert len(many) == len(few)
