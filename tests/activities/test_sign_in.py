from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from activities import services
from activities.choices import Presence, SignedBy, State
from activities.codes import code_at, ticket_at
from activities.entries import ActivityError
from activities.models import Activity, Attendance, PlanInvitation, Signature, SignIn, SignInTry
from activities.services import signing
from members.choices import Nature
from tests.activities.entries import at, typed
from tests.cast import sign_in as browser_of
from tests.factories import (
    ActivityFactory,
    AffiliationFactory,
    AppointmentFactory,
    MemberFactory,
    PlanFactory,
    SignInFactory,
)
from tests.world import id_number

pytestmark = pytest.mark.django_db
START = "2026-12-10 09:00"


@pytest.fixture(autouse=True)
def _at_the_start(time_machine):
    time_machine.move_to("2026-12-10 08:55+08:00", tick=False)


def member(unit, name="张三", number=101, **given):
    """A member whose ID number is known."""
    person = MemberFactory(unit=unit, name=name, **given)
    return with_number(person, number)


def with_number(person, number=101):
    person.set_id_number(id_number("19700101", number))
    person.save()
    return person


def last_of(person) -> str:
    return person.reveal_id_number()[-4:]


@pytest.fixture
def sign_in(community):
    return SignInFactory(plan=PlanFactory(unit=community, topic="年度讨论", starts_at=at(START)))


def phone_page(sign_in) -> str:
    return f"/activities/sign/{sign_in.pk}/"


def scan(sign_in, phone=None):
    """What a phone sees that scans the code now."""
    phone = phone or Client()
    code = code_at(bytes(sign_in.secret), timezone.now())
    return phone.get(phone_page(sign_in), {"code": code})


def send(sign_in, name, last, *, phone=None, ticket=None):
    ticket = ticket or ticket_at(bytes(sign_in.secret), timezone.now())
    data = {"ticket": ticket, "name": name, "last": last}
    return (phone or Client()).post(phone_page(sign_in), data)


def text_of(answer) -> str:
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


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
def tried(sign_in, name, last, address="10.0.0.1"):
    now = timezone.now()
    return services.sign(sign_in, name=name, last=last, address=address, now=now).outcome


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


# -- the host -----------------------------------------------------------------
def offer(unit, **given):
    said = {"is_on": True, "grace_minutes": 10, "lets_guests": False, "by": None}
    return services.set_offer(unit, **said | given)


def test_it_is_off_until_the_unit_turns_it_on(signed_in, community, secretary):
    plan = PlanFactory(unit=community)
    address = f"/activities/plans/{plan.pk}/"
    assert "开始签到" not in signed_in.get(address).content.decode()
    with pytest.raises(ActivityError, match="没有开启扫码签到"):
        services.open_sign_in(plan, by=secretary)

    signed_in.post(
        f"/activities/calendar/units/{community.code}/offer/",
        {"is_on": "on", "grace_minutes": "15"},
    )

    assert "开始签到" in signed_in.get(address).content.decode()
    signed_in.post(f"{address}sign-in/")
    opened = SignIn.objects.get(plan=plan)
    assert (opened.grace_minutes, opened.lets_guests, opened.opened_by) == (15, False, secretary)


def test_the_screen_shows_a_code_that_a_phone_can_open(signed_in, sign_in):
    page = signed_in.get(sign_in.get_absolute_url())
    part = signed_in.get(sign_in.get_absolute_url(), {"part": "code"})

    assert "<svg" in page.content.decode()
    assert "<svg" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "style=" not in part.content.decode()
    assert scan(sign_in).status_code == 200


def test_the_list_fills_up_with_counts(signed_in, sign_in, community):
    for number, name in enumerate(["张三", "李四", "王五"]):
        member(community, name=name, number=number)
    tried(sign_in, "李四", id_number("19700101", 1)[-4:])

    text = text_of(signed_in.get(sign_in.get_absolute_url(), {"part": "list"}))

    assert "1人，应到3人" in text
    assert "李四" in text
    assert "张三" not in text


def test_the_screen_costs_the_same_for_one_and_thirty(signed_in, sign_in, community):
    def fill(number):
        for _ in range(number):
            Signature.objects.create(
                sign_in=sign_in, person=MemberFactory(unit=community), signed_at=timezone.now()
            )

    def cost(part):
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(sign_in.get_absolute_url(), {"part": part}).status_code == 200
        return len(queries)

    fill(1)
    one = cost(""), cost("list"), cost("code")
    fill(29)

    assert (cost(""), cost("list"), cost("code")) == one


