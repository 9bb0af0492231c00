"""The command, and what happened before an import."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.reminders import find_deadlines
from members.choices import BatchKind, BatchState
from members.models import ImportBatch
from organizations.models import Unit
from tests.assessment.reminders.conftest import DEC_4, NOV_10
from tests.factories import (
    CommunityFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db


# -- the command --------------------------------------------------------------


def run(*args):
    out = StringIO()
    call_command("remind", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_one_json_document(member, secretary):
    document = json.loads(run("--on", "2026-11-25", "--json"))

    assert set(document) == {"on", "sent", "notices", "cancelled", "superseded"}
    assert document["on"] == "2026-11-25"
    assert {
        "recipient": "secretary",
        "unit": "s1m1",
        "rule": "party-lectures",
        "period_start": "2026-01-01",
        "period_end": "2026-12-31",
        "stage": "due",
    } in document["sent"]
    assert json.loads(run("--on", "2026-11-25", "--json"))["sent"] == []


def test_a_day_that_does_not_exist_is_refused(db):
    with pytest.raises(CommandError) as refused:
        run("--on", "2026-02-30")

    assert refused.value.returncode == 2


def test_deadlines_are_found_in_as_many_queries_for_thirty_units_as_for_one(
    member, street, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as few:
        assert find_deadlines(Unit.objects.all(), NOV_10)
    for _number in range(30):
        MemberFactory(unit=CommunityFactory(parent=street))

    with django_assert_num_queries(len(few)):
        find_deadlines(Unit.objects.all(), NOV_10)


# -- what happened before an import -------------------------------------------------
@pytest.fixture
def imported(community):
    """A county on record since June whose community gets its roster on 5 November."""

    def load(on=datetime(2026, 11, 5, tzinfo=UTC), unit=community):
        Unit.objects.update(created_at=datetime(2026, 6, 1, tzinfo=UTC))
        MemberFactory(unit=community)
        return ImportBatch.objects.create(
            kind=BatchKind.ROSTER,
            unit=unit,
            state=BatchState.APPLIED,
            file_name="roster.xlsx",
            applied_at=on,
        )

    return load


def missed(on=NOV_10):
    deadlines = find_deadlines(Unit.objects.all(), on, ["monthly-activity"]).values()
    return {one.period.last for one in deadlines if one.stage.value == "missed"}


def test_an_import_sets_off_no_reminder_for_what_ended_before_it(imported):
    batch = imported()

    assert missed() == set()
    assert missed(DEC_4) == {date(2026, 11, 30)}
    batch.delete()
    assert date(2026, 10, 31) in missed()


def test_nor_does_one_of_a_unit_above(imported, community):
    imported(unit=community.parent)

    assert missed() == set()


def test_a_later_import_hides_nothing(imported):
    imported(on=datetime(2026, 7, 1, tzinfo=UTC))
    imported()

    assert date(2026, 10, 31) in missed()


def test_a_county_that_says_from_when_it_wants_to_be_told_is_told(imported, live):
    imported()

    assert date(2026, 10, 31) in missed()
