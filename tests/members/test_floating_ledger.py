"""The ledger of floating members: who is in it, what is missing, what was not looked at."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.choices import FloatingCheckKind, FloatingDirection
from members.models import FloatingCheck
from tests.cast import sign_in
from tests.factories import FloatingCheckFactory, FloatingEntryFactory, MemberFactory

pytestmark = pytest.mark.django_db
PAPERS = {
    "certificate_number": "证01",
    "contact_card": "联01",
    "activity_card": "活01",
    "feedback_card": "馈01",
}


@pytest.fixture
def entry(community):
    return FloatingEntryFactory(
        person=MemberFactory(unit=community, name="李晓梅"), unit=community, place="深圳市"
    )


def listed(user, **query):
    page = sign_in(user).get(reverse("members:floating_list"), query)
    return [line.row.person.name for line in page.context["lines"]]


def test_the_ledger_shows_who_is_in_it_now_within_reach(secretary, community, neighbour, entry):
    FloatingEntryFactory(person=MemberFactory(unit=neighbour, name="别处的人"), unit=neighbour)
    FloatingEntryFactory(
        person=MemberFactory(unit=community, name="回来的人"),
        unit=community,
        ended_on=date(2026, 1, 1),
    )

    assert listed(secretary) == ["李晓梅"]
    assert listed(secretary, shown="ended") == ["回来的人"]
    assert set(listed(secretary, shown="all")) == {"李晓梅", "回来的人"}


def test_the_ledger_is_narrowed_by_direction(secretary, community, neighbour, entry):
    FloatingEntryFactory(
        person=MemberFactory(unit=neighbour, name="外来的人"),
        unit=community,
        direction=FloatingDirection.IN,
    )

    assert listed(secretary, direction="out") == ["李晓梅"]
    assert listed(secretary, direction="in") == ["外来的人"]


@pytest.mark.parametrize("kind", FloatingCheckKind)
def test_who_was_not_looked_at_this_year_is_listed(secretary, community, entry, kind):
    today = timezone.localdate()
    FloatingCheckFactory(entry=entry, kind=kind, done_on=date(today.year - 1, 12, 31))
    assert listed(secretary, shown=kind) == ["李晓梅"]

    FloatingCheckFactory(entry=entry, kind=kind, done_on=today)

    assert listed(secretary, shown=kind) == []


def test_who_lacks_a_card_is_listed_until_it_is_noted(secretary, entry):
    assert listed(secretary, shown="papers") == ["李晓梅"]

    sign_in(secretary).post(
        reverse("members:floating_edit", args=[entry.pk]),
        {**PAPERS, "place": "深圳市", "certificate_on": "2026-03-01"},
    )

    entry.refresh_from_db()
    assert listed(secretary, shown="papers") == []
    assert entry.certificate_on == date(2026, 3, 1)


def test_the_certificate_prints_cards_and_checks(secretary, entry):
    entry.certificate_number, entry.feedback_card = "证77", "馈88"
    entry.save()
    FloatingCheckFactory(entry=entry, note="思想稳定")

    page = sign_in(secretary).get(reverse("members:floating_certificate", args=[entry.pk]))

    words = page.content.decode()
    assert [word for word in ("李晓梅", "证77", "馈88", "思想稳定") if word not in words] == []


def test_the_ledger_costs_the_same_however_long(
    secretary, community, entry, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:floating_list"))
    for _number in range(29):
        FloatingEntryFactory(unit=community)

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:floating_list"))


def contact(user, entries, **data):
    data = {"kind": "contact", "done_on": "2026-11-20", "note": "电话联系"} | data
    address = reverse("members:floating_contact") + "?shown=contact"
    return sign_in(user).post(address, data | {"entries": [entry.pk for entry in entries]})


def test_one_contact_is_noted_for_several_at_once(secretary, community, entry):
    other = FloatingEntryFactory(person=MemberFactory(unit=community), unit=community)
    third = FloatingEntryFactory(person=MemberFactory(unit=community), unit=community)

    answer = contact(secretary, [entry, other])

    assert answer.url == reverse("members:floating_list") + "?shown=contact"
    notes = FloatingCheck.objects.filter(kind="contact", note="电话联系", by=secretary)
    assert {note.entry for note in notes} == {entry, other}
    assert listed(secretary, shown="contact") == [third.person.name]


def test_what_the_ledger_shows_is_what_is_offered(secretary, community, entry):
    done = FloatingEntryFactory(person=MemberFactory(unit=community), unit=community)
    FloatingCheckFactory(entry=done, kind="contact", done_on=timezone.localdate())

    page = sign_in(secretary).get(reverse("members:floating_contact"), {"shown": "contact"})

    assert [box.data["value"].instance for box in page.context["form"]["entries"]] == [entry]


def test_nobody_notes_contacts_of_people_beyond_their_reach(
    secretary, viewer, neighbour, entry, community
):
    theirs = FloatingEntryFactory(person=MemberFactory(unit=neighbour), unit=neighbour)

    assert contact(secretary, [entry, theirs]).status_code == 200  # refused, nothing written
    assert contact(viewer, [entry]).status_code == 404
    assert not FloatingCheck.objects.exists()


def test_the_page_for_contacts_asks_no_more_with_thirty(
    secretary, community, django_assert_max_num_queries
):
    address = reverse("members:floating_contact")
    client = sign_in(secretary)
    FloatingEntryFactory(person=MemberFactory(unit=community), unit=community)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(29):
        FloatingEntryFactory(person=MemberFactory(unit=community), unit=community)
    with django_assert_max_num_queries(len(one)):
        client.get(address)


def test_the_certificate_tells_a_viewer_the_year_of_birth_alone(secretary, viewer, entry):
    entry.person.birth_date = date(1971, 4, 23)
    entry.person.save()
    address = reverse("members:floating_certificate", args=[entry.pk])

    assert "1971年4月23日" in sign_in(secretary).get(address).content.decode()
    seen = sign_in(viewer).get(address).content.decode()
    assert "4月23日" not in seen
    assert "1971" in seen
