"""The host's screen, and how who signed comes into the record."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from activities import services
from activities.choices import Presence, SignedBy, State
from activities.entries import ActivityError
from activities.models import Activity, Attendance, Signature, SignIn
from tests.activities.entries import typed
from tests.activities.sign_in.conftest import (
    last_of,
    member,
    scan,
    text_of,
    tried,
    with_number,
)
from tests.cast import sign_in as browser_of
from tests.factories import (
    ActivityFactory,
    MemberFactory,
    PlanFactory,
)
from tests.world import id_number

pytestmark = pytest.mark.django_db


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
    secretary, sign_in, zhang, li, time_machine
):
    with_number(zhang)
    time_machine.move_to("2026-12-10 09:30+08:00", tick=False)
    tried(sign_in, "张三", last_of(zhang))
    data = typed(sign_in.plan.unit, day="2026-12-10", here=[str(zhang.pk), str(li.pk)])

    browser = browser_of(secretary)
    browser.post(f"/activities/log/?plan={sign_in.plan_id}", data)

    rows = dict(Attendance.objects.values_list("person__name", "signed_by"))
    assert rows == {"张三": SignedBy.QR, "李四": SignedBy.TICKED}
    assert set(Attendance.objects.values_list("presence", "counts")) == {(Presence.PRESENT, True)}
    page = browser.get(Activity.objects.get().get_absolute_url()).content.decode()
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
