"""A roster that says who is gone ends what the person held, and its undoing puts it back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.utils.translation import override

from members.choices import Nature, Office
from members.models import Affiliation, Appointment, FloatingEntry, Person, PostHolding
from organizations.models import Touch
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    CommunityFactory,
    FloatingEntryFactory,
    PostHoldingFactory,
)
from tests.members.sheets import member, rows_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _in_chinese():
    with override("zh-hans"):
        yield


@pytest.fixture
def people(load, community):
    """Each of them in office, with a post, and a guest elsewhere."""
    load(rows_of([member(1), member(2)]), community)
    found = list(Person.objects.order_by("name"))
    elsewhere = CommunityFactory(code="520399001009")
    for person, office in zip(found, (Office.SECRETARY, Office.COMMITTEE_MEMBER), strict=True):
        AppointmentFactory(person=person, unit=community, office=office)
        AppointmentFactory(person=person, unit=community, office=Office.COMMUNITY_WORKER)
        PostHoldingFactory(post__unit=community, person=person)
        FloatingEntryFactory(person=person, unit=community)
        AffiliationFactory(person=person, unit=elsewhere, nature=Nature.IN_SERVICE)
    Touch.objects.all().delete()
    return found


def last_days(person):
    return {
        "posts": dict(Appointment.objects.filter(person=person).values_list("office", "ended_on")),
        "duty": PostHolding.objects.get(person=person).ended_on,
        "ledger": FloatingEntry.objects.get(person=person).ended_on,
        "guest": Affiliation.objects.get(person=person, nature=Nature.IN_SERVICE).ended_on,
        "home": Affiliation.objects.get(person=person, nature=Nature.HOME).ended_on,
    }


def test_offices_end_with_the_standing_and_come_back_with_the_undoing(
    load, community, people, capsys
):
    dead, left = people
    before = [last_days(person) for person in people]
    gone = [member(1, 党籍状态="死亡"), member(2, 党籍状态="已出党")]

    document, code = load(rows_of(gone), community, "--on", DAY.isoformat())

    assert (document["updated"], document["errors"], code) == (2, [], 0)
    assert set(last_days(dead)["posts"].values()) == {DAY}
    assert last_days(left)["posts"] == {
        Office.COMMITTEE_MEMBER: DAY,
        Office.COMMUNITY_WORKER: None,
    }
    for person in people:
        assert {last_days(person)[name] for name in ("duty", "ledger", "guest")} == {DAY}
        assert last_days(person)["home"] is None
    told = [line["message"] for line in document["warnings"] if line["column"] == "党籍状态"]
    assert "书记" in told[0]
    assert len(told) == 2
    touched = set(Touch.objects.values_list("unit__code", flat=True))
    assert touched == {community.code, "520399001009"}

    call_command("undo_import", document["batch"], "--json")
    assert json.loads(capsys.readouterr().out)["undone"] is True
    assert [last_days(person) for person in people] == before


def test_the_queries_do_not_grow_with_the_people_who_are_gone(
    load, community, django_assert_num_queries, django_assert_max_num_queries
):
    load(rows_of([member(number) for number in range(1, 32)]), community)
    for person in Person.objects.all():
        PostHoldingFactory(post__unit=community, person=person)
    with django_assert_max_num_queries(60) as few:
        load(rows_of([member(1, 党籍状态="死亡")]), community, "--dry-run")

    rows = rows_of([member(number, 党籍状态="死亡") for number in range(2, 32)])
    with django_assert_num_queries(len(few)):
        load(rows, community, "--dry-run")


def test_a_file_of_appointments_puts_nobody_gone_into_office(load, community, people):
    load(rows_of([member(1, 党籍状态="死亡"), member(2, 党籍状态="已出党")]), community)
    posts = [
        ["姓名", "公民身份号码", "职务", "任职日期", "组织编码"],
        *(
            [person.name, person.reveal_id_number(), office, "2026-06-01", community.code]
            for person in people
            for office in ("党小组组长", "街道干部")
        ),
    ]

    document, code = load(posts, community, command="import_posts", name="任职.xlsx")

    assert code == 1
    assert [(line["row"], line["column"]) for line in document["errors"]] == [
        (2, "职务"),
        (3, "职务"),
        (4, "职务"),
    ]
    assert "去世" in document["errors"][0]["message"] or "死亡" in document["errors"][0]["message"]
