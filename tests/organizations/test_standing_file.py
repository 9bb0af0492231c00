"""What units have, from a file: the list's own workbook filled in, looked at, then written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent
from organizations.choices import FundSource, ResidentKind, VenueTenure
from organizations.models import Body, Facility, Fund, ResidentUnit, Service, Touch, Venue
from organizations.services import add_venue, close_venue, record_funds
from organizations.standing_views import THINGS
from tests.cast import sign_in
from tests.factories import VenueFactory

pytestmark = pytest.mark.django_db


def look(user, thing, text, name="file.csv"):
    """Upload a text file; the page and the signed rows."""
    data = text if isinstance(text, bytes) else text.encode()
    given = {"thing": thing, "file": SimpleUploadedFile(name, data)}
    return sign_in(user).post(reverse("standing:file"), given)


def go_on(user, page, **more):
    given = {"thing": page.context["thing"].name, "rows": page.context["rows"], **more}
    return sign_in(user).post(reverse("standing:file"), given)


def effects(page):
    return [line.effect.value for line in page.context["lines"]]


def cells_of(response):
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    return book.get_sheet_by_index(0).to_python()


def test_a_file_of_units_based_here_is_looked_at_and_then_written(secretary, community):
    page = look(
        secretary,
        "resident_units",
        "编码,组织,名称,类别,建有党组织,联席会成员单位,参与共建内容,起始日期,截止日期\n"
        f"{community.code},,市第一小学,学校,是,否,开放操场,2026年3月1日,\n"
        f"{community.code},,便民超市,企业,,,,,\n",
    )

    assert effects(page) == ["new", "new"], page.context["lines"]
    assert not ResidentUnit.objects.exists()
    assert go_on(secretary, page).status_code == 302
    school, shop = ResidentUnit.objects.order_by("pk")
    assert (school.name, school.kind, school.begun_on) == (
        "市第一小学",
        ResidentKind.SCHOOL,
        date(2026, 3, 1),
    )
    assert (school.has_organization, school.is_in_conference) == (True, False)
    assert (shop.kind, shop.has_organization) == (ResidentKind.ENTERPRISE, False)
    assert AuditEvent.objects.filter(verb="add_resident_unit").count() == 2
    assert Touch.objects.filter(unit=community).exists()


@pytest.mark.parametrize("thing", list(THINGS))
def test_what_is_handed_out_comes_back_as_on_record(secretary, community, thing):
    begun = date(2024, 1, 1)
    Body.objects.create(unit=community, kind="joint_conference", head="甲", begun_on=begun)
    VenueFactory(unit=community, square_metres=120)
    Fund.objects.create(unit=community, year=2026, source="budget", amount="12000.50")
    Service.objects.create(unit=community, name="便民点", kind="health", price="free")
    Facility.objects.create(unit=community, name="书屋", kind="reading_room")
    ResidentUnit.objects.create(unit=community, name="学校", kind="school", has_organization=True)
    file = sign_in(secretary).get(reverse("standing:list"), {"thing": thing, "as": "xlsx"})

    page = look(secretary, thing, file.content, "list.xlsx")

    assert effects(page) == ["unchanged"], page.context["lines"]
    assert page.context["unread"] == ()
    assert page.context["writes"] == 0


def test_the_template_has_the_headings_of_the_list(secretary, community):
    file = sign_in(secretary).get(reverse("standing:file"), {"thing": "funds", "as": "xlsx"})

    assert cells_of(file)[0] == ["编码", "组织", "年度", "来源", "金额（元）"]


def test_a_row_changes_ends_or_adds_and_what_is_empty_stays(secretary, community):
    given = {"tenure": VenueTenure.LEASE, "by": None, "address": "大兴路1号"}
    old = add_venue(community, name="旧址", **given)
    kept = add_venue(community, name="新址", **given)
    closed = add_venue(community, name="最早", **given)
    close_venue(closed, on=date(2020, 1, 1), by=None)

    page = look(
        secretary,
        "venues",
        "编码,名称,取得方式,面积（平方米）,截止日期\n"
        f"{community.code},旧址,,,2026-06-30\n"
        f"{community.code},新址,,150,\n"
        f"{community.code},最早,场所租赁,80,\n",
    )

    assert effects(page) == ["ended", "changed", "new"], page.context["lines"]
    go_on(secretary, page)
    old.refresh_from_db()
    kept.refresh_from_db()
    assert old.ended_on == date(2026, 6, 30)
    assert (kept.square_metres, kept.address) == (150, "大兴路1号")
    assert Venue.objects.filter(name="最早").count() == 2


def test_funds_are_known_by_year_and_source(secretary, community):
    record_funds(community, year=2026, source=FundSource.BUDGET, amount=Decimal(5), by=None)
    text = f'编码,年度,来源,金额（元）\n{community.code},2026,财政安排,"12,000.50"\n'

    page = look(secretary, "funds", text)

    assert effects(page) == ["changed"], page.context["lines"]
    go_on(secretary, page)
    assert Fund.objects.get().amount == Decimal("12000.50")


def test_wrong_rows_are_told_handed_out_and_hold_the_others_up(secretary, community, neighbour):
    text = (
        "编码,名称,取得方式,面积（平方米）,截止日期\n"
        f"{community.code},活动室,场所租赁,80,\n"
        f"{community.code},活动室,场所租赁,80,\n"
        f"{neighbour.code},别处,场所租赁,80,\n"
        f"{community.code},阅览室,借来的,很大,明天\n"
    )
    page = look(secretary, "venues", text)

    assert effects(page) == ["new", "wrong", "wrong", "wrong"]
    said = page.content.decode()
    assert "第2行" in said
    assert "“借来的”不是以下任何一项：共同建设、产权置换" in said
    assert neighbour.name not in said
    refused = go_on(secretary, page)
    assert refused.url.endswith("file/?thing=venues")
    assert not Venue.objects.exists()
    table = cells_of(go_on(secretary, page, errors="1"))
    assert [row[0] for row in table[1:]] == [community.code, neighbour.code, community.code]
    assert "很大" in table[3]
    go_on(secretary, page, partial="1")
    assert Venue.objects.get().name == "活动室"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "空"),
        ("编码,名称\n", "没有"),
        ("名称,取得方式\n活动室,场所租赁\n", "编码"),
        ("编码,名称\n" + "x,y\n" * 1001, "1000"),
        ("\x00\x01\x02PK", "表格"),
    ],
)
def test_a_file_that_can_not_be_used_is_said_why(secretary, community, text, words):
    page = look(secretary, "venues", text)

    assert words in str(page.context["form"].errors)
    assert not page.context["lines"]


def test_what_was_looked_at_is_for_the_same_person_and_sort_only(
    secretary, street_secretary, community
):
    page = look(secretary, "venues", f"编码,名称,取得方式\n{community.code},活动室,场所租赁\n")
    rows = page.context["rows"]

    assert go_on(street_secretary, page).status_code == 404
    address = reverse("standing:file")
    other = sign_in(secretary).post(address, {"thing": "services", "rows": rows})
    assert other.status_code == 404
    forged = sign_in(secretary).post(address, {"thing": "venues", "rows": rows[:-2]}, follow=True)
    assert "重新选择" in forged.content.decode()
    assert not Venue.objects.exists()


def test_whoever_keeps_no_records_finds_no_such_page(viewer, secretary, community):
    listed = reverse("standing:list")
    file = reverse("standing:file")

    assert sign_in(viewer).get(file).status_code == 404
    assert file not in sign_in(viewer).get(listed).content.decode()
    assert file in sign_in(secretary).get(listed).content.decode()
