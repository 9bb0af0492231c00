"""The dashboard's pages as people see them: bounded, current, and only what is theirs."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from assessment.exports import csv_response, xlsx_response
from assessment.verdicts import refresh
from organizations.models import Unit
from organizations.services import touch
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AreaFactory,
    BranchFactory,
    CommunityFactory,
    CountyFactory,
    CountySettingFactory,
    MemberFactory,
    StreetFactory,
)

pytestmark = [pytest.mark.django_db]

NOON = "2026-06-20T12:00:00+08:00"
DASHBOARD = "/dashboard/"


@pytest.fixture(autouse=True)
def _june():
    with time_machine.travel(NOON, tick=False):
        yield


def text_of(response):
    return response.content.decode()


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    assert response.status_code == 200
    return len(seen)


def members_of(unit, number=2):
    return [MemberFactory(unit=unit) for _ in range(number)]


def test_twelve_queries_do_however_many_units_there_are(organizer, street, community):
    addresses = [DASHBOARD, "/dashboard/?open=s1", "/dashboard/?status=due", "/clauses/", "/"]
    client = sign_in(organizer)
    members_of(community)
    few = [queries_of(client, address) for address in addresses]
    for number in range(60):
        members_of(CommunityFactory(code=f"more{number}", parent=street), 1)

    many = [queries_of(client, address) for address in addresses]

    assert few == many
    assert max(many) <= 12


@pytest.mark.parametrize(
    ("on", "status", "word"),
    [
        ("2026-06-20", "missed", "未达标"),
        ("2026-06-20", "on_track", "正常"),
        ("2026-06-24", "due", "将到期"),
        ("2026-06-20", "met", "达标"),
    ],
)
def test_each_status_is_a_shape_with_words(organizer, community, on, status, word):
    members_of(community)

    with time_machine.travel(f"{on}T12:00:00+08:00", tick=False):
        page = text_of(sign_in(organizer).get(DASHBOARD))

    mark = (
        rf'class="mx-one mx-{status}"[^>]*><svg[^>]*><use href="[^"]+#[a-z-]+"></use></svg>{word}<'
    )
    assert re.search(mark, page)


def test_what_was_just_logged_shows_at_once(signed_in, community):
    members_of(community)
    address = reverse("assessment:unit", args=[community.code])
    assert "应开展1次，已开展0次" in text_of(signed_in.get(address))

    ActivityFactory(unit=community, on=date(2026, 6, 3), submitted=True)
    touch(community)

    assert "应开展1次，已开展1次" in text_of(signed_in.get(address))


def test_the_dashboard_refreshes_what_was_touched(organizer, community):
    members_of(community)
    client = sign_in(organizer)
    before = client.get(DASHBOARD).context["board"].counts

    ActivityFactory(unit=community, on=date(2026, 6, 3), submitted=True)
    touch(community)

    after = client.get(DASHBOARD).context["board"].counts
    met = [{mark.status: number for mark, number in seen}["met"] for seen in (before, after)]
    assert met[1] == met[0] + 1


def test_nobody_sees_units_that_are_not_theirs(
    secretary, street_secretary, viewer, organizer, outsider, community, neighbour
):
    elsewhere = StreetFactory(code="s2", name="西街街道", parent=community.parent.parent)
    for unit in (community, neighbour, elsewhere):
        members_of(unit, 1)

    seen = {
        user.username: text_of(sign_in(user).get(DASHBOARD, {"open": ["s1", "s2"]}))
        for user in (secretary, street_secretary, viewer, organizer, outsider)
    }

    assert {name: "河滨社区" in page for name, page in seen.items()} == {
        "secretary": True,
        "street": True,
        "viewer": True,
        "organizer": True,
        "outsider": False,
    }
    assert {name for name, page in seen.items() if "桥头社区" in page} == {
        "street",
        "viewer",
        "organizer",
    }
    assert {name for name, page in seen.items() if "西街街道" in page} == {"organizer"}


@pytest.mark.parametrize("name", ["assessment:unit", "assessment:rule", "assessment:baseline"])
def test_a_unit_outside_ones_reach_does_not_exist(name, secretary, neighbour):
    args = [neighbour.code, "monthly-activity"] if name == "assessment:rule" else [neighbour.code]

    assert sign_in(secretary).get(reverse(name, args=args)).status_code == 404


def test_a_street_outside_ones_reach_can_not_be_chosen(street_secretary, community):
    StreetFactory(code="s2", name="西街街道", parent=community.parent.parent)

    page = text_of(sign_in(street_secretary).get(DASHBOARD, {"street": "s2"}))

    assert "西街街道" not in page


def test_a_past_day_shows_what_was_known_to_have_happened_by_then(organizer, community):
    members_of(community)
    ActivityFactory(unit=community, on=date(2026, 3, 20), submitted=True)
    client = sign_in(organizer)
    address = reverse("assessment:rule", args=[community.code, "monthly-activity"])

    before = text_of(client.get(address, {"on": "2026-03-10"}))
    after = text_of(client.get(address, {"on": "2026-03-21"}))

    assert "应开展1次，已开展0次" in before
    assert "应开展1次，已开展1次" in after
    assert "2026年3月10日" in before


def test_the_dashboard_of_a_past_day_is_computed(organizer, community, neighbour):
    for unit in (community, neighbour):
        members_of(unit)
    ActivityFactory(unit=community, on=date(2026, 2, 20), submitted=True)

    response = sign_in(organizer).get(DASHBOARD, {"on": "2026-02-25", "open": "s1"})

    board = response.context["board"]
    total = next(cell for cell in board.total if cell.column.rule.id == "monthly-activity")
    assert (total.tally.met, total.tally.judged) == (1, 2)
    assert response.context["on"] == date(2026, 2, 25)


def test_a_day_to_come_is_refused_in_words_and_today_is_shown(organizer, community):
    response = sign_in(organizer).get(DASHBOARD, {"on": "2026-06-21"})

    assert "截至日期不能晚于今天" in text_of(response)
    assert response.context["on"] == date(2026, 6, 20)


def test_the_filter_by_level_leaves_the_other_rules_out(organizer, community):
    response = sign_in(organizer).get(DASHBOARD, {"level": "standing"})

    levels = {column.rule.level.value for column in response.context["board"].columns}
    assert levels == {"standing"}


def test_the_page_of_a_rule_lists_every_unit_that_owes_it(organizer, community, neighbour):
    for unit in (community, neighbour):
        members_of(unit)
    ActivityFactory(unit=community, on=date(2026, 6, 3), submitted=True)

    page = text_of(sign_in(organizer).get(reverse("assessment:of_rule", args=["monthly-activity"])))

    assert "应完成2个，已达标1个（50%）" in page
    assert '<span class="quiet">应完成2个，已达标1个</span>' in page
    assert "河滨社区" in page
    assert "桥头社区" in page


@pytest.mark.parametrize("name", ["assessment:of_rule", "assessment:rule"])
def test_a_rule_that_is_in_no_document_does_not_exist(name, organizer, community):
    args = ["no-such"] if name == "assessment:of_rule" else [community.code, "no-such"]

    assert sign_in(organizer).get(reverse(name, args=args)).status_code == 404


def test_the_unit_page_shows_the_whole_year_and_what_does_not_apply(signed_in, community):
    members_of(community)
    ActivityFactory(unit=community, on=date(2026, 2, 3), submitted=True)

    response = signed_in.get(reverse("assessment:unit", args=[community.code]))

    cards = {card.column.rule.id: card for card in response.context["cards"]}
    card = cards["monthly-activity"]
    assert [box.row.status.value for box in card.boxes] == [
        "missed",
        "met",
        "missed",
        "missed",
        "missed",
        "on_track",
    ]
    assert "流动党员情况年度了解" in text_of(response)


def test_a_community_shows_its_branches_rolled_up(organizer, street):
    above = CommunityFactory(code="g", kind="community_general_branch", parent=street)
    members_of(above)
    for number in range(3):
        branch = BranchFactory(code=f"b{number}", parent=above)
        members_of(branch)
        if number:
            ActivityFactory(unit=branch, on=date(2026, 6, 2), submitted=True)

    page = text_of(sign_in(organizer).get(reverse("assessment:unit", args=["g"])))

    assert "下设支部：应完成3个，已达标2个" in page


def test_communities_that_nobody_covers_show_at_their_street(organizer, street, community):
    AreaFactory(code="new", name="新苑小区", street=street)

    page = text_of(
        sign_in(organizer).get(reverse("assessment:rule", args=["s1", "community-coverage"]))
    )

    assert "新苑小区" in page


def test_the_download_holds_what_is_shown_and_no_formula(street_secretary, street, community):
    Unit.objects.filter(pk=community.pk).update(name="=HYPERLINK(1)")
    CommunityFactory(code="other", name="别处社区", parent=StreetFactory(parent=CountyFactory()))
    address = reverse("assessment:dashboard_download", args=["csv"])

    response = sign_in(street_secretary).get(address, {"level": "standing"})

    table = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == ["s1", "s1m1"]
    assert table[2][1] == "'=HYPERLINK(1)"
    assert "领导班子配备" in table[0]
    assert "每月党员学习教育活动" not in table[0]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1+1",
        "\u3000=1+1",
        "\u200b=1+1",
        "\ufeff@SUM(A1)",
        "\x0b=1+1",
        "\t1",
        "\n=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
    ],
)
def test_no_name_becomes_a_formula_in_a_spreadsheet(name):
    table = [["code", name, "a-b", "1=1"]]

    row = next(csv.reader(StringIO(csv_response(table, "x").content.decode("utf-8-sig"))))
    with ZipFile(BytesIO(xlsx_response(table, "x").content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")

    assert row == ["code", f"'{name}", "a-b", "1=1"]
    assert b"<f>" not in sheet


def test_the_workbook_holds_texts(street_secretary, community):
    address = reverse("assessment:dashboard_download", args=["xlsx"])

    response = sign_in(street_secretary).get(address)

    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["s1", "s1m1"]


def test_the_rules_are_listed_by_clause_with_how_the_reach_stands(organizer, community):
    page = text_of(sign_in(organizer).get(reverse("assessment:clauses")))

    assert page.index("社区党组织覆盖") < page.index("领导班子配备") < page.index("活动场所和经费")
    assert "应完成1个，已达标1个（100%）" in page


def test_a_rulebook_that_the_county_has_turned_off_asks_nobody(organizer, county, community):
    CountySettingFactory(unit=county, key="rulebook:guizhou-2008", value="off")

    response = sign_in(organizer).get(DASHBOARD)

    assert response.context["board"].columns == ()


def test_the_dashboard_speaks_english_too(organizer, community):
    organizer.language = "en"
    organizer.save()

    page = text_of(sign_in(organizer).get(DASHBOARD, {"open": "s1"}))

    assert "A members&#x27; activity every month" in page
    assert "看板" not in page


def test_without_signing_in_there_is_no_dashboard(client):
    assert client.get(DASHBOARD)["Location"].startswith(reverse("login"))


def test_a_page_stores_nothing_where_nothing_is_stale(organizer, community):
    refresh(Unit.objects.all())
    client = sign_in(organizer)

    with CaptureQueriesContext(connection) as seen:
        client.get(DASHBOARD)

    assert not [q["sql"] for q in seen if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_street_of_a_renamed_county_says_the_new_name(organizer, county, street):
    StreetFactory(code="s2", parent=county)
    members_of(CommunityFactory(code="below", parent=street))
    client = sign_in(organizer)
    client.get(DASHBOARD)

    county.name = "改名县"
    county.save()

    page = text_of(client.get(f"{DASHBOARD}?calls=all"))
    assert '<span class="quiet">改名县</span>' in page
