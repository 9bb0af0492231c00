"""A closed review run is opened again by the unit above, corrected, and closed anew."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from activities import services
from activities.choices import Grade, Presence, RunKind, Stand, State
from activities.entries import ActivityError
from activities.models import Activity, ReviewReopening
from tests.activities.entries import at, entry
from tests.cast import sign_in
from tests.factories import MemberFactory
from tests.review_factories import ReviewEntryFactory, ReviewRunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(community, secretary, zhang, li):
    """Both members qualified; Li was on leave."""
    run = services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=2026, by=secretary)
    grade(run, secretary, {"张三": Grade.QUALIFIED, "李四": Grade.QUALIFIED})
    meeting = entry(
        community,
        kinds=frozenset({"member_review"}),
        starts_at=at("2026-03-10 09:00"),
        ends_at=at("2026-03-10 11:00"),
    )
    services.close_run(run, by=secretary, meeting=meeting, away={li.pk})
    return run


def grade(run, secretary, grades) -> None:
    lines = dict(run.entries.values_list("person__name", "pk"))
    values = {lines[name]: {"grade": said, "remark": ""} for name, said in grades.items()}
    services.save_step(run, "grades", values, by=secretary)


def grades_of(activity) -> dict[str, str]:
    return dict(activity.appraisals.values_list("person__name", "grade"))


def test_the_record_goes_back_and_what_was_said_is_kept(closed, reviewer, zhang, li):
    services.reopen_run(closed, " 漏报一人 ", by=reviewer)

    assert (closed.is_open, closed.closed_by) == (True, None)
    record = Activity.objects.get()
    assert (record.state, record.return_reason) == (State.RETURNED, "漏报一人")
    kept = ReviewReopening.objects.get()
    assert (kept.reason, kept.by) == ("漏报一人", reviewer)
    assert kept.lines[str(zhang.pk)]["grade"] == "qualified"
    event = AuditEvent.objects.get(verb="reopen_run")
    assert (event.by, event.details["reason"]) == (reviewer, "漏报一人")


def test_the_same_record_takes_the_corrected_result(closed, secretary, reviewer, community, zhang):
    services.reopen_run(closed, "等次有误", by=reviewer)
    MemberFactory(unit=community, name="王五")
    services.renew_list(closed, by=secretary)
    grade(closed, secretary, {"张三": Grade.EXCELLENT, "王五": Grade.QUALIFIED})

    services.close_run(
        closed, by=secretary, away={closed.entries.get(person__name="李四").person_id}
    )

    record = Activity.objects.get()
    assert record.state == State.SUBMITTED
    assert grades_of(record) == {"张三": "excellent", "李四": "qualified", "王五": "qualified"}
    assert dict(record.attendances.values_list("person__name", "presence")) == {
        "张三": Presence.PRESENT,
        "李四": Presence.LEAVE,
        "王五": Presence.PRESENT,
    }
    told = [version.snapshot["grades"][str(zhang.pk)] for version in record.versions.all()]
    assert told[0] == "qualified"
    assert told[-1] == "excellent"
    closed.refresh_from_db()
    assert (closed.is_open, closed.activity) == (False, record)


def test_whoever_was_absent_or_online_stays_so(closed, secretary, reviewer, zhang, li):
    services.reopen_run(closed, "等次有误", by=reviewer)
    said = {zhang.pk: Presence.ONLINE, li.pk: Presence.ABSENT}
    services.set_attendance(Activity.objects.get(), said, by=secretary)

    services.close_run(closed, by=secretary, away={li.pk})

    assert dict(Activity.objects.get().attendances.values_list("person_id", "presence")) == said


def test_a_record_that_was_withdrawn_is_written_anew(closed, secretary, reviewer, community):
    services.reopen_run(closed, "会议未召开", by=reviewer)
    services.cancel(Activity.objects.get(), by=secretary)
    closed.refresh_from_db()

    meeting = entry(community, kinds=frozenset({"member_review"}))
    activity = services.close_run(closed, by=secretary, meeting=meeting)

    closed.refresh_from_db()
    assert closed.activity == activity
    assert Activity.objects.filter(state=State.CANCELLED).count() == 1


def test_the_secretary_is_led_to_the_run_from_home_and_from_the_record(closed, signed_in, reviewer):
    services.reopen_run(closed, "等次有误", by=reviewer)

    for address in ("/", Activity.objects.get().get_absolute_url()):
        page = signed_in.get(address).content.decode()
        assert f'href="{closed.get_absolute_url()}"' in page


def test_it_is_opened_once_and_with_a_reason(closed, reviewer):
    with pytest.raises(ActivityError):
        services.reopen_run(closed, "  ", by=reviewer)
    services.reopen_run(closed, "等次有误", by=reviewer)
    with pytest.raises(ActivityError):
        services.reopen_run(closed, "再来一次", by=reviewer)

    assert ReviewReopening.objects.count() == 1


def test_the_unit_above_opens_it_from_its_page_and_nobody_else(
    closed, secretary, reviewer, viewer, community
):
    address = reverse("activities:run_reopen", args=[closed.pk])
    for user in (secretary, viewer):
        assert sign_in(user).post(address, {"reason": "等次有误"}).status_code == 404
        assert "重新开启" not in sign_in(user).get(closed.get_absolute_url()).content.decode()
    above = sign_in(reviewer)
    assert address in above.get(closed.get_absolute_url()).content.decode()
    above.post(address, {"reason": ""})
    closed.refresh_from_db()
    assert not closed.is_open

    page = above.post(address, {"reason": "等次有误"}, follow=True).content.decode()

    closed.refresh_from_db()
    assert closed.is_open
    assert "等次有误" in page
    assert address not in page


def test_the_page_tells_what_changed_since(closed, secretary, reviewer, viewer):
    services.reopen_run(closed, "等次有误", by=reviewer)
    assert "尚未作任何更改" in sign_in(viewer).get(closed.get_absolute_url()).content.decode()
    grade(closed, secretary, {"张三": Grade.EXCELLENT})

    page = sign_in(viewer).get(closed.get_absolute_url())

    found = page.context["reopened"]
    assert [change for one in found for change in one.changes] == [("张三", "合格", "优秀")]


def test_closing_again_asks_for_nothing_that_the_record_says(closed, signed_in, reviewer, li):
    services.reopen_run(closed, "等次有误", by=reviewer)
    close = reverse("activities:run_close", args=[closed.pk])

    page = signed_in.get(close)
    answer = signed_in.post(close, {"away": [str(li.pk)]})

    assert list(page.context["form"].fields) == ["away"]
    assert page.context["form"]["away"].value() == [str(li.pk)]
    assert answer.headers["Location"] == Activity.objects.get().get_absolute_url()


def test_the_page_costs_the_same_however_often_it_was_opened(community, signed_in):
    run = ReviewRunFactory(unit=community)
    ReviewEntryFactory(run=run, stand=Stand.TAKES_PART)

    def cost(times: int) -> int:
        for _ in range(times):
            ReviewReopening.objects.create(run=run, reason="等次有误", closed_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert signed_in.get(run.get_absolute_url()).status_code == 200
        return len(queries)

    assert cost(1) == cost(29)
