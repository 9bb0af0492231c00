"""Two workers, workers that died, and mail that fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.models import Notice, Reminder
from assessment.notices import mail, mail_waiting
from assessment.querysets import LEASE, MAIL_ATTEMPTS
from assessment.reminders import _claim, plan, remind
from tests.assessment.reminders.conftest import NOV_25

pytestmark = pytest.mark.django_db


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
