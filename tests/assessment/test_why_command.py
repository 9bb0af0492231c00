"""`manage.py why`: what the page tells, as text, within the reach of whoever asks."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from activities.choices import Presence
from assessment.choices import VerdictStatus
from tests.assessment.asking import attend, hold
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


def run(*args):
    out = StringIO()
    call_command("why", *args, stdout=out)
    return out.getvalue()


def test_it_tells_what_counted_and_what_did_not(secretary, community):
    member = MemberFactory(unit=community, name="王小满")
    attend(member, community, "member_study", credit="0.50", topic="到了")
    attend(member, community, "member_study", presence=Presence.LEAVE, topic="请假了")

    text = run("--as", "secretary", "--unit", "s1m1", "--rule", "member-activity-days")

    assert "王小满 进度滞后 0.5/6" in text.replace("进展正常", "进度滞后")
    assert "= 0.50" in text
    assert "请假了 [党员学习教育] 请假，不计入。" in text


def test_a_period_and_a_day_are_chosen(secretary, community):
    MemberFactory(unit=community)
    hold(community, "member_study", on=date(2026, 5, 3), topic="五月学习")

    asked = ("--as", "secretary", "--unit", "s1m1", "--rule", "monthly-activity")

    assert "五月学习" in run(*asked, "--period", "2026-05-01").split("已计入的活动")[1]
    assert "2026年4月" in run(*asked, "--as-of", "2026-04-30").splitlines()[0]


@pytest.mark.parametrize(
    ("unit", "rule", "user"),
    [
        ("s1m2", "monthly-activity", "secretary"),
        ("s1m1", "no-such-rule", "secretary"),
        ("s1m1", "monthly-activity", "nobody"),
        ("s1m1", "study-days", "secretary"),
    ],
)
def test_what_is_out_of_reach_or_none_can_not_be_asked(
    secretary, community, neighbour, unit, rule, user
):
    with pytest.raises(CommandError) as caught:
        run("--as", user, "--unit", unit, "--rule", rule)

    assert caught.value.returncode == 2


def test_a_sample_has_verdicts_of_each_status(secretary, community):
    MemberFactory(unit=community)

    text = run("--as", "secretary", "--sample", "2")

    assert text.count("\n== ") + text.startswith("== ") == len(VerdictStatus)
    assert "社区党建工作联席会" in text
