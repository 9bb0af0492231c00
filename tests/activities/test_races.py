"""Two presses at the same moment, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import AuditEvent
from activities import services
from activities.choices import Presence, State
from activities.entries import ActivityError
from activities.models import Activity, Attendance
from tests.activities.entries import entry

pytestmark = pytest.mark.django_db(transaction=True)


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
