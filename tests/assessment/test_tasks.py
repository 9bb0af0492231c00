"""What the clock starts: once a day all, and by day whatever was left over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from assessment.models import Notice, Verdict
from assessment.reminders import plan
from assessment.tasks import recompute_verdicts, remind_today, send_waiting_notices
from config.celery import app
from tests.factories import MemberFactory

HERE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 25, 8, 30, tzinfo=HERE)
NOON, NIGHT = MORNING.replace(hour=12), MORNING.replace(hour=3)

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(community, secretary):
    """Reminders that a worker planned and did not live to send."""
    MemberFactory(unit=community)
    plan(MORNING.date())


@time_machine.travel(MORNING, tick=False)
def test_every_morning_what_is_due_is_sent(community, secretary, mailoutbox):
    MemberFactory(unit=community)

    remind_today()
    remind_today()

    assert Notice.objects.get().day == MORNING.date()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("at", "number"), [(NOON, 1), (NIGHT, 0)])
def test_what_was_left_over_is_sent_by_day_and_not_at_night(planned, mailoutbox, at, number):
    with time_machine.travel(at, tick=False):
        send_waiting_notices()
        send_waiting_notices()

    assert len(mailoutbox) == number


def test_what_was_left_over_yesterday_comes_with_what_came_up_since(planned, neighbour, secretary):
    secretary.grants.create(unit=neighbour, role="secretary")
    MemberFactory(unit=neighbour)

    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        send_waiting_notices()

    told = set(Notice.objects.get().reminders.values_list("subject_code", flat=True))
    assert told == {"s1m1", "s1m2"}


@time_machine.travel(NIGHT, tick=False)
def test_every_night_all_units_are_judged_anew(community):
    recompute_verdicts()

    assert Verdict.objects.filter(unit=community).exists()


def test_the_clock_knows_every_task_that_it_starts():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
