"""Large reports while the broker, the worker or the turn is away: kept, told of, tried again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import AuditEvent
from assessment.reports import bell, jobs
from assessment.reports.asked import Asked
from assessment.reports.choices import ReportFailure, ReportForm, ReportKind, ReportState
from assessment.reports.models import KEPT, USUAL_WAIT, ReportFile
from assessment.tasks import make_report, ring_for_reports
from tests.factories import ReportFileFactory

pytestmark = pytest.mark.django_db
PAGE = "/reports/"


@pytest.fixture
def _large(monkeypatch):
    monkeypatch.setattr(jobs, "is_large", lambda _asked: True)


@pytest.fixture
def sent(monkeypatch):
    """The keys of the reports that the broker was told of."""
    keys = []
    monkeypatch.setattr(make_report, "apply_async", lambda args, **_more: keys.append(*args))
    return keys


@pytest.fixture
def _broker_away(monkeypatch):
    def away(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr(make_report, "apply_async", away)


@pytest.fixture
def asked(secretary, community):
    return Asked(ReportKind.WORK, community, 2026, None, secretary)


def row(asked, state=ReportState.QUEUED, *, lease=timedelta(hours=1), **more):
    return ReportFileFactory(
        made_for=asked.user,
        unit=asked.unit,
        state=state,
        file="",
        progress=0,
        lease_until=timezone.now() + lease,
        **more,
    )


def wish(unit):
    return {"kind": "work", "unit": unit.code, "year": 2026, "quarter": "", "form": "docx"}


@pytest.mark.django_db(transaction=True)  # the broker is told after the commit
@pytest.mark.usefixtures("_large", "_broker_away")
def test_without_a_broker_the_report_is_kept_and_it_is_said(signed_in, community, caplog):
    page = signed_in.post(PAGE, wish(community), follow=True).content.decode()
    ring_for_reports()

    file = ReportFile.objects.get()
    assert "暂时无法连接" in page
    assert file.state == ReportState.QUEUED
    assert file.lease_until > timezone.now() + timedelta(hours=23)
    assert caplog.text.count("the broker can't be reached") == 2


@pytest.mark.usefixtures("_large")
def test_it_is_sent_for_again_and_made_once_the_broker_is_back(asked, sent):
    waiting = row(asked)

    ring_for_reports()
    assert sent == [str(waiting.pk)]
    make_report(*sent)
    ring_for_reports()

    waiting.refresh_from_db()
    assert (waiting.state, len(sent)) == (ReportState.READY, 1)


def test_what_waits_for_long_says_for_what_and_can_be_sent_for(asked, signed_in, monkeypatch, sent):
    waiting = row(asked)
    assert "运维人员" not in signed_in.get(PAGE).content.decode()
    late = timezone.now() + KEPT - USUAL_WAIT - timedelta(seconds=1)
    ReportFile.objects.update(expires_at=late)

    page = signed_in.get(PAGE).content.decode()

    retry = f"/reports/files/{waiting.pk}/retry/"
    assert "运维人员" in page
    assert retry in page
    monkeypatch.setattr(jobs, "is_large", lambda _asked: False)
    answer = signed_in.post(retry, follow=True).content.decode()
    waiting.refresh_from_db()
    assert ("已生成" in answer, waiting.state) == (True, ReportState.READY)


def test_what_died_half_way_is_told_and_made_again_as_it_was(asked, signed_in):
    """A worker that was killed says nothing: its time is over, and the page shows it."""
    dead = row(asked, ReportState.RUNNING, lease=-timedelta(seconds=1), quarter=2)
    page = signed_in.get(PAGE).content.decode()
    assert "生成过程中断" in page
    assert "hx-get" not in page.partition('id="files"')[2]

    signed_in.post(f"/reports/files/{dead.pk}/retry/")

    dead.refresh_from_db()
    assert (dead.state, dead.failure, dead.quarter) == (ReportState.READY, "", 2)
    assert AuditEvent.objects.filter(verb="report_asked", by=asked.user).count() == 1


@pytest.mark.parametrize("state", [ReportState.READY, ReportState.RUNNING])
def test_what_is_ready_or_under_way_is_not_begun_again(asked, signed_in, state):
    file = ReportFileFactory(
        made_for=asked.user,
        unit=asked.unit,
        state=state,
        lease_until=timezone.now() + timedelta(hours=1),
    )

    signed_in.post(f"/reports/files/{file.pk}/retry/")

    file.refresh_from_db()
    assert file.state == state
    assert not AuditEvent.objects.filter(verb="report_asked").exists()


def test_nobody_elses_report_is_tried_again(signed_in, organizer, community):
    theirs = ReportFileFactory(
        made_for=organizer, unit=community, state="failed", failure=ReportFailure.ERROR, file=""
    )

    assert signed_in.post(f"/reports/files/{theirs.pk}/retry/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == ReportState.FAILED


def test_a_large_report_waits_while_another_is_made(asked, sent):
    """So that a worker with two hands has one left for reminders."""
    running = row(asked, ReportState.RUNNING)
    longer, shorter = row(asked), row(asked, lease=timedelta(hours=2))

    make_report(str(longer.pk))
    ring_for_reports()
    longer.refresh_from_db()
    assert (longer.state, sent) == (ReportState.QUEUED, [])

    ReportFile.objects.filter(pk=running.pk).delete()
    make_report(str(longer.pk))
    longer.refresh_from_db()
    assert longer.state == ReportState.READY
    assert sent == [str(shorter.pk)]  # whose turn it is then


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_sent_for_at_the_same_moment_one_is_made(asked, sent, monkeypatch):
    files = [row(asked), row(asked)]
    seen, start = [], Barrier(2)

    def write(*_any):
        seen.append(bell.how_many_run())
        return b"done"

    def run(file):
        start.wait()
        try:
            make_report(str(file.pk))
        finally:
            connection.close()

    monkeypatch.setattr(jobs, "write", write)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, files))
    ring_for_reports()
    for key in sent:
        make_report(key)

    assert seen == [1, 1]


def test_one_that_died_does_not_hold_up_the_others(asked, sent):
    row(asked, ReportState.RUNNING, lease=-timedelta(seconds=1))
    waiting = row(asked)

    ring_for_reports()

    assert sent == [str(waiting.pk)]
    assert bell.how_many_run() == 0
    assert ReportFile.objects.filter(state=ReportState.FAILED).count() == 1


def test_deleting_one_that_is_being_made_ends_the_work(asked, monkeypatch):
    file = row(asked)

    def write(asked, _form):
        asked.report(10)
        jobs.delete_report(ReportFile.objects.get(pk=file.pk), by=asked.user)
        asked.report(20)
        pytest.fail("went on for nobody")

    monkeypatch.setattr(jobs, "write", write)
    jobs.work(file.pk)

    assert not ReportFile.objects.exists()


def test_a_worker_of_threads_breaks_off_what_takes_too_long(asked, monkeypatch, settings):
    settings.CELERY_TASK_SOFT_TIME_LIMIT = 0
    monkeypatch.setattr(jobs, "write", lambda asked, _form: asked.report(10))
    file = row(asked)

    jobs.work(file.pk)

    file.refresh_from_db()
    assert (file.state, file.failure) == (ReportState.FAILED, ReportFailure.TOO_LONG)


def test_the_form_of_the_file_is_kept_when_it_is_tried_again(asked, signed_in):
    failed = row(asked, ReportState.FAILED, failure=ReportFailure.ERROR, form=ReportForm.XLSX)

    signed_in.post(f"/reports/files/{failed.pk}/retry/")

    assert signed_in.get(f"/reports/files/{failed.pk}/download/").content.startswith(b"PK")
