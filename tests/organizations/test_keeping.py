"""Standing things kept current: put right, confirmed once a year, listed, printed, taken away."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent
from organizations import services
from organizations.choices import BodyKind, FundSource, ResidentKind, ServiceKind
from organizations.errors import OrganizationError
from organizations.keeping import LEADERSHIP, unconfirmed, waiting_at
from organizations.models import Confirmation, Fund, Unit, Venue
from organizations.spreadsheets.reader import read_sheets
from tests.cast import sign_in
from tests.factories import BodyFactory, FundFactory, VenueFactory
from tests.kept_factories import FacilityFactory, ResidentUnitFactory, ServiceFactory

pytestmark = pytest.mark.django_db
NOON = "2026-05-01T04:00:00Z"


def filled(unit) -> list:
    """One of each sort that lasts, as somebody brought them in: nobody has confirmed them."""
    return [
        BodyFactory(unit=unit),
        VenueFactory(unit=unit),
        ServiceFactory(unit=unit),
        FacilityFactory(unit=unit),
        ResidentUnitFactory(unit=unit),
    ]


def all_of(*units):
    return Unit.objects.filter(pk__in=[unit.pk for unit in units])


def test_everything_that_lasts_waits_each_year_until_somebody_says_it_is_still_so(
    community, secretary
):
    rows = filled(community)
    FundFactory(unit=community)
    waiting = unconfirmed(all_of(community), year=2026)
    assert len(waiting) == len(rows)

    with time_machine.travel(NOON, tick=False):
        pairs = [(thing, pk) for _unit, thing, pk in waiting]
        assert services.confirm_still_so(community, pairs, by=secretary) == 5
        assert services.confirm_still_so(community, pairs, by=None) == 0

    assert unconfirmed(all_of(community), year=2026) == []
    assert len(unconfirmed(all_of(community), year=2027)) == 5
    said = Confirmation.objects.filter(thing="venues").get()
    assert (said.year, said.on, said.by) == (2026, date(2026, 5, 1), secretary)
    assert AuditEvent.objects.filter(verb="confirm_still_so").count() == 1
    assert not community.touches.exists()


def test_what_is_over_or_of_another_unit_does_not_wait(community, neighbour):
    VenueFactory(unit=community, ended_on=date(2026, 1, 1))
    VenueFactory(unit=neighbour)

    assert unconfirmed(all_of(community), year=2026) == []


def test_what_waits_is_one_query(community, neighbour, django_assert_num_queries):
    for unit in (community, neighbour):
        filled(unit)

    with django_assert_num_queries(1):
        assert len(unconfirmed(all_of(community, neighbour), year=2026)) == 10


def test_what_was_just_written_down_or_put_right_needs_no_confirmation(community, secretary):
    services.set_up_body(community, kind=BodyKind.JOINT_CONFERENCE, by=secretary)
    old = VenueFactory(unit=community)
    services.change_asset(old, name="党群服务中心", by=secretary)

    year = Confirmation.objects.values_list("year", flat=True)[0]
    assert unconfirmed(all_of(community), year=year) == []


def test_one_click_confirms_all_of_the_unit_and_says_who_and_when(signed_in, community):
    filled(community)
    page = signed_in.get(community.get_absolute_url()).content.decode()
    assert "有5项登记内容本年度尚未确认" in page

    response = signed_in.post(reverse("standing:confirm", args=[community.code]), follow=True)

    assert "已确认本年度5项登记内容" in response.content.decode()
    assert "尚未确认" not in response.content.decode()
    assert Confirmation.objects.filter(by__username="secretary").count() == 5


def test_one_thing_is_confirmed_by_itself_and_twice_is_once(signed_in, community):
    filled(community)
    venue = Venue.objects.get()
    said = {"thing": "venues", "row": str(venue.pk)}

    for _click in range(2):
        signed_in.post(reverse("standing:confirm", args=[community.code]), said)

    only = Confirmation.objects.get()
    assert (only.thing, only.row) == ("venues", venue.pk)


def test_a_thing_of_another_unit_is_not_confirmed(signed_in, community, neighbour):
    theirs = VenueFactory(unit=neighbour)
    said = {"thing": "venues", "row": str(theirs.pk)}

    signed_in.post(reverse("standing:confirm", args=[community.code]), said)
    refused = signed_in.post(reverse("standing:confirm", args=[neighbour.code]), said)

    assert refused.status_code == 404
    assert not Confirmation.objects.exists()


def test_a_thing_is_put_right_and_its_history_says_what_was_there_before(signed_in, community):
    venue = VenueFactory(unit=community, name="活动室", tenure="lease")
    address = reverse("organizations:change", args=[community.code, "venues", venue.pk])
    assert 'value="活动室"' in signed_in.get(address).content.decode()

    signed_in.post(address, {"name": "党群服务中心", "tenure": "own"})

    venue.refresh_from_db()
    assert (venue.name, venue.tenure) == ("党群服务中心", "own")
    event = AuditEvent.objects.get(verb="change_asset")
    assert event.details["changes"]["name"] == ["活动室", "党群服务中心"]
    assert community.touches.exists()
    there = reverse("organizations:thing", args=[community.code, "venues", venue.pk])
    html = signed_in.get(there).content.decode()
    assert "活动室→党群服务中心" in html
    assert "租赁→" in html


def test_saving_without_a_change_confirms_and_writes_no_change(community, secretary):
    venue = VenueFactory(unit=community)

    services.change_asset(venue, name=venue.name, by=secretary)

    assert not AuditEvent.objects.filter(verb="change_asset").exists()
    assert not community.touches.exists()
    assert Confirmation.objects.get().by == secretary


def test_a_body_keeps_its_kind_while_its_head_changes(signed_in, community):
    body = BodyFactory(unit=community, kind=BodyKind.JOINT_CONFERENCE)
    address = reverse("organizations:change", args=[community.code, "bodies", body.pk])
    assert 'name="kind"' not in signed_in.get(address).content.decode()

    signed_in.post(address, {"head": "王一", "people": "李二", "kind": "youth_league"})

    body.refresh_from_db()
    assert (body.kind, body.head) == (BodyKind.JOINT_CONFERENCE, "王一")


def test_the_amount_of_a_year_is_put_right_and_the_old_one_told(signed_in, community):
    fund = FundFactory(unit=community, year=2026, source=FundSource.BUDGET, amount="100.50")
    address = reverse("organizations:change", args=[community.code, "funds", fund.pk])

    wrong = signed_in.post(address, {"amount": "-1"})
    signed_in.post(address, {"amount": "250.25"})

    assert wrong.status_code == 200
    assert str(Fund.objects.get().amount) == "250.25"
    there = reverse("organizations:thing", args=[community.code, "funds", fund.pk])
    assert "100.50→250.25" in signed_in.get(there).content.decode()


def test_a_thing_of_another_unit_or_sort_does_not_exist(signed_in, community, neighbour):
    theirs = VenueFactory(unit=neighbour)

    for thing in ("venues", "bodies", "nonsense"):
        for name in ("thing", "change"):
            address = reverse(f"organizations:{name}", args=[community.code, thing, theirs.pk])
            assert signed_in.get(address).status_code == 404


def test_a_unit_based_here_is_written_down_once_and_ends_with_a_day(signed_in, community):
    add = reverse("organizations:add", args=[community.code, "resident_units"])
    said = {"name": "第一小学", "kind": "school", "contributes": "开放操场"}
    signed_in.post(add, said)
    again = signed_in.post(add, said)

    assert "已登记同名驻区单位" in again.content.decode()
    resident = community.resident_units.get()
    page = signed_in.get(community.get_absolute_url()).content.decode()
    assert "开放操场" in page
    services.close_resident_unit(resident, on=date(2026, 3, 1), by=None)
    with pytest.raises(OrganizationError):
        services.close_resident_unit(resident, on=date(2026, 3, 1), by=None)
    services.add_resident_unit(community, name="第一小学", kind=ResidentKind.SCHOOL, by=None)


def test_whoever_is_dissolved_has_nothing_in_place(community, organizer):
    ResidentUnitFactory(unit=community)

    services.dissolve_unit(community, on=date(2026, 3, 1), by=organizer)

    assert community.resident_units.get().ended_on == date(2026, 3, 1)


def test_the_list_shows_one_sort_within_reach_and_what_waits(
    street_secretary, outsider, community, neighbour
):
    client = sign_in(street_secretary)
    ServiceFactory(unit=community, name="甲服务点")
    settled = ServiceFactory(unit=neighbour, name="乙服务点", kind=ServiceKind.CARE)
    services.confirm_still_so(neighbour, [("services", settled.pk)], by=None)
    ServiceFactory(unit=outsider.grants.get().unit, name="县外服务点")

    def shown(**asked):
        html = client.get(reverse("standing:list"), {"thing": "services", **asked})
        return [name for name in ("甲", "乙", "县外") if f"{name}服务点" in html.content.decode()]

    assert shown() == ["甲", "乙"]
    assert shown(state="waiting") == ["甲"]
    assert shown(state="ended") == []
    assert shown(q=neighbour.name) == ["乙"]
    assert shown(thing="nonsense") == []


def test_the_list_is_a_workbook_too(street_secretary, community):
    client = sign_in(street_secretary)
    VenueFactory(unit=community, name="活动室", square_metres=120)

    response = client.get(reverse("standing:list"), {"thing": "venues", "as": "xlsx"})

    assert 'filename="venues-' in response.headers["Content-Disposition"]
    (sheet,) = read_sheets(response.content)
    text = str(sheet)
    assert "活动室" in text
    assert "120" in text


def test_the_list_costs_the_same_for_one_row_and_for_thirty(
    street_secretary, community, django_assert_max_num_queries
):
    client = sign_in(street_secretary)
    client.get(reverse("standing:list"))
    VenueFactory(unit=community)
    with django_assert_max_num_queries(100) as few:
        client.get(reverse("standing:list"), {"thing": "venues"})
    VenueFactory.create_batch(29, unit=community)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("standing:list"), {"thing": "venues"})


def test_the_sheet_holds_what_is_in_place_and_nothing_that_is_over(signed_in, community):
    filled(community)
    VenueFactory(unit=community, name="旧活动室", ended_on=date(2020, 1, 1))

    html = signed_in.get(reverse("standing:sheet", args=[community.code])).content.decode()

    assert "党员书屋" in html
    assert "旧活动室" not in html


def test_home_tells_a_secretary_what_waits_and_a_viewer_nothing(signed_in, viewer, community):
    filled(community)

    entries = f"{community.get_absolute_url()}#kept"
    home = signed_in.get("/").content.decode()
    assert f'href="{entries}">5项' in home
    assert reverse("members:leadership", args=[community.code]) in home
    assert "年度确认：" not in sign_in(viewer).get("/").content.decode()
    confirm = reverse("standing:confirm", args=[community.code])
    signed_in.post(confirm)
    assert entries not in signed_in.get("/").content.decode()
    signed_in.post(confirm, {"thing": "leadership"})
    assert "年度确认：" not in signed_in.get("/").content.decode()


def test_a_community_and_a_street_have_a_leadership_to_confirm_and_a_county_none(
    county, street, community
):
    services.confirm_still_so(community, [("leadership", 0)], by=None, on=date(2026, 5, 1))

    def waits(year):
        found = waiting_at(all_of(county, street, community), year=year)
        return {unit for unit, thing, _row in found if thing == LEADERSHIP}

    assert waits(2026) == {street.pk}
    assert waits(2027) == {street.pk, community.pk}
