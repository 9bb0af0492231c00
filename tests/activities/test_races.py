"""Two presses at the same moment, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import AuditEvent
from activities import services
from activities.choices import Grade, Presence, RunKind, State
from activities.entries import ActivityError
from activities.models import Activity, Appraisal, Attendance, ReviewRun
from tests.activities.entries import entry

pytestmark = pytest.mark.django_db(transaction=True)
LONG_ENOUGH = 0.3
"""Seconds in which the one who waits would have been through if nothing held it."""


def at_once(*acts) -> list:
    """What each act gives or raises, all of them begun at the same moment."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except ActivityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_button_pressed_twice_at_once_makes_one_record(community, secretary, zhang):
    key, here = uuid4(), {zhang.pk: Presence.PRESENT}

    def press():
        typed = entry(community, presences=here)
        return services.log_activity(typed, by=secretary, submit=True, form_key=key)

    first, second = at_once(press, press)

    assert first.pk == second.pk
    assert (Activity.objects.count(), Attendance.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(verb="log_activity").count() == 1


def test_of_two_editors_at_once_one_is_told(community, secretary, reviewer):
    activity = services.log_activity(entry(community), by=secretary)

    def change(topic):
        typed = entry(community, topic=topic)
        return services.change_activity(activity, typed, by=secretary, version=1)

    outcomes = at_once(lambda: change("甲"), lambda: change("乙"))

    refused = [outcome for outcome in outcomes if isinstance(outcome, ActivityError)]
    kept = [outcome for outcome in outcomes if isinstance(outcome, Activity)]
    assert (len(refused), len(kept)) == (1, 1)
    assert Activity.objects.get().topic == kept[0].topic


def test_confirming_and_returning_at_once_leaves_attendances_in_step(
    community, secretary, reviewer, zhang
):
    typed = entry(community, presences={zhang.pk: Presence.PRESENT})
    activity = services.log_activity(typed, by=secretary, submit=True)

    at_once(
        lambda: services.confirm(activity, by=reviewer),
        lambda: services.return_activity(activity, "原因", by=reviewer),
    )

    state = Activity.objects.get().state
    assert Attendance.objects.get().counts == (state == State.CONFIRMED)


def ready_run(community, secretary, member):
    run = services.open_run(community, kind=RunKind.MEMBER_REVIEW, year=2026, by=secretary)
    line = run.entries.get(person=member)
    grade(run, line, Grade.QUALIFIED, secretary)
    return run, line


def grade(run, line, word, by):
    return services.save_step(run, "grades", {line.pk: {"grade": word, "remark": ""}}, by=by)


def held_review(community):
    return entry(community, kinds=frozenset({"member_review"}))


def test_a_step_saved_while_the_run_is_closed_is_in_the_record_or_refused(
    community, secretary, zhang
):
    run, line = ready_run(community, secretary, zhang)

    closed, saved = at_once(
        lambda: services.close_run(
            ReviewRun.objects.get(pk=run.pk), by=secretary, meeting=held_review(community)
        ),
        lambda: grade(ReviewRun.objects.get(pk=run.pk), line, Grade.EXCELLENT, secretary),
    )

    line.refresh_from_db()
    on_record = Appraisal.objects.get().grade
    assert not isinstance(closed, ActivityError)
    assert line.grade == on_record
    assert isinstance(saved, ActivityError) == (on_record == Grade.QUALIFIED)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="has one writer at a time anyway")
def test_whoever_saves_a_step_waits_for_the_run_to_be_closed(community, secretary, zhang):
    run, line = ready_run(community, secretary, zhang)
    closing, done = Event(), Event()

    def close():
        try:
            with transaction.atomic():
                mine = ReviewRun.objects.get(pk=run.pk)
                services.close_run(mine, by=secretary, meeting=held_review(community))
                closing.set()
                done.wait(LONG_ENOUGH)
        finally:
            connection.close()

    def save():
        try:
            closing.wait()
            with pytest.raises(ActivityError):
                grade(run, line, Grade.EXCELLENT, secretary)
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(close), pool.submit(save)]:
            one.result()
    line.refresh_from_db()
    assert line.grade == Appraisal.objects.get().grade == Grade.QUALIFIED
