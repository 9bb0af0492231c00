"""The main job from files to reminders, with every verdict worked out by hand.

tests/world.py says what happened. Each line of EXPECTED names the day asked about, the unit, the
rule, the first day of the period (None: it has none), and what must be found.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from members.models import FloatingEntry, Person
from organizations.choices import Role
from organizations.models import CountySetting, Unit
from tests import world
from tests.factories import FloatingCheckFactory, GrantFactory
from tests.world import COUNTY, EAST, NEW, OTHER_COUNTY, UNCOVERED, WEST, A, B, C, D, E, F

FEB, APR, JUL, NOV, DEC = "2026-02-15", "2026-04-15", "2026-07-15", "2026-11-23", "2026-12-15"
YEAR = "2026-01-01"
NOT_APPLICABLE = ("not_applicable", "0", "0")

EXPECTED = [
    # county-research-inspection: of 2 in the half-year; expected 2 x days past / 181 or 184, floor
    (FEB, COUNTY, "county-research-inspection", YEAR, "on_track", "0", "2"),  # 45/181 -> 0
    (APR, COUNTY, "county-research-inspection", YEAR, "on_track", "1", "2"),  # 104/181 -> 1
    (JUL, COUNTY, "county-research-inspection", YEAR, "met", "2", "2"),
    (JUL, OTHER_COUNTY, "county-research-inspection", YEAR, "missed", "0", "2"),
    (NOV, COUNTY, "county-research-inspection", "2026-07-01", "behind", "0", "2"),  # 145/184 -> 1
    (DEC, COUNTY, "county-research-inspection", "2026-07-01", "due", "0", "2"),  # 16 days left
    # study-sessions: 1 a quarter, lead 21 days
    (NOV, EAST, "study-sessions", YEAR, "met", "1", "1"),
    (NOV, WEST, "study-sessions", YEAR, "missed", "0", "1"),
    (NOV, EAST, "study-sessions", "2026-10-01", "on_track", "0", "1"),  # 38 days left
    (DEC, EAST, "study-sessions", "2026-10-01", "due", "0", "1"),
    (NOV, NEW, "study-sessions", "2026-07-01", *NOT_APPLICABLE),  # there for 30 of 92 days
    (NOV, NEW, "study-sessions", "2026-10-01", "on_track", "0", "1"),
    # study-days: 12 a year
    (FEB, EAST, "study-days", YEAR, "on_track", "1.00", "12.00"),  # 12 x 45/365 -> 1
    (JUL, EAST, "study-days", YEAR, "behind", "3.00", "12.00"),  # 12 x 195/365 -> 6
    (NOV, EAST, "study-days", YEAR, "met", "12.00", "12.00"),
    (NOV, WEST, "study-days", YEAR, "due", "0.00", "12.00"),  # 38 days left, lead 60
    (NOV, NEW, "study-days", YEAR, *NOT_APPLICABLE),  # there for 122 of 365 days
    # monthly-activity: 1 a month, lead 7 days
    ("2026-03-20", A, "monthly-activity", "2026-02-01", "met", "1", "1"),
    ("2026-03-20", A, "monthly-activity", "2026-03-01", "met", "1", "1"),  # the Party lecture
    ("2026-03-20", B, "monthly-activity", "2026-02-01", "missed", "0", "1"),
    ("2026-03-20", B, "monthly-activity", "2026-03-01", "on_track", "0", "1"),  # a draft is none
    ("2026-03-25", B, "monthly-activity", "2026-03-01", "due", "0", "1"),  # 6 days left
    ("2026-03-20", C, "monthly-activity", "2026-03-01", *NOT_APPLICABLE),  # no members
    # member-activity-days: 6 a year for each
    (FEB, A, "member-activity-days", YEAR, "on_track", "0", "3"),  # 6 x 45/365 -> 0
    (JUL, A, "member-activity-days", YEAR, "behind", "2", "3"),  # 王三 0.38 of 6 x 195/365 -> 3
    (NOV, A, "member-activity-days", YEAR, "due", "2", "3"),
    (JUL, B, "member-activity-days", YEAR, "met", "1", "1"),  # 赵四 as a guest of A: 1 + 5
    (NOV, B, "member-activity-days", YEAR, "met", "2", "2"),  # 孙五 owes 6 x 3/12 -> 1.5, has 2
    (NOV, C, "member-activity-days", YEAR, *NOT_APPLICABLE),
    # party-lectures: 2 a year
    (FEB, B, "party-lectures", YEAR, "on_track", "0", "2"),
    (JUL, A, "party-lectures", YEAR, "on_track", "1", "2"),  # 2 x 195/365 -> 1
    (JUL, B, "party-lectures", YEAR, "behind", "0", "2"),
    (NOV, A, "party-lectures", YEAR, "met", "2", "2"),
    (NOV, B, "party-lectures", YEAR, "due", "0", "2"),
    (NOV, C, "party-lectures", YEAR, *NOT_APPLICABLE),
    # member-review: every full member graded
    (JUL, A, "member-review", YEAR, "on_track", "0", "3"),  # never behind
    (NOV, A, "member-review", YEAR, "met", "3", "3"),
    (NOV, B, "member-review", YEAR, "due", "0", "1"),  # 孙五 is probationary
    (NOV, C, "member-review", YEAR, *NOT_APPLICABLE),
    # spirit-analysis: every 5 years
    (JUL, A, "spirit-analysis", "2022-01-10", "met", "1", "1"),
    (NOV, A, "spirit-analysis", "2022-01-10", "due", "1", "1"),  # due 2027-01-10, 48 days left
    (NOV, B, "spirit-analysis", "2010-05-01", "missed", "0", "1"),  # founded 2010, never done
    (NOV, D, "spirit-analysis", None, "unknown", "0", "1"),
    (NOV, E, "spirit-analysis", "2024-01-01", "on_track", "0", "1"),
    (NOV, C, "spirit-analysis", None, *NOT_APPLICABLE),
    # rotation-training: every 3 years
    (NOV, A, "rotation-training", "2024-06-01", "met", "1", "1"),
    (NOV, B, "rotation-training", "2019-01-01", "missed", "0", "1"),
    (NOV, C, "rotation-training", "2023-12-20", "due", "0", "1"),  # 27 days left
    (NOV, D, "rotation-training", None, "unknown", "0", "1"),
    (NOV, E, "rotation-training", "2025-06-01", "on_track", "0", "1"),
    (NOV, F, "rotation-training", None, *NOT_APPLICABLE),
    # induction-training: in the year before taking office
    (NOV, A, "induction-training", None, "met", "1", "1"),
    (NOV, B, "induction-training", None, "missed", "0", "1"),
    (NOV, D, "induction-training", None, *NOT_APPLICABLE),  # in office since before the portal
    # staff-training-days: 7 a year for each
    (FEB, EAST, "staff-training-days", YEAR, "on_track", "0", "2"),
    (JUL, EAST, "staff-training-days", YEAR, "behind", "1", "2"),  # 周七 0 of 7 x 195/365 -> 3
    (NOV, EAST, "staff-training-days", YEAR, "due", "1", "2"),
    (NOV, A, "staff-training-days", YEAR, "met", "1", "1"),
    (NOV, WEST, "staff-training-days", YEAR, *NOT_APPLICABLE),
    # floating members: reviewed on 1 August, not asked after
    (JUL, A, "floating-card-review", YEAR, "on_track", "0", "1"),
    (NOV, A, "floating-card-review", YEAR, "met", "1", "1"),
    (NOV, B, "floating-card-review", YEAR, *NOT_APPLICABLE),
    (JUL, A, "floating-situation", YEAR, "on_track", "0", "1"),
    (NOV, A, "floating-situation", YEAR, "due", "0", "1"),
    (NOV, B, "floating-situation", YEAR, *NOT_APPLICABLE),
    # standing
    (NOV, A, "community-coverage", None, "met", "1", "1"),
    (NOV, UNCOVERED, "community-coverage", None, "missed", "0", "1"),
    (NOV, A, "leadership-complete", None, "met", "1", "1"),
    (NOV, C, "leadership-complete", None, "missed", "0", "1"),  # a director is no secretary
    (NOV, COUNTY, "county-guidance-body", None, "missed", "0", "1"),
    (NOV, EAST, "street-coordination-body", None, "missed", "0", "1"),
    (NOV, A, "community-joint-conference", None, "missed", "0", "1"),
    (NOV, EAST, "development-plan", YEAR, "due", "0", "1"),
    (NOV, A, "venue-and-funds", YEAR, "due", "0", "1"),
    # ledgers: 王三 is in it without certificate and cards; nobody's case is open
    (NOV, A, "floating-ledger", None, "missed", "0", "1"),
    (NOV, B, "floating-ledger", None, *NOT_APPLICABLE),
    (NOV, A, "organisational-life", "2026-10-01", "shown", "0", "0"),
    (NOV, C, "organisational-life", "2026-10-01", *NOT_APPLICABLE),  # no members
    (NOV, A, "unfit-members", None, *NOT_APPLICABLE),
    (NOV, A, "retired-transfer", None, *NOT_APPLICABLE),  # no retirees reported
    # encouraged: shown whatever the day, also where nothing was done by the last one
    (NOV, A, "floating-branch-coverage", None, *NOT_APPLICABLE),  # one floating member, not 3
    (NOV, A, "democratic-practice", YEAR, "shown", "0", "0"),
    ("2026-12-31", A, "democratic-practice", YEAR, "shown", "0", "0"),
    (NOV, A, "affairs-disclosure", "2026-10-01", "shown", "0", "0"),
    (NOV, A, "secretary-director-one", None, "shown", "0", "1"),
    (NOV, A, "in-service-liaison", YEAR, *NOT_APPLICABLE),
    (NOV, A, "posts-and-duties", YEAR, "shown", "0", "3"),
    (NOV, B, "posts-and-duties", YEAR, "shown", "0", "2"),
    (NOV, A, "four-benefits-community", YEAR, "shown", "0", "0"),
    (NOV, A, "community-services", None, "shown", "0", "4"),
    (NOV, A, "culture-facilities", None, "shown", "0", "4"),
    # five goals: at A the secretary is in office, inducted and rotated: leadership alone is reached
    (NOV, A, "five-good", YEAR, "shown", "1", "5"),
    (NOV, WEST, "five-good", YEAR, "shown", "0", "5"),
]


def run(command: str, *args: str) -> dict:
    """The one JSON document that the command prints."""
    out = StringIO()
    call_command(command, *args, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def loaded(db, tmp_path, time_machine):
    """The files of the world, loaded in a row on 23 November; what each command answered."""
    time_machine.move_to("2026-11-23 10:00+08:00", tick=False)
    files = world.write(tmp_path)
    answers = {
        "units": run("import_units", files["units"]),
        "roster": run("import_roster", files["roster"], "--unit", COUNTY),
        "posts": run("import_posts", files["posts"], "--unit", COUNTY),
        "activities": run("import_activities", files["activities"], "--unit", COUNTY),
    }
    FloatingCheckFactory(
        entry=FloatingEntry.objects.get(person__name="王三"), done_on=date(2026, 8, 1)
    )
    return files, answers


def verdicts_on(day: str) -> dict[tuple, dict]:
    found = run("assess", "--as-of", day)
    assert found["as_of"] == day
    return {(row["unit"], row["rule"], row["period_start"]): row for row in found["verdicts"]}


def test_every_file_loads_whole_and_a_second_time_without_a_change(loaded):
    files, answers = loaded

    again = {
        "units": run("import_units", files["units"]),
        "roster": run("import_roster", files["roster"], "--unit", COUNTY),
        "posts": run("import_posts", files["posts"], "--unit", COUNTY),
        "activities": run("import_activities", files["activities"], "--unit", COUNTY),
    }

    rows = {"units": 12, "roster": 7, "posts": 8, "activities": 17}
    for name, number in rows.items():
        first, second = answers[name], again[name]
        assert first["errors"] == second["errors"] == []
        assert (first["rows"], first["created"]) == (number, number), name
        assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, number), name
    assert Unit.objects.count() == 11
    assert Person.objects.count() == 11


def test_verdicts_are_those_worked_out_by_hand(loaded):
    found = {day: verdicts_on(day) for day in sorted({row[0] for row in EXPECTED})}

    wrong = []
    for day, unit, rule, start, status, value, target in EXPECTED:
        row = found[day].get((unit, rule, start), {})
        told = tuple(row.get(key) for key in ("status", "value", "target"))
        same_numbers = [_number(text) for text in told[1:]] == [_number(value), _number(target)]
        if told[0] != status or not same_numbers:
            wrong.append((day, unit, rule, start, (status, value, target), told))
    assert wrong == []


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def test_days_are_told_to_two_decimals_and_counts_without(loaded):
    found = verdicts_on(NOV)

    days = found[EAST, "study-days", YEAR]
    count = found[A, "party-lectures", YEAR]

    assert (days["value"], days["target"]) == ("12.00", "12.00")
    assert (count["value"], count["target"]) == ("2", "2")


def test_a_person_rule_names_who_has_not_met_it_and_how_far_they_are(loaded):
    short = verdicts_on(NOV)[A, "member-activity-days", YEAR]["short"]

    assert short == [{"name": "王三", "unit": A, "value": "0.38", "target": "6.00"}]


def test_a_rolling_rule_tells_when_it_falls_due(loaded):
    row = verdicts_on(NOV)[A, "spirit-analysis", "2022-01-10"]

    assert row["period_end"] == "2027-01-10"


def test_a_verdict_has_exactly_the_keys_of_the_contract(loaded):
    keys = {"unit", "rule", "period_start", "period_end", "value", "target", "status", "short"}

    assert all(set(row) == keys for row in verdicts_on(NOV).values())


def test_reminders_go_to_the_secretary_when_due_and_above_when_missed(loaded, mailoutbox):
    CountySetting.objects.create(
        unit=Unit.objects.get(code=COUNTY),
        key="went_live_on",
        value="2026-10-01",
        applies_from=date(2026, 10, 1),
    )
    community = GrantFactory(unit=Unit.objects.get(code=B), role=Role.SECRETARY).user
    street = GrantFactory(unit=Unit.objects.get(code=EAST), role=Role.SECRETARY).user

    first = run("remind", "--on", NOV)
    second = run("remind", "--on", NOV)

    told = {(row["recipient"], row["unit"], row["rule"], row["stage"]) for row in first["sent"]}
    assert (community.username, B, "party-lectures", "due") in told
    assert (street.username, EAST, "staff-training-days", "due") in told
    missed = {row for row in told if row[3] == "missed"}
    assert (street.username, A, "monthly-activity", "missed") in missed  # October
    assert {row[2] for row in missed if row[1] == B} == set()  # October was held at B
    assert second["sent"] == []
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([community.email, street.email])


def test_past_data_sets_off_no_reminder_for_what_ended_before_the_portal_went_live(
    loaded, mailoutbox
):
    street = GrantFactory(unit=Unit.objects.get(code=EAST), role=Role.SECRETARY).user

    sent = run("remind", "--on", NOV)["sent"]

    assert {row["stage"] for row in sent if row["recipient"] == street.username} == {"due"}
