"""Reminders from plan to notice: once, to whom it concerns, never lost, never of what is past."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.models import Notice, Reminder
from assessment.notices import mail, mail_waiting
from assessment.querysets import LEASE, MAIL_ATTEMPTS
from assessment.reminders import _claim, find_deadlines, plan, remind, send_planned
from members.choices import BatchKind, BatchState
from members.models import ImportBatch
from organizations.models import Unit
from tests.factories import (
    ActivityFactory,
    AppointmentFactory,
    CommunityFactory,
    CountySettingFactory,
    GrantFactory,
    MemberFactory,
)

LIVE = date(2026, 6, 1)
NOV_10, NOV_25, DEC_4 = date(2026, 11, 10), date(2026, 11, 25), date(2026, 12, 4)

pytestmark = pytest.mark.django_db


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


# -- claims -------------------------------------------------------------------


def test_of_two_workers_one_takes_the_rows(member, secretary):
    plan(NOV_25)

    assert _claim(secretary.pk)
    assert _claim(secretary.pk) == []


def test_what_another_worker_holds_is_left_to_it(member, secretary):
    plan(NOV_25)
    _claim(secretary.pk)

    assert remind(NOV_25).sent == []


def test_what_a_worker_held_when_it_died_is_sent_after_its_lease(member, secretary, mailoutbox):
    plan(NOV_25)
    held = len(_claim(secretary.pk))
    Reminder.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))

    assert len(remind(NOV_25).sent) == held
    assert len(mailoutbox) == 1


def test_a_notice_put_up_by_a_worker_that_died_before_mailing_is_mailed_later(
    member, secretary, monkeypatch, mailoutbox
):
    monkeypatch.setattr("assessment.reminders.mail", lambda notice: None)
    remind(NOV_25)
    assert mailoutbox == []

    assert mail_waiting() == 1
    assert mail_waiting() == 0
    assert len(mailoutbox) == 1


# -- mail ---------------------------------------------------------------------


def test_the_mail_speaks_the_recipients_language_and_its_subject_names_nobody(
    member, secretary, mailoutbox, settings
):
    settings.SITE_URL = "https://portal.example"
    secretary.language = "en"
    secretary.save()

    remind(NOV_25)

    sent = mailoutbox[0]
    assert "deadlines need attention" in sent.subject
    assert "河滨" not in sent.subject
    assert "Party lectures" in sent.body
    assert (
        "https://portal.example/assessment/units/s1m1/party-lectures/?period=2026-01-01"
        in sent.body
    )


def test_the_mail_is_chinese_by_default(member, secretary, mailoutbox):
    remind(NOV_25)

    assert "党课" in mailoutbox[0].body
    assert "Due soon" not in mailoutbox[0].body


def test_who_has_no_address_is_told_in_the_portal_alone(member, secretary, mailoutbox):
    secretary.email = ""
    secretary.save()

    remind(NOV_25)
    mail_waiting()

    assert Notice.objects.get().recipient == secretary
    assert mailoutbox == []


@pytest.fixture
def broken_mail(monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("assessment.notices.send_mail", refuse)
        yield patch


def later(notice, minutes):
    Notice.objects.filter(pk=notice.pk).update(
        claimed_at=timezone.now() - timedelta(minutes=minutes)
    )


def test_a_mail_server_that_fails_loses_nothing(member, secretary, broken_mail, mailoutbox):
    outcome = remind(NOV_25)
    broken_mail.undo()
    notice = Notice.objects.get()

    assert outcome.sent  # the notice stands in the portal
    assert mail_waiting() == 0  # too soon
    later(notice, 11)
    assert mail_waiting() == 1
    assert len(mailoutbox) == 1


def test_a_mail_that_fails_too_often_is_given_up_and_says_so(member, secretary, broken_mail):
    remind(NOV_25)
    notice = Notice.objects.get()
    for _attempt in range(MAIL_ATTEMPTS + 1):
        later(notice, 60 * 24)
        mail_waiting()

    notice.refresh_from_db()
    assert notice.mail_attempts == MAIL_ATTEMPTS
    assert mail(notice) is False
    assert set(Reminder.objects.values_list("state", "reason")) == {("failed", "mail_failed")}


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
