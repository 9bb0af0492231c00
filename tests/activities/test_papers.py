"""What is printed: a record's sheet, the meeting book, and both as documents."""

import re
import zipfile
from datetime import date
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.choices import Presence
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    CoHostFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db
BOOK = "/activities/book/"


def held(unit, day, topic="三月党员大会", kinds=("members_meeting",), **more):
    day = date.fromisoformat(day)
    return ActivityFactory(unit=unit, on=day, topic=topic, kinds=kinds, submitted=True, **more)


def text_of(response) -> str:
    """All the words of a document, those in tables too."""
    document = docx.Document(BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def topics(response) -> list[str]:
    return [sheet.activity.topic for sheet in response.context["book"].sheets]


@pytest.fixture
def meeting(community, zhang, li):
    activity = held(community, "2026-03-10", minutes="学习文件。\n讨论发展党员。")
    AttendanceFactory(activity=activity, person=zhang)
    AttendanceFactory(activity=activity, person=li, presence=Presence.LEAVE)
    return activity


def test_the_sheet_says_how_many_were_expected_and_who_was_away_and_why(signed_in, meeting):
    page = signed_in.get(f"/activities/{meeting.pk}/print/").content.decode()

    assert "应到2人，实到1人" in page
    assert re.search(r"请假</th><td>李四</td>", page)


def test_the_document_holds_what_the_sheet_holds(signed_in, meeting):
    response = signed_in.get(f"/activities/{meeting.pk}/print/?as=docx")

    text = text_of(response)
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    for words in [
        "三月党员大会",
        "应到2人，实到1人",
        "张三",
        "李四",
        "讨论发展党员。",
        "主持人（签字）",
    ]:
        assert words in text


def test_a_record_out_of_reach_is_no_document_either(signed_in, neighbour):
    theirs = held(neighbour, "2026-03-10")

    assert signed_in.get(f"/activities/{theirs.pk}/print/?as=docx").status_code == 404


def test_a_control_character_in_the_minutes_does_not_spoil_the_document(signed_in, community):
    activity = held(community, "2026-03-10", minutes="一\x0b二\x01三")

    assert "一二三" in text_of(signed_in.get(f"/activities/{activity.pk}/print/?as=docx"))


def test_the_book_holds_the_years_meetings_in_order_those_of_co_hosts_too(
    signed_in, community, neighbour
):
    held(community, "2026-06-01", "六月支委会", ["committee_meeting"])
    held(community, "2026-02-01", "二月党课", ["party_lecture"])
    held(community, "2025-12-31", "去年的大会")
    held(community, "2026-04-01", "志愿服务", ["volunteer_service"])
    ActivityFactory(unit=community, on=date(2026, 5, 1), topic="草稿", kinds=["members_meeting"])
    CoHostFactory(activity=held(neighbour, "2026-03-01", "一起的大会"), unit=community)
    address = f"{BOOK}?unit={community.code}&year=2026"

    meetings, everything = (signed_in.get(address + what) for what in ("", "&what=all"))

    assert topics(meetings) == ["二月党课", "一起的大会", "六月支委会"]
    assert "志愿服务" in topics(everything)
    assert "草稿" not in topics(everything)


def test_the_book_as_a_document_has_contents_that_point_at_each_record(
    signed_in, community, meeting
):
    held(community, "2026-06-01", "六月支委会", ["committee_meeting"])

    response = signed_in.get(f"{BOOK}?unit={community.code}&year=2026&as=docx")

    xml = zipfile.ZipFile(BytesIO(response.content)).read("word/document.xml").decode()
    marked = set(re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', xml))
    assert set(re.findall(r"PAGEREF (\w+)", xml)) == marked == {"record1", "record2"}
    assert text_of(response).count("六月支委会") == 3  # contents, heading, topic
    assert "2. 六月支委会" in text_of(response)


def test_a_document_breaks_no_short_row_and_leaves_no_signature_alone(signed_in, community):
    short = held(community, "2026-06-01", minutes="学习文件。")
    long = held(community, "2026-06-02", minutes="讨论。" * 500)

    def last_row(activity):
        response = signed_in.get(f"/activities/{activity.pk}/print/?as=docx")
        return docx.Document(BytesIO(response.content)).tables[0].rows[-1]

    whole, broken = last_row(short), last_row(long)

    assert [len(row._tr.xpath(".//w:cantSplit")) for row in (whole, broken)] == [1, 0]
    assert [len(row._tr.xpath(".//w:keepNext")) > 0 for row in (whole, broken)] == [True, False]


def test_a_unit_out_of_reach_has_no_book(signed_in, neighbour):
    held(neighbour, "2026-03-10")
    address = f"{BOOK}?unit={neighbour.code}&year=2026"

    assert signed_in.get(address).context["book"] is None
    assert signed_in.get(f"{address}&as=docx").status_code == 404


def test_an_empty_book_says_so(signed_in, community):
    page = signed_in.get(f"{BOOK}?unit={community.code}&year=2026").content.decode()

    assert "2026年没有已提交的记录" in page


@pytest.mark.parametrize("address", ["?year=abc", "?unit=%00", "?what=x", "?year=99999999999"])
def test_a_wrong_address_says_what_is_wrong(signed_in, address):
    response = signed_in.get(BOOK + address)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_a_book_costs_the_same_however_thick(signed_in, community, zhang):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(f"{BOOK}?unit={community.code}&year=2026")
        return len(queries)

    AttendanceFactory(activity=held(community, "2026-03-01"), person=zhang)
    thin = cost()
    for day in range(2, 30):
        activity = held(community, f"2026-03-{day:02}")
        AttendanceFactory(activity=activity, person=MemberFactory(unit=community))

    assert cost() == thin
