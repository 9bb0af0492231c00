"""Downloading what the list of people shows: the filters hold, identifiers only to whoever may."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from members.views.exports import COLUMNS, GROUPS
from organizations.spreadsheets.reader import read_sheets
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    CommunityFactory,
    GrantFactory,
    MemberFactory,
)
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def secretary(client, community):
    client.force_login(GrantFactory(unit=community).user)
    return client


def download(client, *columns, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    answer = client.post(f"{reverse('members:export')}?{query}", {"columns": columns})
    (sheet,) = read_sheets(answer.content)
    return sheet.rows


def test_the_file_holds_the_people_of_the_filter_and_the_columns_chosen(secretary, community):
    MemberFactory(unit=community, name="张三", education="大学")
    MemberFactory(unit=community, name="李四")
    MemberFactory(name="王五")

    rows = download(secretary, "name", "education", q="张")

    assert rows == [["姓名", "学历"], ["张三", "大学"]]


def test_identifiers_are_left_out_unless_asked_for_and_are_logged(secretary, community):
    person = MemberFactory(unit=community)
    person.set_id_number(id_number(1))
    person.save()

    page = secretary.get(reverse("members:export")).content.decode()
    rows = download(secretary, "name", "id_number")

    boxes = re.findall(r'<input[^>]*name="columns"[^>]*>', page)
    ticked = {box.split('value="')[1].split('"')[0] for box in boxes if "checked" in box}
    assert "name" in ticked
    assert not ticked & {"id_number", "phone"}
    assert rows[1] == [person.name, id_number(1)]
    event = AuditEvent.objects.get(verb="exported")
    assert (event.details["columns"], event.details["count"]) == (["name", "id_number"], 1)


def test_a_home_beyond_reach_is_not_told(secretary, community):
    person = MemberFactory(name="在职党员")
    AffiliationFactory(person=person, unit=community, nature="in_service")

    assert download(secretary, "name", "unit")[1] == ["在职党员", ""]


@pytest.mark.parametrize("column", ["address", "birth_date"])
def test_what_the_home_alone_may_show_goes_out_of_no_guest(secretary, community, column):
    MemberFactory(unit=community, name="本组织党员")
    guest = MemberFactory(name="在职党员", address="桥头路9号")
    AffiliationFactory(person=guest, unit=community, nature="in_service")

    names = {row[0] for row in download(secretary, "name")[1:]}
    told = {row[0] for row in download(secretary, "name", column)[1:]}

    assert names == {"本组织党员", "在职党员"}
    assert told == {"本组织党员"}


def boxes(page):
    """Every box of the form, and those that are ticked."""
    found = re.findall(r'<input[^>]*name="columns"[^>]*>', page.content.decode())
    named = {box.split('value="')[1].split('"')[0]: "checked" in box for box in found}
    return set(named), {name for name, is_ticked in named.items() if is_ticked}


def test_every_column_has_its_box_once(secretary):
    page = secretary.get(reverse("members:export"))
    offered, _ticked = boxes(page)
    grouped = [name for _group, names in GROUPS for name in names]
    assert offered == set(grouped) == set(COLUMNS)
    assert len(grouped) == len(set(grouped))


def test_the_columns_chosen_are_kept_in_the_address_beside_the_filters(secretary, community):
    MemberFactory(unit=community, name="张三")
    address = reverse("members:export") + "?q=张"

    answer = secretary.post(address, {"columns": ["name", "offices"], "keep": "1"})

    assert not AuditEvent.objects.filter(verb="exported").exists()  # nothing went out
    page = secretary.get(answer.url)
    assert boxes(page)[1] == {"name", "offices"}
    assert page.context["count"] == 1
    assert QueryDict(answer.url.partition("?")[2]).getlist("q") == ["张"]


def test_units_and_offices_go_out_by_name_within_reach(secretary, community):
    person = MemberFactory(unit=community, name="张三")
    AppointmentFactory(person=person, unit=community, office="secretary")
    AppointmentFactory(person=person, office="deputy_secretary")

    rows = download(secretary, "name", "unit_name", "offices")

    assert rows == [["姓名", "组织名称", "党内职务"], ["张三", community.name, "书记"]]


def test_more_people_cost_no_more_queries(secretary, community, django_assert_max_num_queries):
    MemberFactory(unit=community)
    with CaptureQueriesContext(connection) as one:
        download(secretary, "name", "unit_name", "offices", "floating_to")
    for _ in range(30):
        AppointmentFactory(
            person=MemberFactory(unit=community), unit=community, office="committee_member"
        )
    with django_assert_max_num_queries(len(one)):
        download(secretary, "name", "unit_name", "offices", "floating_to")


@pytest.mark.parametrize("typed", ["", " ", "-"])
def test_the_trail_does_not_hold_the_number_that_was_searched_for(secretary, community, typed):
    number = id_number(1)
    person = MemberFactory(unit=community)
    person.set_id_number(number)
    person.save()
    asked = typed.join((number[:6], number[6:14], number[14:]))

    assert len(download(secretary, "name", q=quote(asked))) == 2

    (event,) = AuditEvent.objects.filter(verb="exported")
    assert number[6:14] not in json.dumps(event.details)
    assert event.details["filter"]["q"].endswith(number[-2:])


def test_a_filter_that_says_nothing_known_lets_nobody_out(secretary, community):
    MemberFactory(unit=community)

    for filters in ({"unit": "gone"}, {"stage": "nothing"}):
        assert len(download(secretary, "name", **filters)) == 1
        query = urlencode(filters)
        page = secretary.get(f"{reverse('members:export')}?{query}")
        assert page.context["count"] == 0


def test_the_trail_does_not_hold_a_number_given_as_the_reason(secretary, community):
    person = MemberFactory(unit=community)
    person.set_id_number(id_number(1))
    person.save()

    secretary.post(
        reverse("members:reveal", args=[person.pk]), {"reason": f"核对{id_number(1)}的档案"}
    )

    event = AuditEvent.objects.get(verb="identifiers_seen")
    assert id_number(1) not in event.details["reason"]
    assert event.details["reason"].startswith("核对")
