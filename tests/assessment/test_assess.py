"""The command: its contract, its table, its refusals, and how much it asks of the database."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assessment.models import Verdict
from tests.factories import (
    SHANGHAI,
    ActivityFactory,
    AppointmentFactory,
    AttendanceFactory,
    BranchFactory,
    CommunityFactory,
    FloatingEntryFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("assess", *args, stdout=out)
    return out.getvalue()


def document(*args):
    return json.loads(run(*args, "--json"))


def test_the_document_has_exactly_the_keys_of_the_contract(community):
    member = MemberFactory(unit=community, name="王五")
    activity = ActivityFactory(unit=community, submitted=True, kinds=("party_lecture",))
    AttendanceFactory(activity=activity, person=member)

    rules = ["--rule", "member-activity-days", "--rule", "leadership-complete"]
    said = document("--unit", "s1m1", "--as-of", "2026-06-15", *rules)

    assert said == {
        "as_of": "2026-06-15",
        "verdicts": [
            {
                "unit": "s1m1",
                "rule": "leadership-complete",
                "period_start": None,
                "period_end": None,
                "value": "0",
                "target": "1",
                "status": "missed",
                "short": [said["verdicts"][0]["short"][0]],
            },
            {
                "unit": "s1m1",
                "rule": "member-activity-days",
                "period_start": "2026-01-01",
                "period_end": "2026-12-31",
                "value": "0",
                "target": "1",
                "status": "behind",
                "short": [{"name": "王五", "unit": "s1m1", "value": "0.38", "target": "6.00"}],
            },
        ],
    }
    assert isinstance(said["verdicts"][0]["short"][0], str)


def test_days_have_two_decimals_and_counts_none(street):
    ActivityFactory(unit=street, submitted=True, kinds=("central_study",), credit=1)

    said = document(
        "--unit", "s1", "--as-of", "2026-03-20", "--rule", "study-days", "--rule", "study-sessions"
    )

    figures = [(row["rule"], row["value"], row["target"]) for row in said["verdicts"]]
    assert figures == [("study-sessions", "1", "1"), ("study-days", "1.00", "12.00")]


def test_a_rolling_rule_says_since_when_and_until_when(community):
    AppointmentFactory(unit=community, begun_on=date(2024, 3, 1))

    (row,) = document("--unit", "s1m1", "--as-of", "2026-06-15", "--rule", "rotation-training")[
        "verdicts"
    ]

    assert (row["period_start"], row["period_end"]) == ("2024-03-01", "2027-03-01")


def test_a_unit_is_judged_with_all_below_it_and_nothing_beside(community, neighbour):
    BranchFactory(parent=community, code="s1m1b1")

    units = {row["unit"] for row in document("--unit", "S1M1", "--as-of", "2026-06-15")["verdicts"]}

    assert units == {"s1m1", "s1m1b1"}


def test_without_a_unit_every_county_is_judged(community):
    CommunityFactory(code="far")

    units = {row["unit"] for row in document("--as-of", "2026-06-15")["verdicts"]}

    assert {"c", "s1", "s1m1", "far"} <= units


def test_reasons_are_told_in_the_active_language(community):
    def reason(language):
        with translation.override(language):
            arguments = ["--unit", "s1m1", "--as-of", "2026-06-15", "--rule", "leadership-complete"]
            return document(*arguments)["verdicts"][0]["short"][0]

    assert reason("en") == "Lacking: Secretary"
    assert reason("zh-hans") != reason("en")


def test_todays_verdicts_are_stored_and_those_of_another_day_are_not(community, time_machine):
    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False)

    document("--as-of", "2026-06-14")
    assert not Verdict.objects.exists()

    said = document("--as-of", "2026-06-15")
    assert Verdict.objects.count() == len(said["verdicts"])


def test_a_choice_of_rules_stores_the_whole_all_the_same(community, time_machine):
    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False)

    said = document("--rule", "party-lectures")

    assert {row["rule"] for row in said["verdicts"]} == {"party-lectures"}
    assert Verdict.objects.filter(rule="monthly-activity").exists()


def test_without_json_there_is_a_table_to_read(community):
    table = run("--unit", "s1m1", "--as-of", "2026-06-15")

    assert "河滨社区 (s1m1)" in table
    assert "每月党员学习教育活动" in table


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--unit", "nowhere"], "nowhere"),
        (["--as-of", "2026-02-30"], "2026-02-30"),
        (["--as-of", "yesterday"], "yesterday"),
        (["--rulebook", "no-such"], "no-such"),
        (["--rule", "no-rule"], "no-rule"),
    ],
)
def test_what_cannot_be_used_is_named_and_ends_with_2(community, arguments, named):
    with pytest.raises(CommandError) as caught:
        run(*arguments)

    assert caught.value.returncode == 2
    assert named in str(caught.value)
    assert not Verdict.objects.exists()


def test_the_shell_sees_exit_status_2_and_an_empty_output():
    command = [sys.executable, "manage.py", "assess", "--as-of", "31.12.2026", "--json"]

    done = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "31.12.2026" in done.stderr


@pytest.mark.parametrize("day", ["2026-06-15", "2026-05-01"])
def test_a_hundred_communities_cost_as_many_queries_as_ten(street, time_machine, day):
    time_machine.move_to(datetime(2026, 6, 15, 10, tzinfo=SHANGHAI), tick=False)

    def populate(number):
        for _one in range(number):
            unit = CommunityFactory(parent=street)
            member = MemberFactory(unit=unit)
            AppointmentFactory(unit=unit, person=member)
            FloatingEntryFactory(unit=unit, person=member)
            activity = ActivityFactory(unit=unit, submitted=True, kinds=("party_lecture",))
            AttendanceFactory(activity=activity, person=member)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            document("--unit", "s1", "--as-of", day)
        return len(queries)

    populate(10)
    with_ten = cost()
    Verdict.objects.all().delete()
    populate(90)

    assert cost() == with_ten
