"""A county that is reminded, and what a run has told."""

from datetime import date

import pytest

from assessment.models import Reminder
from tests.factories import (
    ActivityFactory,
    CountySettingFactory,
    MemberFactory,
)

LIVE = date(2026, 6, 1)
NOV_10, NOV_25, DEC_4 = date(2026, 11, 10), date(2026, 11, 25), date(2026, 12, 4)


@pytest.fixture
def live(county):
    """The portal has been in use since June."""
    return CountySettingFactory(unit=county, key="went_live_on", value=LIVE.isoformat())


@pytest.fixture
def member(community, live):
    """Somebody who makes the community owe what units with members owe."""
    return MemberFactory(unit=community)


def told(outcome, rule=None):
    return {
        (row.recipient.username, row.subject_code, row.period_end.isoformat(), row.stage)
        for row in outcome.sent
        if rule in (None, row.rule)
    }


def states(rule="monthly-activity"):
    rows = Reminder.objects.filter(rule=rule).order_by("pk")
    return [(row.recipient.username, row.stage, row.state, row.reason) for row in rows]


def lecture(unit, on):
    return ActivityFactory(unit=unit, on=on, kinds=["party_lecture"], submitted=True)
