"""The transfer of the Party relation: by letter, answered once, seen by both sides alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from members import services
from members.choices import Nature, TransferState
from members.errors import MemberError
from members.models import Affiliation, Person, Transfer
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import GrantFactory, MemberFactory, TransferFactory
from tests.members.sheets import id_number

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)
TOKENS = re.compile(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*|/[0-9]+/')
ON = "2026-05-10"


@pytest.fixture
def member(community):
    return MemberFactory(unit=community, name="李晓梅")


@pytest.fixture
def receiver(neighbour):
    return GrantFactory(unit=neighbour, role=Role.SECRETARY, user__username="receiver").user


@pytest.fixture
def letter(member, community, neighbour):
    return services.request_transfer(
        member, to_unit=neighbour, issued_on=DAY, valid_until=date(2026, 5, 31), by=None
    )


def homes(person):
    rows = Affiliation.objects.filter(person=person, nature=Nature.HOME).order_by("pk")
    return [(row.unit.code, row.ended_on) for row in rows]


def answer(user, transfer, decision, **data):
    address = reverse("members:transfer_answer", args=[transfer.pk])
    return sign_in(user).post(address, {"decision": decision, **data}, follow=True)


def listed(user, **query):
    page = sign_in(user).get(reverse("members:transfers"), query)
    return [line.row.pk for line in page.context["lines"]]


# -- on the way -----------------------------------------------------------------
def test_the_home_stays_until_the_letter_is_answered(member, letter):
    assert homes(member) == [("s1m1", None)]
    assert letter.state == TransferState.REQUESTED


def test_one_letter_at_a_time_is_on_the_way(member, letter, street):
    with pytest.raises(MemberError):
        services.request_transfer(member, to_unit=street, issued_on=DAY, by=None)

    assert Transfer.objects.get() == letter


def test_the_page_sends_a_letter_to_a_unit_beyond_reach_by_its_code(
    secretary, member, receiver, neighbour
):
    address = reverse("members:transfer_request", args=[member.pk])
    wrote = {"to_name": "桥头社区党支部", "to_code": "S1M2", "issued_on": "2026-05-01"}

    page = sign_in(secretary).post(address, wrote, follow=True)

    transfer = Transfer.objects.get()
    assert transfer.to_unit == neighbour
    assert "桥头社区党支部" in page.content.decode()
    assert listed(receiver, shown="mine") == [transfer.pk]


def test_a_known_and_an_unknown_code_look_alike_to_the_sender(secretary, community, neighbour):
    """Else whoever keeps one roster could learn of all units by writing letters."""
    client, pages, lists = sign_in(secretary), [], []
    for code in ("s1m2", "nowh"):
        person = MemberFactory(unit=community, name="李晓梅")
        wrote = {"to_name": "别处党支部", "to_code": code, "issued_on": "2026-05-01"}
        client.post(reverse("members:transfer_request", args=[person.pk]), wrote)
        letter = Transfer.objects.get(person=person)
        page = client.get(letter.get_absolute_url()).content.decode()
        answers = [answer(secretary, letter, wish, on=ON) for wish in ("accept", "return")]
        sheet = client.get(reverse("members:transfer_letter", args=[letter.pk])).content.decode()
        own = client.get(person.get_absolute_url()).content.decode()
        told = [page, sheet, own, *(str(one.status_code) for one in answers)]
        told = [text.replace(str(person.pk), "P").replace(code, "C") for text in told]
        pages.append([TOKENS.sub("", text) for text in told])
        client.post(reverse("members:transfer_withdraw", args=[letter.pk]), follow=True)
        letter.refresh_from_db()
        lists.append((letter.state, homes(person)))

    assert pages[0] == pages[1]
    assert lists[0] == lists[1] == (TransferState.WITHDRAWN, [("s1m1", None)])


def test_a_letter_without_a_code_is_noted_by_the_sender(secretary, member):
    address = reverse("members:transfer_request", args=[member.pk])
    wrote = {"to_name": "外地街道党工委", "issued_on": "2026-05-01"}
    sign_in(secretary).post(address, wrote)

    answer(secretary, Transfer.objects.get(), "accept", on="2026-05-10")

    assert homes(member) == [("s1m1", date(2026, 5, 9))]


def test_a_letter_by_code_does_not_reach_a_unit_dissolved_today(member, neighbour):
    services.dissolve_unit(neighbour, on=timezone.localdate(), by=None)

    letter = services.request_transfer(
        member, to_name="桥头", to_code=neighbour.code, issued_on=DAY, by=None
    )

    assert letter.to_unit is None


# -- answered -------------------------------------------------------------------
def test_the_receiver_accepts_and_the_home_moves(receiver, letter, member):
    answer(receiver, letter, "accept", on="2026-05-10")

    letter.refresh_from_db()
    assert homes(member) == [("s1m1", date(2026, 5, 9)), ("s1m2", None)]
    assert (letter.state, letter.arrived_on) == (TransferState.ACCEPTED, date(2026, 5, 10))
    assert Person.objects.visible_to(receiver).filter(pk=member.pk).exists()


def test_the_receiver_returns_it_with_a_reason_and_the_home_stays(receiver, letter, member):
    answer(receiver, letter, "return")
    letter.refresh_from_db()
    without_a_reason = letter.state

    answer(receiver, letter, "return", answer="档案不全")

    letter.refresh_from_db()
    assert without_a_reason == TransferState.REQUESTED
    assert (letter.state, letter.answer) == (TransferState.RETURNED, "档案不全")
    assert homes(member) == [("s1m1", None)]


def test_the_sender_can_not_answer_for_the_receiver(secretary, letter, member):
    assert answer(secretary, letter, "accept", on="2026-05-10").status_code == 404
    assert homes(member) == [("s1m1", None)]


def test_the_sender_notes_the_slip_of_a_receiver_outside(secretary, member):
    transfer = services.request_transfer(member, to_name="外地", issued_on=DAY, by=None)

    answer(secretary, transfer, "accept", on="2026-05-10")

    assert homes(member) == [("s1m1", date(2026, 5, 9))]


def test_the_second_answer_is_refused(letter, member):
    services.return_transfer(letter, answer="档案不全", by=None)

    with pytest.raises(MemberError):
        services.accept_transfer(letter, on=date(2026, 5, 10), by=None)
    assert homes(member) == [("s1m1", None)]


def test_nobody_is_accepted_who_has_gone_elsewhere_meanwhile(letter, member, street):
    services.transfer_home(member, to=street, on=date(2026, 5, 5), by=None)

    with pytest.raises(MemberError):
        services.accept_transfer(letter, on=date(2026, 5, 10), by=None)

    letter.refresh_from_db()
    assert letter.state == TransferState.REQUESTED


def test_the_sender_withdraws_a_letter_and_may_write_another(secretary, letter, member, street):
    sign_in(secretary).post(reverse("members:transfer_withdraw", args=[letter.pk]))

    letter.refresh_from_db()
    assert letter.state == TransferState.WITHDRAWN
    services.request_transfer(member, to_unit=street, issued_on=DAY, by=None)


def test_a_member_from_outside_comes_onto_the_roster_with_the_letter(secretary, community):
    newcomer = {
        "unit": community.code,
        "from_name": "外地街道党工委",
        "letter_number": "2026-17",
        "begun_on": "2026-05-10",
        "name": "王建国",
        "id_number": id_number(7),
        "stage": "full",
    }

    sign_in(secretary).post(reverse("members:arrive"), newcomer)

    transfer = Transfer.objects.get()
    assert (transfer.origin, transfer.to_unit) == ("外地街道党工委", community)
    assert homes(transfer.person) == [("s1m1", None)]


def test_a_merged_receiver_answers_through_the_other_unit(letter, neighbour, street, member):
    services.merge_units(neighbour, into=street, on=date(2026, 5, 3), by=None)

    letter.refresh_from_db()
    assert letter.to_unit == street


# -- who sees it ----------------------------------------------------------------
def test_both_sides_see_a_letter_and_nobody_else(secretary, receiver, outsider, letter):
    assert listed(secretary) == listed(receiver) == [letter.pk]
    assert listed(outsider) == []
    address = letter.get_absolute_url()
    assert sign_in(outsider).get(address).status_code == 404


def test_the_receiver_reads_the_letter_before_the_person(receiver, letter, member):
    page = sign_in(receiver).get(letter.get_absolute_url()).content.decode()

    assert "李晓梅" in page
    assert member.get_absolute_url() not in page


def test_overdue_letters_are_listed(secretary, letter):
    TransferFactory(from_unit=letter.from_unit, valid_until=timezone.localdate())

    assert listed(secretary, shown="overdue") == [letter.pk]


def test_answered_letters_are_listed_when_asked_for(secretary, letter):
    services.return_transfer(letter, answer="档案不全", by=None)

    assert listed(secretary) == []
    assert listed(secretary, shown="all") == [letter.pk]


def test_the_printed_letter_names_both_sides_and_no_id_number(secretary, letter, member):
    member.set_id_number(id_number(3))
    member.save()

    page = sign_in(secretary).get(reverse("members:transfer_letter", args=[letter.pk]))

    words = page.content.decode()
    assert "河滨社区" in words
    assert "桥头社区" in words
    assert page.context["days"] == 30
    assert id_number(3) not in words


def test_the_workbook_and_the_sheet_hold_what_the_filters_show(secretary, street, letter):
    TransferFactory(person__name="别处的人", from_unit=street)
    address = reverse("members:transfers")

    book = sign_in(secretary).get(address, {"as": "xlsx"})
    sheet = sign_in(secretary).get(address, {"as": "sheet"}).content.decode()

    assert book.content[:2] == b"PK"
    assert "李晓梅" in sheet
    assert "别处的人" not in sheet


def test_the_list_costs_the_same_however_long(
    secretary, community, letter, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("members:transfers"))
    TransferFactory.create_batch(29, from_unit=community)

    with django_assert_num_queries(len(few)):
        client.get(reverse("members:transfers"))
