"""Seals: what they freeze, that nothing changes it, and that tampering is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from assessment.errors import AssessmentError
from assessment.models import Seal, SealedVerdict
from assessment.periods import Cycle, periods_of
from assessment.seal_document import canonical, changes_between
from assessment.sealing import (
    check_seals,
    correct_seal,
    export_of,
    frozen_now,
    said_by,
    seal_period,
    verdict_document,
)
from tests.assessment.asking import attend, hold
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
YEAR = periods_of(2025, Cycle.YEAR)[0]
FIRST, SECOND, *_ = periods_of(2025, Cycle.QUARTER)


@pytest.fixture(autouse=True)
def _june(time_machine):
    time_machine.move_to("2026-06-20 12:00+08:00", tick=False)


def found(seal, unit, rule, start=None):
    rows = seal.verdicts.filter(unit=unit, rule=rule)
    row = rows.get(period_start=start) if start else rows.get()
    return row.status, f"{row.value.normalize():f}", f"{row.target.normalize():f}"


def changed(seal):
    return changes_between(said_by(seal), map(verdict_document, frozen_now(seal.unit, seal.period)))


def tamper(table, column, value, pk):
    """As somebody would who can write to the database."""
    quote = connection.ops.quote_name
    key = pk.hex if hasattr(pk, "hex") and connection.vendor == "sqlite" else pk
    with connection.cursor() as cursor:
        statement = f"UPDATE {quote(table)} SET {quote(column)} = %s WHERE id = %s"  # noqa: S608
        cursor.execute(statement, [value, key])


def test_it_freezes_every_verdict_with_what_it_rests_on(county, street, community, organizer):
    person = MemberFactory(unit=community)
    record = attend(person, community, "party_lecture", on=date(2025, 3, 10)).activity

    seal = seal_period(county, YEAR, by=organizer)

    assert found(seal, community, "monthly-activity", date(2025, 3, 1)) == ("met", "1", "1")
    assert found(seal, community, "monthly-activity", date(2025, 4, 1)) == ("missed", "0", "1")
    assert found(seal, street, "study-days") == ("missed", "0", "12")
    lectures = seal.verdicts.get(unit=community, rule="party-lectures")
    assert (lectures.threshold, lectures.evidence) == ("2.00", [str(record.pk)])
    days = seal.verdicts.get(unit=community, rule="member-activity-days")
    assert days.short[0]["name"] == person.name
    assert days.evidence == [str(record.pk)]
    assert len(days.edition) == 64


def test_a_quarter_holds_the_periods_that_ended_in_it(county, community):
    MemberFactory(unit=community)

    seal = seal_period(county, SECOND, by=None)

    rows = seal.verdicts.filter(period_end__isnull=False)
    ended = {row.period_end for row in rows if row.rule in {"monthly-activity", "study-sessions"}}
    assert ended == {date(2025, 4, 30), date(2025, 5, 31), date(2025, 6, 30)}
    halves = seal.verdicts.filter(rule="county-research-inspection")
    assert [row.period_start for row in halves] == [date(2025, 1, 1)]
    assert not seal.verdicts.filter(rule="study-days").exists()
    assert seal.verdicts.filter(rule="leadership-complete").exists()


def test_what_is_not_over_is_not_sealed(county):
    with pytest.raises(AssessmentError, match="尚未结束"):
        seal_period(county, periods_of(2026, Cycle.QUARTER)[1], by=None)

    assert not Seal.objects.exists()


def test_a_period_is_sealed_once(county):
    seal_period(county, YEAR, by=None)

    with pytest.raises(AssessmentError, match="已封存"):
        seal_period(county, YEAR, by=None)

    assert Seal.objects.count() == 1


def test_the_database_holds_one_seal_a_period(county):
    seal = seal_period(county, YEAR, by=None)
    again = {
        field.attname: getattr(seal, field.attname)
        for field in Seal._meta.concrete_fields
        if not field.primary_key
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Seal.objects.create(**again | {"number": 2})


def test_nothing_of_it_is_changed_or_deleted(county):
    seal = seal_period(county, YEAR, by=None)
    row = seal.verdicts.first()

    for attempt in (
        seal.save,
        seal.delete,
        row.save,
        row.delete,
        Seal.objects.all().delete,
        SealedVerdict.objects.all().delete,
        lambda: Seal.objects.update(reason="x"),
        lambda: SealedVerdict.objects.update(status="met"),
    ):
        with pytest.raises(TypeError, match="sealed is never"):
            attempt()


def test_a_late_record_changes_today_and_not_the_seal(county, community):
    MemberFactory(unit=community)
    seal = seal_period(county, FIRST, by=None)
    assert changed(seal) == []

    hold(community, "member_study", on=date(2025, 2, 5))

    assert found(seal, community, "monthly-activity", date(2025, 2, 1)) == ("missed", "0", "1")
    [(was, now)] = changed(seal)
    assert (was["rule"], was["status"], now["status"]) == ("monthly-activity", "missed", "met")


def test_a_correction_is_a_statement_of_its_own(county, community, organizer):
    MemberFactory(unit=community)
    seal = seal_period(county, FIRST, by=None)
    hold(community, "member_study", on=date(2025, 2, 5))

    correction = correct_seal(seal, "补录二月活动", by=organizer)

    assert (correction.correction, correction.number, correction.by) == (1, 2, organizer)
    assert correction.previous == seal.digest
    assert found(correction, community, "monthly-activity", date(2025, 2, 1)) == ("met", "1", "1")
    assert found(seal, community, "monthly-activity", date(2025, 2, 1)) == ("missed", "0", "1")
    assert changed(correction) == []
    event = AuditEvent.objects.get(verb="correct_seal")
    assert (event.by, event.details["reason"]) == (organizer, "补录二月活动")


@pytest.mark.parametrize(("reason", "words"), [(" ", "请说明"), ("更正", "没有变化")])
def test_no_correction_without_a_reason_or_a_change(county, reason, words):
    seal = seal_period(county, YEAR, by=None)

    with pytest.raises(AssessmentError, match=words):
        correct_seal(seal, reason, by=None)


def test_seals_of_a_county_are_chained_and_in_order(county):
    first = seal_period(county, FIRST, by=None)
    second = seal_period(county, SECOND, by=None)

    assert second.previous == first.digest
    assert [checked.problems for checked in check_seals(county)] == [(), ()]


def test_a_changed_verdict_is_found(county, community):
    seal = seal_period(county, YEAR, by=None)
    row = seal.verdicts.filter(status="missed").first()

    tamper("assessment_sealedverdict", "status", "met", row.pk)

    [checked] = check_seals(county)
    assert len(checked.problems) == 1
    assert "摘要" in checked.problems[0]


def test_a_digest_made_anew_lacks_the_signature_and_breaks_the_chain(county, community):
    seal = seal_period(county, FIRST, by=None)
    seal_period(county, SECOND, by=None)

    tamper("assessment_seal", "digest", "0" * 64, seal.pk)

    first, second = check_seals(county)
    assert len(first.problems) == 2
    assert "链" in second.problems[0]


def test_another_key_does_not_make_the_signature(county, settings):
    seal_period(county, YEAR, by=None)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-of-the-portal"
    assert "密钥" in check_seals(county)[0].problems[0]

    settings.SECRET_KEY_FALLBACKS = [old]

    assert check_seals(county)[0].problems == ()


def test_the_recipe_of_the_documentation_holds(county, tmp_path):
    text = (Path(settings.BASE_DIR) / "docs" / "seals.md").read_text("utf-8")
    program = tmp_path / "check.py"
    program.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], "utf-8")
    files = []
    for period in (FIRST, SECOND):
        exported = export_of(seal_period(county, period, by=None))
        files.append(tmp_path / f"{period.first}.json")
        files[-1].write_text(json.dumps(exported, ensure_ascii=False, indent=1), "utf-8")

    assert "in order" in run(program, *files).stdout
    assert "follow" in run(program, *reversed(files)).stderr
    files[0].write_text(files[0].read_text("utf-8").replace("missed", "met"), "utf-8")
    assert "differs" in run(program, files[0]).stderr


def run(program, *files):
    command = [sys.executable, str(program), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_canonical_text_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": "区"}) == canonical({"a": "区", "b": 1})


def call(*words):
    out = StringIO()
    call_command("seal", *words, stdout=out)
    return out.getvalue()


def test_the_command_seals_and_checks(county):
    told = json.loads(call("--unit", "C", "--year", "2025", "--quarter", "2", "--json"))

    assert (told["unit"], told["period_end"]) == ("c", "2025-06-30")
    assert told["digest"] == Seal.objects.get().digest
    assert json.loads(call("--check", "--json"))["broken"] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--unit", "c", "--year", "2026"], 1),
        (["--unit", "c", "--year", "2024", "--correct", "x"], 1),
        (["--unit", "s1", "--year", "2025"], 2),
        (["--year", "2025"], 2),
        (["--unit", "c"], 2),
    ],
)
def test_the_command_says_what_it_can_not_do(street, words, code):
    with pytest.raises(CommandError) as refused:
        call(*words)

    assert refused.value.returncode == code
    assert not Seal.objects.exists()


def test_the_check_fails_loudly(county, community):
    seal = seal_period(county, YEAR, by=None)
    tamper("assessment_sealedverdict", "status", "met", seal.verdicts.filter(status="missed")[0].pk)

    with pytest.raises(SystemExit) as ended:
        call("--check", "--unit", "c")

    assert ended.value.code == 1
