"""What is kept of hints: settled, come back, gone with their facts, switched on by the county."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from activities import services
from activities.choices import HintKind, State
from activities.entries import ActivityError
from activities.hints.looking import look_at_one
from activities.models import Activity, Hint
from activities.tasks import look_at_record, look_at_records, look_at_records_of
from tests.activities.hints.conftest import (
    MINUTES,
    held,
    look_at_all,
    noticed,
    settle,
    switch,
)
from tests.cast import sign_in
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db


# -- what is kept of them ---------------------------------------------------


def test_a_second_look_finds_the_same_hint(late):
    assert noticed() == [late[0]]


def test_a_settled_hint_stays_settled_with_its_word_and_a_line_in_the_trail(late, reviewer):
    hint, activity = late
    assert "请简要说明" in settle(hint, reviewer, " ").content.decode()

    settle(hint, reviewer)

    (same,) = noticed()
    assert (same.pk, same.dismissed_by, same.dismissed_because) == (
        hint.pk,
        reviewer,
        "已核对签到表",
    )
    told = AuditEvent.objects.get(verb="dismiss_hint")
    assert (told.by, told.details["reason"], told.unit_path) == (
        reviewer,
        "已核对签到表",
        activity.unit.path,
    )


def test_it_comes_back_when_what_was_seen_changes_and_not_when_it_is_only_away(late, reviewer):
    hint, activity = late
    settle(hint, reviewer)

    Activity.objects.filter(pk=activity.pk).update(state=State.CANCELLED)
    assert noticed() == []
    Activity.objects.filter(pk=activity.pk).update(state=State.SUBMITTED)
    assert noticed()[0].dismissed_at

    moved = date(2026, 5, 20)
    Activity.objects.filter(pk=activity.pk).update(first_day=moved, last_day=moved)
    assert noticed()[0].dismissed_at is None


def test_an_open_hint_goes_with_its_facts(late):
    Activity.objects.filter(pk=late[1].pk).update(state=State.CANCELLED)

    assert noticed() == []
    assert not Hint.objects.exists()


def test_a_hint_is_taken_up_again(late, reviewer):
    hint, _activity = late
    settle(hint, reviewer)

    sign_in(reviewer).post(reverse("activities:hint_reopen", args=[hint.pk]))

    assert Hint.objects.waiting().get() == hint
    with pytest.raises(ActivityError):
        services.reopen_hint(hint, by=reviewer)


def test_a_look_at_one_record_finds_and_forgets_what_it_has_to_do_with(community, neighbour):
    person = MemberFactory(unit=community)
    first, second = held(community, minutes=MINUTES), held(neighbour, hour=11)
    third = held(community, date(2026, 8, 3), minutes=MINUTES)
    for activity in (first, second):
        AttendanceFactory(activity=activity, person=person)

    look_at_record(str(first.pk))
    kinds = set(Hint.objects.values_list("kind", flat=True))
    before = set(Hint.objects.values_list("pk", flat=True))
    look_at_all()

    assert kinds == {HintKind.TWO_PLACES, HintKind.SAME_MINUTES}
    assert set(Hint.objects.values_list("pk", flat=True)) == before
    Activity.objects.filter(pk=third.pk).update(state=State.CANCELLED)
    look_at_one(third.pk)
    assert Hint.objects.get().kind == HintKind.TWO_PLACES


def test_submitting_has_a_record_looked_at_where_hints_are_wanted(
    county, community, secretary, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(
        "activities.hints.asking.current_app.send_task", lambda *args, **options: asked.append(args)
    )
    activity = ActivityFactory(unit=community)
    with django_capture_on_commit_callbacks(execute=True):
        services.submit(activity, by=secretary)
    assert asked == [("activities.tasks.look_at_record", [str(activity.pk)])]

    switch(county, "off", date(2026, 9, 1))
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel(activity, by=secretary)
    assert len(asked) == 1


def test_at_night_each_county_is_looked_at_by_a_task_of_its_own(county, outsider, monkeypatch):
    asked = []
    monkeypatch.setattr(look_at_records_of, "delay", asked.append)

    look_at_records()

    assert sorted(asked) == [county.code, "xc"]


def test_a_broker_that_is_away_keeps_nobody_from_submitting(
    community, secretary, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args, **options):
        raise OSError("no broker")

    monkeypatch.setattr("activities.hints.asking.current_app.send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        services.submit(ActivityFactory(unit=community), by=secretary)


# -- switched on by the county ----------------------------------------------
def test_nothing_is_noticed_before_the_day_from_which_the_county_wants_it(community):
    held(community, date(2025, 12, 1), entered=date(2026, 8, 1))

    assert noticed() == []


def test_where_hints_are_switched_off_none_is_shown_or_kept(late, county, reviewer):
    switch(county, "off", date(2026, 9, 1))
    browser = sign_in(reviewer)

    assert "提示未启用" in browser.get(reverse("activities:hints")).content.decode()
    assert browser.get(late[0].get_absolute_url()).status_code == 404
    assert "登记时间距活动较久" not in browser.get(late[1].get_absolute_url()).content.decode()
    assert noticed() == []