def test_the_host_adds_by_hand_and_takes_back(signed_in, sign_in, zhang, neighbour):
    beyond = MemberFactory(unit=neighbour)
    base = sign_in.get_absolute_url()
    assert "张三" in signed_in.get(base, {"find": "zhangsan"}).content.decode()

    for person in (zhang, zhang, beyond):
        signed_in.post(f"{base}add/", {"person": str(person.pk)})

    signature = Signature.objects.get()
    assert (signature.person, signature.added_by.username) == (zhang, "secretary")
    signed_in.post(f"/activities/sign-in/signatures/{signature.pk}/undo/")
    assert not Signature.objects.exists()
    verbs = AuditEvent.objects.filter(target_id=str(sign_in.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["add_signature", "undo_signature"]


def test_a_viewer_and_an_outsider_see_no_screen(viewer, outsider, sign_in):
    for user in (viewer, outsider):
        assert browser_of(user).get(sign_in.get_absolute_url()).status_code == 404


# -- into the record ----------------------------------------------------------
def test_who_signed_is_proposed_as_present_and_the_others_as_absent(
    signed_in, sign_in, zhang, li, community
):
    with_number(zhang)
    MemberFactory(unit=community, name="候选人", stage="activist", full_on=None)
    tried(sign_in, "张三", last_of(zhang))

    answer = signed_in.get("/activities/log/", {"plan": str(sign_in.plan_id)})

    rows = {row.name: str(row.presence) for row in answer.context["roll"].rows.values()}
    assert rows == {"张三": "present", "李四": "absent", "候选人": ""}
    assert "1人已扫码签到" in answer.content.decode()


def test_where_nobody_signed_everybody_expected_is_ticked_as_ever(signed_in, sign_in, zhang):
    answer = signed_in.get("/activities/log/", {"plan": str(sign_in.plan_id)})

    assert [str(row.presence) for row in answer.context["roll"].rows.values()] == ["present"]


def test_the_record_says_who_signed_by_code_and_late_counts_like_any_presence(
    signed_in, sign_in, zhang, li, time_machine
):
    with_number(zhang)
    time_machine.move_to("2026-12-10 09:30+08:00", tick=False)
    tried(sign_in, "张三", last_of(zhang))
    data = typed(sign_in.plan.unit, day="2026-12-10", here=[str(zhang.pk), str(li.pk)])

    signed_in.post(f"/activities/log/?plan={sign_in.plan_id}", data)

    rows = dict(Attendance.objects.values_list("person__name", "signed_by"))
    assert rows == {"张三": SignedBy.QR, "李四": SignedBy.TICKED}
    assert set(Attendance.objects.values_list("presence", "counts")) == {(Presence.PRESENT, True)}
    page = signed_in.get(Activity.objects.get().get_absolute_url()).content.decode()
    assert "迟到" in page
    assert "张三 09:30" in page


def test_the_secretary_decides_whom_to_untick(signed_in, sign_in, zhang):
    with_number(zhang)
    tried(sign_in, "张三", last_of(zhang))
    data = typed(sign_in.plan.unit, day="2026-12-10", **{f"away-{zhang.pk}": "leave"})

    signed_in.post(f"/activities/log/?plan={sign_in.plan_id}", data | {"do": "draft"})

    row = Attendance.objects.get()
    assert (row.presence, row.signed_by) == (Presence.LEAVE, SignedBy.TICKED)


def test_a_guest_out_of_the_secretarys_reach_is_kept_on_the_record(signed_in, sign_in, neighbour):
    guest = member(neighbour, name="客人")
    SignIn.objects.update(lets_guests=True)
    sign_in.refresh_from_db()
    tried(sign_in, "客人", last_of(guest))
    data = typed(sign_in.plan.unit, day="2026-12-10", here=[str(guest.pk)], do="draft")

    signed_in.post(f"/activities/log/?plan={sign_in.plan_id}", data)

    assert Attendance.objects.get().person == guest


def test_a_stranger_who_did_not_sign_is_still_refused(signed_in, sign_in, neighbour):
    stranger = MemberFactory(unit=neighbour)
    data = typed(sign_in.plan.unit, day="2026-12-10", here=[str(stranger.pk)], do="draft")

    signed_in.post(f"/activities/log/?plan={sign_in.plan_id}", data)

    assert not Activity.objects.exists()


def test_a_draft_is_signed_to_and_takes_the_signatures_over(signed_in, community, zhang, li):
    offer(community)
    with_number(zhang)
    draft = ActivityFactory(unit=community)
    signed_in.post(f"/activities/{draft.pk}/sign-in/")
    opened = SignIn.objects.get(activity=draft)
    tried(opened, "张三", last_of(zhang))
    edit = f"/activities/{draft.pk}/edit/"

    rows = signed_in.get(edit, {"signed": "1"}).context["roll"].rows.values()
    data = typed(community, here=[str(zhang.pk)], version=str(draft.version), do="draft")
    signed_in.post(edit, data)

    assert {row.name: str(row.presence) for row in rows} == {"张三": "present", "李四": "absent"}
    assert Attendance.objects.get().signed_by == SignedBy.QR


def test_nobody_signs_to_a_record_that_counts(community):
    offer(community)
    record = ActivityFactory(unit=community, submitted=True)
    assert record.state == State.SUBMITTED

    with pytest.raises(ActivityError, match="草稿"):
        services.open_sign_in(record, by=None)


def test_opening_again_keeps_what_was_signed(sign_in, community, secretary):
    offer(community)
    person = member(community)
    tried(sign_in, "张三", last_of(person))
    services.close_sign_in(sign_in, by=secretary)

    again = services.open_sign_in(sign_in.plan, by=secretary)

    assert (again.pk, again.closed_at, again.signatures.count()) == (sign_in.pk, None, 1)


def test_who_comes_while_a_draft_is_written_is_taken_over_and_after_submission_nobody(
    signed_in, sign_in, zhang, li
):
    with_number(zhang, 101)
    with_number(li, 102)
    tried(sign_in, "张三", last_of(zhang))
    data = typed(sign_in.plan.unit, day="2026-12-10", here=[str(zhang.pk)], begins="08:00")
    signed_in.post(f"/activities/log/?plan={sign_in.plan_id}", data | {"do": "draft"})
    record = Activity.objects.get()

    later = SignIn.opened(sign_in.pk)
    assert tried(later, "李四", last_of(li)) == "signed"
    rows = signed_in.get(f"/activities/{record.pk}/edit/?signed=1").context["roll"].rows.values()
    assert {str(row.presence) for row in rows} == {"present"}
    assert f"{record.pk}/edit/?signed=1" in text_with_links(signed_in, sign_in)
    services.submit(record, by=None)

    assert tried(SignIn.opened(sign_in.pk), "李四", last_of(li)) == "closed"
    assert "?signed=1" not in text_with_links(signed_in, sign_in)


def text_with_links(browser, sign_in) -> str:
    return browser.get(sign_in.get_absolute_url()).content.decode()
