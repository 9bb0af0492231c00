"""A member's phone: what it sees, whom it signs, and whom it keeps out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from activities import services
from activities.codes import code_at, ticket_at
from activities.models import PlanInvitation, Signature, SignIn, SignInTry
from activities.services import signing
from members.choices import Nature
from tests.activities.entries import at
from tests.activities.sign_in.conftest import (
    last_of,
    member,
    phone_page,
    scan,
    send,
    text_of,
    tried,
    with_number,
)
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    MemberFactory,
)
from tests.world import id_number

pytestmark = pytest.mark.django_db


# -- the phone ----------------------------------------------------------------
def test_a_phone_without_an_account_scans_and_signs(sign_in, community):
    person = member(community)
    phone = Client(enforce_csrf_checks=True)
    page = scan(sign_in, phone)
    token, ticket = (
        re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]
        for name in ("csrfmiddlewaretoken", "ticket")
    )

    data = {"csrfmiddlewaretoken": token, "ticket": ticket, "name": "张三"}
    answer = phone.post(phone_page(sign_in), data | {"last": last_of(person).lower()})

    assert (answer.status_code, "签到成功" in text_of(answer)) == (200, True)
    signature = Signature.objects.get()
    assert (signature.person, signature.is_late, signature.added_by) == (person, False, None)
    assert set(phone.cookies) == {"csrftoken"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_signing_twice_says_so_and_changes_nothing(sign_in, community, time_machine):
    person = member(community)
    send(sign_in, "张三", last_of(person))
    time_machine.move_to("2026-12-10 09:30+08:00", tick=False)

    answer = send(sign_in, "张三", last_of(person))

    assert "您已经签过到了" in text_of(answer)
    assert Signature.objects.get().signed_at == at("2026-12-10 08:55")


@pytest.mark.parametrize(
    ("now", "is_late"), [("09:10:00", False), ("09:10:01", True), ("10:30:00", True)]
)
def test_late_is_after_the_start_and_the_minutes_of_grace(
    sign_in, community, time_machine, now, is_late
):
    person = member(community)
    time_machine.move_to(f"2026-12-10 {now}+08:00", tick=False)

    answer = send(sign_in, "张三", last_of(person))

    assert Signature.objects.get().is_late is is_late
    assert ("迟到" in text_of(answer)) is is_late


def test_the_answer_is_the_same_whoever_is_unknown(sign_in, community, neighbour):
    person = member(community)
    MemberFactory(unit=community, name="没有号码")
    elsewhere = member(neighbour, name="邻居", number=103)
    wrong = "0000" if last_of(person) != "0000" else "1111"

    answers = [
        send(sign_in, "张三", wrong),
        send(sign_in, "查无此人", wrong),
        send(sign_in, "没有号码", wrong),
        send(sign_in, "邻居", last_of(elsewhere)),
    ]

    assert {(answer.status_code, strip(answer)) for answer in answers} == {(422, strip(answers[0]))}
    assert not Signature.objects.exists()


def strip(answer) -> str:
    """A page without what differs on each: tokens."""
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_two_namesakes_are_told_apart(sign_in, community):
    member(community, number=101)
    two = member(community, number=102)

    send(sign_in, "张三", last_of(two))

    assert Signature.objects.get().person == two


def test_two_namesakes_with_one_ending_are_left_to_the_host(sign_in, community):
    one, two = member(community, number=101), MemberFactory(unit=community, name="张三")
    births = [f"197002{day:02}" for day in range(1, 29)]
    numbers = [id_number(birth, 101) for birth in births]
    two.set_id_number(next(number for number in numbers if number[-4:] == last_of(one)))
    two.save()

    answer = send(sign_in, "张三", last_of(one))

    assert answer.status_code == 422
    assert not Signature.objects.exists()


@pytest.mark.parametrize("name", [" 张 三 ", "张\u3000三"])
def test_blanks_in_a_name_do_no_harm(sign_in, community, name):
    person = member(community)

    assert send(sign_in, name, f" {last_of(person)} ").status_code == 200


def test_a_dot_may_be_typed_in_any_of_its_shapes(sign_in, community):
    person = member(community, name="阿卜杜拉·买买提")

    assert send(sign_in, "阿卜杜拉•买买提", last_of(person)).status_code == 200


@pytest.mark.parametrize("later", [60, 3600])
def test_a_stale_code_opens_nothing(sign_in, time_machine, later):
    code = code_at(bytes(sign_in.secret), timezone.now())
    time_machine.move_to(timezone.now() + timedelta(seconds=later), tick=False)

    answer = Client().get(phone_page(sign_in), {"code": code})

    assert answer.status_code == 410
    assert "重新扫描" in text_of(answer)
    assert "年度讨论" not in text_of(answer)


def test_a_stale_ticket_signs_nobody(sign_in, community, time_machine):
    person = member(community)
    ticket = ticket_at(bytes(sign_in.secret), timezone.now())
    time_machine.move_to(timezone.now() + timedelta(minutes=6), tick=False)

    answer = send(sign_in, "张三", last_of(person), ticket=ticket)

    assert answer.status_code == 410
    assert not Signature.objects.exists()


def test_an_unknown_sign_in_and_a_stale_code_look_alike(sign_in):
    unknown = Client().get("/activities/sign/00000000-0000-0000-0000-000000000000/?code=1.a")
    stale = Client().get(phone_page(sign_in), {"code": "1.a"})

    assert (unknown.status_code, strip(unknown)) == (stale.status_code, strip(stale))


def test_a_closed_sign_in_and_one_left_open_over_night_take_nobody(
    sign_in, community, time_machine
):
    person = member(community)
    services.close_sign_in(sign_in, by=None)
    assert "签到已结束" in text_of(scan(sign_in))
    assert send(sign_in, "张三", last_of(person)).status_code == 410

    SignIn.objects.update(closed_at=None)
    time_machine.move_to("2026-12-10 20:56+08:00", tick=False)

    assert send(sign_in, "张三", last_of(person)).status_code == 410
    assert not Signature.objects.exists()


def test_nothing_personal_stands_in_an_address_or_in_the_page(sign_in, community):
    person = member(community)
    MemberFactory(unit=community, name="另一位")

    page = scan(sign_in)
    answer = send(sign_in, "张三", last_of(person))

    assert "另一位" not in page.content.decode() + answer.content.decode()
    assert last_of(person) not in strip(answer)
    assert not answer.headers.get("Location")


# -- guessing -----------------------------------------------------------------


def test_after_five_wrong_tries_a_name_is_shut_even_for_the_right_ones(
    sign_in, community, time_machine
):
    person = member(community)
    other = member(community, name="李四", number=102)

    outcomes = [tried(sign_in, "张三", f"999{each}", f"10.0.0.{each}") for each in range(6)]

    assert outcomes == ["unknown"] * 5 + ["too_many"]
    assert tried(sign_in, "张 三", last_of(person)) == "too_many"
    assert tried(sign_in, "李四", last_of(other)) == "signed"
    time_machine.move_to(timezone.now() + timedelta(minutes=11), tick=False)
    assert tried(sign_in, "张三", last_of(person)) == "signed"


@pytest.mark.parametrize(
    ("limit", "address"), [("TRIES_AN_ADDRESS", "10.0.0.1"), ("TRIES_IN_ALL", "10.0.0.{}")]
)
def test_an_address_and_a_sign_in_as_a_whole_are_shut_as_well(
    sign_in, community, monkeypatch, limit, address
):
    person = member(community)
    monkeypatch.setattr(signing, limit, 3)

    outcomes = [tried(sign_in, f"甲{each}", "9999", address.format(each)) for each in range(4)]

    assert outcomes == ["unknown"] * 3 + ["too_many"]
    assert tried(sign_in, "张三", last_of(person), address.format(9)) == "too_many"


def test_right_ones_leave_no_try_behind_and_tries_name_nobody(sign_in, community):
    person = member(community)
    tried(sign_in, "张三", last_of(person))
    assert not SignInTry.objects.exists()

    tried(sign_in, "张三", "9999")

    kept = str(vars(SignInTry.objects.get()))
    assert "张三" not in kept
    assert "10.0.0.1" not in kept
    services.close_sign_in(sign_in, by=None)
    assert not SignInTry.objects.exists()


# -- whose people -------------------------------------------------------------
def test_people_of_a_co_host_that_accepted_sign_too(sign_in, neighbour):
    person = member(neighbour)
    assert tried(sign_in, "张三", last_of(person)) == "unknown"

    PlanInvitation.objects.create(
        plan=sign_in.plan, unit=neighbour, answer="accepted", answered_at=timezone.now()
    )

    assert tried(sign_in, "张三", last_of(person)) == "signed"


def test_guests_of_the_county_sign_only_where_the_host_lets_them(sign_in, neighbour):
    person, outsider = member(neighbour), member(None, name="外县", number=102)
    assert tried(sign_in, "张三", last_of(person)) == "unknown"

    sign_in.lets_guests = True

    assert tried(sign_in, "张三", last_of(person)) == "signed"
    assert tried(sign_in, "外县", last_of(outsider)) == "unknown"


def test_who_serves_here_or_is_a_guest_here_signs_and_who_left_does_not(sign_in, community):
    staff = with_number(AppointmentFactory(unit=community, person__name="干部").person, 102)
    guest = with_number(
        AffiliationFactory(unit=community, nature=Nature.IN_SERVICE, person__name="在职").person,
        103,
    )
    gone = member(community, name="走了", number=104, ended_on="2026-12-01")

    assert tried(sign_in, "干部", last_of(staff)) == "signed"
    assert tried(sign_in, "在职", last_of(guest)) == "signed"
    assert tried(sign_in, "走了", last_of(gone)) == "unknown"
