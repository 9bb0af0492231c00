"""What is planned stands in the month of the home page, beside what was held and what is due."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import PlanInvitation
from activities.plan_choices import Answer, PlanState
from tests.cast import sign_in
from tests.factories import SHANGHAI, ActivityFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _december():
    with time_machine.travel("2026-12-04T12:00:00+08:00", tick=False):
        yield


def day_of(page, day):
    """The square of the calendar, and what the list says of the day."""
    square = re.search(rf'<a class="month-day" href="#day-{day}">.*?</a>', page, re.DOTALL)
    said = re.search(rf'<li id="day-{day}">.*?</ul>', page, re.DOTALL)
    return square and square[0], said and said[0]


def home_of(user):
    return sign_in(user).get("/").content.decode()


def test_a_plan_is_a_mark_with_its_link(secretary, community):
    plan = PlanFactory(unit=community, topic="集中学习")

    square, said = day_of(home_of(secretary), 10)

    assert "month-ring" in square
    assert "1项计划" in square
    assert f'href="{plan.get_absolute_url()}">集中学习</a>' in said
    assert "09:00" in said


def test_held_planned_and_due_stand_together(secretary, community):
    PlanFactory(unit=community, starts_at=datetime(2026, 12, 31, 23, 30, tzinfo=SHANGHAI))
    PlanFactory(
        unit=community, starts_at=datetime(2027, 1, 1, 0, 30, tzinfo=SHANGHAI), topic="明年"
    )
    ActivityFactory(unit=community, on=date(2026, 12, 2), topic="已办", submitted=True)

    page = home_of(secretary)

    assert "month-ring" in day_of(page, 31)[0]
    assert "month-ring" not in day_of(page, 2)[0]
    assert "已办" in day_of(page, 2)[1]
    assert "明年" not in page


def test_what_is_dropped_or_declined_or_elsewhere_is_no_mark(secretary, community, neighbour):
    PlanFactory(unit=community, state=PlanState.DROPPED, drop_reason="改期", topic="取消了")
    PlanFactory(unit=neighbour, topic="别处的")
    for topic, answer in (("谢绝的", Answer.DECLINED), ("受邀的", Answer.OPEN)):
        plan = PlanFactory(unit=neighbour, topic=topic)
        said = None if answer == Answer.OPEN else timezone.now()
        PlanInvitation.objects.create(plan=plan, unit=community, answer=answer, answered_at=said)

    page = home_of(secretary)

    assert [name for name in ("取消了", "别处的", "谢绝的") if name in page] == []
    assert "受邀的" in page


def test_thirty_plans_take_no_more_queries_than_one(secretary, community):
    client = sign_in(secretary)
    asked = []
    for number in (1, 29):
        PlanFactory.create_batch(number, unit=community)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/")
            asked.append(len(seen))

    assert asked[0] == asked[1] <= 12
