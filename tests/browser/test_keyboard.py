"""The whole main job by keyboard alone, each as themselves, from the page of signing in on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import xlsxwriter
from django.utils import timezone

from activities import services
from activities.choices import Presence, State
from activities.models import Activity
from assessment.months import fill
from assessment.verdicts import refresh
from members.models import Person
from organizations.models import Unit
from tests.browser.conftest import DESK, PHONE
from tests.browser.keys import Keys
from tests.factories import ActivityFactory, AppointmentFactory, AttendanceFactory, MemberFactory
from tests.world import ROSTER, ROSTER_HEADINGS

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-and-quiet-word"
TOPIC, BETTER = "学习全会精神", "学习全会精神和党章"


@pytest.fixture
def enter(open_page):
    """Somebody at the keyboard, signed in by it: `enter(secretary)`."""

    def entered(user, size=DESK):
        user.set_password(PASSWORD)
        user.save()
        keys = Keys(open_page("/sign-in/", size=size))
        keys.sign_in(user, PASSWORD)
        return keys

    return entered


@pytest.fixture
def members(community):
    """Five members, and a meeting that was held four weeks ago."""
    people = [MemberFactory(unit=community, name=f"成员{number}") for number in range(5)]
    earlier = ActivityFactory(
        unit=community,
        kinds=("members_meeting",),
        on=timezone.localdate() - timedelta(days=28),
        topic="上月学习",
        place="活动室",
        submitted=True,
    )
    for person in people:
        AttendanceFactory(activity=earlier, person=person)
    services.confirm(earlier, by=None)
    return people


def log_a_meeting(keys, away) -> Activity:
    """Kind, topic, one member unticked, handed in: all else stands there from last time."""
    keys.skip_to_content()
    keys.follow("a[href*='/activities/log/']", to="**/activities/log/**")
    keys.go_to("[name=kinds][value=members_meeting]")
    keys.press("Space")
    keys.go_to("[name=topic]")
    keys.type(TOPIC)
    keys.go_to(f"#here-{away.pk}")
    keys.press("Space")
    keys.follow("button[value=submit]", to="**/activities/*-*/")
    return Activity.objects.get(topic=TOPIC)


def return_it(keys) -> None:
    keys.follow("a[href*='/review/']", to="**/review/**")
    keys.follow("main a", "逐条审核", to="**/review/*-*/**")
    keys.go_to(".review-return summary")
    keys.press("Enter")
    keys.go_to("[name=reason]")
    keys.type("主题不全")
    keys.go_to("button[value=return]")
    with keys.page.expect_navigation():
        keys.press("Enter")


def correct_it(keys) -> None:
    keys.page.goto("/")
    keys.follow("main a[href*='/edit/']", TOPIC, to="**/edit/")
    keys.go_to("[name=topic]")
    keys.retype(BETTER)
    keys.follow("button[value=submit]", to="**/activities/*-*/")


def confirm_it(keys) -> None:
    keys.page.goto("/")
    keys.follow("a[href*='/review/']", to="**/review/**")
    keys.follow("main a", "逐条审核", to="**/review/*-*/**")
    keys.go_to("button[value=confirm]")
    with keys.page.expect_navigation():
        keys.press("Enter")


def test_a_meeting_is_logged_returned_corrected_and_confirmed(
    enter, secretary, reviewer, community, members
):
    hers, theirs = enter(secretary), enter(reviewer)

    record = log_a_meeting(hers, members[0])
    assert record.state == State.SUBMITTED
    here = dict(record.attendances.values_list("person__name", "presence"))
    assert here.pop("成员0") == Presence.ABSENT
    assert set(here.values()) == {Presence.PRESENT}

    theirs.page.goto("/")
    return_it(theirs)
    record.refresh_from_db()
    assert (record.state, record.return_reason) == (State.RETURNED, "主题不全")

    correct_it(hers)
    record.refresh_from_db()
    assert (record.state, record.topic) == (State.SUBMITTED, BETTER)

    confirm_it(theirs)
    record.refresh_from_db()
    assert record.state == State.CONFIRMED


def test_the_county_finds_whom_to_call_and_why(enter, organizer, county, neighbour):
    MemberFactory(unit=neighbour)
    AppointmentFactory(unit=neighbour, begun_on=timezone.localdate() - timedelta(days=4000))
    refresh(Unit.objects.all())
    fill([county], timezone.localdate(), seconds=60)
    keys = enter(organizer)

    keys.follow("a[href='/dashboard/']", to="**/dashboard/")
    keys.skip_to_content()
    keys.go_to(".call-name", neighbour.name)
    keys.tab()
    keys.press("Enter")
    keys.page.wait_for_url("**/assessment/units/*/*/**")

    assert "党校轮训" in keys.page.locator("h1").inner_text()


def test_a_roster_is_imported(enter, street_secretary, street, tmp_path):
    roster = tmp_path / "花名册.xlsx"
    with xlsxwriter.Workbook(roster) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [ROSTER_HEADINGS, *([*row[:7], "", *row[8:]] for row in ROSTER)]
        ):
            sheet.write_row(number, 0, row)
    keys = enter(street_secretary)

    keys.follow("a[href*='/members/import/']", to="**/members/import/")
    keys.skip_to_content()
    keys.go_to("input[type=file]")
    keys.page.locator("input[type=file]").set_input_files(roster)  # the system's own window
    keys.follow("main button", "预览", to="**/members/imports/**")
    assert not Person.objects.exists()
    keys.go_to(".form-buttons button", "导入")
    keys.press("Enter")
    keys.page.get_by_role("button", name="撤销").wait_for()

    assert Person.objects.count() == len(ROSTER)


def test_whatever_is_swapped_leaves_the_keyboard_where_it_was(
    enter, secretary, community, neighbour, members
):
    keys = enter(secretary)
    keys.page.goto(f"/activities/log/?unit={community.code}")
    keys.go_to("button[value=last]")
    with keys.page.expect_response("**/activities/log/"):
        keys.press("Enter")
    keys.page.wait_for_load_state("networkidle")
    assert keys.is_on("button[value=last]"), keys.where()

    keys.go_to("[name=find]")
    keys.type("成员")
    with keys.page.expect_response("**/activities/log/"):
        keys.press("Enter")
    keys.page.locator(".roll-find [role=status]").wait_for()
    assert keys.page.evaluate("document.activeElement.closest('#roll') !== null"), keys.where()
    keys.tab()


def test_a_refused_form_leads_to_what_is_wrong(enter, secretary, members):
    keys = enter(secretary)
    keys.page.goto("/activities/log/")
    keys.go_to("button[value=submit]")
    keys.press("Enter")
    keys.page.locator("[data-focus]").wait_for()

    assert keys.is_on("[data-focus]"), keys.where()
    keys.tab()
    keys.press("Enter")
    assert keys.is_on("#id_kinds, [name=kinds]"), keys.where()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "address", ["/", "/activities/log/", "/activities/", "/members/", "/units/", "/reports/"]
)
def test_no_page_holds_the_keyboard_fast(open_page, secretary, members, address, size):
    keys = Keys(open_page(address, user=secretary, size=size))

    assert keys.walk_round() > 5


def test_menus_open_and_close_and_give_the_focus_back(open_page, secretary, community):
    keys = Keys(open_page("/", user=secretary))
    keys.go_to(".top-tools summary")
    keys.press("Enter")
    keys.tab()
    assert keys.page.evaluate("document.activeElement.closest('.menu-panel') !== null")

    keys.press("Escape")

    assert keys.is_on("summary"), keys.where()
    assert keys.page.locator("details[data-menu][open]").count() == 0
