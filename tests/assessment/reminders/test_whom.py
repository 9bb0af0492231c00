"""Whom a reminder reaches, of what, and once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessment.models import Notice
from assessment.reminders import plan, remind, send_planned
from tests.assessment.reminders.conftest import DEC_4, NOV_25, lecture, states, told
from tests.factories import (
    AppointmentFactory,
    GrantFactory,
    MemberFactory,
)

pytestmark = pytest.mark.django_db


def test_what_is_due_goes_to_the_units_secretary(member, secretary, street_secretary):
    outcome = remind(NOV_25)

    assert told(outcome, "monthly-activity") >= {("secretary", "s1m1", "2026-11-30", "due")}
    assert told(outcome, "party-lectures") == {("secretary", "s1m1", "2026-12-31", "due")}


def test_what_was_missed_goes_to_everybody_in_charge_of_the_unit_above(
    member, secretary, street_secretary, reviewer, viewer, organizer
):
    missed = {row for row in told(remind(DEC_4), "monthly-activity") if row[3] == "missed"}

    ended = {("2026-10-31"), ("2026-11-30")}
    assert missed == {
        (name, "s1m1", day, "missed") for name in ("street", "reviewer") for day in ended
    }


def test_where_nobody_keeps_the_unit_the_one_above_is_told(member, street_secretary):
    assert ("street", "s1m1", "2026-11-30", "due") in told(remind(NOV_25), "monthly-activity")


def test_a_county_is_told_of_its_own(live, organizer):
    outcome = remind(date(2026, 12, 10))

    assert told(outcome, "county-research-inspection") == {("organizer", "c", "2026-12-31", "due")}


def test_all_that_concerns_one_person_comes_as_one_notice_and_one_mail(
    member, secretary, mailoutbox
):
    outcome = remind(NOV_25)

    assert len(outcome.sent) > 1
    assert outcome.notices == Notice.objects.count() == len(mailoutbox) == 1
    assert mailoutbox[0].to == [secretary.email]
    assert mailoutbox[0].body.count("河滨社区") == len(outcome.sent)


def test_a_second_run_sends_nothing_on_that_day_nor_on_the_next(member, secretary, mailoutbox):
    remind(NOV_25)

    assert remind(NOV_25).sent == []
    assert remind(NOV_25 + timedelta(days=1)).sent == []
    assert len(mailoutbox) == 1


def test_what_comes_up_later_on_a_day_waits_for_the_next_days_notice(
    member, secretary, neighbour, mailoutbox
):
    remind(NOV_25)
    MemberFactory(unit=neighbour)
    GrantFactory(user=secretary, unit=neighbour)

    assert remind(NOV_25).sent == []
    later = remind(NOV_25 + timedelta(days=1))

    assert {row.subject_code for row in later.sent} == {"s1m2"}
    assert len(mailoutbox) == 2


def test_a_run_nine_days_late_tells_the_newest_stage_alone(
    member, secretary, street_secretary, mailoutbox
):
    plan(NOV_25)  # and then the machine stood still

    outcome = remind(DEC_4)

    november = {row for row in told(outcome, "monthly-activity") if row[2] == "2026-11-30"}
    assert november == {("street", "s1m1", "2026-11-30", "missed")}
    assert ("secretary", "due", "superseded", "later_stage") in states()
    assert outcome.superseded == 1
    assert len(mailoutbox) == 2


def test_what_has_been_done_meanwhile_is_not_sent(member, secretary, community):
    plan(NOV_25)
    lecture(community, date(2026, 11, 24))
    lecture(community, date(2026, 11, 23))

    outcome = send_planned(NOV_25)

    assert told(outcome, "party-lectures") == set()
    assert ("secretary", "due", "cancelled", "done") in states("party-lectures")
    assert outcome.cancelled >= 1


def test_a_unit_dissolved_meanwhile_is_not_reminded(member, secretary, community):
    plan(NOV_25)
    community.dissolved_on = NOV_25 - timedelta(days=1)
    community.save()

    outcome = send_planned(NOV_25)

    assert outcome.sent == []
    assert {row[3] for row in states()} == {"dissolved"}


def test_who_has_handed_over_is_not_told_and_the_successor_is(member, secretary, community):
    plan(NOV_25)
    secretary.grants.update(ended_on=NOV_25 - timedelta(days=1))
    GrantFactory(unit=community, user__username="successor")

    outcome = remind(NOV_25)

    assert {row[0] for row in told(outcome)} == {"successor"}
    assert ("secretary", "due", "cancelled", "not_in_charge") in states()


def test_nobody_is_told_who_can_no_longer_sign_in(member, secretary):
    secretary.is_active = False
    secretary.save()

    assert remind(NOV_25).sent == []


def test_loading_past_data_sets_off_no_reminder_of_what_ended_before(
    community, secretary, street_secretary, settings
):
    settings.WENT_LIVE_ON = "2026-11-20"
    MemberFactory(unit=community)

    outcome = remind(NOV_25)

    assert {row[3] for row in told(outcome)} == {"due"}


def test_a_december_that_was_missed_is_told_of_in_january(member, street_secretary):
    told_of = told(remind(date(2027, 1, 8)), "monthly-activity")

    assert ("street", "s1m1", "2026-12-31", "missed") in told_of


def test_a_year_that_was_missed_is_told_of_in_january(member, street_secretary):
    told_of = told(remind(date(2027, 1, 8)), "party-lectures")

    assert told_of == {("street", "s1m1", "2026-12-31", "missed")}


def test_a_rolling_rule_is_told_of_by_the_day_it_falls_due(community, secretary, live):
    AppointmentFactory(unit=community, begun_on=date(2023, 12, 20))

    told_of = told(remind(NOV_25), "rotation-training")

    assert told_of == {("secretary", "s1m1", "2026-12-20", "due")}
